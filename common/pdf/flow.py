"""Headings, paragraphs and tables put on pages, top to bottom; nothing is drawn yet."""

from dataclasses import dataclass
from typing import NamedTuple

from common.pdf.look import A4_HEIGHT, A4_WIDTH, ACCENT, LINE, Colour, Look, Style
from common.pdf.tags import Tag
from common.pdf.text import drawn, wrap


class Words(NamedTuple):
    """A line of text at a place; `y` is its baseline. Without a tag it is decoration, and not read aloud."""

    x: float
    y: float
    text: str
    style: Style
    tag: Tag | None


class Box(NamedTuple):
    """A filled rectangle: a rule or a tinted ground."""

    x: float
    y: float
    width: float
    height: float
    colour: Colour


Page = list[Words | Box]


@dataclass(frozen=True, slots=True)
class Cell:
    """Paragraphs of one table cell. `head` is "Row" or "Column" where the cell names a row or column."""

    parts: tuple[tuple[str, Style], ...]
    right: bool = False
    head: str = ""
    span: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """Cells from left to right."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` includes the gutter of each column. `total` stays with the last row.

    `keep` never breaks the table, `tight` sets its rows like lines of text, `ground` tints it.
    """

    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    header: Row | None = None
    total: Row | None = None
    keep: bool = False
    tight: bool = False
    ground: Colour | None = None


