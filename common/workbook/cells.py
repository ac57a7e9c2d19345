"""Cells: typed values, safe text and the look of a sheet.

Text is always a string cell. Without that openpyxl makes a formula of whatever begins with an equals sign,
and a name typed by a stranger would run on the auditor's machine.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from common.money import decimal_text, digits, money_text
from common.workbook.model import Column, Kind, Value

LONGEST_TEXT = 16_000  # characters; Excel holds 32,767 UTF-16 units in a cell, and an emoji is two
_LINE_HEIGHT = 15.0
_MOST_LINES = 12  # a longer text is there in full, and seen by making the row higher
INK = "1D3B4A"
ACCENT = "1F5A6E"
PALE = "E6F0F2"
RULE = Side(style="hair", color="9FB4BC")
LINE = Side(style="thin", color=ACCENT)
DOUBLE = Side(style="double", color=ACCENT)
BODY: Final = Font(name="Calibri", size=11, color="1A1A1A")
STRONG: Final = Font(name="Calibri", size=11, bold=True, color="1A1A1A")
QUIET: Final = Font(name="Calibri", size=10, italic=True, color="4A5A61")
TITLE: Final = Font(name="Calibri", size=16, bold=True, color=INK)
SECTION: Final = Font(name="Calibri", size=13, bold=True, color=INK)
HEADING: Final = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
LINK: Final = Font(name="Calibri", size=11, underline="single", color="0B5394")

_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LOOKALIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def safe_text(text: str) -> str:
    """Text that XML can hold: control characters become their pictures (NUL shows as ␀), line ends are LF.

    What looks like Excel's own escape (`_x003D_` would turn into an equals sign) is escaped itself.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT] + " … (cut: the text is longer than a cell can hold)"
    return _ESCAPE_LOOKALIKE.sub("_x005F_", _UNWRITABLE.sub(_picture, text))


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


def money_format(currency: str) -> str:
    """Excel's number format for amounts: £1,234.50, and -£1,234.50 in red."""
    symbol = money_text(0, currency).rstrip("0.")
    places = digits(currency)
    number = "#,##0" + (f".{'0' * places}" if places else "")
    return f'"{symbol}"{number};[Red]-"{symbol}"{number}'


def number_format(kind: Kind, currency: str) -> str:
    """Excel's number format for a kind of column."""
    return {
        Kind.TEXT: "@",
        Kind.MONEY: money_format(currency),
        Kind.DATE: "dd mmm yyyy",
        Kind.MONTH: "mmm yyyy",
        Kind.NUMBER: "#,##0",
        Kind.QUANTITY: "#,##0.00",
        Kind.PERCENT: "0.0%",
    }[kind]


def aligned(kind: Kind) -> Alignment:
    """Words and dates to the left and wrapped, figures to the right."""
    if kind in (Kind.TEXT, Kind.DATE, Kind.MONTH):
        return Alignment(horizontal="left", vertical="top", indent=1, wrap_text=kind is Kind.TEXT)
    return Alignment(horizontal="right", vertical="top")


