"""Each way of paying, from what somebody chose to the control account, and back when it did not arrive."""

from datetime import UTC, datetime

import pytest

from claims.models import GIVEN_AWAY, Way
from common.dates import set_now
from ledger.models import AccountKind
from payments import verify
from payments.models import Ended
from payments.queries import due as due_now
from payments.services import handing
from payments.workflow import Method, PaymentStatus
from tests.cast import Cast
from tests.payments.by_hand.steps import bought, chosen, fetched, given, held, listed, sent_by
from tests.payments.office import hours

WAYS = [way for way in Way if way != Way.BANK]
CONTROLS = {
    Way.VOUCHER: AccountKind.VOUCHERS,
    Way.CASH: AccountKind.CASH,
    Way.CHEQUE: AccountKind.CHEQUES,
    Way.CODE: AccountKind.CODES,
    Way.DONATION: AccountKind.DONATIONS,
    Way.LEARNING: AccountKind.LEARNING,
    Way.GROUP: AccountKind.GROUPS,
}


def test_methods_are_the_ways_and_payroll() -> None:
    assert {str(method) for method in Method} == {str(way) for way in Way} | {"payroll"}
    assert all(Method(way).label == way.label for way in Way)


@pytest.mark.parametrize("way", WAYS)
def test_it_is_paid_and_comes_back(ways: Cast, way: Way) -> None:
    with set_now(datetime(2026, 11, 19, 9, tzinfo=UTC)):
        chosen(ways, ways.cora, way)
    if way == Way.VOUCHER:
        bought(ways)
    if way == Way.CASH:
        fetched(ways)
    stock = held(ways, CONTROLS[way])
    [payment] = sent_by(ways, Method(way)).payments.all()
    assert (payment.person, payment.amount, payment.counts_as) == (ways.cora, 4000, "fee")
    assert (payment.instruction is not None) == (way in (Way.DONATION, Way.GROUP))
    made = given(ways, payment)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.PAID
    assert held(ways, CONTROLS[way]) == stock - 4000
    assert held(ways, AccountKind.IN_TRANSIT) == 0
    assert list(verify.problems(ways.riverside)) == []

    handing.take_back(actor=ways.fern, hand_over_id=made.pk, ended=Ended.NOT_ARRIVED, reason="It came back.")
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.RETURNED
    assert held(ways, CONTROLS[way]) == stock
    assert [row.amount for row in due_now(ways.riverside) if row.counts_as == "fee"] == [4000]
    assert list(verify.problems(ways.riverside)) == []


@pytest.mark.parametrize("way", GIVEN_AWAY)
def test_money_already_earned_is_never_given_away(ways: Cast, way: Way) -> None:
    chosen(ways, ways.cora, way)  # on Monday; the time was on Friday
    with pytest.raises(Exception, match="Nothing that is due can be paid now"):
        listed(ways, Method(way))
    with set_now(datetime(2026, 11, 19, 9, tzinfo=UTC)):
        chosen(ways, ways.cora, way)
    assert listed(ways, Method(way)).total == 4000


def test_costs_go_by_bank_while_time_goes_by_voucher(ways: Cast) -> None:
    chosen(ways, ways.cora, Way.VOUCHER)
    hours(ways, ways.dev, 1)
    run = listed(ways, Method.VOUCHER)
    assert [(payment.person, payment.counts_as) for payment in run.payments.all()] == [(ways.cora, "fee")]
