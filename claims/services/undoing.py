"""Undo a decision before its money is on the way: its entry is reversed, and its line waits again."""

from django.db import IntegrityError, transaction

from audit.actions import Action
from audit.services import record, step
from claims import permissions
from claims.models import Claim, ClaimLine, CountsAs, Decision, Outcome, Undoing, UndoneShare
from claims.services.claim_steps import refuse_stale
from claims.services.lines import NewLine, reserve
from claims.services.settling import locked_lines, words
from claims.services.verdicts import weigh
from claims.workflow import CLAIM_MOVES, LINE_MOVES, ClaimStatus
from common.dates import now, today
from common.errors import DomainError, IllegalMove, NotVisible
from common.workflow import next_status
from ledger.models import JournalEntry
from ledger.services.posting import reverse_entry
from people.models import Person
from people.permissions import require

PAID = "a payment run came after this decision"  # as the database says it: see payments/sql


@step(returns=Undoing)
def undo_decision(
    *, actor: Person, decision_id: int, reason: str, expected_version: int | None = None, key: str = ""
) -> Undoing:
    """Take one decision back, for whoever may decide its line. It is kept, with who undid it and why.

    The line waits again, with its money reserved at the policy's value, and so does its claim. The database
    refuses it when a payment holds the line; for time, when any run was prepared since, because a refusal
    must not tell whether money was taken. Raises NotVisible, NotPermitted, Stale, IllegalMove.
    """
    line, decision = _locked(actor, decision_id)
    projects = [share.project for share in line.shares.select_related("project").order_by("position")]
    require(permissions.may_decide(actor, line, projects, as_holder=bool(decision.over_budget_reason)))
    refuse_stale(line.claim, expected_version)
    _refuse_other(decision)
    line.status = next_status(LINE_MOVES, "undo", line.status, what="a decision about a line")
    why = words(reason)
    if not why:
        raise DomainError("Say why you are undoing this decision.")
    undoing = _write(actor, decision, why)
    _open_again(line, undoing)
    _move_claim(line.claim)
    _record(undoing, line)
    return undoing


def _locked(actor: Person, decision_id: int) -> tuple[ClaimLine, Decision]:
    found = Decision.objects.filter(pk=decision_id).values_list("line_id", flat=True).first()
    if found is None:
        raise NotVisible("There is no such decision.")
    [line] = locked_lines(actor, [found])
    return line, Decision.objects.select_related("entry", "undoing__undone_by").get(pk=decision_id)


def _refuse_other(decision: Decision) -> None:
    if decision.outcome == Outcome.ASK:
        raise IllegalMove("A question is not undone. Decide the line, or wait for the answer.")
    undone = getattr(decision, "undoing", None)
    if undone is not None:
        raise IllegalMove(f"{undone.undone_by} has already undone this decision.")


def _write(actor: Person, decision: Decision, why: str) -> Undoing:
    undoing = Undoing.objects.create(
        decision=decision,
        reason=why,
        contributor_id=decision.contributor_id,
        entered_by_id=decision.entered_by_id,
        undone_by=actor,
        undone_at=now(),
        entry=_reversed(actor, decision),
    )
    UndoneShare.objects.bulk_create(
        UndoneShare(
            undoing=undoing,
            project_id=share.project_id,
            amount=share.amount,
            policy_amount=share.policy_amount,
        )
        for share in decision.line.shares.order_by("position")
    )
    return undoing


def _reversed(actor: Person, decision: Decision) -> JournalEntry | None:
    """The entry that takes back what the decision posted. The lead's words stay out of the books."""
    if decision.entry is None:
        return None
    return reverse_entry(entry=decision.entry, reason="decision undone", date=today(), actor=actor)


def _open_again(line: ClaimLine, undoing: Undoing) -> None:
    line.reason, line.allowed, line.high_rate_miles = "", None, 0
    line.decided_by = line.decided_at = None
    fields = ["status", "reason", "allowed", "high_rate_miles", "decided_by", "decided_at"]
    try:
        with transaction.atomic():
            line.save(update_fields=fields)
    except IntegrityError as error:
        if PAID not in str(error):
            raise
        raise IllegalMove(_too_late(line)) from error
    for share in line.shares.order_by("position"):
        share.amount = share.policy_amount = 0
        share.save(update_fields=["amount", "policy_amount"])
    full = weigh(line, Outcome.APPROVE, allowed=None, hours=None, reason="")
    reserve([NewLine(line, ceiling=full.ceiling)])


def _too_late(line: ClaimLine) -> str:
    if line.counts_as == CountsAs.FEE:
        return (
            "A payment run was prepared after this time was decided, so the decision can no longer be "
            "undone. Speak to finance about what is wrong."
        )
    return "A payment holds this line, so the decision can no longer be undone. Ask finance to take it out."


def _move_claim(claim: Claim) -> None:
    if claim.status == ClaimStatus.DECIDED:
        claim.status = next_status(CLAIM_MOVES, "reopen", claim.status, what="a claim")
    claim.version += 1
    claim.save(update_fields=["status", "version"])


def _record(undoing: Undoing, line: ClaimLine) -> None:
    """The same, whatever the books held: nobody may tell from it whether money was taken."""
    claim = line.claim
    record(
        actor=undoing.undone_by,
        action=Action.LINE_UNDONE,
        subject=claim,
        organisation_id=claim.organisation_id,
        project_id=claim.project_id,
        about=claim.contributor,
        line=line.position,
        reason=undoing.reason,
        decision=undoing.decision_id,
    )
