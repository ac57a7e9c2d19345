"""What a waiting statement line could be, and why we think so. Pure; a person confirms or chooses otherwise.

Nothing is suggested that could not be matched: amounts agree to the penny. What only half fits, like the
reference of a payment of another amount, is told as a hint.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from common.money import money_text
from payments.banking_days import shifted
from payments.matching import DAYS_APART, reference_in
from payments.models import MatchKind
from payments.when import day_words

_CAME_BACK = re.compile(
    r"\b(return\w*|rtn|unpaid|reject\w*|refus\w*|no account|recall\w*|arudd)\b", re.IGNORECASE
)
_CHARGE = re.compile(r"\b(charges?|fees?|commission|tariff)\b", re.IGNORECASE)
_INTEREST = re.compile(r"\binterest\b", re.IGNORECASE)


class Strength(IntEnum):
    """How sure a suggestion is."""

    WORDS = 1  # something in the text says so
    AMOUNT = 2  # the same amount
    NEAR = 3  # the same amount, about that day
    REFERENCE = 4  # the reference stands in the text, and the amount is the same


@dataclass(frozen=True, slots=True)
class Line:
    """A statement line that waits. Minor units; money out is negative."""

    key: int
    day: date
    amount: int
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A payment that left for the bank. `paid_on` is empty while it is on its way. Minor units."""

    key: int
    reference: str
    payee: str
    run: int
    pay_on: date
    amount: int
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class Run:
    """A run with payments on their way; `amount` is their sum, `is_whole` when none of it is confirmed."""

    key: int
    number: int
    pay_on: date
    amount: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing a line could be. `key` is of the run or payment, 0 for an explanation."""

    kind: MatchKind
    key: int
    title: str
    reasons: tuple[str, ...]
    strength: Strength

    @property
    def choice(self) -> str:
        """How a form names it."""
        return f"{self.kind.value}:{self.key}" if self.key else self.kind.value


def suggestions(line: Line, payments: Iterable[Sent], runs: Iterable[Run]) -> list[Suggestion]:
    """Everything the line could be, the surest first; what is equally sure, in order of its day."""
    found: list[tuple[Strength, int, Suggestion]] = []
    for run in runs:
        if line.amount == -run.amount:
            made = _run(line, run)
            found.append((made.strength, _apart(line.day, run.pay_on), made))
    for payment in payments:
        fits = _out(line, payment) if line.amount < 0 else _back(line, payment)
        if fits is not None:
            found.append((fits.strength, _apart(line.day, payment.paid_on or payment.pay_on), fits))
    found.sort(key=lambda each: (-each[0], each[1], each[2].kind, each[2].key))
    return [made for _, _, made in found] + _by_words(line)


def hint(line: Line, payments: Iterable[Sent], currency: str) -> str:
    """What only half fits: a payment that the text names, but that cannot be this line. Empty without one."""
    named = reference_in(line.text)
    for payment in payments:
        if payment.reference != named:
            continue
        if payment.amount != abs(line.amount):
            amount = money_text(payment.amount, currency)
            return f"Reference {named} stands in the text, but that payment is of {amount}."
        if line.amount > 0 and payment.paid_on is None:
            return (
                f"{named} came back, but no line says yet that it left. "
                "Match the line with which it left first."
            )
        if line.amount < 0 and payment.paid_on is not None:
            return f"Reference {named} stands in the text, but another line has already paid it."
    return ""


def _run(line: Line, run: Run) -> Suggestion:
    same = "Same amount as" if run.is_whole else "Same amount as what is still on its way of"
    return Suggestion(
        MatchKind.RUN,
        run.key,
        f"Run {run.number}, due {day_words(run.pay_on)}",
        (f"{same} run {run.number}, {_day(line.day, run.pay_on, 'due')}",),
        Strength.NEAR if _is_near(line.day, run.pay_on) else Strength.AMOUNT,
    )


def _out(line: Line, payment: Sent) -> Suggestion | None:
    if payment.paid_on is not None or payment.amount != -line.amount:
        return None
    reasons, strength = [f"Same amount, {_day(line.day, payment.pay_on, 'due')}"], Strength.AMOUNT
    if _names(line, payment):
        reasons, strength = (
            [f"Reference {payment.reference} stands in the text", *reasons],
            Strength.REFERENCE,
        )
    elif _is_near(line.day, payment.pay_on):
        strength = Strength.NEAR
    title = f"{payment.reference} to {payment.payee}, run {payment.run}"
    return Suggestion(MatchKind.PAYMENT, payment.key, title, tuple(reasons), strength)


def _back(line: Line, payment: Sent) -> Suggestion | None:
    """Money that comes in may be a payment that comes back: one that had left by then."""
    if payment.paid_on is None or payment.amount != line.amount or payment.paid_on > line.day:
        return None
    reasons, strength = [f"Same amount, {_day(line.day, payment.paid_on, 'paid')}"], Strength.AMOUNT
    if said := _CAME_BACK.search(line.text):
        reasons.append(f"The text says “{said[0].lower()}”")
        strength = Strength.NEAR
    if _names(line, payment):
        reasons, strength = (
            [f"Reference {payment.reference} stands in the text", *reasons],
            Strength.REFERENCE,
        )
    elif strength is Strength.AMOUNT:
        return None  # the same amount alone says little of money that comes in
    return Suggestion(MatchKind.RETURN, payment.key, _came_back(payment), tuple(reasons), strength)


def _by_words(line: Line) -> list[Suggestion]:
    kinds = ((MatchKind.CHARGE, _CHARGE, "A bank charge"), (MatchKind.INTEREST, _INTEREST, "Bank interest"))
    return [
        Suggestion(kind, 0, title, (f"The text says “{said[0].lower()}”",), Strength.WORDS)
        for kind, pattern, title in kinds
        if (said := pattern.search(line.text)) and (kind != MatchKind.CHARGE or line.amount < 0)
    ]


def choice(line: Line, payment: Sent) -> Suggestion | None:
    """A payment that a person searched for, as a choice; None where it cannot be this line."""
    if line.amount < 0:
        return _out(line, payment)
    if payment.paid_on is None or payment.amount != line.amount:
        return None
    reason = f"Same amount, {_day(line.day, payment.paid_on, 'paid')}"
    return Suggestion(MatchKind.RETURN, payment.key, _came_back(payment), (reason,), Strength.AMOUNT)


def _stands(payment: Sent) -> str:
    return f"Reference {payment.reference} stands in the text"


def _came_back(payment: Sent) -> str:
    return f"{payment.reference} to {payment.payee} came back"


def _names(line: Line, payment: Sent) -> bool:
    """Does the text hold this reference, be it with others?"""
    return re.sub(r"[ -]", "", payment.reference) in re.sub(r"[ -]", "", line.text.upper())


def _apart(day: date, other: date) -> int:
    return abs((day - other).days)


def _is_near(day: date, due: date) -> bool:
    return shifted(due, -DAYS_APART) <= day <= shifted(due, DAYS_APART)


def _day(day: date, other: date, what: str) -> str:
    """How two days lie to each other: “due that day”, “due 2 days before”."""
    days = _apart(day, other)
    if not days:
        return f"{what} that day"
    return f"{what} {days} day{'s' if days > 1 else ''} {'before' if other < day else 'after'}"