class Flow:
    """Fills pages. `tag` is the element everything new goes into."""

    def __init__(self, look: Look, tag: Tag) -> None:
        self.look, self.tag = look, tag
        self.pages: list[Page] = [[]]
        self.top = A4_HEIGHT - look.margin
        self.bottom = look.margin + look.text.leading * 0.5  # clear for the foot of the page
        self.width = A4_WIDTH - 2 * look.margin
        self.y = self.top

    def space(self, height: float) -> None:
        """Leave room, except at the top of a page."""
        if self.y < self.top:
            self.y -= height

    def need(self, height: float) -> bool:
        """Turn the page unless `height` is left on it; returns whether it was turned."""
        if self.y - height >= self.bottom or self.y == self.top:
            return False
        self.pages.append([])
        self.y = self.top
        return True

    def lines(self, text: str, style: Style, width: float | None = None) -> list[str]:
        """Text broken to the width of the page, or of a column."""
        return wrap(text, size=style.size, bold=style.bold, width=width or self.width)

    def paragraph(self, text: str, style: Style, kind: str = "P") -> None:
        """Put a paragraph under what is there, over as many pages as it takes."""
        tag = self.tag.add(kind)
        lines = self.lines(text, style)
        for index, line in enumerate(lines):
            self.need(style.leading)
            self.put(self.look.margin, line + (" " if index + 1 < len(lines) else ""), style, tag)
            self.y -= style.leading

    def put(self, x: float, text: str, style: Style, tag: Tag | None) -> None:
        """Put one line with its top at the present height, which stays."""
        baseline = self.y - style.leading / 2 - style.size * 0.32
        self.pages[-1].append(Words(x, baseline, text, style, tag))

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Put a filled rectangle, its lower left corner at x, y."""
        self.pages[-1].append(Box(x, y, width, height, colour))

    def height(self, table: Table) -> float:
        """Height of a table that is not broken."""
        rows = [
            *([table.header] if table.header else []),
            *table.rows,
            *([table.total] if table.total else []),
        ]
        return sum(self._row_height(row, table) for row in rows)

    def opening_height(self, table: Table) -> float:
        """Height of what may not be parted from the heading above: header and first row, or the whole."""
        if table.keep or not table.rows:
            return self.height(table)
        alone = len(table.rows) == 1
        return self.height(Table(table.widths, table.rows[:1], table.header, table.total if alone else None))

    def table(self, table: Table) -> None:
        """Put a table; its header is repeated on every page, and read aloud once."""
        tag = self.tag.add("Table")
        if table.keep:
            self.need(self.height(table))
        if table.ground:
            self._ground(table, table.ground)
        if table.header:
            self.need(self.opening_height(table))
            self._row(table.header, table, tag.add("TR"))
        for index, row in enumerate(table.rows):
            last = index + 1 == len(table.rows)
            follows = self._row_height(table.total, table) if table.total and last else 0.0
            self._body_row(row, table, tag.add("TR"), follows)
        if table.total:
            self._body_row(table.total, table, tag.add("TR"), 0.0)

    def _ground(self, table: Table, colour: Colour) -> None:
        """Tint behind a table, as far as it stays on this page; it reaches a little into the margins."""
        height = min(self.height(table), self.y - self.bottom)
        reach = self.look.gutter * 0.8
        self.box(self.look.margin - reach, self.y - height, self.width + 2 * reach, height, colour)

    def _body_row(self, row: Row, table: Table, tag: Tag, follows: float) -> None:
        cells = self._broken(row, table)
        tags = _cell_tags(row, tag)
        header = self._row_height(table.header, table) if table.header else 0.0
        per_page = int((self.top - self.bottom - header - follows) / self.look.heading.leading) - 1
        longest = max(len(lines) for lines in cells)
        for start in range(0, longest, per_page):
            band = [lines[start : start + per_page] for lines in cells]
            if self.need(self._band_height(band, table) + follows) and table.header:
                self._row(table.header, table, None)
            self._draw(band, row, table, tags)

    def _row(self, row: Row, table: Table, tag: Tag | None) -> None:
        tags: list[Tag | None] = _cell_tags(row, tag) if tag else [None for _ in row.cells]
        self._draw(self._broken(row, table), row, table, tags)

    def _draw(
        self, band: list[list[tuple[str, Style]]], row: Row, table: Table, tags: list[Tag | None]
    ) -> None:
        height, top, column = self._band_height(band, table), self.y, 0
        x = self.look.margin
        for cell, lines, tag in zip(row.cells, band, tags, strict=True):
            width = self._cell_width(table, column, cell)
            self.y = top - self._padding(table)
            for index, (text, style) in enumerate(lines):
                left = x + width - drawn(text, style.bold).width * style.size if cell.right else x
                self.put(left, text + (" " if index + 1 < len(lines) else ""), style, tag)
                self.y -= style.leading
            x += sum(table.widths[column : column + cell.span])
            column += cell.span
        self.y = top - height
        if table.header is row or (table.total and table.rows[-1] is row):
            self.box(self.look.margin, self.y, self.width, 1.2, ACCENT)
        elif row is not table.total and row is not table.rows[-1] and not table.tight:
            self.box(self.look.margin, self.y, self.width, 0.6, LINE)

    def _broken(self, row: Row, table: Table) -> list[list[tuple[str, Style]]]:
        """The lines of each cell of a row."""
        result, column = [], 0
        for cell in row.cells:
            width = self._cell_width(table, column, cell)
            result.append(
                [(line, style) for text, style in cell.parts for line in self.lines(text, style, width)]
            )
            column += cell.span
        return result

    def _cell_width(self, table: Table, column: int, cell: Cell) -> float:
        """Width for text: the gutter is left free, except after the last column."""
        end = column + cell.span
        return sum(table.widths[column:end]) - (0.0 if end == len(table.widths) else self.look.gutter)

    def _row_height(self, row: Row, table: Table) -> float:
        return self._band_height(self._broken(row, table), table)

    def _band_height(self, band: list[list[tuple[str, Style]]], table: Table) -> float:
        return max(sum(style.leading for _, style in lines) for lines in band) + 2 * self._padding(table)

    def _padding(self, table: Table) -> float:
        return self.look.padding / 4 if table.tight else self.look.padding


def _cell_tags(row: Row, tag: Tag) -> list[Tag | None]:
    return [tag.add("TH" if cell.head else "TD", scope=cell.head, span=cell.span) for cell in row.cells]
