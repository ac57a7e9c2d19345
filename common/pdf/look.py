"""Sizes, weights and colours of printed pages. All lengths are points (72 to the inch)."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

A4_WIDTH, A4_HEIGHT = 595.28, 841.89


class Colour(NamedTuple):
    """Red, green and blue from 0 to 1."""

    red: float
    green: float
    blue: float


INK = Colour(0.10, 0.12, 0.14)
QUIET = Colour(0.29, 0.34, 0.38)  # 7.5 to 1 on white: quiet, and still easy to read
ACCENT = Colour(0.07, 0.30, 0.37)
LINE = Colour(0.80, 0.84, 0.86)
TINT = Colour(0.94, 0.965, 0.97)


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of text looks; `leading` is the height of a line."""

    size: float
    leading: float
    bold: bool = False
    colour: Colour = INK


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that differs between the standard and the large print page."""

    text: Style
    strong: Style
    quiet: Style
    heading: Style
    title: Style
    margin: float  # 56 is just under 20 mm, where the window of an envelope begins
    gap: float  # between two sections
    padding: float  # above and below the text of a table row
    gutter: float  # between two columns
    stacked: bool  # dates stand above the text rather than in a column of their own


def _look(size: float, *, margin: float, stacked: bool) -> Look:
    leading = round(size * 1.36, 2)
    return Look(
        text=Style(size, leading),
        strong=Style(size, leading, bold=True),
        quiet=Style(size, leading, colour=QUIET),
        heading=Style(round(size * 1.3, 1), round(size * 1.75, 1), bold=True, colour=ACCENT),
        title=Style(round(size * 1.45 + 9, 1), round(size * 1.7 + 12, 1), bold=True, colour=ACCENT),
        margin=margin,
        gap=round(size * 1.9, 1),
        padding=round(size * 0.42, 1),
        gutter=round(size * 1.2, 1),
        stacked=stacked,
    )


class Size(Enum):
    """The two sizes of print people can ask for."""

    STANDARD = "standard"
    LARGE = "large"


LOOKS = {
    Size.STANDARD: _look(12, margin=56, stacked=False),
    Size.LARGE: _look(18, margin=56, stacked=True),
}
