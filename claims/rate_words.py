"""Which costs a rate policy meets on a day, and up to how much, in plain words."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from claims.pricing.policy import Policy, Rate
from claims.pricing.vocabulary import MODES_OF, Boundary, CapPer, CountsAs, Kind, Method, Mode, Receipt, Unit
from claims.words import line_title, mode_words, quantity_text
from common.money import money_text, rounded

_CAP_PER = {CapPer.LINE: "each time", CapPer.HOUR: "an hour", CapPer.DAY: "a day", CapPer.CLAIM: "a claim"}
_UNIT_OF = {
    Kind.MILEAGE: Unit.MILE,
    Kind.PASSENGER: Unit.MILE,
    Kind.CARE: Unit.HOUR,
    Kind.SUPPORT: Unit.HOUR,
    Kind.TIME: Unit.HOUR,
}


def costs_met(policy: Policy, on: date) -> list[tuple[str, str]]:
    """Each cost that is paid back for that day: what it is, and how much of it."""
    return [
        (title(kind, modes), sentence(policy.rates[position], policy.currency))
        for kind in Kind
        for position, modes in _rows(policy, kind, on).items()
        if policy.rates[position].counts_as == CountsAs.EXPENSE
    ]


def _rows(policy: Policy, kind: Kind, on: date) -> dict[int, list[Mode]]:
    """The rows of the policy for this kind, each with the modes that it prices."""
    found: dict[int, list[Mode]] = {}
    for mode in MODES_OF.get(kind) or (None,):
        position = policy.position(kind, mode, on)
        if position is not None:
            found.setdefault(position, []).extend([mode] if mode else [])
    return found


def title(kind: Kind, modes: list[Mode]) -> str:
    if len(modes) == 1:
        return line_title(kind, modes[0])
    *rest, last = [mode_words(mode) for mode in modes] or [""]
    listed = f" ({', '.join(rest)} or {last})" if rest else ""
    return f"{line_title(kind, '')}{listed}"


def sentence(rate: Rate, currency: str) -> str:
    parts = [_price(rate, currency), *_limits(rate, currency)]
    sentences = [", ".join(parts) + ".", *_receipts(rate, currency)]
    if rate.excludes:
        covered = " and ".join(line_title(kind, "").lower() for kind in rate.excludes)
        sentences.append(f"This is for {covered} too.")
    return " ".join(sentences)


def _price(rate: Rate, currency: str) -> str:
    unit = _UNIT_OF.get(rate.kind)
    each = f" for each {unit}" if unit else " each time"
    amount = _amount(rate.amount, currency)
    if rate.method == Method.ACTUAL:
        return "What you paid"
    if rate.method == Method.TIER:
        first = f"{rate.first.normalize():,f}"
        then = _amount(rate.then, currency)
        return f"{amount} for each of the first {first} {unit}s in a tax year, then {then}"
    if rate.method == Method.BLOCK:
        return f"{amount} for every {rate.size.normalize():f} {unit or 'unit'}s or part of them"
    if rate.method == Method.BAND:
        return _bands(rate, currency)
    return f"{amount}{each if rate.method == Method.PER_UNIT else ' each time'}"


def _bands(rate: Rate, currency: str) -> str:
    unit = _UNIT_OF.get(rate.kind, Unit.HOUR)
    until = "up to" if rate.boundary == Boundary.INCLUSIVE else "less than"
    return ", ".join(
        f"{_amount(band.amount, currency)} for "
        + (f"{until} {quantity_text(band.up_to, unit)}" if band.up_to is not None else "more")
        for band in rate.bands
    )


def _limits(rate: Rate, currency: str) -> Iterator[str]:
    if rate.cap is not None:
        yield f"up to {_amount(rate.cap, currency)} {_CAP_PER[rate.cap_per]}"
    for cap in rate.caps:
        hours = f"{cap.over.normalize():f}"
        yield f"up to {_amount(cap.amount, currency)} when you are away for more than {hours} hours"


def _receipts(rate: Rate, currency: str) -> Iterator[str]:
    if rate.receipt == Receipt.REQUIRED:
        yield "Keep the receipt."
    elif rate.required_over is not None:
        yield f"Keep the receipt if it is more than {_amount(rate.required_over, currency)}."


def _amount(amount: Decimal, currency: str) -> str:
    """“55p”, “£5.00”; a rate finer than a penny as “45.5p”."""
    if currency == "GBP" and amount < 1:
        return f"{(amount * 100).normalize():f}p"
    return money_text(rounded(amount * 100), currency)
