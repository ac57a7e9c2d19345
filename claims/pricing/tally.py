"""What earlier lines have used up: caps, receipts, days that are covered, and miles of the tax year."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from claims.pricing.lines import ClaimLine
from claims.pricing.policy import Policy
from claims.pricing.vocabulary import Kind, Mode
from common.dates import tax_year

_ZERO = Decimal(0)
_Day = tuple[str, date, Kind]


class Tally:
    """Kept up to date line by line; every question is one look-up, however many lines there were."""

    def __init__(self, policy: Policy, miles_before: Mapping[tuple[str, str], Decimal]) -> None:
        self._policy = policy
        self._miles_before = miles_before
        self._miles: dict[tuple[str, str], Decimal] = {}
        self._in_claim: dict[tuple[int, str], int] = defaultdict(int)
        self._in_day: dict[tuple[int, str, date], int] = defaultdict(int)
        self._papers: dict[tuple[Kind, str], ClaimLine] = {}
        self._covered_by: dict[_Day, Kind] = {}
        self._paid: dict[_Day, int] = defaultdict(int)

    def note(self, line: ClaimLine, rate_position: int | None, allowed: int) -> None:
        """Count a line that is priced; `rate_position` is None for one that this policy does not price."""
        if line.receipt:
            self._papers.setdefault((line.kind, line.receipt), line)
        self._paid[line.contributor, line.on, line.kind] += allowed
        if rate_position is None:
            return
        self._in_claim[rate_position, line.claim] += allowed
        self._in_day[rate_position, line.contributor, line.on] += allowed
        if allowed > 0:
            for kind in self._policy.rates[rate_position].excludes:
                self._covered_by.setdefault((line.contributor, line.on, kind), line.kind)

    def paid_in_claim(self, line: ClaimLine, rate_position: int) -> int:
        """Minor units that earlier lines of this claim had from this rate row."""
        return self._in_claim.get((rate_position, line.claim), 0)

    def paid_in_day(self, line: ClaimLine, rate_position: int) -> int:
        """Minor units that this person had from this rate row for this day, in any claim."""
        return self._in_day.get((rate_position, line.contributor, line.on), 0)

    def same_paper(self, line: ClaimLine) -> ClaimLine | None:
        """The first line of this kind that showed the same receipt, whoever's it is."""
        return self._papers.get((line.kind, line.receipt)) if line.receipt else None

    def covered_by(self, line: ClaimLine) -> Kind | None:
        """The kind that already covers this line for this person and day."""
        return self._covered_by.get((line.contributor, line.on, line.kind))

    def paid_for_covered(self, line: ClaimLine, kinds: tuple[Kind, ...]) -> int:
        """Minor units paid before for kinds that this line covers, unless a line has covered them yet.

        Within one batch this is nothing, because lines that cover come first. It matters when lines are
        decided one by one and the covered cost was decided before.
        """
        days = [(line.contributor, line.on, kind) for kind in kinds]
        return sum(self._paid.get(day, 0) for day in days if day not in self._covered_by)

    def miles_before(self, line: ClaimLine) -> Decimal:
        """Car miles of the line's contributor in its tax year before this line, here and elsewhere."""
        key = (line.contributor, tax_year(line.on))
        return self._miles_before.get(key, _ZERO) + self._miles.get(key, _ZERO)

    def use_miles(self, line: ClaimLine) -> Decimal:
        """Add a line to the miles of the tax year, and return how many it adds: car miles only."""
        if line.kind != Kind.MILEAGE or line.mode != Mode.CAR or line.quantity is None:
            return _ZERO
        key = (line.contributor, tax_year(line.on))
        self._miles[key] = self._miles.get(key, _ZERO) + line.quantity
        return line.quantity
