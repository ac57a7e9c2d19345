"""Settle claim lines that are under lock: weigh, check the budget, owe, write down. Steps wrap this."""

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from django.db.models import QuerySet

from audit.actions import Action
from audit.services import record
from claims import permissions
from claims.models import Claim, ClaimLine, CountsAs, Decision, LineShare, Outcome, Undoing
from claims.queries.scope import claims_visible_to
from claims.queries.wall import fees_as_leads_see_them
from claims.repricing import claims_that_bear_on
from claims.services import telling
from claims.services.verdicts import Verdict, weigh
from claims.workflow import CLAIM_MOVES, LINE_MOVES, UNDECIDED, ClaimStatus
from common.dates import now, today
from common.errors import DomainError, IllegalMove, NotVisible
from common.money import split
from common.text import tidy
from common.workflow import next_status
from ledger.models import AccountKind, JournalEntry
from ledger.services.accounts import account
from ledger.services.budgets import OverBudget, check_spending, lock_lines
from ledger.services.commitments import close_commitments
from ledger.services.posting import Leg, post_entry
from people.models import Person
from people.permissions import require

LONGEST_REASON = 300


@dataclass(frozen=True)
class Choice:
    """What somebody decides about one line.

    To agree a part takes `allowed` (minor units) for a cost or `hours` for time: money for time is worked
    out by the policy and the contributor's answer, and whoever decides neither types nor sees it.
    """

    line_id: int
    outcome: Outcome
    allowed: int | None = None
    hours: Decimal | None = None
    reason: str = ""
    over_budget_reason: str = ""


@dataclass(frozen=True)
class Settled:
    """A line as it was decided; `exceeds` when that goes over a budget."""

    line: ClaimLine
    decision: Decision
    verdict: Verdict
    exceeds: bool


def locked_lines(actor: Person, line_ids: Sequence[int]) -> list[ClaimLine]:
    """Lines of one claim under lock, in the order asked; every claim that bears on a price is locked before.

    Raises NotVisible, also for lines of several claims.
    """
    found = list(ClaimLine.objects.select_related("claim").filter(pk__in=line_ids))
    claims = {line.claim_id for line in found}
    if len(claims) != 1 or len(found) != len(set(line_ids)):
        raise NotVisible("There is no such claim line.")
    if not claims_visible_to(actor).filter(pk__in=claims).exists():
        raise NotVisible("There is no such claim line.")
    list(lock(reduce(operator.or_, (claims_that_bear_on(line) for line in found))))
    wanted = ClaimLine.objects.select_for_update().filter(pk__in=line_ids)
    lines = {line.pk: line for line in wanted.order_by("pk")}
    related = Claim.objects.select_related("contributor", "organisation", "project", "policy")
    claim = related.get(pk=claims.pop())
    for line in lines.values():
        line.claim = claim
    return [lines[pk] for pk in line_ids]


