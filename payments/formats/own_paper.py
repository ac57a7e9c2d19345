"""A paper that a person makes of their own money: a yearly statement or a letter, in either size of print.

What stands on it is plain text, never markup, and the page on the screen shows the same parts.
"""

from dataclasses import dataclass
from pathlib import Path

from common.pdf.flow import Cell, Flow, Page, Row, Table
from common.pdf.fonts import FONT_DIRECTORY, register_fonts
from common.pdf.look import LOOKS, Size
from common.pdf.paint import paint
from common.pdf.post import feet
from common.pdf.tags import Tag
from payments.formats.remittance_tables import widest

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """A table: the first column names its row, the last is an amount. A total is a label and an amount."""

    head: Texts
    rows: tuple[Texts, ...]
    total: Texts = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with paragraphs and, where there is one, a table or labelled facts under it."""

    heading: str
    paragraphs: Texts = ()
    columns: Columns | None = None
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything on it. `name` is neutral, because it shows in windows, lists and print queues."""

    name: str
    title: str
    paragraphs: Texts
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]


def paper_pdf(paper: Paper, *, size: Size, fonts: Path = FONT_DIRECTORY) -> bytes:
    """The paper as a tagged A4 PDF with its fonts inside; the same input gives the same bytes.

    Raises FontsMissing when a font file is not in `fonts`.
    """
    register_fonts(fonts)
    root = Tag("Document")
    return paint(paper_pages(paper, size=size, tag=root), root, title=paper.name, author="")


def paper_pages(paper: Paper, *, size: Size, tag: Tag) -> list[Page]:
    """The pages, not yet drawn, with their structure added to `tag`. Fonts must be registered."""
    flow = Flow(LOOKS[size], tag)
    look = flow.look
    flow.paragraph(paper.title, look.title, "H1")
    _paragraphs(flow, paper.paragraphs)
    if paper.facts:
        flow.space(look.padding)
        flow.table(_labelled(flow, paper.facts))
    for part in paper.parts:
        _part(flow, part)
    feet(flow, paper.name)
    return flow.pages


def _paragraphs(flow: Flow, paragraphs: Texts) -> None:
    for paragraph in paragraphs:
        flow.space(flow.look.padding)
        flow.paragraph(paragraph, flow.look.text)


def _part(flow: Flow, part: Part) -> None:
    """A heading is never left alone at the foot of a page."""
    look = flow.look
    tables = [_table(flow, part.columns)] if part.columns else []
    tables += [_labelled(flow, part.facts)] if part.facts else []
    words = sum(len(flow.lines(each, look.text)) for each in part.paragraphs) * look.text.leading
    flow.space(look.gap)
    opening = flow.opening_height(tables[0]) if tables else 0.0
    flow.need(look.heading.leading + look.padding * 2 + min(words, flow.look.text.leading * 8) + opening)
    flow.paragraph(part.heading, look.heading, "H2")
    _paragraphs(flow, part.paragraphs)
    for table in tables:
        flow.space(look.padding)
        flow.table(table)


def _table(flow: Flow, columns: Columns) -> Table:
    """The last column is as wide as its amounts, the others share the rest: one of them for large letters."""
    look, strong = flow.look, flow.look.strong
    last = widest([*(row[-1] for row in (columns.head, *columns.rows)), *columns.total[-1:]], strong)
    between = 1 if look.stacked else len(columns.head) - 1
    widths = (*([(flow.width - last) / between] * between), last)
    rows = tuple(Row(_cells(flow, row)) for row in columns.rows)
    head = Row(
        (
            *_heads(flow, columns.head[:-1]),
            Cell(((columns.head[-1], strong),), right=True, head="Column"),
        )
    )
    total = None
    if columns.total:
        label, amount = columns.total
        total = Row(
            (Cell(((label, strong),), head="Row", span=between), Cell(((amount, strong),), right=True))
        )
    return Table(widths, rows, head, total)


def _heads(flow: Flow, names: Texts) -> list[Cell]:
    strong = flow.look.strong
    if flow.look.stacked:
        return [Cell(tuple((name, strong) for name in names), head="Column")]
    return [Cell(((name, strong),), head="Column") for name in names]


def _cells(flow: Flow, row: Texts) -> tuple[Cell, ...]:
    text = flow.look.text
    amount = Cell(((row[-1], text),), right=True)
    if flow.look.stacked:
        return (Cell(tuple((each, text) for each in row[:-1] if each), head="Row"), amount)
    first, *others = row[:-1]
    return (Cell(((first, text),), head="Row"), *(Cell(((each, text),)) for each in others), amount)


def _labelled(flow: Flow, facts: tuple[tuple[str, str], ...]) -> Table:
    """Label and text beside each other; one under the other where the letters are large."""
    look = flow.look
    if look.stacked:
        stacks = [Row((Cell(((label, look.strong), (text, look.text))),)) for label, text in facts]
        return Table((flow.width,), tuple(stacks))
    wide = min(widest([label for label, _ in facts], look.strong), flow.width / 3) + look.gutter
    rows = [
        Row((Cell(((label, look.strong),), head="Row"), Cell(((text, look.text),)))) for label, text in facts
    ]
    return Table((wide, flow.width - wide), tuple(rows))
