"""A rate policy as a TOML file: every key, word and type is known, or the file is refused by name."""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from claims.pricing.policy import AwayCap, Band, Policy, PolicyError, Rate
from claims.pricing.policy_rules import USES, check
from claims.pricing.vocabulary import Boundary, CapPer, CountsAs, Kind, Method, Mode, Receipt, choices
from common.errors import DomainError

_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?", re.ASCII)
_ALWAYS = ("kind", "method", "from", "counts_as")
_Word = TypeVar("_Word", bound=StrEnum)
_Parsers = Mapping[str, Callable[[Any], Any]]


class _WrongValue(DomainError):
    """One value of the file is of the wrong type, or is a word that is not known."""


def read_policy(text: str) -> Policy:
    """Read and check a policy. Raises PolicyError with everything that is wrong, by row and key."""
    try:
        raw = tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PolicyError([f"The policy is not a TOML file that can be read: {error}."]) from error
    problems: list[str] = []
    top = _values(raw, _TOP, tuple(_TOP), "", problems)
    rates = [
        rate
        for number, row in enumerate(top.get("rate", ()), start=1)
        if (rate := _rate(row, number, problems)) is not None
    ]
    if problems:
        raise PolicyError(problems)
    return check(
        Policy(
            name=top["name"],
            currency=top["currency"],
            late_cancellation_hours=top["late_cancellation_hours"],
            late_cancellation_share=top["late_cancellation_share"],
            rates=tuple(rates),
        )
    )


def _rate(row: dict[str, Any], number: int, problems: list[str]) -> Rate | None:
    """One `[[rate]]` row, or None after adding what is wrong with it to `problems`."""
    before = len(problems)
    words = [row[key] for key in ("kind", "mode") if isinstance(row.get(key), str)]
    where = f"Rate row {number} ({', '.join(words)}): " if words else f"Rate row {number}: "
    values = _values(row, _ROW, _ALWAYS, where, problems)
    if len(problems) > before:
        return None
    needed = sorted(USES[values["method"]] | ({"boundary"} if values["method"] == Method.BAND else set()))
    problems += [
        f"{where}{key}: is missing; method {values['method']} needs it." for key in needed if key not in row
    ]
    if "boundary" in row and values["method"] != Method.BAND:
        problems.append(f"{where}boundary: is not used by method {values['method']}.")
    if "cap_per" in row and "cap" not in row:
        problems.append(f"{where}cap_per: there is no cap.")
    if "receipt" in row and "required_over" in row:
        problems.append(f"{where}required_over: stands instead of receipt; take one of them away.")
    if len(problems) > before:
        return None
    starts, ends = values.pop("from"), values.pop("to", None)
    return Rate(starts=starts, ends=ends, **values)


def _values(
    raw: dict[str, Any], parsers: _Parsers, needed: tuple[str, ...], where: str, problems: list[str]
) -> dict[str, Any]:
    """Parse a table key by key; what is unknown, missing or wrong is added to `problems`."""
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in parsers:
            problems.append(f"{where}“{key}” is not a key that is known here: use {choices(parsers)}.")
            continue
        try:
            values[key] = parsers[key](value)
        except _WrongValue as error:
            problems.append(f"{where}{key}: {error}")
    problems += [f"{where}{key}: is missing." for key in needed if key not in raw]
    return values


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _WrongValue("must be text in quotation marks.")
    return value


def _number(value: Any) -> Decimal:
    """An amount or a number: `"0.45"`, `0.45` or `10000`, zero or more, never a float."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
        if number.is_finite() and 0 <= number < 10**12:
            return number
        raise _WrongValue(f"{value} is not a number of zero or more.")
    raise _WrongValue("must be a number of zero or more, like “12.50”.")


def _day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _WrongValue("must be a date without quotation marks, like 2026-04-06.")
    return value


def _word(vocabulary: type[_Word]) -> Callable[[Any], _Word]:
    def parse(value: Any) -> _Word:
        try:
            return vocabulary(_text(value))
        except ValueError as error:
            raise _WrongValue(f"“{value}” is not known: use {choices(vocabulary)}.") from error

    return parse


def _tables(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise _WrongValue("must be a list of tables.")
    return value


def _inner(parsers: _Parsers, needed: tuple[str, ...], make: Callable[..., Any]) -> Callable[[Any], Any]:
    """A parser for a list of inline tables, like the bands of a row."""

    def parse(value: Any) -> Any:
        problems: list[str] = []
        rows = [_values(row, parsers, needed, "", problems) for row in _tables(value)]
        if problems:
            raise _WrongValue(" ".join(problems))
        return tuple(make(**row) for row in rows)

    return parse


def _kinds(value: Any) -> tuple[Kind, ...]:
    if not isinstance(value, list):
        raise _WrongValue("must be a list of kinds.")
    return tuple(_word(Kind)(kind) for kind in value)


_TOP: _Parsers = {
    "name": _text,
    "currency": _text,
    "late_cancellation_hours": _number,
    "late_cancellation_share": _number,
    "rate": _tables,
}
_ROW: _Parsers = {
    "kind": _word(Kind),
    "mode": _word(Mode),
    "from": _day,
    "to": _day,
    "method": _word(Method),
    "amount": _number,
    "first": _number,
    "then": _number,
    "bands": _inner({"up_to": _number, "amount": _number}, ("amount",), Band),
    "boundary": _word(Boundary),
    "size": _number,
    "cap": _number,
    "cap_per": _word(CapPer),
    "caps": _inner({"over": _number, "amount": _number}, ("over", "amount"), AwayCap),
    "receipt": _word(Receipt),
    "required_over": _number,
    "excludes": _kinds,
    "counts_as": _word(CountsAs),
}
