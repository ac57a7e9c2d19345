"""A letter on paper: one message to one person, in the size of print they read best."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from common.pdf.flow import Cell, Flow, Page, Row, Table
from common.pdf.fonts import FONT_DIRECTORY, register_fonts
from common.pdf.look import LOOKS, Size
from common.pdf.post import address, bound, feet
from common.pdf.tags import Tag
from common.pdf.text import drawn


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything on the page; texts are plain, never markup. `contacts` are labels and what stands there."""

    sender: str
    name: str
    address: tuple[str, ...]
    number: str
    written_on: date
    paragraphs: tuple[str, ...]
    contacts: tuple[tuple[str, str], ...]


def letters_pdf(letters: Sequence[tuple[Letter, Size]], *, fonts: Path = FONT_DIRECTORY) -> bytes:
    """Letters in the order given, each from an odd page on, as one tagged A4 PDF.

    The same letters give the same bytes. Raises ValueError without any, FontsMissing without a font file.
    """
    register_fonts(fonts)
    senders = sorted({letter.sender for letter, _ in letters})
    return bound(
        [partial(letter_pages, letter, size) for letter, size in letters],
        title="Letters: print pack",
        author=", ".join(senders),
    )


def letter_pages(letter: Letter, size: Size, tag: Tag) -> list[Page]:
    """The pages, not yet drawn, with their structure added to `tag`. Fonts must be registered."""
    flow = Flow(LOOKS[size], tag)
    look = flow.look
    flow.paragraph(letter.sender, look.strong)
    address(flow, (letter.name, *letter.address))
    flow.space(look.gap)
    day = letter.written_on
    flow.paragraph(f"{day.day} {day:%B %Y}", look.text)
    flow.space(look.gap)
    flow.paragraph("A message for you", look.heading, "H1")
    for paragraph in (f"Hello {letter.name},", *letter.paragraphs):
        flow.space(look.padding * 1.5)
        flow.paragraph(paragraph, look.text)
    flow.space(look.gap)
    table = _contacts(flow, letter.contacts)
    flow.need(flow.opening_height(table))
    flow.table(table)
    feet(flow, f"Letter {letter.number}")
    return flow.pages


def _contacts(flow: Flow, contacts: Sequence[tuple[str, str]]) -> Table:
    """Beside each other in standard print; one under the other where the letters are large."""
    look = flow.look
    if look.stacked:
        stacks = [Row((Cell(((label, look.strong), (text, look.text))),)) for label, text in contacts]
        return Table((flow.width,), tuple(stacks))
    label_width = max(drawn(label, bold=True).width for label, _ in contacts) * look.strong.size + look.gutter
    rows = [
        Row((Cell(((label, look.strong),), head="Row"), Cell(((text, look.text),))))
        for label, text in contacts
    ]
    return Table((label_width + 0.01, flow.width - label_width - 0.01), tuple(rows))
