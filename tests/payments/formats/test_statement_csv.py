"""Bank statements: a whole file read to the penny, or refused with the row."""

import time
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.money import decimal_text
from payments.formats.statement_columns import ColumnMap
from payments.formats.statement_csv import LARGEST_FILE, Statement, StatementError, read_statement

COLUMNS = ColumnMap(
    date="Date",
    description="Details",
    amount="Amount",
    balance="Balance",
    date_format="dd/mm/yyyy",
    money_out="negative",
)
PLAIN = replace(COLUMNS, balance="")
TWO = replace(PLAIN, amount="", paid_in="In", paid_out="Out", money_out="positive")
Line = tuple[date, str, int]  # day, description, minor units
FILE = (
    "Date,Details,Amount,Balance\r\n"
    '24/11/2026,"PAYMENT RUN 42, BACS",-314.55,"1,685.45"\r\n'
    "25/11/2026,BUS REFUND,10.00,1695.45\r\n"
    "25/11/2026,BUS REFUND,10.00,1705.45\r\n"
)


def read(text: str, columns: ColumnMap = COLUMNS) -> Statement:
    return read_statement(text.encode(columns.encoding), columns)


def amounts(rows: list[str], columns: ColumnMap = PLAIN, heading: str = "Date,Details,Amount") -> list[int]:
    return [row.amount for row in read("\n".join([heading, *rows]), columns).rows]


def keys(statement: Statement) -> Counter[tuple[str, int]]:
    return Counter((row.content_hash, row.occurrence) for row in statement.rows)


def test_it_reads_every_row_with_its_place_and_its_own_text() -> None:
    statement = read(FILE)
    first = statement.rows[0]
    assert (first.number, first.day, first.amount, first.balance) == (2, date(2026, 11, 24), -31455, 168545)
    assert first.description == "PAYMENT RUN 42, BACS"
    assert first.raw == '24/11/2026,"PAYMENT RUN 42, BACS",-314.55,"1,685.45"'
    assert (statement.opening_balance, statement.closing_balance, statement.total) == (200000, 170545, -29455)


def test_two_real_payments_that_look_alike_are_both_kept() -> None:
    _first, second, third = read(FILE).rows
    assert second.content_hash == third.content_hash
    assert (second.occurrence, third.occurrence) == (1, 2)


def test_newest_first_reads_the_same_balances_and_keys() -> None:
    heading, *rows = FILE.splitlines()
    turned = read("\n".join([heading, *reversed(rows)]))
    assert (turned.opening_balance, turned.closing_balance) == (200000, 170545)
    assert keys(turned) == keys(read(FILE))


def test_another_encoding_delimiter_or_bank_heading_gives_the_same_keys() -> None:
    text = "Date,Details,Amount\n24/11/2026,CAFÉ £5,-5.00\n"
    other = replace(PLAIN, encoding="cp1252", delimiter=";", amount="Value", date_format="dd mmm yyyy")
    turned = "DATE; details ;Value\n24 Nov 2026;CAFÉ  £5;£-5\n"
    assert keys(read(turned, other)) == keys(read(text, PLAIN))


days = st.integers(0, 6).map(lambda back: date(2026, 11, 24) + timedelta(back))
lines = st.lists(st.tuples(days, st.sampled_from(["A", "B, C", 'D "E"']), st.integers(-300, 300)), min_size=1)


@given(lines, st.integers(0, 6), st.integers(0, 6))
def test_files_that_overlap_by_whole_days_share_exactly_the_rows_of_those_days(
    lines: list[Line], begins: int, ends: int
) -> None:
    lines.sort(key=lambda line: line[0])
    first, last = date(2026, 11, 24) + timedelta(begins), date(2026, 11, 24) + timedelta(ends)
    earlier = [line for line in lines if line[0] <= last]
    later = [line for line in lines if line[0] >= first]
    shared = [line for line in lines if first <= line[0] <= last]
    found = [
        keys(read(_file(part), PLAIN)) if part else Counter() for part in (earlier, later, shared, lines)
    ]
    assert found[0] & found[1] == found[2]
    assert found[0] | found[1] == (found[3] if begins <= ends + 1 else found[0] + found[1])
    assert max(found[3].values()) == 1


@given(st.lists(st.tuples(days, st.just("A"), st.integers(1, 300)), min_size=3), st.data())
def test_a_running_balance_proves_the_rows_and_a_missing_one_shows(
    lines: list[Line], data: st.DataObject
) -> None:
    balances = [5000 + sum(amount for _, _, amount in lines[: place + 1]) for place in range(len(lines))]
    statement = read(_file(lines, balances))
    assert (statement.opening_balance, statement.closing_balance) == (5000, balances[-1])
    gone = data.draw(st.integers(1, len(lines) - 2))
    del lines[gone], balances[gone]
    with pytest.raises(StatementError, match="the balance is not"):
        read(_file(lines, balances))


def test_a_balance_given_once_a_day_is_checked_over_the_days() -> None:
    good = FILE.replace("1695.45", "")
    assert read(good).closing_balance == 170545
    with pytest.raises(StatementError, match="Row 4: the balance is not the balance before it"):
        read(good.replace("1705.45", "1705.44"))


