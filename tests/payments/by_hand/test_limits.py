"""What one payment by hand takes: as much as its way allows, to one charity or group; the rest says why."""

from datetime import UTC, datetime

from claims.models import Outcome, Way
from claims.services.deciding import decide
from claims.services.offering import offer_way
from claims.ways import named_by
from common.dates import set_now
from payments.queries import preview
from payments.queries.payable import NEXT_RUN
from payments.workflow import Method
from tests.cast import Cast
from tests.claims.meetings import claimed, meeting
from tests.payments.by_hand.steps import NAMES, chosen, early, listed
from tests.payments.office import hours


def limited(cast: Cast, way: Way, most: int | None) -> None:
    offer_way(
        actor=cast.fern,
        organisation=cast.riverside,
        way=way,
        for_time=True,
        for_costs=False,
        delivery="By post.",
        most=most,
    )


def left(cast: Cast, method: Method) -> list[tuple[int, str]]:
    """How much a run of this way would leave out, and why."""
    return [(each.amount, each.reason) for each in preview(cast.riverside, cast.fern, method).left_out]


def test_what_is_above_the_limit_waits_for_the_next_run(ways: Cast) -> None:
    hours(ways, ways.cora, 1)
    early(ways, ways.cora, Way.CHEQUE)
    limited(ways, Way.CHEQUE, 4500)
    assert left(ways, Method.CHEQUE) == [
        (2000, "One payment by cheque is at most £45.00. The rest is in the next run.")
    ]
    assert listed(ways, Method.CHEQUE).total == 4000
    assert listed(ways, Method.CHEQUE).total == 2000


def test_what_no_run_can_pay_says_so(ways: Cast) -> None:
    early(ways, ways.cora, Way.CHEQUE)
    limited(ways, Way.CHEQUE, 3999)
    would = preview(ways.riverside, ways.fern, Method.CHEQUE)
    assert would.payees == ()
    assert left(ways, Method.CHEQUE) == [
        (4000, "One payment by cheque is at most £39.99. Ask them to choose another way.")
    ]
    limited(ways, Way.CHEQUE, None)
    assert left(ways, Method.CHEQUE) == []


def test_a_way_that_is_switched_off_still_pays_who_chose_it(ways: Cast) -> None:
    early(ways, ways.cora, Way.CHEQUE)
    offer_way(
        actor=ways.fern,
        organisation=ways.riverside,
        way=Way.CHEQUE,
        for_time=False,
        for_costs=False,
        delivery="By post.",
    )
    bank = preview(ways.riverside, ways.fern)
    assert (4000, "They chose: cheque. It has runs of its own.") in [
        (each.amount, each.reason) for each in bank.left_out
    ]
    assert listed(ways, Method.CHEQUE).total == 4000


def test_two_charities_are_two_payments_in_two_runs(ways: Cast) -> None:
    early(ways, ways.cora, Way.DONATION)
    with set_now(datetime(2026, 11, 22, 8, tzinfo=UTC)):
        activity = meeting(ways, starts_at=datetime(2026, 11, 22, 10, tzinfo=UTC))
        chosen(ways, ways.cora, Way.DONATION, activity=activity, named="River Trust")
    with set_now(datetime(2026, 11, 22, 15, tzinfo=UTC)):
        [line] = claimed(ways, activity).lines.all()
        decide(actor=ways.project.lead, line_id=line.pk, outcome=Outcome.APPROVE)
    assert left(ways, Method.DONATION) == [(4000, NEXT_RUN)]
    to = []
    for _ in range(2):
        [payment] = listed(ways, Method.DONATION).payments.all()
        assert payment.amount == 4000
        assert payment.instruction is not None
        to.append(named_by(payment.instruction))
    assert to == [NAMES[Way.DONATION], "River Trust"]
    assert left(ways, Method.DONATION) == []
