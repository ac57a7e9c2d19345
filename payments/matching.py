"""Which statement line is which payment, run or return. Pure, and linear however alike the amounts are.

A payment is found by its reference and amount. A run is found by its total near its day, and only
where one line and one run can be meant; everything else is left for a person.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from payments.banking_days import shifted

DAYS_APART = 5  # banking days between the day of a run and its line
_REFERENCE = re.compile(r"\b(EXP|TIME)[ \-]?([0-9]{6,})\b", re.ASCII)

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A statement line. Minor units; money out is negative."""

    key: int
    day: date
    amount: int
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A payment that was sent to the bank. Minor units."""

    key: int
    run: int
    reference: str
    amount: int
    is_paid: bool


@dataclass(frozen=True, slots=True)
class Total:
    """A run of which the bank has confirmed nothing yet. Minor units."""

    key: int
    pay_on: date
    amount: int


@dataclass(slots=True)
class Found:
    """Pairs of keys: a line, and what it turned out to be."""

    payments: list[Pair] = field(default_factory=list)
    runs: list[Pair] = field(default_factory=list)
    returns: list[Pair] = field(default_factory=list)


def reference_in(text: str) -> str | None:
    """The one payment reference that stands in a text as a bank prints it; None without or with two."""
    found = {f"{kind} {number}" for kind, number in _REFERENCE.findall(text.upper())}
    return found.pop() if len(found) == 1 else None


def find(lines: Sequence[Line], payments: Iterable[Sent], runs: Iterable[Total]) -> Found:
    """Match lines by reference and amount first, then what is left of them to the totals of runs."""
    found = Found()
    by_reference = {(payment.reference, payment.amount): payment for payment in payments}
    paid = {payment.key for payment in by_reference.values() if payment.is_paid}
    touched: set[int] = set()
    left: list[Line] = []
    for line in (line for line in lines if line.amount < 0):
        payment = by_reference.get((reference_in(line.text) or "", -line.amount))
        if payment is not None and payment.key not in paid:
            found.payments.append((line.key, payment.key))
            paid.add(payment.key)
            touched.add(payment.run)
        else:
            left.append(line)
    found.runs = _by_total(left, [run for run in runs if run.key not in touched])
    covered = {run for _, run in found.runs}
    paid |= {payment.key for payment in by_reference.values() if payment.run in covered}
    found.returns = _returns(lines, by_reference, paid)
    return found


def _returns(lines: Iterable[Line], by_reference: dict[tuple[str, int], Sent], paid: set[int]) -> list[Pair]:
    """Money that came back under the reference of a payment that had left. Each comes back once."""
    pairs: list[Pair] = []
    for line in (line for line in lines if line.amount > 0):
        payment = by_reference.get((reference_in(line.text) or "", line.amount))
        if payment is not None and payment.key in paid:
            pairs.append((line.key, payment.key))
            paid.discard(payment.key)
    return pairs


def _by_total(lines: Iterable[Line], runs: Iterable[Total]) -> list[Pair]:
    """One line and one run of the same amount within five banking days, where no other could be meant."""
    lines_of: dict[int, list[tuple[date, int]]] = defaultdict(list)
    runs_of: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for line in lines:
        lines_of[-line.amount].append((line.day, line.key))
    for run in runs:
        runs_of[run.amount].append((run.pay_on, run.key))
    pairs: list[Pair] = []
    for amount, same_runs in runs_of.items():
        same_lines = sorted(lines_of.get(amount, []))
        same_runs.sort()
        for day, key in same_lines:
            near = _near(day, same_runs)
            if len(near) == 1 and len(_near(same_runs[near.start][0], same_lines)) == 1:
                pairs.append((key, same_runs[near.start][1]))
    return pairs


def _near(day: date, dated: Sequence[tuple[date, int]]) -> range:
    """The places in a sorted list that lie within five banking days of a day."""
    first = bisect_left(dated, (shifted(day, -DAYS_APART), 0))
    last = bisect_right(dated, (shifted(day, DAYS_APART), 2**63))
    return range(first, last)
