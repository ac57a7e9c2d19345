"""Totals as a file for a spreadsheet. Its name tells nothing, and no text in it can act as a formula."""

import csv
import io
from collections.abc import Sequence

from common.money import decimal_text
from common.workbook.cells import looks_live
from payments.own_money.totals import ALL, Section

NAME = "totals.csv"
_HEAD = (
    "From",
    "To",
    "Paid by",
    "Currency",
    "Money for your time",
    "Money back for your costs",
    "Time money you paid back",
    "Costs money you paid back",
    "Of the time money, in vouchers",
    "Of the costs money, in vouchers",
)


def totals_csv(sections: Sequence[Section]) -> str:
    """The totals of all organisations together, then of each one; amounts as plain decimals."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(_HEAD)
    for section in sections:
        for row in section.rows:
            back = (row.time_back, row.costs_back)
            amounts = (row.time, row.costs, *back, row.time_vouchers, row.costs_vouchers)
            rows.writerow(
                [
                    row.span.first.isoformat(),
                    row.span.last.isoformat(),
                    section.name if section.name == ALL else text(section.name),
                    row.currency,
                    *(decimal_text(amount, row.currency) for amount in amounts),
                ]
            )
    return written.getvalue()


def text(value: str) -> str:
    """Text that stays text: a spreadsheet acts on what begins like a formula, but not after an apostrophe."""
    return f"'{value}" if looks_live(value) else value
