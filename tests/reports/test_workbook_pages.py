"""The workbook reads its lists in pages by key: none is lost or told twice at the seam of two pages."""

import io
import re

import openpyxl
import pytest

from payments.models import BankAccount
from reports.workbook import Span, finance_workbook, pages
from tests.cast import Cast
from tests.payments.crowd import crowd
from tests.payments.office import MONDAY, PAY_ON, fare, imported, sent

MONTH = Span(MONDAY.date().replace(day=1), PAY_ON)
TODAY = MONDAY.date()
BETWEEN = "On the statement, not in the books"


def sheets(cast: Cast) -> dict[str, list[tuple[object, ...]]]:
    """What every sheet of the workbook shows, row by row."""
    book = openpyxl.load_workbook(io.BytesIO(finance_workbook(cast.riverside, MONTH)), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_it_says_the_same_in_small_pages(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    crowd(due, people=2, lines=7)
    sent(due, account)
    fare(due, due.cora, 100)
    later, earlier = [(PAY_ON, "BACS", -150), (PAY_ON, "FEE", -150)], [(TODAY, "A", -1), (TODAY, "B", -2)]
    imported(due, account, later)
    imported(due, account, earlier)
    whole = sheets(due)
    monkeypatch.setattr(pages, "ROWS", rows)
    assert sheets(due) == whole
    between = [row for row in whole["Bank Current account"] if row[:1] == (BETWEEN,)]
    assert [row[2] for row in between] == ["A", "B", "BACS", "FEE"]
    claims = [row for row in whole["Claims"] if row and re.fullmatch(r"C\d+", str(row[0]))]
    assert len(claims) == 3 + 2 + 7 + 1
