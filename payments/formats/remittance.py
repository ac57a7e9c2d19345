"""Remittance advice: the page that tells one person what was sent to them in one run, and why.

Money for time and money back for costs never share a line: they are two payments, two tables and two
subtotals, because other people's rules treat them differently. The page names its payer and its payee,
and beyond them nothing: no project, no full account number, no hours, no value of time not taken.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from common.pdf.flow import Cell, Flow, Page, Row, Table
from common.pdf.fonts import FONT_DIRECTORY, register_fonts
from common.pdf.look import LOOKS, TINT, Size
from common.pdf.paint import paint
from common.pdf.post import address, feet
from common.pdf.tags import Tag
from payments.formats.remittance_data import (
    COSTS_HEADING,
    TIME_HEADING,
    Contact,
    CostLine,
    CostPart,
    Remittance,
    TimeLine,
    TimePart,
)
from payments.formats.remittance_tables import amount_table, contacts, cost_table, time_table, widest

__all__ = [
    "Contact",
    "CostLine",
    "CostPart",
    "Remittance",
    "Size",
    "TimeLine",
    "TimePart",
    "remittance_pages",
    "remittance_pdf",
]


def remittance_pdf(
    remittance: Remittance, *, size: Size = Size.STANDARD, fonts: Path = FONT_DIRECTORY
) -> bytes:
    """The remittance as a tagged A4 PDF with its fonts inside; the same input gives the same bytes.

    Raises FontsMissing when a font file is not in `fonts`.
    """
    register_fonts(fonts)
    root = Tag("Document")
    pages = remittance_pages(remittance, size=size, tag=root)
    return paint(pages, root, title=remittance.title, author=remittance.payer)


def remittance_pages(remittance: Remittance, *, size: Size, tag: Tag) -> list[Page]:
    """The pages, not yet drawn, with their structure added to `tag`. Fonts must be registered."""
    flow, currency = Flow(LOOKS[size], tag), remittance.currency
    time, costs = _shown_time(remittance.time), remittance.costs
    parts: list[tuple[str, TimePart | CostPart]] = [(TIME_HEADING, time)] if time else []
    parts += [(COSTS_HEADING, costs)] if costs and costs.lines else []
    _head(flow, remittance)
    _bank_lines(flow, parts, currency)
    for heading, part in parts:
        sentence = f"How it is sent: {part.method}" if part.total_minor else "No money is sent for these."
        table = (
            time_table(flow, part, currency)
            if isinstance(part, TimePart)
            else cost_table(flow, part, currency)
        )
        _section(flow, heading, sentence, table)
    if len(parts) > 1:
        rows = [(((heading, flow.look.text),), part.total_minor) for heading, part in parts]
        _section(flow, "Both payments", "", amount_table(flow, rows, currency, total="Total of both"))
    if remittance.what_changed:
        _note(flow, "What changed because of you", remittance.what_changed)
    _section(flow, "Who to ask", "", contacts(flow, remittance))
    feet(flow, remittance.title)
    return flow.pages


def _shown_time(part: TimePart | None) -> TimePart | None:
    """The part without lines of nothing: time declined and time never offered must look the same."""
    lines = tuple(line for line in part.lines if line.amount_minor) if part else ()
    return replace(part, lines=lines) if part and lines else None


def _head(flow: Flow, remittance: Remittance) -> None:
    look = flow.look
    flow.paragraph(remittance.payer, look.strong)
    if remittance.address:
        address(flow, (remittance.payee, *remittance.address))
    flow.space(look.gap)
    flow.paragraph("Remittance advice", look.title, "H1")
    flow.space(look.padding)
    pairs = [
        ("For", remittance.payee),
        ("Our reference", remittance.reference),
        ("Payment date", _long_day(remittance.payment_date)),
    ]
    label = widest([name for name, _ in pairs], look.quiet) + look.gutter
    rows = [
        Row((Cell(((name, look.quiet),), head="Row"), Cell(((value, look.strong),)))) for name, value in pairs
    ]
    flow.table(Table((label, flow.width - label), tuple(rows), keep=True, tight=True))
    flow.space(look.gap / 2)
    flow.paragraph(remittance.promise, look.text)


def _section(flow: Flow, heading: str, sentence: str, table: Table) -> None:
    """A heading, a sentence and a table; the heading is never left alone at the foot of a page."""
    look = flow.look
    lines = len(flow.lines(sentence, look.text)) if sentence else 0
    flow.space(look.gap)
    flow.need(look.heading.leading + lines * look.text.leading + look.padding + flow.opening_height(table))
    flow.paragraph(heading, look.heading, "H2")
    if sentence:
        flow.paragraph(sentence, look.text)
    flow.space(look.padding)
    flow.table(table)


def _note(flow: Flow, heading: str, text: str) -> None:
    look = flow.look
    flow.space(look.gap)
    flow.need(look.heading.leading + 2 * look.text.leading)
    flow.paragraph(heading, look.heading, "H2")
    for paragraph in filter(None, map(str.strip, text.splitlines())):
        flow.paragraph(paragraph, look.text)
        flow.space(look.padding)


def _bank_lines(flow: Flow, parts: Sequence[tuple[str, TimePart | CostPart]], currency: str) -> None:
    """What to look for on the statement: each payment as the bank will name it."""
    look = flow.look
    rows = [
        (((part.bank_line, look.strong), (heading, look.quiet)), part.total_minor)
        for heading, part in parts
        if part.bank_line
    ]
    if rows:
        sentence = (
            "These are two payments, so look for two lines:" if len(rows) > 1 else "Look for this line:"
        )
        table = replace(amount_table(flow, rows, currency), ground=TINT)
        _section(flow, "What your bank statement will say", sentence, table)


def _long_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
