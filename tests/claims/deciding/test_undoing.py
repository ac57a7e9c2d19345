"""Undo a decision before payment: what it posted is reversed, the line waits again, and all of it is kept."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from audit.models import Event
from claims import queries, verify
from claims.models import Claim, Decision, Outcome, Undoing
from claims.queries.room import room_of
from claims.services.undoing import undo_decision
from claims.workflow import ClaimStatus, LineStatus
from common.dates import set_now
from common.errors import DomainError, IllegalMove, NotPermitted, NotVisible, Stale
from ledger.models import Category, Commitment, JournalEntry
from ledger.verify import problems as wrong_in_the_books
from people.models import RoleKind
from people.services import grant_role
from tests.cast import Cast
from tests.claims.paper import BUS, SESSION, decided, typed

pytestmark = pytest.mark.usefixtures("policy")
CAR = "K1,1,cora,2026-11-10,mileage,car,20.0,mile,,,,,,,"
WHY = "I read the wrong receipt."


def undone(cast: Cast, decision: Decision, **options: Any) -> Undoing:
    """Anil undoes a decision."""
    asked: dict[str, Any] = {"actor": cast.anil, "decision_id": decision.pk, "reason": WHY}
    return undo_decision(**asked | options)


def reserved() -> list[tuple[str, int]]:
    return list(Commitment.objects.filter(closed_at__isnull=True).values_list("source", "amount"))


@pytest.mark.parametrize(
    ("outcome", "options", "posted"),
    [
        (Outcome.APPROVE, {}, 500),
        (Outcome.REDUCE, {"allowed": 250, "reason": "One way."}, 250),
        (Outcome.REFUSE, {"reason": "Another day."}, 0),
    ],
)
def test_the_line_waits_again_as_if_it_had_not_been_decided(
    cast: Cast, outcome: Outcome, options: dict[str, Any], posted: int
) -> None:
    [line] = typed(cast, BUS)
    before = reserved()
    decision = decided(cast, line, outcome, **options)
    undoing = undone(cast, decision)
    line.refresh_from_db()
    assert (line.status, line.allowed, line.reason, line.decided_by) == (LineStatus.OPEN, None, "", None)
    assert list(line.shares.values_list("amount", "policy_amount")) == [(0, 0)]
    assert reserved() == before
    assert Claim.objects.get().status == ClaimStatus.SUBMITTED
    assert (undoing.undone_by, undoing.reason, undoing.decision) == (cast.anil, WHY, decision)
    assert (undoing.entry.reverses if undoing.entry else None) == decision.entry
    assert [share.amount for share in undoing.shares.all()] == [posted]
    assert list(verify.problems(cast.riverside)) == list(wrong_in_the_books(cast.riverside)) == []


def test_the_decision_stays_and_a_later_one_gets_the_next_number(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    first = decided(cast, line)
    undone(cast, first)
    second = decided(cast, line, Outcome.REDUCE, allowed=200, reason="One way.")
    assert (first.number, second.number, second.round) == (1, 2, 1)
    line.refresh_from_db()
    assert (line.status, line.allowed) == (LineStatus.REDUCED, 200)
    assert Claim.objects.get().status == ClaimStatus.DECIDED
    undone(cast, second)
    assert Undoing.objects.count() == Decision.objects.count() == 2
    assert list(verify.problems(cast.riverside)) == list(wrong_in_the_books(cast.riverside)) == []


def test_miles_that_were_undone_use_up_no_tier(cast: Cast) -> None:
    [line] = typed(cast, CAR)
    undone(cast, decided(cast, line))
    line.refresh_from_db()
    assert line.high_rate_miles == Decimal(0)


def test_a_lead_sees_no_hours_of_a_decision_that_was_undone(cast: Cast) -> None:
    [line] = typed(cast, SESSION.format(answer=""))
    undone(cast, decided(cast, line, Outcome.REDUCE, hours=Decimal(1), reason="Left early."))
    [time] = queries.approver_claim(cast.anil, line.claim_id).time
    assert time.confirmed_hours is None


def test_nothing_is_undone_twice_and_no_question_is(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    question = decided(cast, line, Outcome.ASK, reason="Which way?")
    with pytest.raises(IllegalMove, match="question"):
        undone(cast, question)
    decision = decided(cast, line)
    undone(cast, decision)
    events = Event.objects.count()
    with pytest.raises(IllegalMove, match="Anil Lead has already undone"):
        undone(cast, decision)
    assert (Undoing.objects.count(), Event.objects.count()) == (1, events)


def test_it_is_all_or_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    [line] = typed(cast, BUS)
    decision = decided(cast, line)

    def broken(**_: Any) -> None:
        raise RuntimeError("the trail is full")

    monkeypatch.setattr("claims.services.undoing.record", broken)
    with pytest.raises(RuntimeError):
        undone(cast, decision)
    line.refresh_from_db()
    assert line.status == LineStatus.APPROVED
    assert not Undoing.objects.exists()
    assert not JournalEntry.objects.filter(reverses__isnull=False).exists()


def test_the_same_form_twice_has_one_effect(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    decision = decided(cast, line)
    assert undone(cast, decision, key="form-1") == undone(cast, decision, key="form-1")
    assert Undoing.objects.count() == 1


def test_an_old_screen_and_a_missing_reason_are_refused(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    decision = decided(cast, line)
    with pytest.raises(Stale, match="decided a claim line"):
        undone(cast, decision, expected_version=1)
    with pytest.raises(DomainError, match="Say why"):
        undone(cast, decision, reason=" ")
    assert not Undoing.objects.exists()


def test_only_whoever_may_decide_a_line_undoes_its_decision(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    decision = decided(cast, line)
    for stranger in (cast.otto, cast.dev, cast.bea):
        with pytest.raises(NotVisible):
            undone(cast, decision, actor=stranger)
    for person in (cast.cora, cast.lena, cast.hana, cast.fern):
        with pytest.raises(NotPermitted):
            undone(cast, decision, actor=person)
    with pytest.raises(NotVisible):
        undone(cast, decision, decision_id=decision.pk + 1)
    assert not Undoing.objects.exists()


def test_a_lead_who_claims_undoes_nothing_of_their_own(cast: Cast) -> None:
    for person in (cast.cora, cast.lena):
        grant_role(
            actor=cast.abel,
            person=person,
            kind=RoleKind.LEAD,
            organisation=cast.riverside,
            project=cast.project,
        )
    [line] = typed(cast, BUS)
    decision = decided(cast, line)
    for person in (cast.cora, cast.lena):
        with pytest.raises(NotPermitted):
            undone(cast, decision, actor=person)


@pytest.mark.parametrize("answer", ["", "declined", "less:1.00"])
def test_the_budget_of_a_lead_moves_alike_whatever_was_answered(cast: Cast, answer: str) -> None:
    [line] = typed(cast, SESSION.format(answer=answer))
    waiting = room_of(cast.project, Category.FEES)
    with set_now(datetime(2026, 11, 20, 9, tzinfo=UTC)):
        decision = decided(cast, line)
        agreed = room_of(cast.project, Category.FEES)
    with set_now(datetime(2026, 12, 4, 9, tzinfo=UTC)):
        undone(cast, decision)
        after = room_of(cast.project, Category.FEES)
    assert (waiting.spent, waiting.promised) == (after.spent, after.promised) == (0, 5_500)
    assert (agreed.spent, agreed.promised) == (5_500, 0)
