"""CSV text as rows with exactly the columns that are known; the whole file is accepted or refused.

Text that looks like a spreadsheet formula is just text here: nothing evaluates it.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from claims.pricing.vocabulary import choices
from common.errors import DomainError

Parsers = Mapping[str, Callable[[str], Any]]


class ClaimsFileError(DomainError):
    """A file that was refused; `problems` holds one sentence each, with row number and column."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class CellError(DomainError):
    """What one cell should hold instead."""


def decoded(content: bytes) -> str:
    """The text of a UTF-8 file, with or without byte order mark. Raises ClaimsFileError."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ClaimsFileError(["The file is not UTF-8 text. Save it as UTF-8 and try again."]) from error


def read_rows(text: str, parsers: Parsers, problems: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (row number, values) for each row whose cells can all be read.

    What cannot be read is added to `problems`. Row 1 is the header; empty rows count and are passed
    over, so that the numbers are those of a spreadsheet. Raises ClaimsFileError for a wrong header.
    """
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise ClaimsFileError(["The file holds a NUL character: it is not a text file."])
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = _header(next(reader, []), parsers)
        for number, cells in enumerate(reader, start=2):
            values = _values(number, header, cells, parsers, problems)
            if values is not None:
                yield number, values
    except csv.Error as error:
        problems.append(f"Line {reader.line_num} of the file is not CSV that can be read: {error}.")


def _header(cells: list[str], parsers: Parsers) -> list[str]:
    header = [cell.strip() for cell in cells]
    problems = [f"Row 1: “{name}” is not a known column." for name in header if name not in parsers]
    problems += [f"Row 1: the column {name} is missing." for name in parsers if name not in header]
    problems += [f"Row 1: the column {name} is there twice." for name in parsers if header.count(name) > 1]
    if problems:
        raise ClaimsFileError(problems)
    return header


def _values(
    number: int, header: list[str], cells: list[str], parsers: Parsers, problems: list[str]
) -> dict[str, Any] | None:
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) != len(header):
        problems.append(f"Row {number}: has {len(cells)} cells, and the header has {len(header)} columns.")
        return None
    values: dict[str, Any] = {}
    for column, cell in zip(header, cells, strict=True):
        try:
            values[column] = parsers[column](cell)
        except DomainError as error:
            problems.append(f"Row {number}, {column}: {error}")
    return values if len(values) == len(header) else None


def one_of(words: Iterable[str], text: str) -> CellError:
    """The error for a word that is not in a closed list."""
    return CellError(f"“{text}” is not known here: use {choices(words)}.")
