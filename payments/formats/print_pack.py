"""Remittance advices of many people in one file for the printer, for those who get post."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from common.pdf.flow import Page
from common.pdf.fonts import FONT_DIRECTORY, register_fonts
from common.pdf.look import Size
from common.pdf.post import bound
from common.pdf.tags import Tag
from payments.formats.remittance import remittance_pages
from payments.formats.remittance_data import Remittance


def print_pack(letters: Sequence[tuple[Remittance, Size]], *, fonts: Path = FONT_DIRECTORY) -> bytes:
    """All letters in the order given, each in its own size of print; raises ValueError without any."""
    register_fonts(fonts)
    payers = sorted({remittance.payer for remittance, _ in letters})
    return bound(
        [partial(_pages, remittance, size) for remittance, size in letters],
        title="Remittance advice: print pack",
        author=", ".join(payers),
    )


def _pages(remittance: Remittance, size: Size, tag: Tag) -> list[Page]:
    return remittance_pages(remittance, size=size, tag=tag)
