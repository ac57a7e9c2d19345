"""How one bank writes its statement file: which column is what, and how dates and amounts are spelled.

Every bank differs, so the map is set once for an account, saved with it as JSON, and used for each file.
"""

import json
import re
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from common.errors import DomainError
from common.money import AmountError, digits, parse_amount

DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8-sig", "cp1252")
MONEY_OUT = ("negative", "positive")
LARGEST_FIGURE = 10**13  # minor units; a council's balance fits, a number without its point does not
LARGEST_PREAMBLE = 50  # lines

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_PARTS = {
    "yyyy": r"(?P<year>[0-9]{4})",
    "yy": r"(?P<year>[0-9]{2})",
    "mmm": r"(?P<name>[A-Za-z]{3,9})",
    "mm": r"(?P<month>[0-9]{1,2})",
    "dd": r"(?P<day>[0-9]{1,2})",
}
DATE_FORMATS = (
    "dd/mm/yyyy", "dd/mm/yy", "dd-mm-yyyy", "dd.mm.yyyy", "yyyy-mm-dd", "yyyy/mm/dd", "yyyymmdd",
    "dd mmm yyyy", "dd-mmm-yyyy", "dd-mmm-yy", "dd mmm yy", "mm/dd/yyyy",
)  # fmt: skip
_DATE_PATTERNS = {
    known: re.compile(
        re.sub("yyyy|yy|mmm|mm|dd", lambda part: _PARTS[part[0]], known.replace(".", r"\.")), re.ASCII
    )
    for known in (name for name in DATE_FORMATS if name != "yyyymmdd")
} | {"yyyymmdd": re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})", re.ASCII)}

_FIGURE = re.compile(
    r"(?P<open>\()?(?P<lead>[+-])?\s?(?P<symbol>[£€$]?)(?P<inner>-)?(?P<number>[0-9][0-9,.]*|\.[0-9]+)"
    r"(?P<tail>-)?(?P<close>\))?\s?(?:(?P<side>CR|DR|OD)\.?)?",
    re.ASCII | re.IGNORECASE,
)


class ColumnMapError(DomainError):
    """The description of a bank's file does not hold together; the message names the setting."""


