"""Draws the sheets one after the other, row by row, so that memory does not grow with the rows."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from common.dates import LONDON
from common.workbook import cells, contents
from common.workbook.model import Check, Column, Sheet, Value, WorkbookError

PRODUCER = "Lived Experience Ledger"
MOST_ROWS = 1_048_576 - 100  # what a sheet holds, less room for heading, totals and notes
HEADING_ROW = 3
_A4 = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    title: str
    currency: str
    made: str


def write_workbook(
    sheets: Sequence[Sheet], *, title: str, currency: str, made_at: datetime, checks: Sequence[Check] = ()
) -> bytes:
    """The workbook as bytes. `made_at` is an aware moment; `currency` is that of every money column.

    Raises WorkbookError when a sheet would hold more rows than Excel can, TypeError or ValueError when rows
    do not fit their columns.
    """
    content = io.BytesIO()
    _build(sheets, title, currency, made_at, checks).save(content)
    return content.getvalue()


def save_workbook(
    target: Path | IO[bytes],
    sheets: Sequence[Sheet],
    *,
    title: str,
    currency: str,
    made_at: datetime,
    checks: Sequence[Check] = (),
) -> None:
    """Like `write_workbook`, straight to a file: memory does not grow with the rows."""
    _build(sheets, title, currency, made_at, checks).save(target)


def _build(
    sheets: Sequence[Sheet], title: str, currency: str, made_at: datetime, checks: Sequence[Check]
) -> Workbook:
    moment = made_at.astimezone(LONDON)
    made = f"Made on {moment.day} {moment:%B %Y at %H:%M}"
    look = _Look(title=cells.safe_text(title), currency=currency, made=made)
    book = Workbook(write_only=True)
    book.properties.title = look.title
    book.properties.creator = PRODUCER
    book.properties.created = made_at.astimezone(UTC).replace(tzinfo=None)
    book.calculation.fullCalcOnLoad = True
    try:
        names = _sheet_names([contents.TITLE, *(sheet.title for sheet in sheets)])
        front = book.create_sheet(names[0])
        _page(front, look)
        drawn = []
        for sheet, name in zip(sheets, names[1:], strict=True):
            target = book.create_sheet(name)
            _page(target, look)
            drawn.append(_draw(target, sheet, look))
        _name_totals(book, drawn)
        contents.draw(front, drawn, checks, title=title, made=made, currency=currency)
    except BaseException:
        book.save(io.BytesIO())  # closes and removes openpyxl's temporary files
        raise
    return book


def _sheet_names(titles: Sequence[str]) -> list[str]:
    """Titles that Excel accepts: 31 characters, none of []:*?/\\, different from each other."""
    names: list[str] = []
    taken = {"history"}  # Excel keeps this one for itself
    for title in titles:
        plain = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", cells.safe_text(title)).split())
        plain = plain[:31].strip("' ") or "Sheet"
        name, count = plain, 1
        while name.casefold() in taken:
            count += 1
            name = f"{plain[: 31 - len(f' ({count})')]} ({count})"
        taken.add(name.casefold())
        names.append(name)
    return names


def _page(target: Worksheet, look: _Look) -> None:
    """A4 landscape, as wide as the paper, page numbers below."""
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = _A4
    target.page_setup.fitToWidth = 1
    target.page_setup.fitToHeight = 0
    target.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.7, header=0.3, footer=0.3)
    footer: Any = target.oddFooter  # always there, though its type says it may not be
    footer.left.text = f"{look.title[:60].replace('&', '&&')}: &A"
    footer.center.text = "Page &P of &N"
    footer.right.text = look.made
    target.sheet_view.showGridLines = False


def _draw(target: Worksheet, sheet: Sheet, look: _Look) -> contents.Drawn:
    """One sheet: title, what it shows, headings, rows, totals, notes."""
    for number, column in enumerate(sheet.columns, start=1):
        target.column_dimensions[get_column_letter(number)].width = column.shown_width
    target.freeze_panes = f"A{HEADING_ROW + 1}"
    target.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    target.row_dimensions[1].height = 24
    headings = ((column.heading, column.shown_width) for column in sheet.columns)
    target.row_dimensions[HEADING_ROW].height = cells.row_height(headings) or 20
    target.append([cells.text_cell(target, sheet.title, cells.TITLE)])
    target.append([cells.text_cell(target, sheet.about, cells.QUIET)])
    target.append([_heading(target, column) for column in sheet.columns])
    count, sums = _rows(target, sheet, look.currency)
    last = HEADING_ROW + max(count, 1)
    target.auto_filter.ref = f"A{HEADING_ROW}:{get_column_letter(len(sheet.columns))}{last}"
    totals = _totals(target, sheet, last, sums, look.currency)
    if sheet.notes:
        target.append([])
    for note in sheet.notes:
        target.append([cells.text_cell(target, note, cells.QUIET)])
    return contents.Drawn(name=target.title, sheet=sheet, count=count, totals=tuple(totals))


def _heading(target: Worksheet, column: Column) -> Cell:
    cell = cells.text_cell(target, column.heading, cells.HEADING)
    cell.fill = cells.HEADING_FILL
    side = cells.aligned(column.kind).horizontal
    inset = 1 if side == "left" else 0
    cell.alignment = Alignment(horizontal=side, vertical="center", indent=inset, wrap_text=True)
    return cell


def _rows(target: Worksheet, sheet: Sheet, currency: str) -> tuple[int, list[Value]]:
    """Write the rows; how many there were, and the sum of each summed column as it was exported."""
    row_cells = cells.RowCells(target, sheet.columns, currency)
    summed = [place for place, column in enumerate(sheet.columns) if column.total]
    sums: dict[int, int] = dict.fromkeys(summed, 0)
    count = 0
    for row in sheet.rows:
        if count == MOST_ROWS:
            raise WorkbookError(
                f"The sheet “{sheet.title}” has more rows than Excel can hold. Choose a shorter time."
            )
        filled = row_cells.filled(row)
        place = HEADING_ROW + 1 + count
        if height := row_cells.height(row):
            target.row_dimensions[place].height = height
        target.append(filled)
        target.row_dimensions.pop(place, None)  # it is written; thousands of them would be kept
        for column in summed:
            sums[column] += row[column] or 0  # type: ignore[operator,assignment]  # figures: filled() has checked
        count += 1
    if not count:
        target.append([cells.text_cell(target, "There is nothing to show here.", cells.QUIET)])
    return count, [sums.get(place) for place in range(len(sheet.columns))]


def _totals(
    target: Worksheet, sheet: Sheet, last: int, sums: list[Value], currency: str
) -> list[contents.DrawnTotal]:
    """Two rows of formulas below the figures: the sum of all rows, and of the rows a filter leaves."""
    if not any(column.total for column in sheet.columns):
        return []
    first = HEADING_ROW + 1
    drawn: list[contents.DrawnTotal] = []
    everything, shown = [], []
    for number, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(number)
        span = f"{letter}{first}:{letter}{last}"
        everything.append(_total_cell(target, column, f"=SUM({span})", number == 1, "Total", currency))
        shown.append(
            _total_cell(target, column, f"=SUBTOTAL(109,{span})", number == 1, "Of the rows shown", currency)
        )
        if column.total:
            address = f"{quote_sheetname(target.title)}!${letter}${last + 1}"
            drawn.append(contents.DrawnTotal(column=column, address=address, exported=sums[number - 1] or 0))
    for cell in everything:
        cell.border = Border(top=cells.LINE, bottom=cells.DOUBLE)
        cell.fill = cells.PALE_FILL
    target.append(everything)
    target.append(shown)
    return drawn


def _total_cell(
    target: Worksheet, column: Column, formula: str, first: bool, label: str, currency: str
) -> Cell:
    font = cells.STRONG if label == "Total" else cells.QUIET
    if column.total:
        cell = cells.formula_cell(target, formula, font, cells.number_format(column.kind, currency))
    else:
        cell = cells.text_cell(target, label if first else "", font)
    cell.alignment = cells.aligned(column.kind)
    return cell


def _name_totals(book: Workbook, drawn: Sequence[contents.Drawn]) -> None:
    """A name for each total, so that a formula can say Total_Payments_Amount."""
    taken: set[str] = set()
    for sheet in drawn:
        for total in sheet.totals:
            words = f"Total {sheet.name} {total.column.heading}"
            name = re.sub(r"\W+", "_", words, flags=re.ASCII).strip("_")[:200]
            count = sum(other.startswith(name.casefold()) for other in taken)
            name = f"{name}_{count + 1}" if name.casefold() in taken else name
            taken.add(name.casefold())
            book.defined_names[name] = DefinedName(name, attr_text=total.address)