@pytest.mark.parametrize(("old", "new"), [("-314.55", "-314.56"), ("10.00,1695.45", "11.00,1695.45")])
def test_a_changed_amount_is_told_by_the_balance(old: str, new: str) -> None:
    changed = FILE.replace(old, new)
    if old == "-314.55":  # the first amount only moves the opening balance
        assert read(changed).opening_balance == 200001
        return
    with pytest.raises(StatementError, match="Row 3: the balance"):
        read(changed)


def test_a_missing_row_is_told_by_the_balance() -> None:
    rows = FILE.splitlines()
    with pytest.raises(StatementError, match="A row is missing, is there twice or has been changed"):
        read("\n".join([*rows[:2], rows[3]]))


def test_a_single_day_that_reads_either_way_has_no_opening_balance() -> None:
    statement = read("Date,Details,Amount,Balance\n24/11/2026,A,5.00,10.00\n24/11/2026,B,-5.00,5.00\n")
    assert (statement.opening_balance, statement.closing_balance) == (None, None)


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("12.5", 1250), ("£1,234.50", 123450), ("-12.00", -1200), ("\u221212.00", -1200), ("12.00-", -1200),
        ("(12.00)", -1200), ("(£12.00)", -1200), ("£-12.00", -1200), ("-£12.00", -1200), ("+12", 1200),
        ("12.00 CR", 1200), ("12.00CR", 1200), ("12.00 dr", -1200), ("12.00 OD", -1200), (".50", 50),
        ("0.00", 0), ("99,999,999,999.99", 9_999_999_999_999),
    ],
)  # fmt: skip
def test_it_reads_an_amount_as_banks_write_it(written: str, minor: int) -> None:
    assert amounts([f'24/11/2026,A,"{written}"']) == [minor]


@pytest.mark.parametrize(
    "written",
    [
        "", " ", ".", "-", "12.345", "0.001", "1.234,56", "1 234.50", "12,34", "1,2345.00", "1e3", "1_000",
        "NaN", "Infinity", "0x10", "١٢", "１２", "-12 DR", "-(12)", "--12", "(12", "12)", "12.00 GBP", "=1+1",
        "twelve", "9" * 30, "1" + "0" * 5000, "12.00 XR", "£££1",
    ],
)  # fmt: skip
def test_an_amount_it_cannot_read_stops_the_file_with_its_row(written: str) -> None:
    with pytest.raises(StatementError, match="^Row 3: "):
        amounts(["24/11/2026,GOOD,1.00", f'24/11/2026,BAD,"{written}"'])


@pytest.mark.parametrize(
    ("date_format", "written"),
    [
        ("dd/mm/yyyy", "24/11/2026"), ("dd/mm/yy", "24/11/26"), ("dd-mm-yyyy", "24-11-2026"),
        ("dd.mm.yyyy", "24.11.2026"), ("yyyy-mm-dd", "2026-11-24"), ("yyyy/mm/dd", "2026/11/24"),
        ("yyyymmdd", "20261124"), ("dd mmm yyyy", "24 November 2026"), ("dd-mmm-yyyy", "24-NOV-2026"),
        ("dd-mmm-yy", "24-Nov-26"), ("dd mmm yy", "24 Nov 26"), ("mm/dd/yyyy", "11/24/2026"),
    ],
)  # fmt: skip
def test_it_reads_each_date_format(date_format: str, written: str) -> None:
    statement = read(f"Date,Details,Amount\n{written},A,1\n", replace(PLAIN, date_format=date_format))
    assert statement.rows[0].day == date(2026, 11, 24)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "31/11/2026",
        "29/02/2026",
        "24/11/26",
        "2026-11-24",
        "24/11/2026 10:00",
        "٢٤/11/2026",
        "24/11/0000",
    ],
)
def test_a_date_it_cannot_read_stops_the_file_with_its_row(written: str) -> None:
    with pytest.raises(StatementError, match="^Row 2: "):
        amounts([f"{written},A,1.00"])


@pytest.mark.parametrize("written", ["24 Foo 2026", "24 Mayo 2026"])
def test_a_month_in_no_english_stops_the_file(written: str) -> None:
    with pytest.raises(StatementError, match="does not name a month"):
        amounts([f"{written},A,1.00"], replace(PLAIN, date_format="dd mmm yyyy"))


def test_money_out_may_be_written_without_a_minus() -> None:
    assert amounts(["24/11/2026,A,5.00", "24/11/2026,B,-2.00"], replace(PLAIN, money_out="positive")) == [
        -500,
        200,
    ]
    assert amounts(["24/11/2026,A,5.00 CR"], replace(PLAIN, money_out="positive")) == [500]


def test_two_columns_for_money_in_and_out() -> None:
    heading = "Date,Details,In,Out"
    rows = ["24/11/2026,A,5.00,", "24/11/2026,B,,2.00", "24/11/2026,C,0.00,3.00"]
    assert amounts(rows, TWO, heading) == [500, -200, -300]
    assert amounts(["24/11/2026,B,,-2.00"], replace(TWO, money_out="negative"), heading) == [-200]


