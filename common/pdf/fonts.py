"""The typefaces of printed pages, and which of them can draw which letter."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONT_DIRECTORY = Path(__file__).resolve().parents[2] / "static" / "built" / "fonts" / "ttf"

# In order of preference. Noto Naskh comes before DejaVu because both know Arabic and it draws it better.
REGULAR = ("AtkinsonHyperlegibleNext-Regular", "NotoNaskhArabic-Regular", "DejaVuSans")
BOLD = ("AtkinsonHyperlegibleNext-Bold", "NotoNaskhArabic-Bold", "DejaVuSans-Bold")
REPLACEMENT = "\ufffd"  # a question mark in a diamond: says "a letter is missing here", unlike an empty box


class FontsMissing(RuntimeError):
    """A font file is not where it should be; the message says which and how to get it."""


@lru_cache
def register_fonts(directory: Path = FONT_DIRECTORY) -> None:
    """Make the fonts in `directory` known to reportlab; later calls in the same process cost nothing.

    Raises FontsMissing when a file is not there.
    """
    for name in (*REGULAR, *BOLD):
        file = directory / f"{name}.ttf"
        if not file.is_file():
            raise FontsMissing(f"The font {file} is missing. Build the assets, which puts it there.")
        pdfmetrics.registerFont(TTFont(name, str(file)))


def font_for(cluster: str, *, bold: bool) -> str | None:
    """Name of the first font that has every mark of a letter and its accents, or None."""
    for name in BOLD if bold else REGULAR:
        known = pdfmetrics.getFont(name).face.charToGlyph
        if all(ord(mark) in known or is_joiner(mark) for mark in cluster):
            return name
    return None


def is_joiner(mark: str) -> bool:
    """Whether a mark only tells its neighbours how to join, and has no shape of its own."""
    return mark in "\u200c\u200d" or "\ufe00" <= mark <= "\ufe0f"


def is_accent(mark: str) -> bool:
    """Whether a mark is drawn on the letter before it."""
    return is_joiner(mark) or unicodedata.category(mark) in {"Mn", "Me", "Mc"}


@lru_cache
def number_joined_forms(name: str) -> None:
    """Number the joined letter forms of a font in the font's own order.

    Reportlab numbers them as it meets them, so the bytes of one person's page would depend on whose
    page was made before it.
    """
    font = pdfmetrics.getFont(name)
    shaper = font.hbFont(1000)
    for glyph in range(font.face.numGlyphs):
        if glyph not in font.face.glyphToChar:
            font.hbAddPrivate(shaper.glyph_to_string(glyph), glyph, shaper.get_glyph_h_advance(glyph))