def lock(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims to be locked, in the order in which they are locked everywhere."""
    return claims.select_for_update().order_by("pk")


def lock_budgets(lines: Iterable[ClaimLine]) -> None:
    """Lock the budgets that these lines may spend from, before the first of them is settled."""
    shares = LineShare.objects.filter(line__in=lines).select_related("project__organisation", "line")
    lock_lines({(share.project, share.line.category) for share in shares})


def settle(actor: Person, line: ClaimLine, choice: Choice) -> Settled:
    """Decide one locked line and owe the contributor what is allowed. `conclude` has to follow.

    Raises NotPermitted, IllegalMove, DecisionError, PricingError, OverBudget.
    """
    shares = list(line.shares.select_related("project__organisation").order_by("position"))
    over, reason = words(choice.over_budget_reason), words(choice.reason)
    projects = [share.project for share in shares]
    require(permissions.may_decide(actor, line, projects, as_holder=bool(over)))
    status = _next(line, choice.outcome)
    if choice.outcome != Outcome.APPROVE and not reason:
        raise DomainError("Say why, in plain words: the person who claimed will read it.")
    if choice.outcome == Outcome.ASK:
        verdict = Verdict(allowed=0, ceiling=0, reason=reason)
    else:
        verdict = weigh(line, choice.outcome, allowed=choice.allowed, hours=choice.hours, reason=reason)
    exceeds = _exceeds_budget(actor, line, shares, verdict, over)
    decision = _write(actor, line, choice, reason, over if exceeds else "")
    if choice.outcome != Outcome.ASK:
        _owe(decision, line, shares, verdict)
    _move(actor, line, status, verdict, decision)
    return Settled(line, decision, verdict, exceeds)


def conclude(actor: Person, claim: Claim, settled: Sequence[Settled]) -> None:
    """Make the claim its next version, closed when no line of it waits; record and tell what was done."""
    claim.version += 1
    if claim.status == ClaimStatus.SUBMITTED and not claim.lines.filter(status__in=UNDECIDED).exists():
        claim.status = next_status(CLAIM_MOVES, "close", claim.status, what="a claim")
    claim.save(update_fields=["status", "version"])
    for each in settled:
        _record(each.decision, each.line, each.exceeds)
    for asked in (True, False):  # one message for all questions, one when the claim is decided
        telling_of = [each for each in settled if (each.decision.outcome == Outcome.ASK) is asked]
        if telling_of:
            telling.line_decided(telling_of[0].decision, claim)


def source_of(line: ClaimLine) -> str:
    """What a line's commitments are opened under."""
    return f"line:{line.pk}"


def words(text: str) -> str:
    """A reason as it is kept. Raises DomainError when it is too long."""
    tidied = tidy(text)
    if len(tidied) > LONGEST_REASON:
        raise DomainError(f"Say it in {LONGEST_REASON} characters or fewer.")
    return tidied


def _next(line: ClaimLine, outcome: Outcome) -> str:
    if line.claim.status not in (ClaimStatus.SUBMITTED, ClaimStatus.DECIDED):
        raise IllegalMove(f"Cannot decide a line of a claim that is {line.claim.status}.")
    return next_status(LINE_MOVES, outcome, line.status, what="a line")


def _exceeds_budget(
    actor: Person, line: ClaimLine, shares: list[LineShare], verdict: Verdict, over: str
) -> bool:
    """Check every project's budget; True when a budget holder goes over one of them with a reason.

    Time is checked at the policy's value, against the figure that leads see: whether answers made it less
    must not show here.
    """
    exceeds = False
    for share, amount in by_project(shares, verdict.ceiling):
        is_fee = line.counts_as == CountsAs.FEE
        try:
            check_spending(
                project=share.project,
                category=line.category,
                amount=amount,
                own_source=source_of(line),
                spent=fees_as_leads_see_them(share.project) if is_fee else None,
            )
        except OverBudget as error:
            if not over or not permissions.is_holder(actor, share.project):
                raise OverBudget(_over_budget(line, share, str(error))) from error
            exceeds = True
    if over and not exceeds:
        projects = [share.project for share in shares]
        require(permissions.may_decide(actor, line, projects, as_holder=False))
    return exceeds


def by_project(shares: list[LineShare], total: int) -> list[tuple[LineShare, int]]:
    """The parts above zero, in the order in which budgets and accounts are locked everywhere."""
    parts = zip(shares, split(total, [share.weight for share in shares]), strict=True)
    return sorted((part for part in parts if part[1]), key=lambda part: part[0].project_id)


def _over_budget(line: ClaimLine, share: LineShare, told: str) -> str:
    """What one piece of time would cost is no matter for whoever decides it, so it is not said."""
    holder = "A budget holder of the project can decide this with a reason."
    if line.counts_as == CountsAs.FEE:
        return f"The budget of {share.project} does not cover this time. {holder}"
    return f"{told} {holder}"


def _write(actor: Person, line: ClaimLine, choice: Choice, reason: str, over: str) -> Decision:
    return Decision.objects.create(
        line=line,
        number=line.decisions.count() + 1,
        round=Undoing.objects.filter(decision__line=line).count(),
        outcome=choice.outcome,
        hours=choice.hours,
        reason=reason,
        over_budget_reason=over,
        contributor_id=line.claim.contributor_id,
        entered_by_id=line.claim.entered_by_id,
        decided_by=actor,
        decided_at=now(),
    )


def _owe(decision: Decision, line: ClaimLine, shares: list[LineShare], verdict: Verdict) -> None:
    """Close what was reserved and post what is allowed; nothing allowed leaves no trace in the books."""
    close_commitments(source_of(line))
    for share, given in by_project(shares, verdict.ceiling):
        share.policy_amount = given
    parts = by_project(shares, verdict.allowed)
    for share, amount in parts:
        share.amount = amount
    for share in shares:
        share.save(update_fields=["amount", "policy_amount"])
    if parts:
        decision.entry = _post(decision, line, parts)
        decision.save(update_fields=["entry"])


def _post(decision: Decision, line: ClaimLine, parts: list[tuple[LineShare, int]]) -> JournalEntry:
    claim = line.claim
    legs = [
        Leg(
            debit=account(claim.organisation, AccountKind.COST, share.project, line.category),
            credit=account(claim.organisation, AccountKind.OWED, share.project, line.category),
            amount=amount,
            party=claim.contributor_id,
        )
        for share, amount in parts
    ]
    return post_entry(
        organisation=claim.organisation,
        source=f"claim:{claim.pk}:decision:{decision.pk}",
        # no line number: a number left out would tell that a line was allowed nothing
        narrative=f"Claim {claim}: {line.get_category_display().lower()}",
        date=today(),
        legs=legs,
        actor=decision.decided_by,
    )


def _move(actor: Person, line: ClaimLine, status: str, verdict: Verdict, decision: Decision) -> None:
    line.status, line.reason = status, verdict.reason
    fields = ["status", "reason"]
    if status not in UNDECIDED:
        line.allowed, line.high_rate_miles = verdict.allowed, verdict.high_miles
        line.decided_by, line.decided_at = actor, decision.decided_at
        fields += ["allowed", "high_rate_miles", "decided_by", "decided_at"]
    line.save(update_fields=fields)


def _record(decision: Decision, line: ClaimLine, exceeds: bool) -> None:
    """No amount: what is recorded about time may be read by people who must not know it."""
    claim = line.claim
    for action in [Action.LINE_DECIDED, *([Action.BUDGET_OVERRIDDEN] if exceeds else [])]:
        record(
            actor=decision.decided_by,
            action=action,
            subject=claim,
            organisation_id=claim.organisation_id,
            project_id=claim.project_id,
            about=claim.contributor,
            line=line.position,
            outcome=decision.outcome,
            decision=decision.pk,
        )
