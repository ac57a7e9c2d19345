"""The first sheet: what each sheet is, its control totals, and the checks that must show 0.00.

Each total stands twice: as it was when the workbook was made (a figure) and as the sheet adds up now (a
formula). A cell that somebody changes afterwards shows as a difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from common.money import digits
from common.workbook import cells
from common.workbook.model import Check, Column, Kind, Sheet, Total, Value

TITLE = "Contents"
_WIDTHS = {"A": 34, "B": 64, "C": 10, "D": 20, "E": 18, "F": 18, "G": 14, "H": 12}
_SHEETS = ("Sheet", "What it shows", "Rows", "Control total", "When made", "In the sheet", "Difference", "")
_CHECKS = ("Check", "What is compared", "", "", "First figure", "Second figure", "Difference", "")
_WRONG = PatternFill("solid", bgColor="F8D0D0")
_VERDICT_ROW = 3
_TABLE_ROW = 6  # of the first row below the heading of the first table


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnTotal:
    """A total that has its place: `address` of its formula, and its sum when the sheet was written."""

    column: Column
    address: str
    exported: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A sheet that has been written, under the `name` Excel knows it by."""

    name: str
    sheet: Sheet
    count: int
    totals: tuple[DrawnTotal, ...]


class _Page:
    """The sheet being written, its next row and the currency."""

    def __init__(self, target: Worksheet, currency: str) -> None:
        self.target = target
        self.currency = currency
        self.row = 1

    def text(self, text: str, font: Font = cells.BODY) -> Cell:
        cell = cells.text_cell(self.target, text, font)
        cell.alignment = cells.aligned(Kind.TEXT)
        return cell

    def typed(self, value: Value, kind: Kind) -> Cell:
        cell = cells.with_figure(WriteOnlyCell(self.target), value, kind, self.currency)
        cell.number_format = cells.number_format(kind, self.currency)
        cell.font = cells.BODY
        cell.alignment = cells.aligned(kind)
        return cell

    def formula(self, formula: str, kind: Kind) -> Cell:
        shown_as = "General" if kind is Kind.TEXT else cells.number_format(kind, self.currency)
        cell = cells.formula_cell(self.target, formula, cells.BODY, shown_as)
        cell.alignment = cells.aligned(Kind.DATE if kind is Kind.TEXT else kind)
        return cell

    def put(self, row: Sequence[Cell | None]) -> None:
        texts = zip(row, _WIDTHS.values(), strict=False)
        wrapped = ((str(cell.value), width) for cell, width in texts if cell and cell.alignment.wrap_text)
        if height := cells.row_height(wrapped):
            self.target.row_dimensions[self.row].height = height
        self.target.append(list(row))
        self.row += 1

    def headings(self, headings: Sequence[str]) -> None:
        row = [cells.text_cell(self.target, heading, cells.HEADING) for heading in headings]
        for place, cell in enumerate(row):
            cell.fill = cells.HEADING_FILL
            figures = place in (2, 4, 5, 6)
            cell.alignment = Alignment(horizontal="right" if figures else "left", indent=0 if figures else 1)
        self.put(row)


def draw(
    target: Worksheet,
    drawn: Sequence[Drawn],
    checks: Sequence[Check],
    *,
    title: str,
    made: str,
    currency: str,
) -> None:
    """Write the first sheet. Raises ValueError for a check that names no money total of this workbook."""
    for letter, width in _WIDTHS.items():
        target.column_dimensions[letter].width = width
    target.row_dimensions[1].height = 24
    page = _Page(target, currency)
    lines = sum(max(len(sheet.totals), 1) for sheet in drawn)
    last = _TABLE_ROW - 1 + lines + (3 + len(checks) if checks else 0)
    page.put([cells.text_cell(target, title, cells.TITLE)])
    page.put([cells.text_cell(target, f"{made}. All amounts are in {currency}.", cells.QUIET)])
    verdict = (
        f'=IF(COUNTIF(H{_TABLE_ROW}:H{last},"agrees")=COUNT(G{_TABLE_ROW}:G{last}),'
        '"Every figure agrees.","Some figures do not agree: see the column Difference.")'
    )
    page.put([cells.formula_cell(target, verdict, cells.SECTION, "General")])
    page.put([])
    page.headings(_SHEETS)
    for sheet in drawn:
        _sheet_lines(page, sheet)
    if checks:
        page.put([])
        page.put([cells.text_cell(target, "Checks", cells.SECTION)])
        page.headings(_CHECKS)
        places = _places(drawn)
        for check in checks:
            _check_line(page, check, places)
    for span, differs in (
        (f"E{_TABLE_ROW}:H{last}", f"AND(ISNUMBER($G{_TABLE_ROW}),$G{_TABLE_ROW}<>0)"),
        (f"A{_VERDICT_ROW}:B{_VERDICT_ROW}", f'LEFT($A{_VERDICT_ROW},4)="Some"'),
    ):
        wrong = Rule(type="expression", dxf=DifferentialStyle(fill=_WRONG), formula=[differs])
        target.conditional_formatting.add(span, wrong)


def _sheet_lines(page: _Page, drawn: Drawn) -> None:
    """One line per control total; the name, what it shows and the number of rows stand on the first."""
    name = page.text(drawn.name, cells.LINK)
    name.hyperlink = Hyperlink(ref="", location=f"{quote_sheetname(drawn.name)}!A1", display=drawn.name)
    about = [name, page.text(drawn.sheet.about), page.typed(drawn.count, Kind.NUMBER)]
    if not drawn.totals:
        page.put(about)
    for number, total in enumerate(drawn.totals):
        kind = total.column.kind
        figures = [page.text(total.column.heading), page.typed(total.exported, kind)]
        figures.append(page.formula(f"={total.address}", kind))
        page.put([*(about if number == 0 else (None, None, None)), *figures, *_difference(page, kind)])


def _difference(page: _Page, kind: Kind) -> list[Cell]:
    """The difference of columns E and F, rounded because Excel adds in floating point, and a word for it."""
    places = digits(page.currency) if kind is Kind.MONEY else 2
    difference = page.formula(f"=ROUND(E{page.row}-F{page.row},{places})", kind)
    return [difference, page.formula(f'=IF(G{page.row}=0,"agrees","DIFFERS")', Kind.TEXT)]


def _places(drawn: Sequence[Drawn]) -> dict[Total, str]:
    return {
        Total(sheet.sheet.title, total.column.heading): total.address
        for sheet in drawn
        for total in sheet.totals
        if total.column.kind is Kind.MONEY
    }


def _check_line(page: _Page, check: Check, places: dict[Total, str]) -> None:
    compared = [f"{check.figure.sheet}: {check.figure.heading}"]
    for total in (check.figure, check.against):
        if isinstance(total, Total) and total not in places:
            raise ValueError(f"There is no money total {total.heading} on a sheet {total.sheet}.")
    if isinstance(check.against, Total):
        compared.append(f"{check.against.sheet}: {check.against.heading}")
        second = page.formula(f"={places[check.against]}", Kind.MONEY)
    else:
        compared.append("the books")
        second = page.typed(check.against, Kind.MONEY)
    first = page.formula(f"={places[check.figure]}", Kind.MONEY)
    words = [page.text(check.title), page.text(" and ".join(compared)), None, None]
    page.put([*words, first, second, *_difference(page, Kind.MONEY)])
