"""Find out from a sample how a bank writes its statements. A proposal: a person looks at it and confirms.

The separator is the one that gives most rows of one width; the heading stands above the first row with a
date in it; columns are known by their headings, and without one by what stands in them. Where two readings
are possible, the one in which the running balance holds is proposed.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from payments.formats.statement_columns import (
    DATE_FORMATS,
    DELIMITERS,
    ENCODINGS,
    LARGEST_PREAMBLE,
    CellError,
    ColumnMap,
    ColumnMapError,
    read_date,
    read_figure,
)
from payments.formats.statement_csv import StatementError, decoded, read_statement

SAMPLE = 8_000  # bytes: enough rows to tell, few enough to carry in a form
_HEADINGS = (  # in the order in which columns are given out
    ("date", r"^(transaction|posting|posted|booking|entry)?\s*date|date"),
    ("balance", r"balance"),
    ("paid_in", r"paid in|money in|credit|receipt|deposit|^in$"),
    ("paid_out", r"paid out|money out|debit|withdraw|^payments?$|^out$"),
    ("amount", r"^amount|^value$|amount|value"),
    ("reference", r"^ref|reference"),
    ("description", r"descri|narrative|detail|particular|memo"),
    ("description", r"counter ?part|payee|^name|transaction|type"),
)
_FIGURES = frozenset({"balance", "paid_in", "paid_out", "amount"})


@dataclass(frozen=True, slots=True)
class Layout:
    """A sample cut into cells. `names` are headings, or positions from "1" where there is no heading."""

    delimiter: str
    encoding: str
    lines_above: int
    has_header: bool
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def cells(self, name: str) -> list[str]:
        """What stands in a column, without its empty cells."""
        place = self.names.index(name)
        return [row[place].strip() for row in self.rows if len(row) > place and row[place].strip()]


def head_of(content: bytes) -> bytes:
    """The first whole lines of a file, as the sample that goes from page to page in a form."""
    if len(content) <= SAMPLE:
        return content
    return content[: content.rfind(b"\n", 0, SAMPLE) + 1] or content[:SAMPLE]


def encoding_of(content: bytes) -> str:
    """UTF-8 where the whole file is that, else the old Windows one. Raises StatementError for neither."""
    for encoding in ENCODINGS[:-1]:
        try:
            decoded(content, encoding)
        except StatementError as error:
            if not isinstance(error.__cause__, UnicodeDecodeError):
                raise
        else:
            return encoding
    decoded(content, ENCODINGS[-1])
    return ENCODINGS[-1]


def layout_of(sample: bytes, *, encoding: str, lines_above: int | None = None) -> Layout:
    """Cut a sample into cells; `lines_above` is found out unless given. Raises StatementError."""
    text = decoded(sample, encoding)
    delimiter = max(DELIMITERS, key=lambda each: _regularity(text, each))
    rows = list(_rows(text, delimiter))
    if lines_above is not None:
        rows = [row for row in rows if row[0] > lines_above]
    first = next((place for place, (_, cells) in enumerate(rows) if _has_date(cells)), None)
    if first is None:
        raise StatementError("There is no row with a date in it. Export the statement as CSV, with its rows.")
    above = [row for row in rows[:first] if len(row[1]) > 1]
    heading = (above[0] if lines_above is not None else above[-1]) if above else None
    data = tuple(tuple(cells) for _, cells in rows[first:])
    if heading is None:
        skipped = rows[first][0] - 1
        names = tuple(str(place + 1) for place in range(len(data[0])))
    else:
        skipped = heading[0] - 1
        names = tuple(_heading(cell) for cell in heading[1])
        while names and not names[-1]:
            names = names[:-1]
    if skipped > LARGEST_PREAMBLE:
        raise StatementError(f"The first row with a date stands below {LARGEST_PREAMBLE} other lines.")
    return Layout(delimiter, encoding, skipped, heading is not None, names, data)


def _heading(cell: str) -> str:
    return " ".join(cell.split())


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, with the line on which each begins, from 1."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise StatementError(f"Line {begins} cannot be read as CSV.") from error


def _regularity(text: str, delimiter: str) -> tuple[int, int]:
    """How many rows have the most frequent width, where that is at least three columns."""
    widths = Counter(len(cells) for _, cells in _rows(text, delimiter) if len(cells) > 2)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    return count, width


def _formats(cells: Sequence[str]) -> list[str]:
    """The ways of writing dates in which all these are days; the British reading comes first."""
    return [known for known in DATE_FORMATS if cells and all(_is_date(cell, known) for cell in cells)]


def _is_date(cell: str, date_format: str) -> bool:
    try:
        read_date(cell, date_format)
    except CellError:
        return False
    return True


def _has_date(cells: Sequence[str]) -> bool:
    return any(_is_date(cell, known) for cell in cells for known in DATE_FORMATS)


def _are_figures(cells: Sequence[str], currency: str) -> bool:
    try:
        for cell in cells:
            read_figure(cell, currency)
    except CellError:
        return False
    return True


def propose(layout: Layout, currency: str) -> dict[str, Any]:
    """Settings for a ColumnMap; a column that was not found is an empty name."""
    found = _by_heading(layout, currency) if layout.has_header else _by_content(layout, currency)
    if {"paid_in", "paid_out"} <= found.keys():
        found.pop("amount", None)
    else:
        found.pop("paid_in", None)
        found.pop("paid_out", None)
    dates = _formats(layout.cells(found["date"])) if "date" in found else []
    out = layout.cells(found.get("amount") or found.get("paid_out") or "") if _has_money(found) else []
    settings = {
        **dict.fromkeys(("date", "description", "reference", "amount", "paid_in", "paid_out", "balance"), ""),
        **found,
        "date_format": dates[0] if dates else DATE_FORMATS[0],
        "money_out": "negative" if "amount" in found or any("-" in cell for cell in out) else "positive",
        "has_header": layout.has_header,
        "lines_above": layout.lines_above,
        "delimiter": layout.delimiter,
        "encoding": layout.encoding,
        "currency": currency,
    }
    return next((each for each in _readings(settings) if _holds(layout, each)), settings)


def _has_money(found: dict[str, str]) -> bool:
    return bool(found.keys() & {"amount", "paid_out"})


def _by_heading(layout: Layout, currency: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for what, pattern in _HEADINGS:
        for name in layout.names if what not in found else ():
            fits = re.search(pattern, name.casefold()) and name not in found.values()
            if not fits or layout.names.count(name) > 1:
                continue
            if what == "date" and not _formats(layout.cells(name)):
                continue
            if what in _FIGURES and not _are_figures(layout.cells(name), currency):
                continue
            found[what] = name
            break
    return found


def _by_content(layout: Layout, currency: str) -> dict[str, str]:
    """Without headings: the first dates, figures with a point from left to right, the longest text."""
    dates = [name for name in layout.names if _formats(layout.cells(name))]
    rest = [name for name in layout.names if name not in dates and layout.cells(name)]
    figures = [name for name in rest if _are_figures(layout.cells(name), currency)]
    figures = [name for name in figures if any("." in cell for cell in layout.cells(name))]
    texts = [name for name in rest if name not in figures]
    texts.sort(key=lambda name: -sum(map(len, layout.cells(name))))
    found = dict(zip(("description", "reference"), texts, strict=False))
    if dates:
        found["date"] = dates[0]
    columns = ("paid_out", "paid_in", "balance") if len(figures) > 2 else ("amount", "balance")
    return found | dict(zip(columns, figures, strict=False))


def _readings(settings: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The proposal, and what it could also be: the other sign, and in and out the other way round."""
    other = {"negative": "positive", "positive": "negative"}[settings["money_out"]]
    turned = {"paid_in": settings["paid_out"], "paid_out": settings["paid_in"]}
    yield settings
    yield settings | {"money_out": other}
    if settings["paid_in"]:
        yield settings | turned
        yield settings | turned | {"money_out": other}


def _holds(layout: Layout, settings: dict[str, Any]) -> bool:
    """Can the sample be read like this, balance and all?"""
    if layout.has_header and settings["date"] and settings["description"]:
        cells = [*layout.names], *layout.rows
    else:
        cells = layout.rows
    text = io.StringIO()
    csv.writer(text, delimiter=layout.delimiter).writerows(cells)
    plain = {"lines_above": 0, "encoding": "utf-8-sig"}
    try:
        read_statement(text.getvalue().encode(), ColumnMap(**settings | plain))
    except (StatementError, ColumnMapError):
        return False
    return True
