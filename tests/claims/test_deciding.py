"""Decide a claim line: what is owed, to whom, and who may not."""

from decimal import Decimal
from typing import Any

import pytest

from audit.models import Event
from claims.models import Claim, Decision, LineShare, Outcome
from claims.services.verdicts import DecisionError
from claims.workflow import ClaimStatus, LineStatus
from common.errors import DomainError, IllegalMove, Stale
from ledger.models import Commitment, JournalEntry, Transfer
from ledger.services import budgets
from people.models import RoleKind
from people.services import grant_role
from tests.cast import Cast
from tests.claims.paper import BUS, SESSION, decided, typed

MEAL = "M1,1,cora,2026-11-10,subsistence,,,,7.45,,6.17,R-2,,,"
CAR = "K1,1,cora,2026-11-10,mileage,car,20.0,mile,,,,,,,"
pytestmark = pytest.mark.usefixtures("policy")


def test_it_owes_what_the_policy_gives(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    decision = decided(cast, line)
    line.refresh_from_db()
    assert (line.status, line.allowed, line.decided_by) == (LineStatus.APPROVED, 500, cast.anil)
    [moved] = Transfer.objects.select_related("debit", "credit", "entry").filter(entry=decision.entry)
    assert (moved.debit.code, moved.credit.code) == ("cost:PROJ-A:travel", "owed:PROJ-A:travel")
    assert (moved.amount, moved.party) == (500, cast.cora.pk)
    assert moved.entry.source == f"claim:{line.claim_id}:decision:{decision.pk}"
    assert not Commitment.objects.filter(closed_at__isnull=True).exists()


def test_a_claim_closes_with_its_last_open_line(cast: Cast) -> None:
    first, second = typed(cast, BUS, BUS.replace("B1,1", "B1,2").replace("R-1", "R-9"))
    decided(cast, first)
    assert Claim.objects.get().status == ClaimStatus.SUBMITTED
    decided(cast, second)
    claim = Claim.objects.get()
    assert (claim.status, claim.version) == (ClaimStatus.DECIDED, 3)


def test_it_says_why_the_policy_gives_less(cast: Cast) -> None:
    [line] = typed(cast, MEAL)
    decided(cast, line)
    line.refresh_from_db()
    assert (line.allowed, line.status) == (500, LineStatus.APPROVED)
    assert line.reason == "The most we can pay for this when you are away over 5 hours is £5.00."


def test_a_part_is_less_than_the_policy_gives_and_has_a_reason(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    for wrong in (None, 0, 500, 501):
        with pytest.raises(DecisionError, match="£5.00"):
            decided(cast, line, Outcome.REDUCE, allowed=wrong, reason="Only one way was needed.")
    with pytest.raises(DomainError, match="Say why"):
        decided(cast, line, Outcome.REDUCE, allowed=250)
    assert not Decision.objects.exists()
    decided(cast, line, Outcome.REDUCE, allowed=250, reason="Only one way was needed.")
    line.refresh_from_db()
    assert (line.status, line.allowed, line.reason) == ("reduced", 250, "Only one way was needed.")


def test_a_refusal_owes_nothing_and_frees_the_receipt(cast: Cast) -> None:
    first, again = typed(cast, BUS, BUS.replace("B1", "B2"))
    decided(cast, first, Outcome.REFUSE, reason="This was for another day.")
    assert not JournalEntry.objects.filter(source__startswith="claim:").exists()
    decided(cast, again)
    again.refresh_from_db()
    assert again.allowed == 500


def test_the_same_receipt_is_paid_once(cast: Cast) -> None:
    first, again = typed(cast, BUS, BUS.replace("B1", "B2"))
    decided(cast, again)
    decided(cast, first)
    first.refresh_from_db()
    assert first.allowed == 0
    assert first.reason == f"The same receipt is already on claim {again.claim}, line 1."


def test_a_question_waits_for_its_answer_and_stays_reserved(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    decided(cast, line, Outcome.ASK, reason="Which way was this?")
    line.refresh_from_db()
    assert (line.status, line.allowed, line.reason) == (LineStatus.QUERIED, None, "Which way was this?")
    assert Commitment.objects.get(closed_at__isnull=True).source == f"line:{line.pk}"
    with pytest.raises(IllegalMove):
        decided(cast, line, Outcome.ASK, reason="And when?")
    decided(cast, line)
    assert Decision.objects.filter(line=line).count() == 2


def test_time_is_worked_out_by_the_policy_and_never_typed(cast: Cast) -> None:
    [line] = typed(cast, SESSION.format(answer=""))
    with pytest.raises(DecisionError, match="hours instead"):
        decided(cast, line, Outcome.REDUCE, allowed=100, reason="Left early.")
    for wrong in (None, Decimal(0), Decimal(2), Decimal(3)):
        with pytest.raises(DecisionError, match="fewer than 2"):
            decided(cast, line, Outcome.REDUCE, hours=wrong, reason="Left early.")
    decision = decided(cast, line, Outcome.REDUCE, hours=Decimal(1), reason="Left early.")
    line.refresh_from_db()
    assert (line.allowed, line.quantity, decision.hours) == (2750, Decimal(2), Decimal(1))


@pytest.mark.parametrize(("answer", "allowed"), [("", 5500), ("declined", 0), ("less:20.00", 2000)])
def test_the_answer_limits_the_money_and_nothing_else(cast: Cast, answer: str, allowed: int) -> None:
    [line] = typed(cast, SESSION.format(answer=answer))
    assert Commitment.objects.get(closed_at__isnull=True).amount == 5500
    decided(cast, line)
    line.refresh_from_db()
    assert (line.status, line.allowed, line.reason) == (LineStatus.APPROVED, allowed, "")
    owed = sum(Transfer.objects.filter(credit__kind="owed").values_list("amount", flat=True))
    assert owed == allowed == LineShare.objects.get(line=line).amount


def test_a_shared_line_is_split_to_the_penny(cast: Cast) -> None:
    budget_for(cast)
    grant_role(
        actor=cast.abel,
        person=cast.anil,
        kind=RoleKind.LEAD,
        organisation=cast.riverside,
        project=cast.other_project,
    )
    [line] = typed(cast, BUS.replace("5.00", "26.50") + "PROJ-A:2;PROJ-B:1")
    decision = decided(cast, line)
    parts = LineShare.objects.filter(line=line).values_list("project__code", "amount")
    assert list(parts) == [("PROJ-A", 1767), ("PROJ-B", 883)]
    moved = Transfer.objects.filter(entry=decision.entry).values_list("credit__code", "amount")
    assert sorted(moved) == [("owed:PROJ-A:travel", 1767), ("owed:PROJ-B:travel", 883)]


def test_miles_use_up_the_tier_in_the_order_of_decisions(cast: Cast) -> None:
    early, late = typed(
        cast,
        CAR,
        CAR.replace("K1", "K2").replace("2026-11-10", "2026-11-11"),
        declarations="contributor,tax_year,miles\ncora,2026-27,9990.0\n",
    )
    decided(cast, late)
    decided(cast, early)
    early.refresh_from_db()
    late.refresh_from_db()
    assert (late.allowed, late.high_rate_miles) == (800, Decimal(10))  # 10 at 55p, 10 at 25p
    assert (early.allowed, early.high_rate_miles) == (500, Decimal(0))  # 20 at 25p


def test_a_part_of_mileage_uses_up_only_the_miles_it_pays(cast: Cast) -> None:
    [line] = typed(cast, CAR)
    decided(cast, line, Outcome.REDUCE, allowed=550, reason="The shorter way is 10 miles.")
    line.refresh_from_db()
    assert line.high_rate_miles == Decimal(10)


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.ASK}))
@pytest.mark.parametrize("status", [LineStatus.APPROVED, LineStatus.REFUSED])
def test_it_refuses_a_line_that_is_decided(cast: Cast, outcome: Outcome, status: LineStatus) -> None:
    [line] = typed(cast, BUS)
    first = Outcome.APPROVE if status == LineStatus.APPROVED else Outcome.REFUSE
    decided(cast, line, first, reason="For a reason.")
    events = Event.objects.count()
    with pytest.raises(IllegalMove, match=status):
        decided(cast, line, outcome, reason="For another.", allowed=100)
    assert (Decision.objects.count(), Event.objects.count()) == (1, events)