@pytest.mark.parametrize("cells", [",", "1.00,2.00", "-1.00,", ",-2.00", "1.00 DR,", ",2.00 CR"])
def test_two_columns_that_contradict_each_other_stop_the_file(cells: str) -> None:
    with pytest.raises(StatementError, match="^Row 2: "):
        amounts([f"24/11/2026,A,{cells}"], TWO, "Date,Details,In,Out")


def test_a_file_without_heading_is_read_by_position() -> None:
    columns = replace(PLAIN, has_header=False, date="1", description="4", amount="3")
    assert read('24/11/2026,X,-1.00,"A"\n', columns).rows[0].amount == -100
    with pytest.raises(StatementError, match="Row 1 has only 3 columns"):
        read("24/11/2026,X,-1.00\n", columns)


def test_the_banks_own_lines_above_the_heading_are_passed_over() -> None:
    columns = replace(PLAIN, lines_above=3)
    (row,) = read(
        '"Account Name:","Flex"\n"Balance:","£1"\n\nDate,Details,Amount\n24/11/2026,A,1\n', columns
    ).rows
    assert (row.number, row.amount) == (5, 100)


def test_blank_lines_and_trailing_commas_are_not_payments() -> None:
    statement = read("Date,Details,Amount,\n24/11/2026,A,1,\n\n,,,\n24/11/2026,B,2\n", PLAIN)
    assert [(row.number, row.amount) for row in statement.rows] == [(2, 100), (5, 200)]


def test_marks_that_hide_text_are_shown_and_do_not_stop_the_file() -> None:
    (row,) = read("Date,Details,Amount\n24/11/2026,PAY\u202eEVIL \x01\x1b[0m,1\n", PLAIN).rows
    assert row.description == "PAY\ufffdEVIL \ufffd\ufffd[0m"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "nothing below"),
        (b" \r\n\t\r\n", "is empty"),
        (b"Date,Details,Amount\r\n", "no payments"),
        (b"PK\x03\x04\x14\x00", "an Excel workbook"),
        (b"%PDF-1.7\n", "a PDF"),
        ("Date,Details,Amount\n".encode("utf-16"), "UTF-16"),
        (b"Date,Details,Amount\n24/11/2026,A\x00B,1\n", "not a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a text file"),
        (b"Date,Details,Amount\n24/11/2026,CAF\xc9,1\n", "Line 2 has a character that is not in utf-8-sig"),
        (b"Date,Details\n24/11/2026,A\n", "The column “Amount” is not in the heading"),
        (b"Date,Details,Amount,amount\n24/11/2026,A,1,1\n", "is in the heading more than once"),
        (b"Date,Details,Amount\n24/11/2026,A, B,1\n", "Row 2 has 4 columns where 3 are expected"),
        (b"Date,Details,Amount\n24/11/2026,A\n", "Row 2 has 2 columns"),
        (b"Date,Details,Amount\n24/11/2026," + b"," * 64 + b"\n", "Row 2 has more than 64 columns"),
        (b'Date,Details,Amount\n24/11/2026,"A,1\n25/11/2026,B,2\n', "Row 2 cannot be read: a quotation mark"),
        (b'Date,Details,Amount\n24/11/2026,"A"B,1\n', "Row 2 cannot be read: a quotation mark"),
    ],
)
def test_a_file_that_is_no_statement_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(StatementError, match=said):
        read_statement(content, PLAIN)


def test_a_file_over_ten_megabytes_is_refused_before_it_is_read() -> None:
    line = b"24/11/2026,A,1\n"
    with pytest.raises(StatementError, match="larger than 10 MB"):
        read_statement(b"Date,Details,Amount\n" + line * (LARGEST_FILE // len(line)), PLAIN)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_by_name(content: bytes) -> None:
    for encoding in ("utf-8-sig", "cp1252"):
        for start in (b"", b"Date,Details,Amount\n"):
            try:
                read_statement(start + content, replace(PLAIN, encoding=encoding))
            except StatementError:
                continue


def test_time_grows_with_the_length_and_not_with_its_square() -> None:
    heading, line = "Date,Details,Amount\n", "24/11/2026,SAME LINE,1.00\n"
    spent = []
    for count in (2_000, 20_000):
        started = time.process_time()
        read(heading + line * count, PLAIN)
        spent.append(time.process_time() - started)
    assert spent[1] < 40 * spent[0]  # ten times the rows; the square would be a hundred times


def _file(lines: list[Line], balances: list[int] | None = None) -> str:
    texts = ["Date,Details,Amount" + (",Balance" if balances else "")]
    for place, (day, what, amount) in enumerate(lines):
        balance = f",{decimal_text(balances[place])}" if balances else ""
        quoted = what.replace('"', '""')
        texts.append(f'{day:%d/%m/%Y},"{quoted}",{decimal_text(amount)}{balance}')
    return "\n".join(texts)
