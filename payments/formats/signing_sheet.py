"""The signing sheet: what somebody reads before they sign a payment run, what is unusual first.

It names people, amounts and two figures of accounts, because finance has to know them. It holds no hours,
no claim and no answer to an offer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path

from common.money import money_text
from common.pdf.flow import Cell, Flow, Page, Row, Table
from common.pdf.fonts import FONT_DIRECTORY, register_fonts
from common.pdf.look import LOOKS, Size
from common.pdf.paint import paint
from common.pdf.post import feet
from common.pdf.tags import Tag
from payments.formats.remittance_tables import amount_table, widest

MOST_ON_PAPER = 500  # unusual payments; a first run of thousands would be a book that nobody reads

KIND_WORDS = {"fee": "Money for time", "expense": "Money back for costs"}


class Unusual(Enum):
    """Why a payment is worth a second look. The value is how the sheet counts such payments."""

    NEW = "First payment to them"
    CHANGED = "Bank details changed since their last payment"
    ACTING = "Goes to somebody who acts for them"
    SHARED = "Same account as somebody else"
    MORE = "More than double what they usually get"
    LARGEST = "Among the largest of this run"


@dataclass(frozen=True, slots=True)
class Noted:
    """A payment worth a second look; `reasons` are words for each of `why`. Minor units."""

    payment_id: int
    reference: str
    payee: str
    kind: str
    account: str
    amount: int
    why: tuple[Unusual, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KindTotal:
    """What a run pays of one kind: money for time, or money back for costs. Minor units."""

    kind: str
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Instead:
    """A charity or group that people named, with what the run pays it. Minor units."""

    name: str
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class SigningSheet:
    """Everything on the sheet. `prepared`, `signed` and `sent` say who and when; empty when nobody did.

    `paid_how` is as in `PaymentRun.paid_how`; `instead` says who is paid where people named somebody.
    """

    organisation: str
    number: int
    version: int
    pay_on: date
    paid_how: str
    currency: str
    count: int
    total: int
    kinds: tuple[KindTotal, ...]
    sha256: str
    prepared: str
    signed: str
    sent: str
    noted: tuple[Noted, ...]
    instead: tuple[Instead, ...] = ()

    @property
    def title(self) -> str:
        """Neutral, because titles show in windows, lists and print queues."""
        return f"Signing sheet, run {self.number}"

    @property
    def fingerprint(self) -> str:
        """The short one, to compare by eye or by phone; empty without a file."""
        return short_fingerprint(self.sha256)

    @property
    def counted(self) -> list[tuple[str, int]]:
        """How many payments are unusual in each way, for ways that occur."""
        counts = [(why.value, sum(why in each.why for each in self.noted)) for why in Unusual]
        return [(words, count) for words, count in counts if count]

    @property
    def usual(self) -> KindTotal:
        """The payments with nothing unusual about them."""
        noted = sum(each.amount for each in self.noted)
        return KindTotal("Nothing unusual", self.count - len(self.noted), self.total - noted)


def sheet_pdf(sheet: SigningSheet, *, fonts: Path = FONT_DIRECTORY) -> bytes:
    """The sheet as a tagged A4 PDF; the same sheet gives the same bytes. Raises FontsMissing."""
    register_fonts(fonts)
    root = Tag("Document")
    return paint(_pages(sheet, root), root, title=sheet.title, author=sheet.organisation)


def _pages(sheet: SigningSheet, tag: Tag) -> list[Page]:
    flow = Flow(LOOKS[Size.STANDARD], tag)
    look = flow.look
    flow.paragraph(sheet.organisation, look.strong)
    flow.space(look.gap)
    flow.paragraph(f"Signing sheet: payment run {sheet.number}", look.title, "H1")
    flow.space(look.padding)
    flow.paragraph("Look at what is unusual before you sign. Ask the person who prepared it.", look.text)
    _unusual(flow, sheet)
    if sheet.instead:
        paid = [(((each.name, look.text),), each.total) for each in sheet.instead]
        _headed(flow, "Who is paid instead", amount_table(flow, paid, sheet.currency, total="In all"))
    rows = [(((_counted(each), look.text),), each.total) for each in sheet.kinds]
    total = f"Total of {payments(sheet.count)}"
    _headed(flow, "What is signed for", amount_table(flow, rows, sheet.currency, total=total))
    _headed(flow, "The file and who had it in hand", _labelled(flow, _facts(sheet)))
    feet(flow, sheet.title)
    return flow.pages


def _unusual(flow: Flow, sheet: SigningSheet) -> None:
    look = flow.look
    if not sheet.noted:
        _headed(flow, "What is unusual", None)
        flow.paragraph("Nothing: everybody was paid before, and no amount stands out.", look.text)
        return
    counted = [(words, payments(count)) for words, count in sheet.counted]
    _headed(flow, "What is unusual", _labelled(flow, counted))
    flow.space(look.gap)
    flow.table(_noted_table(flow, sheet.noted[:MOST_ON_PAPER], sheet.currency))
    more = len(sheet.noted) - MOST_ON_PAPER
    if more > 0:
        flow.space(look.padding)
        flow.paragraph(f"And {payments(more)} more, with smaller amounts or fewer reasons.", look.text)
    flow.space(look.padding)
    usual = sheet.usual
    text = f"{_counted(usual)}: {money_text(usual.total, sheet.currency)}."
    flow.paragraph(text, look.text)


def _noted_table(flow: Flow, noted: Sequence[Noted], currency: str) -> Table:
    look = flow.look
    amounts = [money_text(each.amount, currency) for each in noted]
    wide = widest(["Amount", *amounts], look.strong)
    who = (flow.width - wide) * 0.42
    header = Row(
        tuple(
            Cell(((words, look.strong),), head="Column", right=words == "Amount")
            for words in ("To", "Why", "Amount")
        )
    )
    rows = [
        Row(
            (
                Cell(
                    (
                        (each.payee, look.strong),
                        (f"{each.reference}, {each.kind.lower()}, {each.account}", look.quiet),
                    ),
                    head="Row",
                ),
                Cell(tuple((f"{reason}.", look.text) for reason in each.reasons)),
                Cell(((amount, look.text),), right=True),
            )
        )
        for each, amount in zip(noted, amounts, strict=True)
    ]
    return Table((who, flow.width - wide - who, wide), tuple(rows), header)


def _facts(sheet: SigningSheet) -> list[tuple[str, str]]:
    day = sheet.pay_on
    rows = [("Pay on", f"{day.day} {day:%B %Y}, {sheet.paid_how}")]
    if sheet.sha256:
        rows += [
            ("Fingerprint", sheet.fingerprint),
            ("SHA-256", " ".join(sheet.sha256[start : start + 16] for start in range(0, 64, 16))),
            ("File", f"Number {sheet.version} of this run"),
        ]
    signed = sheet.signed or "Not yet"
    return [*rows, ("Prepared", sheet.prepared), ("Signed", signed), ("Sent", sheet.sent or "Not yet")]


def _headed(flow: Flow, text: str, table: Table | None) -> None:
    """A heading and the table under it; the heading is never left alone at the foot of a page."""
    look = flow.look
    flow.space(look.gap)
    follows = flow.opening_height(table) if table else look.text.leading
    flow.need(look.heading.leading + look.padding + follows)
    flow.paragraph(text, look.heading, "H2")
    flow.space(look.padding)
    if table:
        flow.table(table)


def _labelled(flow: Flow, rows: Sequence[tuple[str, str]]) -> Table:
    look = flow.look
    label = min(widest([name for name, _ in rows], look.strong) + look.gutter, flow.width * 0.6)
    cells = [
        Row((Cell(((name, look.strong),), head="Row"), Cell(((text, look.text),)))) for name, text in rows
    ]
    return Table((label, flow.width - label), tuple(cells), keep=True)


def _counted(each: KindTotal) -> str:
    return f"{each.kind}, {payments(each.count)}"


def payments(count: int) -> str:
    """A number of payments in words: 1 payment, 3 payments."""
    return f"{count:,} payment{'' if count == 1 else 's'}"


def short_fingerprint(sha256: str) -> str:
    """The first sixteen figures of a SHA-256 in groups of four."""
    return " ".join(sha256[start : start + 4] for start in range(0, min(16, len(sha256)), 4))