class CellError(DomainError):
    """A date or an amount of a statement cannot be read; the message quotes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """Names of the columns as the heading row spells them, or their positions from "1" without a heading.

    Money is in one signed column (`amount`) or in two (`paid_in` and `paid_out`). `money_out` says how money
    that leaves the account is written in `amount` or `paid_out`: with a minus or without. `lines_above`
    counts the lines of the bank's own text before the heading. Empty names mean that the file has no such
    column. Raises ColumnMapError.
    """

    date: str
    description: str
    reference: str = ""
    amount: str = ""
    paid_in: str = ""
    paid_out: str = ""
    balance: str = ""
    date_format: str
    money_out: str
    has_header: bool = True
    lines_above: int = 0
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    currency: str = "GBP"

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if type(value) is not field.type:
                raise ColumnMapError(f"The setting “{field.name}” has a value of the wrong kind.")
        for name, allowed in (
            ("date_format", DATE_FORMATS),
            ("money_out", MONEY_OUT),
            ("delimiter", DELIMITERS),
            ("encoding", ENCODINGS),
        ):
            if getattr(self, name) not in allowed:
                raise ColumnMapError(f"The setting “{name}” must be one of: {', '.join(map(repr, allowed))}.")
        if not 0 <= self.lines_above <= LARGEST_PREAMBLE:
            raise ColumnMapError(f"The setting “lines_above” must be from 0 to {LARGEST_PREAMBLE}.")
        self._check_currency()
        self._check_columns()

    def _check_currency(self) -> None:
        try:
            digits(self.currency)
        except AmountError as error:
            raise ColumnMapError(f"The setting “currency”: {error}") from error

    def _check_columns(self) -> None:
        used = self.columns()
        for needed in ("date", "description"):
            if needed not in used:
                raise ColumnMapError(f"The setting “{needed}” needs the name of a column.")
        if {"amount", "paid_in", "paid_out"} & used.keys() not in ({"amount"}, {"paid_in", "paid_out"}):
            raise ColumnMapError(
                "Name either the column “amount”, or both columns “paid_in” and “paid_out”, not a mixture."
            )
        named = list(used.values())
        if unprintable := next((name for name, column in used.items() if not column.isprintable()), None):
            raise ColumnMapError(f"The setting “{unprintable}” has a hidden character in it.")
        if repeated := next((column for column in named if named.count(column) > 1), None):
            raise ColumnMapError(f"The column “{repeated}” is used for two things.")
        if not self.has_header and any(not re.fullmatch("[1-9][0-9]?", column) for column in named):
            raise ColumnMapError("Without a heading row, columns are named by position: 1, 2, 3 and so on.")

    def columns(self) -> dict[str, str]:
        """The mapped columns: what it is -> its name in the file."""
        names = ("date", "description", "reference", "amount", "paid_in", "paid_out", "balance")
        return {name: getattr(self, name).strip() for name in names if getattr(self, name).strip()}

    def to_json(self) -> str:
        """The map as it is saved: one JSON object, keys in order."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "ColumnMap":
        """Read a saved map; unknown, missing and ill-typed settings are refused by name."""
        try:
            saved: Any = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ColumnMapError("The saved description of the file is not JSON.") from error
        if not isinstance(saved, dict):
            raise ColumnMapError("The saved description of the file is not a set of settings.")
        known = {field.name for field in fields(cls)}
        if unknown := sorted(saved.keys() - known):
            raise ColumnMapError(f"There is no setting “{unknown[0]}”.")
        if missing := sorted({"date", "description", "date_format", "money_out"} - saved.keys()):
            raise ColumnMapError(f"The setting “{missing[0]}” is missing.")
        return cls(**saved)


def read_date(text: str, date_format: str) -> date:
    """A day as the bank writes it, whole cell or nothing; raises CellError. Two-figure years are 20yy."""
    match = _DATE_PATTERNS[date_format].fullmatch(text.strip())
    if match is None:
        raise CellError(f"“{text[:40]}” is not a date like {date_format}.")
    found = match.groupdict()
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    month = int(found["month"]) if "month" in found else _month(found["name"], text)
    try:
        return date(year, month, int(found["day"]))
    except ValueError as error:
        raise CellError(f"“{text[:40]}” is not a day in the calendar.") from error


def _month(name: str, text: str) -> int:
    for number, month in enumerate(_MONTHS, start=1):
        if month.startswith(name.lower()):
            return number
    raise CellError(f"“{text[:40]}” does not name a month in English.")


def read_figure(text: str, currency: str) -> tuple[int, bool]:
    """Minor units of a figure, and whether the bank marked it with CR, DR or OD (then the sign is final).

    Signs may be written once only: a minus before or after, brackets, CR (in) or DR and OD (out). More than
    one of them, more figures after the point than the currency has, and spaces or points as thousands
    separators are refused with CellError; grouping commas are read where they stand in the right places.
    """
    match = _FIGURE.fullmatch(text.strip().replace("\u2212", "-"))
    if match is None or bool(match["open"]) != bool(match["close"]):
        raise CellError(f"“{text[:40]}” is not an amount with pounds and pence, like 1,234.50.")
    signs = [match[sign] for sign in ("open", "lead", "inner", "tail", "side") if match[sign]]
    if len(signs) > 1:
        raise CellError(f"“{text[:40]}” has its sign written twice.")
    number = match["number"] if match["number"][0] != "." else f"0{match['number']}"
    try:
        minor = parse_amount(match["symbol"] + number, currency, largest=LARGEST_FIGURE)
    except AmountError as error:
        raise CellError(f"“{text[:40]}” is not an amount with pounds and pence, like 1,234.50.") from error
    out = bool(signs) and signs[0].upper() not in ("+", "CR")
    return (-minor if out else minor), bool(match["side"])
