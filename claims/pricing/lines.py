"""What goes into pricing and what comes out: plain values that neither a file nor a database owns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from claims.pricing.vocabulary import (
    CountsAs,
    Kind,
    Mode,
    NotInVocabulary,
    Unit,
    check_mode_is_said,
    check_quantity,
    check_unit,
)
from common.errors import DomainError


class PricingError(DomainError):
    """Lines that cannot be priced; `problems` holds one sentence each, naming claim, line and date."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class LineRefused(DomainError):
    """Why one line cannot be priced; `price` adds claim, line and date."""


@dataclass(frozen=True)
class ClaimLine:
    """One thing somebody asks for. Amounts are whole minor units of the policy's currency.

    `receipt` is the handle of a paper, empty for none; `receipt_lost` says that a reason was given
    instead. `declined` and `at_most` are the answer to the offer of a fee. `notice` is the time between
    being told and the start, where the organisation cancelled. `shares` are (project, weight).
    """

    claim: str
    line: str
    contributor: str
    on: date
    kind: Kind
    mode: Mode | None = None
    quantity: Decimal | None = None
    unit: Unit | None = None
    amount: int | None = None
    funded_elsewhere: int = 0
    hours_away: Decimal | None = None
    receipt: str = ""
    receipt_lost: bool = False
    declined: bool = False
    at_most: int | None = None
    notice: timedelta | None = None
    shares: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Decided:
    """A line that was decided before, and what it was allowed: it has used up caps, papers and days.

    Leave out lines that were refused for other reasons than the policy's: their receipt is free again.
    """

    line: ClaimLine
    allowed: int


@dataclass(frozen=True)
class PricedLine:
    """What the policy gives for one line, to be frozen when it is decided.

    `reason` is empty where what was asked is allowed. `rate_position` is the row in `policy.rates`.
    `shares` are (project, minor units) and sum to `allowed`; a line that pays nothing has none.
    `tier_miles` are the car miles that the line adds to the tax year, `high_miles` those of them that
    were paid at the first rate of a tier.
    """

    claim: str
    line: str
    allowed: int
    counts_as: CountsAs
    reason: str
    rate_position: int
    shares: tuple[tuple[str, int], ...]
    tier_miles: Decimal
    high_miles: Decimal


def check_line(line: ClaimLine) -> None:
    """Refuse a line whose words, quantity or amounts cannot be priced. Raises LineRefused."""
    try:
        check_mode_is_said(line.kind, line.mode)
        check_unit(line.kind, line.unit)
        check_quantity(line.quantity, line.unit)
    except NotInVocabulary as error:
        raise LineRefused(str(error)) from error
    amounts = {"amount": line.amount, "funded_elsewhere": line.funded_elsewhere, "answer": line.at_most}
    for name, minor in amounts.items():
        if minor is not None and minor < 0:
            raise LineRefused(f"{name} must be zero or more.")
    if line.hours_away is not None and not line.hours_away >= 0:
        raise LineRefused("hours_away must be zero or more.")
    if any(weight <= 0 for _, weight in line.shares):
        raise LineRefused("shares need weights above zero.")
