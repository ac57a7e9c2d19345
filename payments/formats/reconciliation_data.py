"""A reconciliation as figures: what page, PDF and workbook are drawn from, and what two persons sign.

The signed form is canonical JSON, keys in order and nothing between them, so that its hash can be proved
again in ten years with nothing but a text editor and sha256sum.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class UnmatchedLine:
    """A line of the bank that was not in the books that day. Minor units; money out is negative.

    `booked_on` is the later day on which it came into the books; None while it still waits.
    """

    pk: int
    day: date
    description: str
    amount: int
    booked_on: date | None = None


@dataclass(frozen=True)
class InTransit:
    """A payment that was sent and that the bank had not confirmed. Minor units."""

    pk: int
    reference: str
    run: int
    pay_on: date
    amount: int


@dataclass(frozen=True)
class Reconciliation:
    """A bank account on one day. `bank` is None while no statement has told a balance.

    The books move the bank account only when a line is matched, so books and bank differ by the
    unmatched lines and nothing else; `difference` is what they do not explain, and should be 0.
    `not_known` are lines that stand in the books as not known yet: no difference, but not done either.
    """

    until: date
    books: int
    bank: int | None
    unmatched: tuple[UnmatchedLine, ...]
    in_transit: tuple[InTransit, ...]
    difference: int | None
    not_known: tuple[UnmatchedLine, ...] = ()

    @property
    def between(self) -> int:
        """Sum of the bank's lines that are not in the books. Minor units."""
        return sum(line.amount for line in self.unmatched)

    @property
    def on_its_way(self) -> int:
        """Sum of the payments in transit. Minor units."""
        return sum(payment.amount for payment in self.in_transit)

    @property
    def unknown(self) -> int:
        """Sum of the lines that nobody knows yet. Minor units."""
        return sum(line.amount for line in self.not_known)

    @property
    def after_transit(self) -> int:
        """What the books will hold once everything in transit has left. Minor units."""
        return self.books - self.on_its_way

    def age(self, day: date) -> int:
        """How many days before this reconciliation's day something was; 0 for what is still to come."""
        return max((self.until - day).days, 0)


@dataclass(frozen=True)
class Paper:
    """A reconciliation as it is printed and exported: whose, of which month, and who signed it.

    `signatures` are pairs like (“Prepared by”, “Fern Finance, 9:00am on 1 December 2026”).
    """

    organisation: str
    account: str
    month: str
    currency: str
    found: Reconciliation
    signatures: tuple[tuple[str, str], ...] = ()
    note: str = ""
    sha256: str = ""

    @property
    def title(self) -> str:
        """What stands on top of it."""
        return f"Reconciliation of {self.account}, {self.month}"


def canonical(found: Reconciliation, *, organisation: str, account: str, currency: str) -> str:
    """The figures as one canonical JSON object: the text that is signed."""
    figures = {
        "account": account,
        "bank": found.bank,
        "books": found.books,
        "currency": currency,
        "difference": found.difference,
        "in_transit": [
            [each.pk, each.reference, each.run, each.pay_on.isoformat(), each.amount]
            for each in found.in_transit
        ],
        "not_in_books": _lines(found.unmatched),
        "not_known": _lines(found.not_known),
        "organisation": organisation,
        "until": found.until.isoformat(),
    }
    return json.dumps(figures, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _lines(lines: Sequence[UnmatchedLine]) -> list[list[Any]]:
    return [
        [
            each.pk,
            each.day.isoformat(),
            each.description,
            each.amount,
            each.booked_on.isoformat() if each.booked_on else None,
        ]
        for each in lines
    ]


def hash_of(figures: str) -> str:
    """SHA-256 of signed figures, in hexadecimal."""
    return hashlib.sha256(figures.encode("ascii")).hexdigest()


def read(figures: str) -> Reconciliation:
    """The figures that were signed. Raises ValueError or KeyError for a text that `canonical` never wrote."""
    known = json.loads(figures)
    return Reconciliation(
        until=date.fromisoformat(known["until"]),
        books=known["books"],
        bank=known["bank"],
        unmatched=_read_lines(known["not_in_books"]),
        in_transit=tuple(
            InTransit(pk, reference, run, date.fromisoformat(pay_on), amount)
            for pk, reference, run, pay_on, amount in known["in_transit"]
        ),
        difference=known["difference"],
        not_known=_read_lines(known["not_known"]),
    )


def _read_lines(rows: Sequence[Sequence[Any]]) -> tuple[UnmatchedLine, ...]:
    return tuple(
        UnmatchedLine(
            pk, date.fromisoformat(day), words, amount, date.fromisoformat(booked) if booked else None
        )
        for pk, day, words, amount, booked in rows
    )


def agrees(one: Reconciliation, other: Reconciliation) -> bool:
    """Do two reconciliations of one day say the same? When a line was booked since then does not matter."""
    return _gist(one) == _gist(other)


def _gist(found: Reconciliation) -> tuple[Any, ...]:
    items = (found.unmatched, found.not_known, found.in_transit)
    keys = [sorted((each.pk, each.amount) for each in some) for some in items]
    return found.until, found.bank, found.books, found.difference, keys
