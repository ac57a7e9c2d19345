"""The demonstration's bank: writes statement files the way a bank would."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from common.money import decimal_text
from payments.formats.statement_columns import ColumnMap

COLUMNS = ColumnMap(
    date="Date",
    description="Description",
    reference="Reference",
    paid_in="Paid in",
    paid_out="Paid out",
    balance="Balance",
    date_format="dd/mm/yyyy",
    money_out="positive",
)


@dataclass(frozen=True)
class Line:
    """One movement on the account, in minor units; money out is negative."""

    day: date
    description: str
    reference: str
    amount: int


def statement(opening: int, lines: Sequence[Line]) -> bytes:
    """A statement file with running balances, oldest line first."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["Date", "Description", "Reference", "Paid in", "Paid out", "Balance"])
    for line in lines:
        opening += line.amount
        amount = decimal_text(abs(line.amount))
        paid_in, paid_out = (amount, "") if line.amount > 0 else ("", amount)
        day = line.day.strftime("%d/%m/%Y")
        rows.writerow([day, line.description, line.reference, paid_in, paid_out, decimal_text(opening)])
    return text.getvalue().encode()
