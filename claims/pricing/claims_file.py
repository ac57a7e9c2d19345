"""Claims and declared miles as CSV: text in, lines out, or every problem by row and column.

Used for trying a policy out and for importing paper forms. Amounts are as people type them, dates are
ISO, and an empty cell means that there is nothing to say.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from claims.pricing.csv_rows import CellError, ClaimsFileError, Parsers, one_of, read_rows
from claims.pricing.lines import ClaimLine
from claims.pricing.vocabulary import (
    Kind,
    Mode,
    NotInVocabulary,
    Unit,
    check_mode_is_said,
    check_quantity,
    check_unit,
)
from common.money import parse_amount
from common.text import tidy

LONGEST_HANDLE = 100
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,7}(\.[0-9]{1,4})?", re.ASCII)
_NOTICE = re.compile(r"([0-9]{1,4}):([0-5][0-9])", re.ASCII)
_SHARE = re.compile(r"([^:;]+):([0-9]{1,6})", re.ASCII)
_TAX_YEAR = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)
_Word = TypeVar("_Word", bound=StrEnum)


def read_claims(text: str, currency: str = "GBP") -> list[ClaimLine]:
    """Read claim lines in file order; amounts become minor units of `currency`.

    Raises ClaimsFileError with all problems; then nothing of the file is used.
    """
    problems: list[str] = []
    lines: list[ClaimLine] = []
    whose: dict[str, tuple[str, int]] = {}
    seen: dict[tuple[str, str], int] = {}
    for number, cells in read_rows(text, _claim_parsers(currency), problems):
        line = _line(cells)
        lines.append(line)
        problems += [f"Row {number}, {problem}" for problem in _cross_problems(line)]
        owner, first_row = whose.setdefault(line.claim, (line.contributor, number))
        if owner != line.contributor:
            problems.append(
                f"Row {number}, contributor: claim {line.claim} belongs to {owner} (row {first_row}); "
                "a claim has one contributor."
            )
        earlier = seen.setdefault((line.claim, line.line), number)
        if earlier != number:
            problems.append(
                f"Row {number}, line: claim {line.claim}, line {line.line} is already in row {earlier}."
            )
    if problems:
        raise ClaimsFileError(problems)
    return lines


def read_declarations(text: str) -> dict[tuple[str, str], Decimal]:
    """Read car miles declared per (contributor, tax year). Raises ClaimsFileError with all problems."""
    problems: list[str] = []
    miles: dict[tuple[str, str], Decimal] = {}
    for number, cells in read_rows(text, _DECLARATIONS, problems):
        key = (cells["contributor"], cells["tax_year"])
        if key in miles:
            problems.append(f"Row {number}, contributor: {key[0]} has another row for {key[1]}.")
        miles[key] = cells["miles"]
    if problems:
        raise ClaimsFileError(problems)
    return miles


def _line(cells: dict[str, Any]) -> ClaimLine:
    receipt: str = cells["receipt"]
    declined, at_most = cells["answer"]
    lost = receipt.casefold() == "lost"
    return ClaimLine(
        claim=cells["claim"],
        line=cells["line"],
        contributor=cells["contributor"],
        on=cells["date"],
        kind=cells["kind"],
        mode=cells["mode"],
        quantity=cells["quantity"],
        unit=cells["unit"],
        amount=cells["amount"],
        funded_elsewhere=cells["funded_elsewhere"] or 0,
        hours_away=cells["hours_away"],
        receipt="" if lost else receipt,
        receipt_lost=lost,
        declined=declined,
        at_most=at_most,
        notice=cells["cancelled_notice"],
        shares=cells["shares"],
    )


def _cross_problems(line: ClaimLine) -> list[str]:
    """What is wrong between the columns of one row, as `column: sentence`."""
    checks: tuple[tuple[str, Callable[[], None]], ...] = (
        ("mode", lambda: check_mode_is_said(line.kind, line.mode)),
        ("unit", lambda: check_unit(line.kind, line.unit)),
        ("quantity", lambda: check_quantity(line.quantity, line.unit)),
    )
    problems = []
    for column, check in checks:
        try:
            check()
        except NotInVocabulary as error:
            problems.append(f"{column}: {error}")
    return problems


def _optional(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: parse(text.strip()) if text.strip() else None


def _handle(text: str) -> str:
    handle = tidy(text)
    if not handle:
        raise CellError("is empty.")
    return _short(handle)


def _short(handle: str) -> str:
    if len(handle) > LONGEST_HANDLE:
        raise CellError(f"has more than {LONGEST_HANDLE} characters.")
    return handle


def _day(text: str) -> date:
    try:
        if _DAY.fullmatch(text.strip()):
            return date.fromisoformat(text.strip())
    except ValueError:
        pass  # a date that is not in the calendar gets the same message as one that is not a date
    raise CellError(f"“{text}” is not a date; write it like 2026-04-06.")


def _word(vocabulary: type[_Word]) -> Callable[[str], _Word]:
    words = frozenset(vocabulary)

    def parse(text: str) -> _Word:
        if text.strip() not in words:
            raise one_of(vocabulary, text)
        return vocabulary(text.strip())

    return parse


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise CellError(f"“{text}” is not a number; write it like 12.5, without a sign or a comma.")
    return Decimal(text)


def _hours(text: str) -> Decimal:
    hours = _number(text)
    if hours != hours.quantize(Decimal("0.01")):
        raise CellError("has at most 2 decimal places.")
    return hours


def _miles(text: str) -> Decimal:
    miles = _number(text.strip())
    if miles != miles.quantize(Decimal("0.1")):
        raise CellError("has at most 1 decimal place.")
    return miles


def _answer(text: str, currency: str) -> tuple[bool, int | None]:
    """(declined, the most that is taken): the answer to the offer of a fee."""
    answer = text.strip()
    if answer in ("", "accepted", "declined"):
        return answer == "declined", None
    if answer.startswith("less:"):
        return False, parse_amount(answer.removeprefix("less:"), currency)
    raise one_of(("accepted", "declined", "less:AMOUNT"), text)


def _notice(text: str) -> timedelta:
    match = _NOTICE.fullmatch(text)
    if not match:
        raise CellError(f"“{text}” is not a notice; write hours and minutes like 20:20.")
    return timedelta(hours=int(match[1]), minutes=int(match[2]))


def _shares(text: str) -> tuple[tuple[str, int], ...]:
    """`PROJ-A:2;PROJ-B:1`, each project once, each weight above zero."""
    if not text.strip():
        return ()
    shares: dict[str, int] = {}
    for part in text.split(";"):
        match = _SHARE.fullmatch(part.strip())
        if not match or not int(match[2]):
            raise CellError(
                f"“{part.strip()}” is not a share; write project and weight like PROJ-A:2;PROJ-B:1."
            )
        project = _handle(match[1])
        if project in shares:
            raise CellError(f"{project} is named twice.")
        shares[project] = int(match[2])
    return tuple(shares.items())


def _tax_year(text: str) -> str:
    match = _TAX_YEAR.fullmatch(text.strip())
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        raise CellError(f"“{text}” is not a tax year; write it like 2026-27.")
    return text.strip()


def _claim_parsers(currency: str) -> Parsers:
    amount = _optional(lambda text: parse_amount(text, currency))
    return {
        "claim": _handle,
        "line": _handle,
        "contributor": _handle,
        "date": _day,
        "kind": _word(Kind),
        "mode": _optional(_word(Mode)),
        "quantity": _optional(_number),
        "unit": _optional(_word(Unit)),
        "amount": amount,
        "funded_elsewhere": amount,
        "hours_away": _optional(_hours),
        "receipt": lambda text: _short(tidy(text)),
        "answer": lambda text: _answer(text, currency),
        "cancelled_notice": _optional(_notice),
        "shares": _shares,
    }


_DECLARATIONS: Parsers = {"contributor": _handle, "tax_year": _tax_year, "miles": _miles}
