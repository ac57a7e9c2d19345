"""The codes of vouchers and for cash: shown to their person, on a page of its own, and to nobody else."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audit.actions import Action
from audit.models import Event
from claims.models import Way
from common.errors import DomainError, IllegalMove, NotVisible
from payments import verify
from payments.models import Ended, HandOver, Payment
from payments.queries.own_codes import codes_of, own_hand_over
from payments.services import handing
from payments.services.codes import open_codes
from payments.services.fetching import fetch_code
from payments.workflow import Method
from tests.cast import Cast
from tests.payments.by_hand.own import CASH_CODE, CODES, handed, on_its_way
from tests.payments.by_hand.steps import bought, chosen, given, sent_by
from tests.people.browsers import browser, proven

SHOW = "Show my code"


def code_page(payment: Payment) -> str:
    return reverse("payments:code", args=[payment.pk])


def page_of(client: Client, payment: Payment) -> str:
    return client.get(reverse("payments:payment", args=[payment.pk])).content.decode()


@pytest.mark.parametrize(("way", "codes"), [(Way.VOUCHER, CODES), (Way.CODE, (CASH_CODE,))])
def test_its_person_sees_it_by_a_form_and_it_counts_as_collected(
    ways: Cast, way: Way, codes: tuple[str, ...]
) -> None:
    payment, client = handed(ways, way), browser(ways.cora)
    before = page_of(client, payment)
    assert SHOW in before
    assert not any(code in before for code in codes)
    answer = client.post(code_page(payment))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert all(code in page for code in codes)
    assert answer.headers["Cache-Control"] == "no-store, private"
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert not any(code in title for code in codes)
    made = payment.hand_overs.get()
    assert str(made.collected_on) == "2026-11-23"
    client.post(code_page(payment))
    events = Event.objects.filter(action=Action.HAND_OVER_COLLECTED)
    assert [event.actor_id for event in events] == [ways.cora.pk], "the first look is written down, once"


@pytest.mark.parametrize("name", ["dev", "lena", "anil", "hana", "fern", "farah", "ada", "abel", "otto"])
@pytest.mark.parametrize("way", [Way.VOUCHER, Way.CODE])
def test_to_everybody_else_it_does_not_exist(ways: Cast, name: str, way: Way) -> None:
    payment, client = handed(ways, way), browser(getattr(ways, name))
    assert client.post(code_page(payment)).status_code == 404
    page = page_of(client, payment)
    assert SHOW not in page
    assert "CANARY" not in page
    assert payment.hand_overs.get().collected_on is None


def test_a_look_alone_gets_nothing(ways: Cast) -> None:
    payment = handed(ways, Way.CODE)
    assert browser(ways.cora).get(code_page(payment)).status_code == 405


@pytest.mark.parametrize("key", ["0", "999999999", "00000000000000000", "999999999999999999"])
def test_a_key_of_nothing_is_not_found(ways: Cast, key: str) -> None:
    assert browser(ways.cora).post(f"/payments/{key}/code/").status_code == 404


def test_no_code_before_it_is_handed_over_nor_after_it_came_back(ways: Cast) -> None:
    payment, client = on_its_way(ways, Way.VOUCHER), browser(ways.cora)
    assert client.post(code_page(payment)).status_code == 404
    assert SHOW not in page_of(client, payment)
    made = given(ways, payment)
    handing.take_back(actor=ways.fern, hand_over_id=made.pk, ended=Ended.REFUSED, reason="Sent back to us.")
    assert client.post(code_page(payment)).status_code == 404
    assert SHOW not in page_of(client, payment)
    with pytest.raises(NotVisible):
        fetch_code(actor=ways.cora, hand_over_id=made.pk)


def test_what_somebody_has_seen_does_not_go_back_into_stock(ways: Cast) -> None:
    payment = handed(ways, Way.VOUCHER)
    made = fetch_code(actor=ways.cora, hand_over_id=payment.hand_overs.get().pk)
    with pytest.raises(DomainError, match="cannot go back into stock"):
        handing.take_back(actor=ways.farah, hand_over_id=made.pk, ended=Ended.NOT_ARRIVED, reason="Odd.")
    handing.take_back(
        actor=ways.farah, hand_over_id=made.pk, ended=Ended.EXPIRED, reason="Too late.", is_lost=True
    )
    payment.refresh_from_db()
    assert payment.status == "returned"


@pytest.mark.parametrize("by", ["the person", "finance"])
def test_a_code_that_was_seen_was_no_mistake_and_a_second_person_says_it_is_of_no_use(
    ways: Cast, by: str
) -> None:
    """Whoever saw it may have used it; handed over again, the money would be paid twice."""
    made = handed(ways, Way.CODE).hand_overs.get()
    if by == "finance":
        ways.cora.logins.all().delete()
        open_codes(actor=ways.fern, hand_over_id=made.pk)
    else:
        fetch_code(actor=ways.cora, hand_over_id=made.pk)
    with pytest.raises(IllegalMove, match="Its code was looked at, so it was handed over"):
        handing.undo_hand_over(actor=ways.farah, hand_over_id=made.pk, reason="Odd.")
    back: dict[str, Any] = {"hand_over_id": made.pk, "ended": Ended.EXPIRED, "reason": "Cancelled."}
    with pytest.raises(DomainError, match="somebody else has to say that nobody can use it now"):
        handing.take_back(actor=ways.fern, **back)
    made.refresh_from_db()
    assert (made.ended, made.payment.status) == ("", "paid")
    assert (
        "This was a mistake"
        not in proven(ways.farah).get(f"/payments/by-hand/handed/{made.pk}/").content.decode()
    )
    handing.take_back(actor=ways.farah, **back)
    assert list(verify.problems(ways.riverside)) == []


@pytest.mark.parametrize(("ended", "who"), [("mistake", "farah"), ("expired", "fern")])
def test_the_database_holds_a_seen_code_to_it(ways: Cast, ended: str, who: str) -> None:
    made = handed(ways, Way.CODE).hand_overs.get()

    def end() -> None:
        with transaction.atomic():
            HandOver.objects.filter(pk=made.pk).update(
                ended=ended, ended_by=getattr(ways, who), ended_at=made.given_at
            )
            transaction.set_rollback(True)

    end()  # as long as nobody looked: what refuses below is that somebody did
    fetch_code(actor=ways.cora, hand_over_id=made.pk)
    with pytest.raises(IntegrityError):
        end()


def test_cards_without_a_code_have_nothing_to_show(ways: Cast) -> None:
    chosen(ways, ways.cora, Way.VOUCHER)
    bought(ways)
    [payment] = sent_by(ways, Method.VOUCHER).payments.all()
    given(ways, payment)
    client = browser(ways.cora)
    assert SHOW not in page_of(client, payment)
    assert client.post(code_page(payment)).status_code == 404


def test_a_code_does_not_show_when_it_is_printed(ways: Cast) -> None:
    payment = handed(ways, Way.CODE)
    found = codes_of(own_hand_over(ways.cora, payment.pk))
    assert [each.text for each in found] == [CASH_CODE]
    assert CASH_CODE not in repr(found)


def test_nobody_else_can_ask_the_service(ways: Cast) -> None:
    made = handed(ways, Way.CODE).hand_overs.get()
    for person in (ways.fern, ways.ada, ways.lena, ways.dev):
        with pytest.raises(NotVisible):
            fetch_code(actor=person, hand_over_id=made.pk)
