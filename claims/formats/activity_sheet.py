"""The activity sheet: everything somebody is told about an activity before they come, to keep on paper.

It says what is offered, and holds no answer: the sheet of everybody who was asked reads the same.
"""

from dataclasses import dataclass
from pathlib import Path

from common.pdf.flow import Cell, Flow, Page, Row, Table
from common.pdf.fonts import FONT_DIRECTORY, register_fonts
from common.pdf.look import LOOKS, Size
from common.pdf.paint import paint
from common.pdf.post import address, feet
from common.pdf.tags import Tag
from common.pdf.text import drawn

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with paragraphs under it, and labelled rows where there are some."""

    heading: str
    paragraphs: tuple[str, ...]
    rows: Facts = ()


@dataclass(frozen=True, slots=True)
class ActivitySheet:
    """Everything on the page; texts are plain, never markup. `address` is only for letters by post."""

    organisation: str
    number: str
    name: str
    title: str
    purpose: tuple[str, ...]
    facts: Facts
    parts: tuple[Part, ...]
    contacts: Facts
    address: tuple[str, ...] = ()

    @property
    def document_title(self) -> str:
        """Neutral, because titles show in windows, lists and print queues."""
        return f"Sheet {self.number}"


def sheet_pdf(sheet: ActivitySheet, *, size: Size, fonts: Path = FONT_DIRECTORY) -> bytes:
    """The sheet as a tagged A4 PDF with its fonts inside; the same input gives the same bytes.

    Raises FontsMissing when a font file is not in `fonts`.
    """
    register_fonts(fonts)
    root = Tag("Document")
    return paint(
        sheet_pages(sheet, size=size, tag=root),
        root,
        title=sheet.document_title,
        author=sheet.organisation,
    )


def sheet_pages(sheet: ActivitySheet, *, size: Size, tag: Tag) -> list[Page]:
    """The pages, not yet drawn, with their structure added to `tag`. Fonts must be registered."""
    flow = Flow(LOOKS[size], tag)
    look = flow.look
    flow.paragraph(sheet.organisation, look.strong)
    if sheet.address:
        address(flow, (sheet.name, *sheet.address))
    flow.space(look.gap)
    flow.paragraph(sheet.title, look.title, "H1")
    for paragraph in sheet.purpose:
        flow.space(look.padding)
        flow.paragraph(paragraph, look.text)
    flow.space(look.padding)
    flow.table(_labelled(flow, sheet.facts))
    for part in sheet.parts:
        _part(flow, part)
    _part(flow, Part("Who to ask", (), sheet.contacts), keep=True)
    feet(flow, sheet.document_title)
    return flow.pages


def _part(flow: Flow, part: Part, *, keep: bool = False) -> None:
    """A heading is never left alone at the foot of a page; `keep` never breaks the rows under it."""
    look = flow.look
    table = _labelled(flow, part.rows, keep=keep) if part.rows else None
    first = len(flow.lines(part.paragraphs[0], look.text)) * look.text.leading if part.paragraphs else 0.0
    follows = first or (flow.opening_height(table) if table else 0.0)
    flow.space(look.gap)
    flow.need(look.heading.leading + look.padding + follows)
    flow.paragraph(part.heading, look.heading, "H2")
    for paragraph in part.paragraphs:
        flow.space(look.padding)
        flow.paragraph(paragraph, look.text)
    if table:
        flow.space(look.padding)
        flow.table(table)


def _labelled(flow: Flow, rows: Facts, *, keep: bool = False) -> Table:
    """Label and text beside each other; one under the other where the letters are large."""
    look = flow.look
    if look.stacked:
        stacks = [Row((Cell(((label, look.strong), (text, look.text))),)) for label, text in rows]
        return Table((flow.width,), tuple(stacks), keep=keep)
    needed = max(drawn(label, bold=True).width for label, _ in rows) * look.strong.size
    wide = min(needed, flow.width / 3) + look.gutter
    return Table(
        (wide, flow.width - wide),
        tuple(
            Row((Cell(((label, look.strong),), head="Row"), Cell(((text, look.text),))))
            for label, text in rows
        ),
        keep=keep,
    )
