"""Amounts are whole minor units (pence) in an int; the only rounding, splitting and parsing is here.

Float never touches an amount. `Money` (from py-moneyed) is what people see and type; the books
store the integer, because an integer is equal to itself on every database.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from moneyed import CurrencyDoesNotExist, Money, get_currency

from common.errors import DomainError

LARGEST_TYPED_MINOR = 10**9  # 10 million pounds: beyond any single claim; catches a lost decimal point
_SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}
_TYPED = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]*))?", re.ASCII)


class AmountError(DomainError):
    """What was typed is not an amount of money; the message says what to type instead."""


def digits(currency: str) -> int:
    """Decimal places of a currency's minor unit: 2 for GBP (pence), 0 for JPY (ISO 4217).

    Raises AmountError for a code that is not a currency.
    """
    try:
        sub_unit = get_currency(currency).sub_unit
    except CurrencyDoesNotExist as error:
        raise AmountError(f"“{currency}” is not a currency code.") from error
    return len(str(sub_unit)) - 1


def rounded(amount: Decimal) -> int:
    """Round a number of minor units to a whole one, half up, away from zero. Done once per line."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def to_minor(money: Money) -> int:
    """Whole minor units of an amount; raises AmountError when it has a fraction of one."""
    minor = money.amount * 10 ** digits(money.currency.code)
    if minor != minor.to_integral_value():
        raise AmountError(f"{money.amount} has a fraction of a penny.")
    return int(minor)


def from_minor(minor: int, currency: str) -> Money:
    """The `Money` that is `minor` whole minor units of `currency`."""
    return Money(Decimal(minor).scaleb(-digits(currency)), currency)


def decimal_text(minor: int, currency: str = "GBP") -> str:
    """Plain text for files: 1234567 pence as `12345.67`, no symbol and no grouping."""
    return f"{Decimal(minor).scaleb(-digits(currency)):f}"


def money_text(minor: int, currency: str = "GBP") -> str:
    """What people read: 1234567 pence as `£12,345.67`, a negative amount as `−£1.00`."""
    places = digits(currency)
    number = f"{Decimal(abs(minor)).scaleb(-places):,.{places}f}"
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{'−' if minor < 0 else ''}{symbol}{number}"


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` minor units by weight, to the penny: largest remainder, ties to the earlier share.

    The parts always sum to `total`. Raises ValueError without a positive weight or below zero.
    """
    if total < 0 or not weights or any(weight < 0 for weight in weights) or not sum(weights):
        raise ValueError("A split needs a total of zero or more and weights with a positive sum.")
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def parse_amount(text: str, currency: str = "GBP", *, largest: int = LARGEST_TYPED_MINOR) -> int:
    """Whole minor units of an amount as people type it: `12`, `12.5`, `£1,234.50`.

    ASCII digits only; refuses exponents, underscores, signs, a fraction of a penny and grouping
    commas in the wrong place, each with a message that says what to type. Zero is allowed.
    """
    typed = unicodedata.normalize("NFC", text).strip().replace("\u00a0", "")
    symbol = _SYMBOLS.get(currency)
    if symbol and typed.startswith(symbol):
        typed = typed.removeprefix(symbol).lstrip()
    if typed.startswith(("-", "−")):
        raise AmountError("Enter an amount of zero or more, like 12.50.")
    match = _TYPED.fullmatch(typed) if len(typed) <= 20 else None
    if match is None:
        raise AmountError("Enter an amount in pounds and pence, like 12.50 or 1,200.")
    part = match["part"] or ""
    places = digits(currency)
    if len(part) > places:
        raise AmountError("Enter an amount with no more than 2 figures after the point, like 12.50.")
    minor = int(match["whole"].replace(",", "") + part.ljust(places, "0"))
    if minor > largest:
        raise AmountError(f"Enter an amount of {money_text(largest, currency)} or less.")
    return minor
