"""Start a claim, fill it in, send it, answer a question about it, or withdraw it."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from moneyed import Money

from audit.actions import Action
from audit.services import step
from claims import permissions
from claims.models import Activity, Answer, Claim, ClaimLine, FeeAnswer, Offer
from claims.pricing.vocabulary import Kind, Mode, Unit, choices
from claims.queries.scope import policy_in_force
from claims.services import lines, telling
from claims.services.claim_steps import (
    ESTIMATED,
    LONGEST_RECEIPT,
    answered,
    bump,
    estimate_again,
    known,
    locked,
    locked_line,
    offer_for,
    record_step,
    refuse_stale,
    short,
)
from claims.services.lines import NewLine
from claims.workflow import CLAIM_MOVES, LINE_MOVES, UNDECIDED, ClaimStatus, LineStatus
from common.errors import DomainError, IllegalMove
from common.workflow import next_status
from ledger.services.commitments import close_commitments
from people.models import Person, Project
from people.permissions import require


@step(returns=Claim)
def start_claim(
    *,
    actor: Person,
    project: Project,
    contributor: Person,
    activity: Activity | None = None,
    key: str = "",
) -> Claim:
    """Start a draft, for oneself or for somebody one is linked with.

    There is one draft for each activity: whoever typed it, starting again gives the same one.
    """
    require(permissions.may_claim_for(actor, contributor, project))
    if activity is not None and activity.project_id != project.pk:
        raise DomainError("This activity belongs to another project.")
    Person.objects.select_for_update(no_key=True).get(pk=contributor.pk)  # one start at a time
    if activity is not None and (begun := _draft(actor, contributor, activity)) is not None:
        return begun
    claim = lines.new_claim(
        project=project,
        contributor=contributor,
        entered_by=actor,
        policy=policy_in_force(project.organisation),
        activity=activity,
    )
    record_step(actor, Action.CLAIM_STARTED, claim)
    return claim


def _draft(actor: Person, contributor: Person, activity: Activity) -> Claim | None:
    """The draft that stands for an activity. Raises DomainError where this person may not go on with it."""
    drafts = Claim.objects.filter(contributor=contributor, activity=activity, status=ClaimStatus.DRAFT)
    begun = drafts.order_by("pk").first()
    if begun is not None and permissions.may_change_claim(actor, begun):
        raise DomainError(f"{begun.entered_by} already started a claim for this: ask them to send it.")
    return begun


@step(returns=ClaimLine)
def add_line(
    *,
    actor: Person,
    claim_id: int,
    on: date,
    kind: str,
    mode: str = "",
    quantity: Decimal | None = None,
    unit: str = "",
    spent: Money | None = None,
    funded_elsewhere: Money | None = None,
    exchange_rate: Decimal = Decimal(1),
    hours_away: Decimal | None = None,
    receipt: str = "",
    note: str = "",
    answer: Answer = Answer.ACCEPTED,
    less_amount: int | None = None,
    key: str = "",
) -> ClaimLine:
    """Add a line to a draft, or to a sent claim that still waits, and estimate it.

    `answer` is for time that was not offered with an activity. Raises PricingError with what is missing.
    """
    claim = locked(actor, claim_id)
    if claim.status not in (ClaimStatus.DRAFT, ClaimStatus.SUBMITTED):
        raise IllegalMove(f"Cannot add to a claim that is {claim.status}. Start another one.")
    line = ClaimLine(
        claim=claim,
        position=_next_position(claim),
        date=on,
        kind=_word(Kind, kind),
        mode=_word(Mode, mode) if mode else "",
        quantity=quantity,
        unit=_word(Unit, unit) if unit else "",
        exchange_rate=exchange_rate,
        hours_away=hours_away,
        receipt=short(receipt, LONGEST_RECEIPT),
        note=short(note),
        cancelled_notice_minutes=lines.notice_minutes(claim.activity),
    )
    line.spent, line.funded_elsewhere = spent, funded_elsewhere
    _refuse_time_twice(claim, line)
    new = answered(NewLine(line, answer=Answer(answer), less_amount=less_amount))
    lines.estimate([new], claim.organisation, claim.policy)
    lines.save_new([new])
    if claim.status == ClaimStatus.SUBMITTED or offer_for(line) is None:
        lines.save_answers([new])
    estimate_again(claim)
    line.refresh_from_db(fields=["estimate", "estimate_reason"])
    bump(actor, Action.LINE_ADDED, claim, line=line.position)
    return line


@step(returns=Claim)
def remove_line(*, actor: Person, line_id: int, expected_version: int | None = None, key: str = "") -> Claim:
    """Take a line out. In a draft it is gone; in a sent claim it stays to be seen, and asks for nothing.

    What is decided stays. Raises DomainError for the last line of a sent claim: that is withdrawing it.
    """
    claim, line = locked_line(actor, line_id)
    refuse_stale(claim, expected_version)
    if claim.status == ClaimStatus.DRAFT:
        FeeAnswer.objects.filter(line=line).delete()
        line.shares.all().delete()
        line.delete()
    elif claim.status == ClaimStatus.SUBMITTED:
        _withdraw_line(claim, line)
    else:
        raise IllegalMove(f"Cannot take a line out of a claim that is {claim.status}.")
    estimate_again(claim)
    bump(actor, Action.LINE_REMOVED, claim, line=line.position)
    return claim


def _withdraw_line(claim: Claim, line: ClaimLine) -> None:
    """Nobody decides this line any more; when nothing else of the claim waits, the claim is decided."""
    line.status = next_status(LINE_MOVES, "take out", line.status, what="a line")
    others = claim.lines.exclude(pk=line.pk).exclude(status=LineStatus.WITHDRAWN)
    if not others.exists():
        raise DomainError("This is all that is left of the claim. Withdraw the whole claim instead.")
    line.reason = ""
    line.save(update_fields=["status", "reason"])
    lines.release([line])
    if not others.filter(status__in=UNDECIDED).exists():
        claim.status = next_status(CLAIM_MOVES, "close", claim.status, what="a claim")


@step(returns=Claim)
def submit(*, actor: Person, claim_id: int, expected_version: int | None = None, key: str = "") -> Claim:
    """Send a claim: its lines are estimated again, reserved in the budgets, and wait for a decision."""
    claim = locked(actor, claim_id)
    refuse_stale(claim, expected_version)
    claim.status = next_status(CLAIM_MOVES, "submit", claim.status, what="a claim")
    require(permissions.may_claim_for(actor, claim.contributor, claim.project))
    news = [answered(known(line)) for line in claim.lines.order_by("position")]
    if not news:
        raise DomainError("Add at least one line before you send this claim.")
    for new in news:
        new.line.cancelled_notice_minutes = lines.notice_minutes(claim.activity)
    lines.estimate(news, claim.organisation, claim.policy)
    for new in news:
        new.line.save(update_fields=ESTIMATED)
    said = set(FeeAnswer.objects.filter(line__claim=claim).values_list("line_id", flat=True))
    lines.save_answers([new for new in news if new.line.pk not in said])
    lines.reserve(news)
    for offer in Offer.objects.filter(activity=claim.activity, contributor=claim.contributor):
        close_commitments(f"offer:{offer.pk}")
    lines.mark_sent(claim)
    bump(actor, Action.CLAIM_SUBMITTED, claim, lines=len(news))
    telling.claim_sent(claim, by=actor)
    return claim


@step(returns=ClaimLine)
def answer_question(*, actor: Person, line_id: int, note: str, receipt: str = "", key: str = "") -> ClaimLine:
    """Say more about a line that was asked about, so that it waits for a decision again."""
    claim, line = locked_line(actor, line_id)
    line.status = next_status(LINE_MOVES, "answer", line.status, what="a question about a line")
    words = short(note)
    if not words and not receipt:
        raise DomainError("Say something, or name the receipt.")
    line.note = words or line.note
    line.receipt = short(receipt, LONGEST_RECEIPT) or line.receipt
    line.reason = ""
    line.save(update_fields=["status", "note", "receipt", "reason"])
    estimate_again(claim)
    bump(actor, Action.LINE_ANSWERED, claim, line=line.position)
    return line


@step(returns=Claim)
def withdraw(*, actor: Person, claim_id: int, key: str = "") -> Claim:
    """Take back a claim of which nothing is decided yet."""
    claim = locked(actor, claim_id)
    claim.status = next_status(CLAIM_MOVES, "withdraw", claim.status, what="a claim")
    if claim.lines.exclude(status__in=UNDECIDED | {LineStatus.WITHDRAWN}).exists():
        raise IllegalMove("Part of this claim is already decided, so it can no longer be withdrawn.")
    lines.release(claim.lines.all())
    bump(actor, Action.CLAIM_WITHDRAWN, claim)
    return claim


def _refuse_time_twice(claim: Claim, line: ClaimLine) -> None:
    """The time that was offered is claimed once; its hours can be changed."""
    same = claim.lines.filter(kind=line.kind, mode=line.mode).exclude(status=LineStatus.WITHDRAWN)
    if offer_for(line) is not None and same.exists():
        raise DomainError("This time is already on the claim. Change it there.")


def _next_position(claim: Claim) -> int:
    last = claim.lines.order_by("-position").values_list("position", flat=True).first()
    return (last or 0) + 1


def _word(vocabulary: type[StrEnum], text: str) -> str:
    if text not in set(vocabulary):
        raise DomainError(f"“{text}” is not known here: use {choices(vocabulary)}.")
    return text
