"""Text made ready for paper: split into runs of one font, put in visual order, measured and broken."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import ShapedStr, shapeStr

from common.pdf.fonts import (
    BOLD,
    REGULAR,
    REPLACEMENT,
    font_for,
    is_accent,
    is_joiner,
    number_joined_forms,
)

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_NUMBER = frozenset({"EN", "AN", "ES", "CS", "ET"})


class Run(NamedTuple):
    """Letters of one font, drawn from left to right; `width` is for one point of size."""

    font: str
    text: str
    width: float


class Drawn(NamedTuple):
    """A line as it is drawn. `said` is the text itself where the shapes no longer spell it, else empty."""

    runs: tuple[Run, ...]
    width: float
    said: str


class _Piece(NamedTuple):
    text: str
    font: str
    way: str  # "L" left to right, "R" right to left, "N" a number, "" takes the way of its neighbours


@lru_cache(maxsize=4096)
def drawn(text: str, bold: bool) -> Drawn:
    """How a line of text is drawn: never a crash, and never an empty box, whatever is in it."""
    if text.isascii() and text.isprintable():
        run = _measured(text, (BOLD if bold else REGULAR)[0])
        return Drawn((run,), run.width, "")
    clean = _without_controls(text)
    if not clean:
        return drawn("", bold)
    pieces = list(_pieces(clean, bold))
    runs = tuple(
        _shaped(piece) if _needs_shaping(piece) else _measured(piece.text, piece.font)
        for piece in _merged(_in_visual_order(pieces))
    )
    same = "".join(run.text for run in runs) == clean and not any(
        isinstance(run.text, ShapedStr) for run in runs
    )
    return Drawn(runs, sum(run.width for run in runs), "" if same else clean)


def wrap(text: str, *, size: float, bold: bool, width: float) -> list[str]:
    """Break text into lines no wider than `width` points; a line feed in it starts a new line.

    A word wider than the line is broken between letters. Always at least one line.
    """
    room = width / size
    if "\n" not in text and drawn(text, bold).width <= room:
        return [text]
    space = drawn(" ", bold).width
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line, used = "", 0.0
        for word in (part for whole in paragraph.split(" ") for part in _fitting(whole, bold, room)):
            needed = drawn(word, bold).width
            if line and used + space + needed > room:
                lines.append(line)
                line = ""
            line, used = (f"{line} {word}", used + space + needed) if line else (word, needed)
        lines.append(line)
    return lines


def _fitting(word: str, bold: bool, room: float) -> Iterator[str]:
    """A word, in as many parts as it takes for each to fit."""
    while len(word) > 1 and drawn(word, bold).width > room:
        end = len(word) - 1
        while end > 1 and drawn(word[:end], bold).width > room:
            end = max(1, min(end - 1, int(end * room / drawn(word[:end], bold).width) + 1))
        yield word[:end]
        word = word[end:]
    yield word


def _without_controls(text: str) -> str:
    """NFC, tabs and feeds as spaces, and without marks that have no shape or turn the direction."""
    kept = []
    for mark in unicodedata.normalize("NFC", text):
        category = unicodedata.category(mark)
        if category == "Cc":
            kept.append(" ")
        elif category not in {"Cf", "Cs"} or is_joiner(mark):
            kept.append(mark)
    return "".join(kept)


def _pieces(text: str, bold: bool) -> Iterator[_Piece]:
    """Neighbouring letters that share a font and a way of reading."""
    letters: list[_Piece] = []
    for cluster in _clusters(text):
        font = font_for(cluster, bold=bold)
        if font is None:
            cluster, font = REPLACEMENT, (BOLD if bold else REGULAR)[-1]
        letters.append(_Piece(cluster, font, _way(cluster)))
    if any(letter.way == "R" for letter in letters):
        letters = _joined(letters)
    for (font, way), group in groupby(letters, key=lambda letter: (letter.font, letter.way)):
        yield _Piece("".join(letter.text for letter in group), font, way)


def _clusters(text: str) -> Iterator[str]:
    """Each letter together with its accents."""
    cluster = ""
    for mark in text:
        if cluster and not is_accent(mark):
            yield cluster
            cluster = ""
        cluster += mark
    if cluster:
        yield cluster


def _way(cluster: str) -> str:
    direction = unicodedata.bidirectional(cluster[0])
    if direction in _RIGHT_TO_LEFT:
        return "R"
    if direction in _NUMBER:
        return "N"
    return "L" if direction == "L" else ""


def _joined(letters: list[_Piece]) -> list[_Piece]:
    """Spaces and points between two right-to-left words belong to them, where their font has them.

    Brackets in a line that also has left-to-right words stand where they are typed.
    """
    mixed = any(letter.way == "L" for letter in letters)
    result = [letter._replace(way="L") if mixed and letter.text in "()[]" else letter for letter in letters]
    for index, letter in enumerate(result):
        before = next((item for item in reversed(result[:index]) if item.way), None)
        after = next((item for item in result[index + 1 :] if item.way), None)
        inside = not letter.way and before and after and before.way == after.way == "R"
        if inside and before and font_has(before.font, letter.text):
            result[index] = _Piece(letter.text, before.font, "R")
    return result


def font_has(name: str, text: str) -> bool:
    """Whether one font has every letter of a text."""
    known = pdfmetrics.getFont(name).face.charToGlyph
    return all(ord(mark) in known for mark in text)


def _in_visual_order(pieces: list[_Piece]) -> list[_Piece]:
    """Turn round each stretch that reads from right to left, numbers inside it included.

    The page reads from left to right, so only the stretch is turned; this is the part of the Unicode
    bidirectional algorithm that names and addresses need.
    """
    result: list[_Piece] = []
    index = 0
    while index < len(pieces):
        if pieces[index].way != "R":
            result.append(pieces[index])
            index += 1
            continue
        end = last = index
        while end < len(pieces) and pieces[end].way != "L":
            last = end if pieces[end].way in {"R", "N"} else last
            end += 1
        result.extend(reversed(pieces[index : last + 1]))
        index = last + 1
    return result


def _merged(pieces: list[_Piece]) -> Iterator[_Piece]:
    """Neighbours that are drawn from left to right in one font, as one."""
    for (font, right), group in groupby(pieces, key=lambda piece: (piece.font, piece.way == "R")):
        if right:
            yield from group
        else:
            yield _Piece("".join(piece.text for piece in group), font, "L")


def _needs_shaping(piece: _Piece) -> bool:
    return piece.way == "R" or any(is_accent(mark) for mark in piece.text)


def _measured(text: str, font: str) -> Run:
    return Run(font, text, pdfmetrics.stringWidth(text, font, 1))


def _shaped(piece: _Piece) -> Run:
    number_joined_forms(piece.font)
    shaped = shapeStr(piece.text, piece.font, 1, force=True)
    if isinstance(shaped, ShapedStr):
        return Run(piece.font, shaped, sum(part.x_advance for part in shaped.__shapeData__) / 1000)
    return _measured(shaped, piece.font)
