"""What a workbook holds, before anything is drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from common.errors import DomainError

Value = str | int | Decimal | date | None


class WorkbookError(DomainError):
    """The workbook cannot be made as asked; the message says what to ask for instead."""


class Kind(StrEnum):
    """What a column holds, and so which Python type its values have. None leaves a cell empty."""

    TEXT = "text"  # str
    MONEY = "money"  # int, minor units of the workbook's currency
    DATE = "date"  # date
    MONTH = "month"  # int, as common.dates.month_key: 202611
    NUMBER = "number"  # int
    QUANTITY = "quantity"  # int or Decimal, shown with two decimals: hours, miles
    PERCENT = "percent"  # int or Decimal, a share: Decimal("0.125") shows as 12.5%


SUMMED = frozenset({Kind.MONEY, Kind.NUMBER, Kind.QUANTITY})
_WIDTHS = {
    Kind.TEXT: 26.0,
    Kind.MONEY: 16.0,
    Kind.DATE: 13.0,
    Kind.MONTH: 12.0,
    Kind.NUMBER: 11.0,
    Kind.QUANTITY: 12.0,
    Kind.PERCENT: 11.0,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `width` is in characters; `total` sums the column in a formula below it."""

    heading: str
    kind: Kind = Kind.TEXT
    width: float | None = None
    total: bool = False

    def __post_init__(self) -> None:
        if not self.heading.strip():
            raise ValueError("A column needs a heading.")
        if self.total and self.kind not in SUMMED:
            raise ValueError(f"The column {self.heading} holds {self.kind} and cannot be summed.")

    @property
    def shown_width(self) -> float:
        """Width in characters, by kind where none was given."""
        return self.width or _WIDTHS[self.kind]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a line about what it shows, its columns, its rows (read once, in order) and notes below."""

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Value, ...]]
    about: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        headings = [column.heading for column in self.columns]
        if not headings or len(set(headings)) != len(headings):
            raise ValueError(f"The sheet {self.title} needs columns with different headings.")


@dataclass(frozen=True, slots=True)
class Total:
    """The total under one column of one sheet, by title and heading as given to `Sheet` and `Column`."""

    sheet: str
    heading: str


@dataclass(frozen=True, slots=True)
class Check:
    """A claim that two money totals are equal, or one total and a figure of the books in minor units.

    It stands on the first sheet as a formula that must show 0.00.
    """

    title: str
    figure: Total
    against: Total | int