def row_height(texts: Iterable[tuple[str, float]]) -> float | None:
    """Height in points for wrapped texts and the widths they have, or None when one line is enough.

    Nothing measures the text again when a file is opened, so that without this the rows would overlap.
    """
    most = 1
    for text, width in texts:
        if len(text) > width or "\n" in text or "\r" in text:
            most = max(most, sum(1 + int(len(line) // width) for line in safe_text(text).split("\n")))
    return None if most == 1 else _LINE_HEIGHT * min(most, _MOST_LINES)


def text_cell(sheet: Worksheet, text: str, font: Font = BODY) -> Cell:
    """A string cell, whatever the text begins with."""
    cell = WriteOnlyCell(sheet)
    cell.font = font
    cell.quotePrefix = looks_live(text)
    return with_text(cell, text)


def looks_live(text: str) -> bool:
    """Whether text begins like a formula; its cell is marked, to stay text when somebody edits it."""
    return text.startswith(_LIVE)


def with_text(cell: Cell, text: str) -> Cell:
    """The cell, holding text as a string: openpyxl guesses "formula" or "error" from how it looks."""
    cell.value = safe_text(text)
    cell.data_type = "s"
    return cell


def formula_cell(sheet: Worksheet, formula: str, font: Font, shown_as: str) -> Cell:
    """A formula of our own making; never built from anybody's text."""
    cell = WriteOnlyCell(sheet, value=formula)
    cell.font = font
    cell.number_format = shown_as
    return cell


def with_figure(cell: Cell, value: Value, kind: Kind, currency: str) -> Cell:
    """The cell, holding a number or a day. Raises TypeError for a type that is not the kind's, like float.

    Decimals are handed over as text and marked as numbers: openpyxl would print them by way of a float, and
    -0.07 would stand in the file as -0.07000000000000001.
    """
    if type(value) is int and kind is Kind.MONEY:
        cell.value = decimal_text(value, currency)
        cell.data_type = "n"
    elif type(value) is Decimal and kind in (Kind.QUANTITY, Kind.PERCENT) and value.is_finite():
        cell.value = f"{value:f}"
        cell.data_type = "n"
    elif type(value) is int and kind in (Kind.NUMBER, Kind.QUANTITY, Kind.PERCENT):
        cell.value = value
    elif type(value) is int and kind is Kind.MONTH:
        cell.value = date(value // 100, value % 100, 1)
    elif type(value) is date and kind is Kind.DATE:
        cell.value = value
    else:
        raise TypeError(f"A {kind} column cannot hold {value!r}.")
    return cell


def _body_cell(sheet: Worksheet, kind: Kind, currency: str) -> Cell:
    cell = WriteOnlyCell(sheet)
    cell.font = BODY
    cell.border = Border(bottom=RULE)
    cell.alignment = aligned(kind)
    cell.number_format = number_format(kind, currency)
    return cell


class RowCells:
    """The cells of one sheet's rows: made once with their look, then given new values row by row.

    openpyxl writes each row out at once, so a cell can be used again. Styling every cell anew takes longer
    than everything else together. Only values may change: openpyxl keeps a reference to a cell's style, and
    changing it would change all earlier cells, so text that looks like a formula has a cell of its own.
    """

    def __init__(self, sheet: Worksheet, columns: tuple[Column, ...], currency: str) -> None:
        self._kinds = [column.kind for column in columns]
        self._texts = [
            (place, column.shown_width) for place, column in enumerate(columns) if column.kind is Kind.TEXT
        ]
        self._currency = currency
        self._cells = [_body_cell(sheet, kind, currency) for kind in self._kinds]
        self._quoted = [_body_cell(sheet, kind, currency) for kind in self._kinds]
        for cell in self._quoted:
            cell.quotePrefix = True

    def filled(self, row: tuple[Value, ...]) -> list[Cell]:
        """The cells with this row's values; raises TypeError or ValueError when they do not fit."""
        if len(row) != len(self._kinds):
            raise ValueError(f"A row has {len(row)} values for {len(self._kinds)} columns.")
        return [self._filled(place, value) for place, value in enumerate(row)]

    def _filled(self, place: int, value: Value) -> Cell:
        kind, cell = self._kinds[place], self._cells[place]
        if value is None:
            cell.value = None
        elif kind is not Kind.TEXT:
            with_figure(cell, value, kind, self._currency)
        elif isinstance(value, str):
            return with_text(self._quoted[place] if looks_live(value) else cell, value)
        else:
            raise TypeError(f"A text column cannot hold {value!r}.")
        return cell

    def height(self, row: tuple[Value, ...]) -> float | None:
        """Height of the row in points, or None for the usual one."""
        return row_height((str(row[place] or ""), width) for place, width in self._texts)


HEADING_FILL: Final = PatternFill("solid", fgColor=ACCENT)
PALE_FILL: Final = PatternFill("solid", fgColor=PALE)
