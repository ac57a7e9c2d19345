"""The tables of a remittance advice: what each row says and how wide each column is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from common.money import money_text
from common.pdf.flow import Cell, Flow, Row, Table
from common.pdf.look import Style
from common.pdf.text import drawn
from payments.formats.remittance_data import CostLine, CostPart, Remittance, TimePart

Parts = tuple[tuple[str, Style], ...]


def amount_table(flow: Flow, rows: Sequence[tuple[Parts, int]], currency: str, total: str = "") -> Table:
    """Words on the left and one amount on the right, kept together; `total` names a last row."""
    strong, whole = flow.look.strong, sum(minor for _, minor in rows)
    amounts = [money_text(minor, currency) for _, minor in rows]
    wide = widest([*amounts, money_text(whole, currency)], strong)
    body = [
        Row((Cell(words, head="Row"), Cell(((amount, strong),), right=True)))
        for (words, _), amount in zip(rows, amounts, strict=True)
    ]
    last = _total_row(flow, total, money_text(whole, currency), span=1) if total else None
    return Table((flow.width - wide, wide), tuple(body), total=last, keep=True)


def _total_row(flow: Flow, name: str, amount: str, *, span: int) -> Row:
    strong = flow.look.strong
    return Row((Cell(((name, strong),), head="Row", span=span), Cell(((amount, strong),), right=True)))


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a long table, cell by cell. The one `wide` column takes the width the others leave."""

    head: str
    cells: list[Parts]
    right: bool = False
    wide: bool = False


def time_table(flow: Flow, part: TimePart, currency: str) -> Table:
    look, lines = flow.look, part.lines
    days: list[Parts] = [((short_day(line.day), look.text),) for line in lines]
    kinds: list[Parts] = [((line.kind, look.text),) for line in lines]
    activities: list[Parts] = [((line.activity, look.text),) for line in lines]
    amounts = _Column(
        "Amount", _money_cells(flow, [line.amount_minor for line in lines], currency), right=True
    )
    name = "What it was for"
    columns = [
        _Column("Date", days),
        _Column(name, activities, wide=True),
        _Column("Kind of time", kinds),
        amounts,
    ]
    if look.stacked:
        stacks = [day + what + kind for day, what, kind in zip(days, activities, kinds, strict=True)]
        columns = [_Column(name, stacks, wide=True), amounts]
    return _long_table(flow, columns, ("Total for your time", money_text(part.total_minor, currency)))


def cost_table(flow: Flow, part: CostPart, currency: str) -> Table:
    look, lines = flow.look, part.lines
    days: list[Parts] = [((short_day(line.day), look.text),) for line in lines]
    costs = [_cost_words(flow, line) for line in lines]
    amounts = [
        _Column(
            "You claimed", _money_cells(flow, [line.claimed_minor for line in lines], currency), right=True
        ),
        _Column("We pay", _money_cells(flow, [line.allowed_minor for line in lines], currency), right=True),
    ]
    name = "What you paid for"
    columns = [_Column("Date", days), _Column(name, costs, wide=True), *amounts]
    if look.stacked:
        stacks = [day + cost for day, cost in zip(days, costs, strict=True)]
        columns = [_Column(name, stacks, wide=True), *amounts]
    return _long_table(flow, columns, ("Total for your costs", money_text(part.total_minor, currency)))


def _cost_words(flow: Flow, line: CostLine) -> Parts:
    """What it was, which claim it came from, and why another amount is paid than was asked for."""
    look = flow.look
    words: Parts = ((line.description, look.text), (f"Claim {line.claim}", look.quiet))
    return (*words, (f"Why the amounts differ: {line.reason}", look.text)) if line.reason else words


def _long_table(flow: Flow, columns: Sequence[_Column], total: tuple[str, str]) -> Table:
    """Each column as wide as its text needs, up to a third of the page; the wide one takes the rest."""
    strong, last = flow.look.strong, columns[-1]
    widths = []
    for column in columns:
        texts = [column.head, *(text for cell in column.cells for text, _ in cell)]
        needed = widest([*texts, total[1]] if column is last else texts, strong)
        gutter = 0.0 if column is last else flow.look.gutter
        widths.append(0.0 if column.wide else min(needed, flow.width / 3) + gutter)
    left = flow.width - sum(widths)
    header = Row(
        tuple(Cell(((column.head, strong),), right=column.right, head="Column") for column in columns)
    )
    body = tuple(
        Row(tuple(Cell(cell, right=column.right) for cell, column in zip(cells, columns, strict=True)))
        for cells in zip(*(column.cells for column in columns), strict=True)
    )
    widths = [width or left for width in widths]
    return Table(tuple(widths), body, header, _total_row(flow, *total, span=len(columns) - 1))


def _money_cells(flow: Flow, amounts_minor: Sequence[int], currency: str) -> list[Parts]:
    return [((money_text(minor, currency), flow.look.text),) for minor in amounts_minor]


def contacts(flow: Flow, remittance: Remittance) -> Table:
    look = flow.look
    again = "Ask us to look again. Somebody else will decide."
    people = [
        ("About this payment", "", remittance.ask),
        ("If you do not agree", again, remittance.ask_again),
        ("If you want support", "", remittance.support),
    ]
    rows = []
    for label, sentence, contact in people:
        reach = " or ".join(filter(None, (contact.phone, contact.email)))
        words = (contact.note, contact.name, reach)
        parts = ((sentence, look.text), *((text, look.text) for text in words))
        head = Cell(((label, look.strong),), head="Row")
        rows.append(Row((head, Cell(tuple(part for part in parts if part[0])))))
    wide = min(widest([label for label, _, _ in people], look.strong), flow.width / 3) + look.gutter
    return Table((wide, flow.width - wide), tuple(rows))


def widest(texts: Sequence[str], style: Style) -> float:
    """Width of the widest text, with a hair to spare for rounding."""
    return max(drawn(text, style.bold).width * style.size for text in texts) + 0.01


def short_day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
