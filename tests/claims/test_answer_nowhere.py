"""An answer of £13.37, and a charity that was named, show on their giver's own pages alone.

Every page that anybody can reach is walked.
"""

import io
import re
import zipfile
from collections import deque
from datetime import date

import pytest
from django.apps import apps

from audit.actions import Action
from audit.models import Event
from audit.queries import opened
from claims.models import Answer, CountsAs, Offer, RatePolicy, Way
from claims.services.offers import answer_offer
from common.dates import set_now
from ledger.models import Commitment
from people.models import Person
from reports.journal import journal_text
from reports.workbook import Span, finance_workbook
from tests.canaries import content_of, unpacked
from tests.cast import Cast
from tests.claims.meetings import claimed, invited
from tests.claims.ways.steps import OTHERS as ALL_BUT_BANK
from tests.claims.ways.steps import TOKEN, choice, delivery, switch_on
from tests.payments.office import MONDAY
from tests.people.browsers import browser, send
from tests.worlds import world

pytestmark = pytest.mark.usefixtures("walking")
CANARY = re.compile(r"13\.37|\b1337\b")
OTHERS = ("lena", "dev", "anil", "bea", "hana", "fern", "farah", "ada", "abel", "otto")
LINK = re.compile(r'href="([^"#]*)')
MOST_PAGES = 150


@world
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


@pytest.fixture
def given(policy: RatePolicy, cast: Cast, caplog: pytest.LogCaptureFixture) -> Offer:
    """Cora gives all of it to a charity that she names, on the screen, and wants her costs as a cheque."""
    with set_now(MONDAY), caplog.at_level(0):
        switch_on(cast, *ALL_BUT_BANK)
        mine, _ = invited(cast, starts_at=MONDAY.replace(hour=12))
        path, client = f"/invitations/{mine.pk}", browser(cast.cora)
        sent = send(client, f"{path}/answer/", answer="accepted:donation", charity=TOKEN, wants_receipt="yes")
        assert sent.status_code == 302
        assert TOKEN not in sent.headers["Location"]
        assert send(client, f"{path}/costs/", way="cheque").status_code == 302
    with set_now(MONDAY.replace(minute=1)):
        choice(cast, Way.GROUP, CountsAs.FEE)
        switch_on(cast, *ALL_BUT_BANK, for_time=False, for_costs=False)  # so that no list of ways is shown
    return mine


def test_the_giver_reads_whom_they_named(given: Offer, cast: Cast) -> None:
    """The walk would find the name and the way: the negative control of the tests below."""
    told = " ".join(walk(cast.cora, f"/invitations/{given.pk}/").values())
    assert f"All of it: £55.00, to {TOKEN}" in told
    assert CHOSEN.search(told)


CHOSEN = re.compile(
    f"{TOKEN}|as a donation|by cheque|cheque|{re.escape(delivery(Way.CHEQUE))}", re.IGNORECASE
)


@pytest.mark.parametrize("name", [each for each in OTHERS if each not in ("fern", "farah")])
def test_nobody_without_a_hand_on_money_finds_whom_they_named_or_how(
    given: Offer, cast: Cast, name: str
) -> None:
    pages = walk(
        getattr(cast, name),
        "/trail/",
        f"/invitations/{given.pk}/",
        f"/invitations/{given.pk}/read-out/",
        f"/invitations/{given.pk}/costs/",
        f"/how-you-are-paid/{cast.riverside.pk}/time/",
        f"/history/person/{cast.cora.number}/",
        f"/history/project/{cast.project.pk}/",
        f"/projects/{cast.project.pk}/",
    )
    assert len(pages) > 8
    # What an organisation offers is no secret; who chose it is.
    offers = {
        path: text for path, text in pages.items() if path.startswith(("/what-we-pay/", "/payments/by-hand/"))
    }
    found = {path: CHOSEN.findall(text) for path, text in pages.items() if path not in offers}
    assert {path: words for path, words in found.items() if words} == {}
    assert not [path for path, text in offers.items() if TOKEN in text or cast.cora.name in text]


def test_whom_they_named_is_in_no_row_event_export_or_log(
    given: Offer, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """Every table is read: messages, tasks, history, keys of requests and the trail among them."""
    read = 0
    for model in apps.get_models():
        for row in model._base_manager.values_list():
            read += 1
            assert TOKEN not in repr(
                [bytes(each) if isinstance(each, memoryview) else each for each in row]
            ), model
    assert read > 100
    said = opened(Event.objects.exclude(action=Action.WAY_OFFERED))
    assert not [words for words in said.values() if CHOSEN.search(str(words))]
    assert not CHOSEN.search(" ".join(journal_text(cast.riverside)))
    logged = " ".join(each.getMessage() for each in caplog.get_records("setup"))
    assert not CHOSEN.search(logged)
    assert "claims.tasks.pass_on" in logged  # the control: this is the log of what was sent
