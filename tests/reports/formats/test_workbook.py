"""The finance workbook, read back by openpyxl and worked out again by LibreOffice."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from common.workbook import (
    Check,
    Column,
    Kind,
    Sheet,
    Total,
    WorkbookError,
    save_workbook,
    write_workbook,
)
from common.workbook import writer as workbook_writer

WorkedOut = Callable[[bytes], list[list[list[Any]]]]
MADE = datetime(2026, 7, 24, 13, 5, tzinfo=UTC)
HOSTILE = [
    "=1+1", '=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1",
    "{=1}", "_x003D_1+1", "a\x01\x1fb", "\ud800x\ufffe", "]]>", "<b>&amp;", "'quoted", "12", "1e3",
    "TRUE", "=", "#N/A", "#REF!", " lead ", "Zoë 李 🙂", "two\nlines", "=cmd|' /C calc'!A0", "x" * 40_000,
]  # fmt: skip
COLUMNS = (
    Column("Payment", width=14),
    Column("Paid on", Kind.DATE),
    Column("Month", Kind.MONTH),
    Column("Description"),
    Column("Amount", Kind.MONEY, total=True),
    Column("Lines", Kind.NUMBER, total=True),
    Column("Hours", Kind.QUANTITY, total=True),
    Column("Share", Kind.PERCENT),
)
ROWS = [
    (
        f"PAY-{number:04}",
        date(2026, 4, 6 + number % 20),
        202604 + number % 3,
        HOSTILE[number % len(HOSTILE)],
        (-1) ** number * 10 + number * 333,
        number % 4,
        Decimal(number) / 4,
        Decimal(number) / 100,
    )
    for number in range(60)
]
PAID = sum(row[4] for row in ROWS)
PAYMENTS = Sheet("Payments", COLUMNS, ROWS, about="Every payment of the quarter.", notes=("=1+1", "A note."))
KINDS = Sheet(
    "By kind: fee/cost [2026] and more words",
    (Column("Kind"), Column("Amount", Kind.MONEY, total=True)),
    (("Fees", PAID - 1234), ("Costs", 1234)),
    about="The same money by kind.",
)
CHECKS = (
    Check("Payments agree with the books", Total("Payments", "Amount"), PAID),
    Check("Kinds agree with payments", Total(KINDS.title, "Amount"), Total("Payments", "Amount")),
)


def made(*sheets: Sheet, checks: Sequence[Check] = (), currency: str = "GBP") -> bytes:
    return write_workbook(sheets, title="Finance & more", currency=currency, made_at=MADE, checks=checks)


def loaded(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def worked_out(tmp_path_factory: pytest.TempPathFactory) -> WorkedOut:
    """What LibreOffice makes of a workbook when it works out the formulas: sheets of rows of values."""
    program = shutil.which("soffice") or pytest.fail(
        "Install LibreOffice Calc (apt-get install libreoffice-calc-nogui), then test again."
    )
    profile = f"-env:UserInstallation={tmp_path_factory.mktemp('profile').as_uri()}"

    def run(content: bytes) -> list[list[list[Any]]]:
        folder = tmp_path_factory.mktemp("book")
        (folder / "book.xlsx").write_bytes(content)
        command = [program, "--headless", profile, "--convert-to", "xlsx", "--outdir", str(folder / "out")]
        subprocess.run([*command, str(folder / "book.xlsx")], capture_output=True, check=True, timeout=300)
        book = load_workbook(folder / "out" / "book.xlsx", data_only=True)
        return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]

    return run


def test_libreoffice_works_out_the_same_totals_to_the_penny(worked_out: WorkedOut) -> None:
    contents, payments, kinds = worked_out(made(PAYMENTS, KINDS, checks=CHECKS))
    everything, shown = (
        next(row for row in payments if row[0] == label) for label in ("Total", "Of the rows shown")
    )
    assert [round(everything[place] * 100) for place in (4, 5, 6)] == [PAID, 90 * 100, 44250]
    assert shown[4:7] == everything[4:7]
    assert round(kinds[-2][1] * 100) == PAID
    assert contents[2][0] == "Every figure agrees."
    checks = [row for row in contents if row[7] in ("agrees", "DIFFERS")]
    assert [(row[6], row[7]) for row in checks] == [(0, "agrees")] * 6


def test_a_figure_that_is_wrong_shows_on_the_first_sheet(worked_out: WorkedOut) -> None:
    wrong = Check("Payments agree with the books", Total("Payments", "Amount"), PAID + 1)
    contents = worked_out(made(PAYMENTS, checks=(wrong,)))[0]
    assert contents[2][0] == "Some figures do not agree: see the column Difference."
    assert contents[-1][6:8] == [-0.01, "DIFFERS"]


def test_a_cell_changed_afterwards_shows_on_the_first_sheet(worked_out: WorkedOut) -> None:
    book = loaded(made(PAYMENTS))
    book["Payments"]["E10"].value = float(book["Payments"]["E10"].value) + 0.01
    content = io.BytesIO()
    book.save(content)
    amount = worked_out(content.getvalue())[0][5]
    assert amount[3:8:4] == ["Amount", "DIFFERS"]
    assert amount[6] == -0.01


def test_text_is_never_a_formula_and_never_lost(worked_out: WorkedOut) -> None:
    content = made(PAYMENTS, KINDS)
    for sheet, totals in zip(loaded(content).worksheets[1:], (3, 1), strict=True):
        formulas = [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type in ("f", "e")]
        assert [formula[:5] for formula in formulas] == ["=SUM("] * totals + ["=SUBT"] * totals
    written = {row[0]: row[3] for row in worked_out(content)[1] if str(row[0]).startswith("PAY-")}
    seen = [written[f"PAY-{number:04}"] for number in range(len(HOSTILE))]
    changed = {"\r=1": "\n=1", "\x00=1": "␀=1", "a\x01\x1fb": "a␁␟b", "\ud800x\ufffe": "\ufffdx\ufffd"}
    expected = [changed.get(text, text) for text in HOSTILE[:-1]]
    assert [text if isinstance(text, str) else repr(text) for text in seen[:-1]] == expected
    assert seen[-1].startswith("x" * 16_000 + " … (cut")


def test_text_that_looks_like_an_escape_is_escaped_so_that_excel_shows_it_as_typed() -> None:
    with zipfile.ZipFile(io.BytesIO(made(replace(KINDS, rows=(("_x003D_1+1", 1), ("_x_", 1)))))) as book:
        xml = book.read("xl/worksheets/sheet2.xml").decode()
    assert "<t>_x005F_x003D_1+1</t>" in xml
    assert "<t>_x_</t>" in xml


def test_text_that_looks_live_is_marked_and_marks_no_other_cell() -> None:
    column = [row[3] for row in loaded(made(PAYMENTS))["Payments"].iter_rows(min_row=4, max_row=63)]
    marked = {text for text, cell in zip((row[3] for row in ROWS), column, strict=True) if cell.quotePrefix}
    assert marked == {text for text in HOSTILE if text[0] in "=+-@\t\r\n\x00"}


def test_headings_titles_and_notes_are_text_as_well() -> None:
    sheet = Sheet("=1+1", (Column("=2+2", Kind.MONEY, total=True),), ((1,),), about="=3+3", notes=("@4",))
    book = loaded(write_workbook([sheet], title="=5+5", currency="GBP", made_at=MADE))
    for page in book.worksheets:
        live = [cell.value for row in page.iter_rows() for cell in row if cell.data_type == "f"]
        assert not [formula for formula in live if "+" in formula.replace("'=1+1'!", "")]


def test_values_are_typed_and_shown_as_finance_reads_them() -> None:
    first = loaded(made(PAYMENTS))["Payments"][5]
    assert [cell.value for cell in first[:3]] == ["PAY-0001", datetime(2026, 4, 7), datetime(2026, 5, 1)]  # noqa: DTZ001
    assert [cell.value for cell in first[4:]] == [3.23, 1, 0.25, 0.01]
    assert [cell.number_format for cell in first] == [
        "@", "dd mmm yyyy", "mmm yyyy", "@", '"£"#,##0.00;[Red]-"£"#,##0.00', "#,##0", "#,##0.00", "0.0%",
    ]  # fmt: skip


def test_amounts_are_written_exactly_and_not_as_floats() -> None:
    with zipfile.ZipFile(io.BytesIO(made(replace(KINDS, rows=(("A", 10**15 + 1), ("B", -7)))))) as book:
        xml = book.read("xl/worksheets/sheet2.xml").decode()
    assert "<v>10000000000000.01</v>" in xml
    assert "<v>-0.07</v>" in xml


def test_another_currency_has_its_own_places() -> None:
    cell = loaded(made(replace(KINDS, rows=(("A", 1500),)), currency="JPY")).worksheets[1]["B4"]
    assert (cell.value, cell.number_format) == (1500, '"JPY "#,##0;[Red]-"JPY "#,##0')


def test_the_pages_are_set_up_for_reading_and_printing() -> None:
    book = loaded(made(PAYMENTS))
    sheet = book["Payments"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A4", "A3:H63", "$3:$3")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddFooter.center.text == "Page &P of &N"
    assert sheet.column_dimensions["A"].width == 14
    assert (book.properties.title, book.properties.creator) == ("Finance & more", "Lived Experience Ledger")
    assert book.properties.created == datetime(2026, 7, 24, 13, 5)  # noqa: DTZ001 (Excel keeps it without a zone)
    assert book["Contents"]["A2"].value == "Made on 24 July 2026 at 14:05. All amounts are in GBP."


def test_the_first_sheet_leads_to_the_others_and_names_their_totals() -> None:
    book = loaded(made(PAYMENTS, KINDS))
    assert book.sheetnames == ["Contents", "Payments", "By kind fee cost 2026 and more"]
    assert book["Contents"]["A6"].hyperlink.location == "'Payments'!A1"
    assert book.defined_names["Total_Payments_Amount"].attr_text == "'Payments'!$E$64"


def test_sheet_names_are_made_safe_and_different() -> None:
    titles = ["history", "'", "A" * 40, "A" * 50, "Contents", "a/b", "A:B"]
    book = loaded(made(*(replace(KINDS, title=title) for title in titles)))
    wanted = [
        "Contents",
        "history (2)",
        "Sheet",
        "A" * 31,
        "A" * 27 + " (2)",
        "Contents (2)",
        "a b",
        "A B (2)",
    ]
    assert book.sheetnames == wanted
    assert len(book.defined_names) == len(titles)


def test_a_sheet_without_rows_says_so_and_adds_up_to_nothing(worked_out: WorkedOut) -> None:
    contents, empty = worked_out(
        made(replace(PAYMENTS, rows=iter(())), checks=(replace(CHECKS[0], against=0),))
    )
    assert empty[3][0] == "There is nothing to show here."
    assert contents[2][0] == "Every figure agrees."


def test_the_file_on_disk_says_the_same_as_the_bytes(tmp_path: Path, worked_out: WorkedOut) -> None:
    path = tmp_path / "saved.xlsx"
    save_workbook(path, [KINDS], title="Finance & more", currency="GBP", made_at=MADE)
    assert worked_out(path.read_bytes()) == worked_out(made(KINDS))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (Column("A", Kind.MONEY), 1.5), (Column("A", Kind.MONEY), True), (Column("A", Kind.MONEY), "=1"),
        (Column("A", Kind.NUMBER), Decimal(1)), (Column("A", Kind.QUANTITY), 0.5), (Column("A"), 5),
        (Column("A", Kind.QUANTITY), Decimal("NaN")), (Column("A", Kind.DATE), MADE),
        (Column("A", Kind.DATE), "x"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_refused(column: Column, value: Any) -> None:
    with pytest.raises(TypeError, match="column cannot hold"):
        made(Sheet("S", (column,), ((None,), (value,))))


def test_rows_and_columns_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="A row has 1 values for 2 columns"):
        made(replace(KINDS, rows=(("A",),)))
    with pytest.raises(ValueError, match="different headings"):
        replace(KINDS, columns=(Column("A"), Column("A")))
    with pytest.raises(ValueError, match="cannot be summed"):
        Column("Share", Kind.PERCENT, total=True)
    with pytest.raises(ValueError, match="no money total Lines on a sheet Payments"):
        made(PAYMENTS, checks=(Check("C", Total("Payments", "Lines"), 1),))


def test_more_rows_than_excel_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_writer, "MOST_ROWS", 2)
    assert made(KINDS)
    with pytest.raises(WorkbookError, match="more rows than Excel can hold"):
        made(replace(KINDS, rows=(("A", number) for number in range(3))))


def test_rows_are_read_once_and_a_failure_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def rows() -> Iterator[tuple[str, int]]:
        yield ("A", 1)
        raise LookupError("the database went away")

    with pytest.raises(LookupError):
        made(replace(KINDS, rows=rows()))
    assert list(tmp_path.iterdir()) == []
    assert loaded(made(replace(KINDS, rows=iter([("A", 1)])))).worksheets[1]["B5"].value == "=SUM(B4:B4)"
