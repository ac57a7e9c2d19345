"""It did not arrive, said of a payment by hand: no bank is asked, and what finance writes down closes it."""

import pytest
from django.urls import reverse

from claims.models import Way
from common.dates import set_now
from common.errors import DomainError, IllegalMove
from payments import verify
from payments.models import Concern, ConcernOutcome, Ended, Payment
from payments.services import handing
from payments.services.concerns.arriving import arrived, ask_never_taken, say_not_arrived
from payments.workflow import ConcernStatus
from tests.cast import Cast
from tests.payments.by_hand.own import LATER, handed, on_its_way
from tests.people.browsers import browser, send

WAYS = [way for way in Way if way != Way.BANK]


def missed(cast: Cast, payment: Payment) -> Concern:
    with set_now(LATER):
        return say_not_arrived(actor=cast.cora, payment_id=payment.pk)


@pytest.mark.parametrize("way", WAYS)
def test_a_hand_over_taken_back_closes_it(ways: Cast, way: Way) -> None:
    payment = handed(ways, way)
    concern = missed(ways, payment)
    with set_now(LATER):
        handing.take_back(
            actor=ways.farah,
            hand_over_id=payment.hand_overs.get().pk,
            ended=Ended.NOT_ARRIVED,
            reason="The envelope came back.",
        )
    concern.refresh_from_db()
    assert (concern.status, concern.outcome) == (ConcernStatus.CLOSED, ConcernOutcome.CAME_BACK)
    assert concern.get_outcome_display() == "It came back to us"
    page = browser(ways.cora).get(reverse("concerns:concern", args=[concern.pk])).content.decode()
    assert "It came back to us" in page
    assert "We still owe you this money" in page
    with set_now(LATER):
        assert list(verify.problems(ways.riverside)) == []


def test_what_was_never_handed_over_closes_it_too(ways: Cast) -> None:
    payment = on_its_way(ways, Way.CASH)
    concern = missed(ways, payment)
    with set_now(LATER):
        handing.not_handed_over(actor=ways.farah, payment_id=payment.pk, reason="Nobody came for it.")
    concern.refresh_from_db()
    assert concern.outcome == ConcernOutcome.CAME_BACK


def test_it_is_found_after_all(ways: Cast) -> None:
    concern = missed(ways, handed(ways, Way.VOUCHER))
    with set_now(LATER):
        arrived(actor=ways.fern, concern_id=concern.pk)
    concern.refresh_from_db()
    assert concern.get_outcome_display() == "It arrived after all"


@pytest.mark.parametrize("way", [Way.CASH, Way.LEARNING])
def test_the_path_of_the_bank_is_closed(ways: Cast, way: Way) -> None:
    concern = missed(ways, on_its_way(ways, way))
    with set_now(LATER), pytest.raises(DomainError, match="The bank did not pay this"):
        ask_never_taken(actor=ways.fern, concern_id=concern.pk, words="They say so.")
    page = browser(ways.fern).get(reverse("concerns:concern", args=[concern.pk])).content.decode()
    assert reverse("concerns:never-taken", args=[concern.pk]) not in page
    assert "write it down beside its hand-over" in page


def test_handed_over_late_it_may_still_be_in_the_post(ways: Cast) -> None:
    payment = on_its_way(ways, Way.CHEQUE)
    with set_now(LATER):
        handing.hand_over(actor=ways.fern, payment_id=payment.pk, day=LATER.date(), serial="100046")
        with pytest.raises(IllegalMove, match="30 November 2026"):
            say_not_arrived(actor=ways.cora, payment_id=payment.pk)


def test_a_hand_over_undone_leaves_it_open(ways: Cast) -> None:
    payment = handed(ways, Way.CASH)
    concern = missed(ways, payment)
    with set_now(LATER):
        handing.undo_hand_over(
            actor=ways.fern, hand_over_id=payment.hand_overs.get().pk, reason="It was Dev’s envelope."
        )
    concern.refresh_from_db()
    assert concern.status == ConcernStatus.OPEN


@pytest.mark.parametrize("way", [Way.VOUCHER, Way.DONATION])
def test_the_person_says_so_with_one_press_and_no_bank_is_named(ways: Cast, way: Way) -> None:
    payment, client = handed(ways, way), browser(ways.cora)
    with set_now(LATER):
        ask = reverse("concerns:not-arrived", args=[payment.pk])
        page = client.get(ask).content.decode().partition("<main")[2].partition("</main>")[0]
        assert "we find out what became of it" in page
        assert "bank" not in page
        answer = send(client, ask)
        page = client.get(answer.headers["Location"]).content.decode()
        assert "We find out what became of it, and tell you what we found by" in page
