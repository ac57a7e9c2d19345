"""What a decision makes of a line: the policy's price now, never more, and for time never a typed amount."""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from claims.models import ClaimLine, CountsAs, FeeAnswer, Outcome
from claims.pricing import lines as priced
from claims.pricing.policy import Policy, Rate
from claims.pricing.pricing import price
from claims.pricing.vocabulary import Method
from claims.pricing_rows import as_line, as_policy
from claims.repricing import before
from common.errors import DomainError
from common.money import digits, money_text

NO_MILES = Decimal(0)
TENTH = Decimal("0.1")


class DecisionError(DomainError):
    """The amount or the hours do not fit the line; the message says what would."""


@dataclass(frozen=True)
class Verdict:
    """What is allowed, in minor units.

    `ceiling` is the same whatever the contributor answered: what budgets are checked for. `reason` goes
    on the line, where approvers read it, so it never tells an answer.
    """

    allowed: int
    ceiling: int
    reason: str
    high_miles: Decimal = NO_MILES


def weigh(
    line: ClaimLine, outcome: Outcome, *, allowed: int | None, hours: Decimal | None, reason: str
) -> Verdict:
    """The verdict on a line that is approved, reduced or refused. Raises DecisionError, PricingError."""
    if outcome != Outcome.REDUCE and (allowed is not None or hours is not None):
        raise DecisionError("Say how much only when you agree a part.")
    if outcome == Outcome.REFUSE:
        return Verdict(allowed=0, ceiling=0, reason=reason)
    if line.counts_as == CountsAs.FEE:
        if allowed is not None:
            raise DecisionError("Money for time is worked out by the policy. Say how many hours instead.")
        return _time(line, _confirmed(line, outcome, hours), reason)
    if hours is not None:
        raise DecisionError("Hours belong to time. Say how much of this cost you agree.")
    return _cost(line, outcome, allowed, reason)


def _confirmed(line: ClaimLine, outcome: Outcome, hours: Decimal | None) -> Decimal | None:
    if outcome == Outcome.APPROVE:
        return line.quantity
    if hours is None or line.quantity is None or not 0 < hours < line.quantity:
        raise DecisionError(f"Say how many hours you confirm: above 0 and fewer than {line.quantity}.")
    return hours


def _time(line: ClaimLine, hours: Decimal | None, reason: str) -> Verdict:
    """Priced twice: as everybody may know it, and as the contributor's answer leaves it."""
    policy, currency = as_policy(line.claim.policy), line.claim.currency
    answer = FeeAnswer.objects.filter(line=line).first()
    asked = replace(as_line(line, currency=currency), quantity=hours)
    taken = replace(as_line(line, currency=currency, answer=answer), quantity=hours)
    full, own = _price(policy, line, asked), _price(policy, line, taken)
    return Verdict(allowed=own.allowed, ceiling=full.allowed, reason=reason or full.reason)


def _cost(line: ClaimLine, outcome: Outcome, allowed: int | None, reason: str) -> Verdict:
    policy, currency = as_policy(line.claim.policy), line.claim.currency
    full = _price(policy, line, as_line(line, currency=currency))
    if outcome == Outcome.APPROVE:
        return Verdict(full.allowed, full.allowed, full.reason, full.high_miles)
    if allowed is None or not 0 < allowed < full.allowed:
        limit = money_text(full.allowed, currency)
        raise DecisionError(
            f"The policy gives {limit} for this. To agree a part, say an amount above zero and below {limit}."
        )
    rate = policy.rates[full.rate_position]
    return Verdict(allowed, allowed, reason, _miles_paid(rate, full, allowed, currency))


def _price(policy: Policy, line: ClaimLine, asked: priced.ClaimLine) -> priced.PricedLine:
    context = before([asked], line.claim.organisation)
    return price(policy, [asked], context.miles, context.already)[0]


def _miles_paid(rate: Rate, full: priced.PricedLine, allowed: int, currency: str) -> Decimal:
    """The miles that a part of the price pays at a tier's first rate: only those use up the tier."""
    if rate.method != Method.TIER:
        return NO_MILES
    miles: Decimal = Decimal(allowed) / (rate.amount * 10 ** digits(currency))
    return min(full.high_miles, miles.quantize(TENTH, ROUND_HALF_UP))
