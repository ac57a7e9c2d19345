"""New claim lines: priced as an estimate, saved with their shares and answers, and reserved in the budget."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from simple_history.utils import bulk_create_with_history

from claims.models import (
    Activity,
    Answer,
    CancelledBy,
    Claim,
    ClaimLine,
    CountsAs,
    FeeAnswer,
    LineShare,
    RatePolicy,
)
from claims.pricing import lines as priced
from claims.pricing.policy import Policy
from claims.pricing.pricing import price
from claims.pricing.vocabulary import Kind
from claims.pricing_rows import CATEGORY_OF, as_line, as_policy
from claims.repricing import before
from common.dates import london_day, notice, now
from common.money import split
from ledger.models import Stage
from ledger.services.commitments import close_commitments, open_commitment
from people.models import Organisation, Person, Project


@dataclass
class NewLine:
    """A line that is being sent in. `ceiling` is its price if all of it were taken, in minor units."""

    line: ClaimLine
    answer: Answer = Answer.ACCEPTED
    less_amount: int | None = None
    shares: tuple[tuple[Project, int], ...] = ()
    ceiling: int = 0

    @property
    def fee_answer(self) -> FeeAnswer:
        return FeeAnswer(line=self.line, answer=self.answer, less_amount=self.less_amount)


def new_claim(
    *,
    project: Project,
    contributor: Person,
    entered_by: Person,
    policy: RatePolicy,
    activity: Activity | None = None,
    handle: str | None = None,
) -> Claim:
    """Save a draft claim under the reference that its key gives it."""
    claim = Claim(
        organisation=project.organisation,
        project=project,
        reference=secrets.token_hex(6),  # for as long as the key is not known
        contributor=contributor,
        entered_by=entered_by,
        activity=activity,
        policy=policy,
        currency=policy.currency,
        handle=handle,
    )
    claim.save_without_historical_record()  # type: ignore[attr-defined]  # simple-history adds it
    claim.reference = f"C{claim.pk:06d}"
    claim.save(update_fields=["reference"])
    return claim


def notice_minutes(activity: Activity | None) -> int | None:
    """Whole minutes between being told and the start, where the organisation cancelled; else None."""
    if activity is None or activity.cancelled_by != CancelledBy.ORGANISATION or activity.told_at is None:
        return None
    return max(0, notice(activity.told_at, activity.starts_at) // timedelta(minutes=1))


def mark_sent(claim: Claim) -> None:
    """Set the clock of the promise going. The caller saves the claim."""
    claim.submitted_at = now()
    claim.promised_by = london_day(claim.submitted_at) + timedelta(days=claim.organisation.days_to_pay)


def estimate(lines: Sequence[NewLine], organisation: Organisation, row: RatePolicy) -> None:
    """Fill in what the policy makes of lines that may not be saved yet. Raises PricingError."""
    policy = as_policy(row)
    rates = list(row.rates.order_by("position"))
    own = [as_line(new.line, currency=row.currency, answer=new.fee_answer) for new in lines]
    results = _price(policy, own, organisation)
    full = [replace(line, declined=False, at_most=None) for line in own]
    ceilings = results if full == own else _price(policy, full, organisation)
    for new, result, ceiling in zip(lines, results, ceilings, strict=True):
        new.ceiling = ceiling.allowed
        new.line.rate = rates[result.rate_position]
        new.line.counts_as = CountsAs(result.counts_as)
        new.line.category = CATEGORY_OF[Kind(new.line.kind)]
        new.line.estimate = result.allowed
        new.line.estimate_reason = result.reason


def _price(
    policy: Policy, lines: Sequence[priced.ClaimLine], organisation: Organisation
) -> list[priced.PricedLine]:
    context = before(lines, organisation)
    return price(policy, lines, context.miles, context.already)


def save_new(lines: Sequence[NewLine]) -> None:
    """Save estimated lines, in one go however many there are, with the projects that carry them."""
    bulk_create_with_history([new.line for new in lines], ClaimLine)
    LineShare.objects.bulk_create(
        LineShare(line=new.line, position=position, project=project, weight=weight)
        for new in lines
        for position, (project, weight) in enumerate(new.shares or ((new.line.claim.project, 1),), start=1)
    )


def save_answers(lines: Iterable[NewLine]) -> None:
    """Every line of time gets an answer, so that having one says nothing."""
    FeeAnswer.objects.bulk_create(new.fee_answer for new in lines if new.line.counts_as == CountsAs.FEE)


def reserve(lines: Sequence[NewLine]) -> None:
    """Commit each project's part at the policy's price, whatever the answer: budgets must not tell it."""
    shares: dict[int, list[LineShare]] = defaultdict(list)
    carried = LineShare.objects.filter(line__in=[new.line for new in lines]).select_related("project")
    for share in carried.order_by("line_id", "position"):
        shares[share.line_id].append(share)
    for new in lines:
        parts = split(new.ceiling, [share.weight for share in shares[new.line.pk]])
        for share, amount in zip(shares[new.line.pk], parts, strict=True):
            if amount:
                open_commitment(
                    project=share.project,
                    category=new.line.category,
                    stage=Stage.CLAIMED,
                    amount=amount,
                    source=f"line:{new.line.pk}",
                )


def release(lines: Iterable[ClaimLine]) -> None:
    """Close what was reserved for lines that will not be decided."""
    for line in lines:
        close_commitments(f"line:{line.pk}")
