"""The caps of a rate row: how much is left for a line, and the sentence to say when it is not enough."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from claims.pricing import reasons
from claims.pricing.amounts import quantity_of
from claims.pricing.lines import ClaimLine, LineRefused
from claims.pricing.policy import Rate
from claims.pricing.tally import Tally
from claims.pricing.vocabulary import CapPer, Unit


@dataclass(frozen=True)
class Limit:
    """Minor units that may still be paid, not rounded, and why not more."""

    left: Decimal
    reason: str


def limits(
    rate: Rate, line: ClaimLine, position: int, tally: Tally, *, scale: int, currency: str
) -> Iterator[Limit]:
    """Every cap that applies to a line. Raises LineRefused when the line lacks what a cap counts."""
    if rate.cap is not None:
        yield _cap(rate.cap * scale, rate.cap_per, line, position, tally, currency)
    if rate.caps:
        yield _away(rate, line, tally.paid_in_day(line, position), scale, currency)


def _cap(cap: Decimal, per: CapPer, line: ClaimLine, position: int, tally: Tally, currency: str) -> Limit:
    if per == CapPer.HOUR:
        hours = quantity_of(line)
        if line.unit != Unit.HOUR:
            raise LineRefused(f"{line.kind} has a limit for each hour, so its quantity must be in hours.")
        return Limit(cap * hours, reasons.most(cap, per, 0, currency))
    used = 0
    if per == CapPer.DAY:
        used = tally.paid_in_day(line, position)
    elif per == CapPer.CLAIM:
        used = tally.paid_in_claim(line, position)
    return Limit(max(Decimal(0), cap - used), reasons.most(cap, per, used, currency))


def _away(rate: Rate, line: ClaimLine, used: int, scale: int, currency: str) -> Limit:
    """The cap for the hours away: the highest row whose `over` is exceeded, for the person and the day."""
    if line.hours_away is None:
        raise LineRefused(f"{line.kind} needs hours_away: how long the person was away from home.")
    exceeded = [cap for cap in rate.caps if line.hours_away > cap.over]
    if not exceeded:
        lowest = min(cap.over for cap in rate.caps)
        return Limit(Decimal(0), reasons.not_away_long_enough(lowest, line.hours_away))
    highest = max(exceeded, key=lambda cap: cap.over)
    most = highest.amount * scale
    reason = reasons.most_away(most, highest.over, used, currency)
    return Limit(max(Decimal(0), most - used), reason)