def test_it_is_all_or_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    [line] = typed(cast, BUS)

    def broken(**_: Any) -> None:
        raise RuntimeError("the trail is full")

    monkeypatch.setattr("claims.services.settling.record", broken)
    with pytest.raises(RuntimeError):
        decided(cast, line)
    line.refresh_from_db()
    assert line.status == LineStatus.OPEN
    assert not Decision.objects.exists()
    assert not JournalEntry.objects.filter(source__startswith="claim:").exists()
    assert Commitment.objects.filter(closed_at__isnull=True).exists()


def test_the_same_form_twice_has_one_effect(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    first = decided(cast, line, key="form-1")
    assert decided(cast, line, key="form-1") == first
    assert Decision.objects.count() == 1


def test_an_old_screen_is_refused_with_what_changed(cast: Cast) -> None:
    first, second = typed(cast, BUS, BUS.replace("B1,1", "B1,2").replace("R-1", "R-9"))
    seen = first.claim.version
    decided(cast, first, expected_version=seen)
    with pytest.raises(Stale, match="Anil Lead decided a claim line"):
        decided(cast, second, expected_version=seen)
    decided(cast, second, expected_version=seen + 1)


def budget_for(cast: Cast) -> None:
    """A budget for PROJ-B too."""
    proposed = budgets.propose(actor=cast.bea, project=cast.other_project, lines={"travel": 10_000})
    budgets.agree(actor=cast.farah, budget_id=proposed.pk)
