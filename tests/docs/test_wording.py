"""docs/wording.md has the words of the pages as they are, and none asks for a reader older than ten."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from claims.models import Answer, Way
from claims.services.offers import answer_offer
from common.dates import set_now
from guidance.models import Shown
from guidance.services.importing import import_register
from payments.models import Payment
from tests.cast import Cast, put_in_force
from tests.claims.meetings import invited
from tests.claims.paper import POLICY
from tests.claims.ways.steps import switch_on
from tests.docs.money_pages import desk_pages, own_pages, played
from tests.docs.wording import OLDEST, Wording, grade, listed, pieces_of
from tests.guidance.conftest import REFERENCE, at
from tests.payments.by_hand.own import LATER
from tests.payments.office import MONDAY
from tests.people.browsers import proven

LIST = Path(settings.BASE_DIR) / "docs" / "wording.md"
DELIVERY = {
    Way.VOUCHER: "We send you a gift card. You can use it in most shops.",
    Way.CASH: "You get it from us on the day. We ask you to sign for it.",
    Way.CHEQUE: "We post it to you.",
    Way.CODE: "We send you a code. You take it to a shop, and they pay you.",
    Way.DONATION: "We pay the charity, and not you.",
    Way.LEARNING: "We keep it for a course or a book of yours.",
    Way.GROUP: "We pay the group, and not you.",
}
TEXTS = tuple(f"Text: {row['title']}" for row in tomllib.loads(REFERENCE)["text"])


@pytest.fixture
def pages(cast: Cast) -> Iterator[list[Wording]]:
    """The pages as Cora reads them, first without any text, then the texts by themselves."""
    put_in_force(cast, POLICY)
    with set_now(MONDAY):
        offer, _ = invited(cast, starts_at=MONDAY.replace(hour=12))
        client = at(cast.cora)

        def seen(title: str, url: str) -> Wording:
            return Wording(title, pieces_of(client.get(url).content.decode()))

        answer = seen("The answer to an invitation", f"/invitations/{offer.pk}/answer/")
        for way, delivery in DELIVERY.items():
            switch_on(cast, way, delivery=delivery)
        ways = [
            seen(
                "The answer to an invitation, with every way to be paid", f"/invitations/{offer.pk}/answer/"
            ),
            seen("How your costs come back from one activity", f"/invitations/{offer.pk}/costs/"),
            seen("How you are paid", "/how-you-are-paid/"),
            seen("How you are paid, for your time", f"/how-you-are-paid/{cast.riverside.pk}/time/"),
            seen("How you are paid, for your costs", f"/how-you-are-paid/{cast.riverside.pk}/costs/"),
        ]
        shown = seen("What we showed you", f"/help-with-money/shown/{Shown.objects.get().pk}/")
        empty = seen("Help with money and benefits, without a text", "/help-with-money/")
        import_register(actor=cast.abel, organisation=cast.riverside, content=REFERENCE, second=cast.vera)
        whole = seen("Help with money and benefits", "/help-with-money/")
        answer_offer(actor=cast.cora, offer_id=offer.pk, answer=Answer.ACCEPTED, way=Way.CASH)
        with set_now(offer.activity.starts_at):
            started = [
                seen("An invitation, once it has started", f"/invitations/{offer.pk}/"),
                seen("How the money for one activity comes", f"/invitations/{offer.pk}/time/"),
            ]
        texts = [
            Wording(f"Text: {row['title']}", _pieces(f"{row['title']}\n{row['body']}"))
            for row in tomllib.loads(REFERENCE)["text"]
        ]
        yield [whole, empty, shown, answer, *ways, *started, *_by_hand(cast, client), *texts]


def _by_hand(cast: Cast, client: Client) -> list[Wording]:
    """What Cora and finance read of her money, most of it paid by hand."""
    waiting, made = played(cast)
    found = [
        Wording(title, _page(client.get(address)))
        for title, address in (*own_pages(), ("Your learning fund", "/your-learning-fund/"))
    ]
    ask = client.get("/your-learning-fund/riverside/ask/")
    code = client.post(f"/payments/{made.payment_id}/code/")
    found += [Wording("Ask your learning fund", _page(ask)), Wording("Your cash-out code", _page(code))]
    with set_now(LATER):
        for payment in Payment.objects.filter(status="paid").order_by("pk"):
            asked = client.get(f"/concerns/not-arrived/{payment.pk}/")
            found.append(Wording(f"Money that did not arrive: {payment.method}", _page(asked)))
    desk, second = proven(cast.fern), proven(cast.farah)
    return found + [
        Wording(title, _page((second if "write-off" in address else desk).get(address)))
        for title, address in desk_pages(cast, waiting, made)
    ]


def _page(answer: Any) -> tuple[str, ...]:
    assert answer.status_code == 200, answer
    return pieces_of(answer.content.decode())


def _pieces(body: str) -> tuple[str, ...]:
    return pieces_of(
        "".join(f"<p>{line.removeprefix('- ')}</p>" for line in body.splitlines() if line.strip())
    )


def test_the_list_has_the_words_as_they_are(pages: list[Wording]) -> None:
    now = "\n".join(listed(pages)) + "\n"
    if os.environ.get("WRITE_WORDING"):
        LIST.write_text(now, encoding="utf-8")
    assert LIST.read_text(encoding="utf-8") == now


def test_no_page_asks_for_a_reader_older_than_ten(pages: list[Wording]) -> None:
    assert {page.title: page.age for page in pages if page.age > OLDEST} == {}
    assert {page.title for page in pages} >= set(TEXTS)
    assert [page.title for page in pages if len(page.pieces) < 2] == []


def test_hard_words_would_be_found() -> None:
    hard = "Notwithstanding regulatory exemptions, remuneration constitutes assessable employment income."
    assert Wording("x", (hard,)).age > OLDEST
    assert Wording("x", (hard,)).hard == [hard]
    assert grade("Money for your time is yours.") < 4


def test_what_is_no_word_of_ours_is_left_out() -> None:
    page = (
        "<main><h1>Hello <span class='x'>you</span></h1><table><tr><td>Rate</td></tr></table>"
        "<details><summary>Where this is from</summary><p>A law</p></details><p>Stay</p></main><p>Foot</p>"
    )
    assert pieces_of(page) == ("Hello you.", "Stay.")
