"""An answer of £13.37 shows on its giver's own pages alone: every page that anybody can reach is walked."""

import io
import re
import zipfile
from collections import deque
from datetime import date

import pytest

from audit.models import Event
from audit.queries import opened
from claims.models import Answer, Offer, RatePolicy
from claims.services.offers import answer_offer
from common.dates import set_now
from ledger.models import Commitment
from people.models import Person
from reports.journal import journal_text
from reports.workbook import Span, finance_workbook
from tests.canaries import content_of, unpacked
from tests.cast import Cast
from tests.claims.meetings import claimed, invited
from tests.payments.office import MONDAY
from tests.people.browsers import browser

pytestmark = pytest.mark.usefixtures("unrecorded")
CANARY = re.compile(r"13\.37|\b1337\b")
OTHERS = ("lena", "dev", "anil", "bea", "hana", "fern", "farah", "ada", "abel", "otto")
LINK = re.compile(r'href="([^"#]*)')
MOST_PAGES = 150


@pytest.fixture
def offer(policy: RatePolicy, cast: Cast) -> Offer:
    """Cora takes £13.37 of the £55.00 she is offered, and claims for it."""
    with set_now(MONDAY):
        mine, _ = invited(cast, starts_at=MONDAY.replace(hour=12))
        answer_offer(actor=cast.cora, offer_id=mine.pk, answer=Answer.LESS, less_amount=1337)
    with set_now(MONDAY.replace(hour=16)):
        claimed(cast, mine.activity)
    return mine


def walk(person: Person, *more: str) -> dict[str, str]:
    """Every page and file this person can reach by links, and the addresses named, with their text."""
    client, waiting = browser(person), deque(["/", *more])
    seen: dict[str, str] = {}
    client.raise_request_exception = False
    with set_now(MONDAY.replace(hour=17)):
        while waiting and len(seen) < MOST_PAGES:
            path = waiting.popleft()
            if path in seen:
                continue
            answer = client.get(path)
            seen[path] = unpacked(content_of(answer))
            waiting.extend(link for link in LINK.findall(seen[path]) if _ours(link))
    return seen


def _ours(link: str) -> bool:
    return link.startswith("/") and not link.startswith(("/account/", "/static/", "//"))


def test_the_giver_sees_the_answer(offer: Offer, cast: Cast) -> None:
    """The walk would find it: the negative control of the tests below."""
    pages = walk(cast.cora)
    assert f"/invitations/{offer.pk}/" in pages
    assert [path for path, text in pages.items() if CANARY.search(text)]


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_finds_it_on_any_page(offer: Offer, cast: Cast, name: str) -> None:
    claim = offer.activity.claims.get()
    pages = walk(
        getattr(cast, name),
        "/trail/",
        f"/invitations/{offer.pk}/",
        f"/invitations/{offer.pk}/read-out/",
        f"/claims/{claim.reference}/",
        f"/history/claim/{claim.reference}/",
        f"/history/person/{cast.cora.number}/",
        f"/history/project/{cast.project.pk}/",
        f"/projects/{cast.project.pk}/",
    )
    assert len(pages) > 8
    assert not [path for path, text in pages.items() if CANARY.search(text)]


def test_neither_trail_nor_reservations_tell_it(offer: Offer) -> None:
    said = opened(Event.objects.all())
    assert not [words for words in said.values() if CANARY.search(str(words))]
    assert set(Commitment.objects.values_list("amount", flat=True)) == {5500}


def test_neither_workbook_nor_journal_tells_it(offer: Offer, cast: Cast) -> None:
    with set_now(MONDAY.replace(hour=17)):
        book = finance_workbook(cast.riverside, Span(date(2026, 11, 1), date(2026, 11, 30)))
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            sheets = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")]
    assert sheets
    assert not [text for text in (*sheets, *journal_text(cast.riverside)) if CANARY.search(text)]
