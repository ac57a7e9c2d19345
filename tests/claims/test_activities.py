"""Activities, offers and answers, and what a cancellation in the last hours is worth."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from claims import verify
from claims.models import Activity, Answer, CancelledBy, Claim, ClaimLine, CountsAs, FeeAnswer, Offer
from claims.services.activities import add_activity, cancel_activity
from claims.services.offers import answer_offer, make_offer
from claims.workflow import ClaimStatus
from common.dates import LONDON, set_now
from common.errors import DomainError, IllegalMove, NotPermitted, NotVisible
from ledger.models import Commitment, Transfer
from tests.cast import Cast
from tests.claims.paper import decided

pytestmark = pytest.mark.usefixtures("policy")
# The clocks go back on 25 October 2026: this meeting starts at 9:00 GMT.
STARTS = datetime(2026, 10, 25, 9, 0, tzinfo=LONDON)
BEFORE = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return added(cast)


def added(cast: Cast, **changes: Any) -> Activity:
    asked: dict[str, Any] = {
        "actor": cast.lena,
        "project": cast.project,
        "title": "First night at home",
        "purpose": "Say what helped.",
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(hours=3),
        "costs_met": "Fares and care.",
        "time_kind": "session",
        "time_hours": Decimal(3),
    }
    with set_now(BEFORE):
        return add_activity(**asked | changes)


def offered(cast: Cast, activity: Activity, answer: Answer | None = None) -> Offer:
    with set_now(BEFORE):
        offer = make_offer(actor=cast.lena, activity=activity, contributor=cast.cora)
        if answer is not None:
            less = 1000 if answer == Answer.LESS else None
            offer = answer_offer(actor=cast.cora, offer_id=offer.pk, answer=answer, less_amount=less)
    return offer


def cancelled(cast: Cast, activity: Activity, told_at: datetime, **changes: Any) -> Activity:
    asked: dict[str, Any] = {
        "actor": cast.lena,
        "cancelled_by": CancelledBy.ORGANISATION,
        "told_at": told_at,
    } | changes
    with set_now(max(told_at, BEFORE)):
        return cancel_activity(activity_id=activity.pk, **asked)


def test_an_offer_is_what_the_policy_gives_and_is_reserved(cast: Cast, activity: Activity) -> None:
    offer = offered(cast, activity)
    assert (offer.amount, offer.answer) == (8250, Answer.UNANSWERED)
    reserved = Commitment.objects.get()
    assert (reserved.amount, reserved.stage, reserved.category) == (8250, "committed", "fees")
    assert reserved.source == f"offer:{offer.pk}"


@pytest.mark.parametrize("answer", [Answer.ACCEPTED, Answer.LESS, Answer.DECLINED])
def test_no_answer_changes_what_is_reserved(cast: Cast, activity: Activity, answer: Answer) -> None:
    offered(cast, activity, answer)
    assert Commitment.objects.get(closed_at__isnull=True).amount == 8250
    assert list(verify.problems(cast.riverside)) == []


def test_an_answer_changes_until_the_start_and_not_after(cast: Cast, activity: Activity) -> None:
    offer = offered(cast, activity, Answer.ACCEPTED)
    with set_now(STARTS - timedelta(seconds=1)):
        answer_offer(actor=cast.cora, offer_id=offer.pk, answer=Answer.DECLINED)
    with set_now(STARTS):
        for late in (Answer.ACCEPTED, Answer.DECLINED, Answer.LESS):
            with pytest.raises(IllegalMove, match="has started"):
                answer_offer(actor=cast.cora, offer_id=offer.pk, answer=late, less_amount=None)


def test_trap_19_an_offer_nobody_answered_can_be_accepted_late_but_not_declined(
    cast: Cast, activity: Activity
) -> None:
    offer = offered(cast, activity)
    with set_now(STARTS + timedelta(days=1)):
        with pytest.raises(IllegalMove):
            answer_offer(actor=cast.cora, offer_id=offer.pk, answer=Answer.DECLINED)
        answered = answer_offer(actor=cast.cora, offer_id=offer.pk, answer=Answer.ACCEPTED)
    assert answered.answer == Answer.ACCEPTED


def test_a_helper_writes_down_an_answer_and_it_says_so(cast: Cast, activity: Activity) -> None:
    offer = offered(cast, activity)
    with set_now(BEFORE):
        answered = answer_offer(actor=cast.lena, offer_id=offer.pk, answer=Answer.DECLINED)
    assert answered.answered_for == cast.lena


@pytest.mark.parametrize("name", ["anil", "dev", "fern", "ada", "abel", "otto"])
def test_for_anybody_else_there_is_no_such_offer(cast: Cast, activity: Activity, name: str) -> None:
    offer = offered(cast, activity)
    with set_now(BEFORE), pytest.raises(NotVisible):
        answer_offer(actor=getattr(cast, name), offer_id=offer.pk, answer=Answer.DECLINED)
    with pytest.raises(NotVisible):
        answer_offer(actor=cast.cora, offer_id=offer.pk + 99, answer=Answer.DECLINED)


@pytest.mark.parametrize(
    ("answer", "less"),
    [(Answer.UNANSWERED, None), (Answer.LESS, None), (Answer.LESS, 8250), (Answer.LESS, -1), ("accepted", 5)],
)
def test_odd_answers_are_refused(cast: Cast, activity: Activity, answer: Answer, less: int | None) -> None:
    offer = offered(cast, activity)
    with set_now(BEFORE), pytest.raises(DomainError):
        answer_offer(actor=cast.cora, offer_id=offer.pk, answer=answer, less_amount=less)


def test_only_link_people_and_leads_set_up_and_ask(cast: Cast, activity: Activity) -> None:
    for name in ("cora", "fern", "abel", "bea", "otto"):
        with pytest.raises(NotPermitted):
            added(cast, actor=getattr(cast, name))
        with pytest.raises(NotPermitted):
            make_offer(actor=getattr(cast, name), activity=activity, contributor=cast.cora)
        with pytest.raises(NotPermitted):
            cancelled(cast, activity, BEFORE, actor=getattr(cast, name))
    with pytest.raises(DomainError, match="contributor"):
        make_offer(actor=cast.lena, activity=activity, contributor=cast.fern)
    offered(cast, activity)
    with pytest.raises(IllegalMove, match="already asked"):
        offered(cast, activity)


def test_an_activity_that_makes_no_sense_is_refused(cast: Cast) -> None:
    for wrong in ({"ends_at": STARTS}, {"time_hours": None}, {"time_kind": ""}):
        with pytest.raises(DomainError):
            added(cast, **wrong)


# 9:30 on the day before is 24 and a half real hours before, though clocks show 23 and a half.
@pytest.mark.parametrize(
    ("hour", "minute", "late"), [(9, 30, False), (10, 0, False), (10, 1, True), (20, 0, True)]
)
def test_notice_is_counted_in_hours_that_pass(cast: Cast, hour: int, minute: int, late: bool) -> None:
    activity = added(cast)
    offered(cast, activity, Answer.ACCEPTED)
    cancelled(cast, activity, datetime(2026, 10, 24, hour, minute, tzinfo=LONDON))
    assert Claim.objects.exists() == late
    assert Commitment.objects.filter(closed_at__isnull=True).count() == int(late)
    assert list(verify.problems(cast.riverside)) == []


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [(None, 8250), (Answer.ACCEPTED, 8250), (Answer.LESS, 1000), (Answer.DECLINED, 0)],
)
def test_trap_21_late_cancellation_pays_time_as_time_whatever_was_answered(
    cast: Cast, activity: Activity, answer: Answer | None, allowed: int
) -> None:
    offered(cast, activity, answer)
    cancelled(cast, activity, STARTS - timedelta(hours=2))
    claim = Claim.objects.get()
    line = ClaimLine.objects.get(claim=claim)
    assert (claim.status, claim.contributor, claim.entered_by) == (
        ClaimStatus.SUBMITTED,
        cast.cora,
        cast.lena,
    )
    assert (line.cancelled_notice_minutes, line.estimate, line.counts_as) == (120, allowed, CountsAs.FEE)
    assert FeeAnswer.objects.get(line=line).answer == (answer or Answer.ACCEPTED)
    assert Commitment.objects.get(closed_at__isnull=True).amount == 8250
    decided(cast, line)
    assert sum(Transfer.objects.filter(credit__kind="owed").values_list("amount", flat=True)) == allowed
    assert list(verify.problems(cast.riverside)) == []


def test_a_contributor_who_cancels_gets_no_claim(cast: Cast, activity: Activity) -> None:
    offered(cast, activity)
    cancelled(cast, activity, STARTS - timedelta(hours=2), cancelled_by=CancelledBy.CONTRIBUTOR)
    assert not Claim.objects.exists()
    assert not Commitment.objects.filter(closed_at__isnull=True).exists()


def test_a_cancelled_activity_stays_cancelled_and_asks_nobody(cast: Cast, activity: Activity) -> None:
    offer = offered(cast, activity)
    with pytest.raises(DomainError, match="when people were told"), set_now(BEFORE):
        cancel_activity(
            actor=cast.lena,
            activity_id=activity.pk,
            cancelled_by=CancelledBy.ORGANISATION,
            told_at=STARTS,
        )
    cancelled(cast, activity, BEFORE)
    with pytest.raises(IllegalMove):
        cancelled(cast, activity, BEFORE)
    activity.refresh_from_db()
    with pytest.raises(IllegalMove):
        make_offer(actor=cast.lena, activity=activity, contributor=cast.dev)
    with pytest.raises(IllegalMove):
        answer_offer(actor=cast.cora, offer_id=offer.pk, answer=Answer.ACCEPTED)
