"""A bank statement as the bank exports it (CSV): a whole file read, or refused with the row that is wrong.

Nothing is guessed and nothing is skipped: an amount or a date that cannot be read stops the file, and where
the bank gives a running balance every row must continue the one before it, so that a missing row, a row too
many or a changed figure shows. The row as it stood in the file is kept.
"""

import csv
import hashlib
import io
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from common.errors import DomainError
from payments.formats.statement_columns import CellError, ColumnMap, read_date, read_figure

LARGEST_FILE = 10 * 1024 * 1024  # bytes
MOST_COLUMNS = 64

_OTHER_FILES = {
    b"PK\x03\x04": "an Excel workbook or a ZIP file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}
_Record = tuple[int, list[str], str]  # number of the row in the file, its cells, its raw text


class StatementError(DomainError):
    """A statement file cannot be read; the message says why and, where there is one, names the row."""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One row. Amounts are signed minor units: money into the account is positive.

    `content_hash` and `occurrence` identify the row in its account whatever file it comes in: the hash is of
    date, amount, description and reference (not of the balance, which changes when a bank re-sorts a day),
    and the occurrence counts equal rows of one day, from 1. Files that overlap by whole days give the same
    pairs, and two real payments that look alike are both kept.
    """

    number: int  # row of the file as a spreadsheet counts, from 1
    day: date
    description: str
    reference: str
    amount: int
    balance: int | None
    raw: str
    content_hash: str
    occurrence: int


@dataclass(frozen=True, slots=True)
class Statement:
    """The rows in file order, and the balances before the first and after the last payment where known."""

    rows: tuple[StatementRow, ...]
    opening_balance: int | None
    closing_balance: int | None

    @property
    def total(self) -> int:
        """Sum of the amounts in minor units."""
        return sum(row.amount for row in self.rows)


def read_statement(content: bytes, columns: ColumnMap) -> Statement:
    """Read a whole statement file; raises StatementError and gives nothing when any part is unclear."""
    records = _records(decoded(content, columns.encoding), columns)
    places, width, records = _places(records, columns)
    rows: list[StatementRow] = []
    seen: Counter[str] = Counter()
    for record in records:
        row = _row(record, places, width, columns)
        seen[row.content_hash] += 1
        rows.append(replace(row, occurrence=seen[row.content_hash]))
    if not rows:
        raise StatementError("The file has a heading but no payments in it.")
    opening, closing = _balances(rows)
    return Statement(tuple(rows), opening, closing)


def decoded(content: bytes, encoding: str) -> str:
    """The text of a file; raises StatementError for anything but text in this encoding."""
    if not content.strip():
        raise StatementError("The file is empty.")
    if len(content) > LARGEST_FILE:
        raise StatementError("The file is larger than 10 MB. Export a shorter time from the bank.")
    for start, kind in _OTHER_FILES.items():
        if content.startswith(start):
            raise StatementError(f"This is {kind}, not a CSV file. Export the statement as CSV.")
    if b"\x00" in content:
        raise StatementError("This is not a text file. Export the statement as CSV.")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise StatementError(
            f"Line {line} has a character that is not in {encoding}. Set the file's encoding to "
            f"{'cp1252' if encoding == 'utf-8-sig' else 'utf-8-sig'} if that is what the bank writes."
        ) from error


class _Lines:
    """Hands lines to the CSV reader and remembers those it took, so that the raw row can be kept."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._taken: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._taken.append(line)
        return line

    def taken(self) -> str:
        """The text since the last call."""
        text = "".join(self._taken).rstrip("\r\n")
        self._taken.clear()
        return text


def _records(text: str, columns: ColumnMap) -> Iterator[_Record]:
    """The rows that hold anything, each with the text it was read from."""
    lines = _Lines(text)
    for _line in zip(range(columns.lines_above), lines, strict=False):
        lines.taken()
    reader = csv.reader(lines, delimiter=columns.delimiter, strict=True)
    number = columns.lines_above
    try:
        for number, cells in enumerate(reader, start=columns.lines_above + 1):  # noqa: B007 (the except names it)
            if len(cells) > MOST_COLUMNS:
                raise StatementError(f"Row {number} has more than {MOST_COLUMNS} columns.")
            raw = lines.taken()
            if any(cell.strip() for cell in cells):
                yield number, cells, raw
    except csv.Error as error:
        raise StatementError(f"Row {number + 1} cannot be read: a quotation mark is out of place.") from error


def _places(records: Iterator[_Record], columns: ColumnMap) -> tuple[dict[str, int], int, Iterator[_Record]]:
    """Where each mapped column stands, how many columns a row has, and the rows of payments."""
    first = next(records, None)
    if first is None:
        raise StatementError("The file has nothing below the lines that are passed over.")
    named = columns.columns()
    if not columns.has_header:
        places = {what: int(position) - 1 for what, position in named.items()}
        if max(places.values()) >= len(first[1]):
            raise StatementError(f"Row {first[0]} has only {len(first[1])} columns.")
        return places, len(first[1]), chain([first], records)
    headings = [_clean(cell).casefold() for cell in first[1]]
    while not headings[-1]:
        headings.pop()
    places = {}
    for what, column in named.items():
        count = headings.count(_clean(column).casefold())
        if count != 1:
            found = "is in the heading more than once" if count else "is not in the heading"
            raise StatementError(f"The column “{column}” {found}. Row {first[0]} is read as the heading.")
        places[what] = headings.index(_clean(column).casefold())
    return places, len(headings), records


def _row(record: _Record, places: dict[str, int], width: int, columns: ColumnMap) -> StatementRow:
    """Read one row; its occurrence is not yet counted."""
    number, cells, raw = record
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        raise StatementError(f"Row {number} has {len(cells)} columns where {width} are expected.")
    cell = {what: cells[place].strip() for what, place in places.items()}
    try:
        day = read_date(cell["date"], columns.date_format)
        amount = _amount(cell, columns)
        balance = read_figure(cell["balance"], columns.currency)[0] if cell.get("balance") else None
    except CellError as error:
        raise StatementError(f"Row {number}: {error}") from error
    description, reference = _clean(cell["description"]), _clean(cell.get("reference", ""))
    identity = json.dumps([day.isoformat(), amount, description, reference])
    return StatementRow(
        number=number,
        day=day,
        description=description,
        reference=reference,
        amount=amount,
        balance=balance,
        raw=raw,
        content_hash=hashlib.sha256(identity.encode("ascii")).hexdigest(),
        occurrence=1,
    )


def _amount(cell: dict[str, str], columns: ColumnMap) -> int:
    """Signed minor units: into the account is positive."""
    if "amount" in cell:
        figure, signed = read_figure(cell["amount"], columns.currency)
        return -figure if columns.money_out == "positive" and not signed else figure
    paid_in = read_figure(cell["paid_in"] or "0", columns.currency)[0]
    paid_out, signed = read_figure(cell["paid_out"] or "0", columns.currency)
    if columns.money_out == "negative" or signed:
        paid_out = -paid_out
    if not (cell["paid_in"] or cell["paid_out"]):
        raise CellError("there is no amount, neither paid in nor paid out.")
    if paid_in < 0 or paid_out < 0:
        raise CellError("an amount has a sign that its column should not have.")
    if paid_in and paid_out:
        raise CellError("there is an amount both paid in and paid out.")
    return paid_in - paid_out


def _clean(text: str) -> str:
    """One line of NFC text; characters that hide or turn what is written become a visible mark.

    They are not refused: whoever pays in writes the description, and must not be able to stop the file.
    """
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join("\ufffd" if unicodedata.category(mark) in ("Cc", "Cf") else mark for mark in spaced)


def _balances(rows: Sequence[StatementRow]) -> tuple[int | None, int | None]:
    """Opening and closing balance, when the running balance holds oldest first or newest first."""
    forwards, backwards = _walk(rows), _walk(rows[::-1])
    oldest_first = rows[0].day <= rows[-1].day
    likely, other = (forwards, backwards) if oldest_first else (backwards, forwards)
    if likely[2] and other[2]:
        raise StatementError(
            f"Row {likely[2]}: the balance is not the balance before it and this amount. "
            "A row is missing, is there twice or has been changed."
        )
    if rows[0].day == rows[-1].day and not likely[2] and not other[2] and likely != other:
        return None, None  # a single day that reads either way: better unknown than wrong
    opening, closing, _wrong = other if likely[2] else likely
    return opening, closing


def _walk(rows: Sequence[StatementRow]) -> tuple[int | None, int | None, int | None]:
    """Opening balance, closing balance, and the number of the first row whose balance does not follow.

    Some banks give the balance of a day on one of its rows only; the amounts between two balances add up.
    """
    opening: int | None = None
    running = 0
    for row in rows:
        running += row.amount
        if row.balance is None:
            continue
        if opening is None:
            opening = row.balance - running
            running = row.balance
        elif running != row.balance:
            return None, None, row.number
    return opening, (None if opening is None else running), None
