"""A reconciliation as PDF and as workbook: the same figures, to the penny, and text that stays text."""

import io
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from payments.formats.reconciliation_book import reconciliation_book
from payments.formats.reconciliation_data import (
    InTransit,
    Paper,
    Reconciliation,
    UnmatchedLine,
    agrees,
    canonical,
    hash_of,
    read,
)
from payments.formats.reconciliation_pdf import reconciliation_pdf

MADE = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
HOSTILE = '=HYPERLINK("http://evil.example","Refund")'
FOUND = Reconciliation(
    until=date(2026, 11, 30),
    books=98_750,
    bank=98_691,
    unmatched=(
        UnmatchedLine(7, date(2026, 11, 3), HOSTILE, -60, date(2026, 12, 1)),
        UnmatchedLine(8, date(2026, 11, 30), "A\u00e9 <b>bold</b> & co", 1),
    ),
    in_transit=(InTransit(5, "EXP 000003", 4, date(2026, 11, 26), 730),),
    difference=0,
    not_known=(UnmatchedLine(9, date(2026, 10, 1), "M SMITHERS", 2_000),),
)
PAPER = Paper(
    organisation="Riverside Council",
    account="Current account",
    month="November 2026",
    currency="GBP",
    found=FOUND,
    signatures=(("Prepared by", "Fern Finance, 9:00am on 1 December 2026"), ("Checked by", "nobody yet")),
    sha256="ab" * 32,
)


def test_canonical_figures_read_back_and_have_one_text() -> None:
    text = canonical(FOUND, organisation="riverside", account="Current account", currency="GBP")
    assert read(text) == FOUND
    assert text == canonical(read(text), organisation="riverside", account="Current account", currency="GBP")
    assert text.isascii()
    assert text.startswith('{"account":"Current account","bank":98691,"books":98750,"currency":"GBP",')
    assert len(hash_of(text)) == 64


def test_when_a_line_came_into_the_books_later_does_not_matter() -> None:
    later = [UnmatchedLine(each.pk, each.day, each.description, each.amount) for each in FOUND.unmatched]
    assert agrees(FOUND, Reconciliation(**FOUND.__dict__ | {"unmatched": tuple(later)}))
    assert not agrees(FOUND, Reconciliation(**FOUND.__dict__ | {"unmatched": tuple(later[:1])}))
    assert not agrees(FOUND, Reconciliation(**FOUND.__dict__ | {"books": 1}))


def text_of(content: bytes, tmp_path: Path) -> str:
    program = shutil.which("pdftotext") or pytest.fail("Install poppler-utils, then test again.")
    (tmp_path / "paper.pdf").write_bytes(content)
    command = [program, "-layout", str(tmp_path / "paper.pdf"), "-"]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()


def test_the_pdf_says_everything(tmp_path: Path) -> None:
    text = text_of(reconciliation_pdf(PAPER), tmp_path)
    for words in (
        "Reconciliation of Current account, November 2026",
        "At the end of 30 November 2026.",
        "£986.91",
        "£987.50",
        HOSTILE[:20],
        "In the books on 1 December 2026",
        "Not in the books yet",
        "EXP 000003, run 4",
        "M SMITHERS",
        "Fern Finance, 9:00am on 1 December 2026",
        "nobody yet",
        "Page 1 of",
    ):
        assert words in text, words
    assert [line.split()[-1] for line in text.splitlines() if line.strip().startswith("Difference")] == [
        "£0.00"
    ]
    ages = [line.split()[-2:] for line in text.splitlines() if "SMITHERS" in line]
    assert ages == [["60", "£20.00"]]
    assert reconciliation_pdf(PAPER) == reconciliation_pdf(PAPER)


def test_the_pdf_says_that_nobody_signed_and_nothing_is_known(tmp_path: Path) -> None:
    bare = Reconciliation(date(2026, 11, 30), 0, None, (), (), None)
    paper = Paper("Riverside Council", "Current account", "November 2026", "GBP", bare)
    text = text_of(reconciliation_pdf(paper), tmp_path)
    assert "Nobody has signed these figures." in text
    assert "No statement has told a balance yet" in text
    assert text.count("None.") == 3


def test_a_long_list_goes_over_pages(tmp_path: Path) -> None:
    many = tuple(
        InTransit(number, f"EXP {number:06d}", 1, date(2026, 11, 26), number) for number in range(1, 200)
    )
    paper = Paper(**PAPER.__dict__ | {"found": Reconciliation(**FOUND.__dict__ | {"in_transit": many})})
    text = text_of(reconciliation_pdf(paper), tmp_path)
    assert all(f"EXP {number:06d}" in text for number in range(1, 200))
    assert "£199.00" in text  # 1 + 2 + ... + 199 pence


def test_the_workbook_has_typed_cells_and_formulas() -> None:
    book: Any = load_workbook(io.BytesIO(reconciliation_book(PAPER, made_at=MADE)))
    sheet = book["Not in the books"]
    [row] = [row for row in sheet.iter_rows() if row[1].value == HOSTILE]
    assert (row[1].data_type, row[1].quotePrefix) == ("s", True)
    assert (row[0].value.date(), row[3].value.date()) == (date(2026, 11, 3), date(2026, 12, 1))
    assert (row[2].value, row[4].value, row[4].data_type) == (27, -0.6, "n")
    totals = [row for row in sheet.iter_rows() if row[0].value == "Total"]
    assert all(str(row[4].value).startswith("=") for row in totals)
    assert totals
    signed = [[cell.value for cell in row] for row in book["Signatures"].iter_rows()]
    assert ["Prepared by", "Fern Finance, 9:00am on 1 December 2026"] in signed


def test_libreoffice_works_out_that_every_figure_agrees(tmp_path: Path) -> None:
    program = shutil.which("soffice") or pytest.fail("Install LibreOffice Calc, then test again.")
    (tmp_path / "book.xlsx").write_bytes(reconciliation_book(PAPER, made_at=MADE))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [program, "--headless", profile, "--convert-to", "xlsx", "--outdir", str(tmp_path / "out")]
    subprocess.run([*command, str(tmp_path / "book.xlsx")], capture_output=True, check=True, timeout=300)
    book: Any = load_workbook(tmp_path / "out" / "book.xlsx", data_only=True)
    contents = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    assert contents[2][0] == "Every figure agrees."
    totals = {
        sheet.title: round(row[place] * 100)
        for sheet in book.worksheets[1:-1]
        for row in sheet.iter_rows(values_only=True)
        if row[0] == "Total"
        for place in [max(i for i, value in enumerate(row) if value is not None)]
    }
    assert totals == {"Bank and books": 0, "Not in the books": -59, "In transit": 730, "Not known yet": 2000}
