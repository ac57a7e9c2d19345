"""A rate policy: what an organisation pays, for what, from which day to which.

Amounts are decimals in whole units of the policy's currency (`0.45` is 45 pence), because a rate per
mile may be finer than a penny. What is paid is rounded once per line, in `pricing.py`.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from graphlib import TopologicalSorter

from claims.pricing.vocabulary import Boundary, CapPer, CountsAs, Kind, Method, Mode, Receipt
from common.errors import DomainError

NOT_USED = Decimal(0)


class PolicyError(DomainError):
    """A policy that cannot be used; `problems` holds one sentence for each thing that is wrong."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Band:
    """One price for every quantity up to a bound; the last band of a row may have none."""

    amount: Decimal
    up_to: Decimal | None = None


@dataclass(frozen=True)
class AwayCap:
    """The most that is paid in a day to somebody who was away for more than `over` hours."""

    over: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Rate:
    """One row of a policy: one method for one kind (and mode) over one stretch of days.

    `starts` and `ends` are both included; `ends` may be open. A row without `mode` prices the modes of
    its kind that have no row of their own at any date. Decimals that the method does not use stay 0;
    `policy_rules.check` refuses a row that sets them, or that lacks one it needs.
    """

    kind: Kind
    method: Method
    counts_as: CountsAs
    starts: date
    ends: date | None = None
    mode: Mode | None = None
    amount: Decimal = NOT_USED
    first: Decimal = NOT_USED
    then: Decimal = NOT_USED
    bands: tuple[Band, ...] = ()
    boundary: Boundary = Boundary.INCLUSIVE
    size: Decimal = NOT_USED
    cap: Decimal | None = None
    cap_per: CapPer = CapPer.LINE
    caps: tuple[AwayCap, ...] = ()
    receipt: Receipt = Receipt.NO
    required_over: Decimal | None = None
    excludes: tuple[Kind, ...] = ()

    @property
    def title(self) -> str:
        """`mileage by car` for messages, `time` for a row that prices every mode."""
        return f"{self.kind}, {self.mode}" if self.mode else str(self.kind)

    @property
    def period(self) -> str:
        """`from 2011-04-06 to 2026-04-05`."""
        return f"from {self.starts} to {self.ends}" if self.ends else f"from {self.starts}"


@dataclass(frozen=True)
class Policy:
    """The dated rates of one organisation, and what it does when it cancels late.

    Notice shorter than `late_cancellation_hours` is late; then `late_cancellation_share` (0 to 1) of
    the fee is due. Pass it through `policy_rules.check` before pricing with it.
    """

    name: str
    currency: str
    late_cancellation_hours: Decimal
    late_cancellation_share: Decimal
    rates: tuple[Rate, ...]

    @cached_property
    def positions(self) -> dict[tuple[Kind, Mode | None], list[int]]:
        """Positions in `rates` for each kind and mode, earliest first."""
        found: dict[tuple[Kind, Mode | None], list[int]] = {}
        for position in sorted(range(len(self.rates)), key=lambda index: self.rates[index].starts):
            rate = self.rates[position]
            found.setdefault((rate.kind, rate.mode), []).append(position)
        return found

    @cached_property
    def turn(self) -> dict[Kind, int]:
        """The turn in which each kind is priced on one day: a kind that covers another comes first.

        Raises graphlib.CycleError for kinds that cover each other.
        """
        covered_by: dict[Kind, set[Kind]] = {kind: set() for kind in Kind}
        for rate in self.rates:
            for kind in rate.excludes:
                covered_by[kind].add(rate.kind)
        return {kind: number for number, kind in enumerate(TopologicalSorter(covered_by).static_order())}

    def position(self, kind: Kind, mode: Mode | None, on: date) -> int | None:
        """The position in `rates` of the row in force for this kind and mode on a day, if there is one."""
        rows = self.positions.get((kind, mode)) or self.positions.get((kind, None), [])
        before = bisect_right(rows, on, key=lambda index: self.rates[index].starts)
        if before == 0:
            return None
        found = rows[before - 1]
        ends = self.rates[found].ends
        return found if ends is None or on <= ends else None
