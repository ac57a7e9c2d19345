"""A reconciliation as a workbook: typed cells, totals as formulas, and checks that must show 0.00."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from common.workbook import Check, Column, Kind, Sheet, Total, write_workbook
from common.workbook.model import Value
from payments.formats.reconciliation_data import Paper, Reconciliation, UnmatchedLine
from payments.when import day_words

SUMMARY, BETWEEN, TRANSIT, UNKNOWN = "Bank and books", "Not in the books", "In transit", "Not known yet"
_DAY, _WHAT = Column("Day", Kind.DATE), Column("What", width=60)
_AGE, _AMOUNT = Column("Age in days", Kind.NUMBER), Column("Amount", Kind.MONEY, total=True)


def reconciliation_book(paper: Paper, *, made_at: datetime) -> bytes:
    """The workbook. On the first sheet, what each list adds up to is compared with the figures signed."""
    found = paper.found
    sheets = [_summary(paper), *_lists(found), _signatures(paper)]
    checks = [
        Check(
            "Difference: bank less books less items between", Total(SUMMARY, "Amount"), found.difference or 0
        ),
        Check("Lines of the bank that are not in the books", Total(BETWEEN, "Amount"), found.between),
        Check("Sent to the bank and not yet confirmed", Total(TRANSIT, "Amount"), found.on_its_way),
        Check("In the books as not known yet", Total(UNKNOWN, "Amount"), found.unknown),
    ]
    return write_workbook(sheets, title=paper.title, currency=paper.currency, made_at=made_at, checks=checks)


def _summary(paper: Paper) -> Sheet:
    """Signed so that the total is the difference."""
    found = paper.found
    rows: list[tuple[Value, ...]] = [
        ("The bank's statement says", found.bank or 0),
        ("Less lines of the bank that are not in the books", -found.between),
        ("Less what the books say", -found.books),
    ]
    about = f"{paper.organisation}, {paper.account}, at the end of {day_words(found.until)}."
    notes = ["The total is the difference. It should be nothing."]
    if found.bank is None:
        notes.append("No statement has told a balance yet, so nothing can be compared.")
    if paper.note:
        notes.append(f"What explains the difference: {paper.note}")
    return Sheet(SUMMARY, (Column("What", width=60), _AMOUNT), rows, about=about, notes=tuple(notes))


def _lists(found: Reconciliation) -> list[Sheet]:
    booked = Column("In the books on", Kind.DATE)
    sent = (Column("Payment", width=18), Column("Run", Kind.NUMBER), Column("Pay on", Kind.DATE))
    return [
        Sheet(
            BETWEEN,
            (_DAY, _WHAT, _AGE, booked, _AMOUNT),
            [(*row[:3], line.booked_on, line.amount) for row, line in _rows(found, found.unmatched)],
            about="Lines of the bank that were not in the books that day.",
        ),
        Sheet(
            TRANSIT,
            (*sent, _AGE, _AMOUNT),
            [(e.reference, e.run, e.pay_on, found.age(e.pay_on), e.amount) for e in found.in_transit],
            about="Payments sent to the bank that no statement line had confirmed that day.",
        ),
        Sheet(
            UNKNOWN,
            (_DAY, _WHAT, _AGE, _AMOUNT),
            [(*row[:3], line.amount) for row, line in _rows(found, found.not_known)],
            about="Lines that stand in the books as not known yet.",
        ),
    ]


def _rows(
    found: Reconciliation, lines: Sequence[UnmatchedLine]
) -> Iterable[tuple[tuple[Value, ...], UnmatchedLine]]:
    return [((line.day, line.description, found.age(line.day)), line) for line in lines]


def _signatures(paper: Paper) -> Sheet:
    rows: list[tuple[Value, ...]] = [*paper.signatures]
    if paper.signatures:
        rows.append(("Fingerprint (SHA-256)", paper.sha256))
    else:
        rows.append(("Signatures", "Nobody has signed these figures."))
    return Sheet("Signatures", (Column("What", width=26), Column("Who and when", width=70)), rows)
