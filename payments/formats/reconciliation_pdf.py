"""A reconciliation statement to print and file: figures, every item between with its age, two signatures."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from common.money import money_text
from common.pdf.flow import Cell, Flow, Row, Table
from common.pdf.fonts import FONT_DIRECTORY, register_fonts
from common.pdf.look import LOOKS, Size
from common.pdf.paint import paint
from common.pdf.post import feet
from common.pdf.tags import Tag
from payments.formats.reconciliation_data import Paper, UnmatchedLine
from payments.formats.remittance_tables import amount_table, short_day, widest
from payments.when import day_words


def reconciliation_pdf(paper: Paper, *, fonts: Path = FONT_DIRECTORY) -> bytes:
    """A tagged A4 PDF; the same figures give the same bytes. Raises FontsMissing."""
    register_fonts(fonts)
    root = Tag("Document")
    flow = Flow(LOOKS[Size.STANDARD], root)
    flow.paragraph(paper.organisation, flow.look.strong)
    flow.space(flow.look.gap / 2)
    flow.paragraph(paper.title, flow.look.title, "H1")
    flow.paragraph(f"At the end of {day_words(paper.found.until)}.", flow.look.text)
    _figures(flow, paper)
    _items(flow, paper)
    _signatures(flow, paper)
    feet(flow, paper.title)
    return paint(flow.pages, root, title=paper.title, author=paper.organisation)


def _figures(flow: Flow, paper: Paper) -> None:
    found, look = paper.found, flow.look
    bank = found.bank or 0
    rows = [
        ("The bank's statement says", bank),
        ("Less lines of the bank that are not in the books", -found.between),
        ("So the books should say", bank - found.between),
        ("The books say", found.books),
        ("Difference", found.difference or 0),
    ]
    drawn = [(((words, look.text),), amount) for words, amount in rows]
    _section(flow, "Bank and books", amount_table(flow, drawn, paper.currency))
    if found.bank is None:
        flow.paragraph("No statement has told a balance yet, so nothing can be compared.", look.strong)
    if paper.note:
        flow.space(look.padding)
        flow.paragraph(f"What explains the difference: {paper.note}", look.text)


def _items(flow: Flow, paper: Paper) -> None:
    found = paper.found
    _listed(flow, paper, "Lines of the bank that are not in the books", _lines(found.unmatched, booked=True))
    sent = [(each.pay_on, (f"{each.reference}, run {each.run}",), each.amount) for each in found.in_transit]
    _listed(flow, paper, "Sent to the bank and not yet confirmed", sent)
    _listed(flow, paper, "In the books as not known yet", _lines(found.not_known))


_Item = tuple[date, tuple[str, ...], int]


def _lines(lines: Sequence[UnmatchedLine], *, booked: bool = False) -> list[_Item]:
    return [
        (each.day, (each.description, *([_booked(each)] if booked else [])), each.amount) for each in lines
    ]


def _booked(line: UnmatchedLine) -> str:
    return f"In the books on {day_words(line.booked_on)}" if line.booked_on else "Not in the books yet"


def _listed(flow: Flow, paper: Paper, heading: str, items: Sequence[_Item]) -> None:
    """Items with the age each had on the last day, and their total; a sentence where there are none."""
    look = flow.look
    if not items:
        flow.space(look.gap)
        flow.need(look.heading.leading + look.text.leading)
        flow.paragraph(heading, look.heading, "H2")
        flow.paragraph("None.", look.text)
        return
    heads = ("Day", "What", "Age in days", "Amount")
    amounts = [money_text(amount, paper.currency) for *_, amount in items]
    total = money_text(sum(amount for *_, amount in items), paper.currency)
    days = [short_day(day) for day, *_ in items]
    ages = [str(paper.found.age(day)) for day, *_ in items]
    wide = [
        widest([heads[0], *days], look.strong) + look.gutter,
        widest([heads[2], *ages], look.strong) + look.gutter,
        widest([heads[3], *amounts, total], look.strong),
    ]
    widths = (wide[0], flow.width - sum(wide), wide[1], wide[2])
    header = Row(
        tuple(
            Cell(((head, look.strong),), right=place > 1, head="Column") for place, head in enumerate(heads)
        )
    )
    body = tuple(
        Row(
            (
                Cell(((day, look.text),)),
                Cell(
                    tuple((part, look.text if not place else look.quiet) for place, part in enumerate(what))
                ),
                Cell(((age, look.text),), right=True),
                Cell(((amount, look.text),), right=True),
            )
        )
        for day, (_, what, _), age, amount in zip(days, items, ages, amounts, strict=True)
    )
    last = Row(
        (Cell((("Total", look.strong),), head="Row", span=3), Cell(((total, look.strong),), right=True))
    )
    _section(flow, heading, Table(widths, body, header, last))


def _signatures(flow: Flow, paper: Paper) -> None:
    look = flow.look
    pairs = [*paper.signatures, ("Fingerprint (SHA-256)", paper.sha256)] if paper.signatures else []
    if not pairs:
        flow.space(look.gap)
        flow.paragraph("Nobody has signed these figures.", look.strong)
        return
    label = widest([name for name, _ in pairs], look.quiet) + look.gutter
    rows = tuple(
        Row((Cell(((name, look.quiet),), head="Row"), Cell(((value, look.text),)))) for name, value in pairs
    )
    _section(flow, "Signatures", Table((label, flow.width - label), rows, keep=True))


def _section(flow: Flow, heading: str, table: Table) -> None:
    """A heading and a table; the heading is never left alone at the foot of a page."""
    look = flow.look
    flow.space(look.gap)
    flow.need(look.heading.leading + look.padding + flow.opening_height(table))
    flow.paragraph(heading, look.heading, "H2")
    flow.space(look.padding)
    flow.table(table)
