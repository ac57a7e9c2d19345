"""The payment run file for the bank: what is written is read back, and nothing else is."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.formats.bank_csv import (
    BankFileError,
    Credit,
    Payee,
    RunFile,
    check_file,
    prepare_run,
    read_run,
    write_run,
)

DAY = date(2026, 11, 24)
CORA = Payee("Zoë O'Brien-Núñez", "089999", "66374958", 5005, "EXP 000101")
DEV = Payee("Dev Łoś", "107999", "00000190", 2650, "EXP 000102")
ROSA = Payee("Rosa Groß", "090000", "00050005", 10440, "EXP 000103", roll_number="a/1234567890xyz")
RUN = prepare_run(DAY, [CORA, DEV, ROSA])
CONTENT = write_run(RUN)

credits = st.builds(
    Credit,
    sort_code=st.text("0123456789", min_size=6, max_size=6),
    account_number=st.text("0123456789", min_size=8, max_size=8),
    account_name=st.from_regex(r"[A-Z0-9]([A-Z0-9.&/\-]{0,16}( [A-Z0-9.&/\-]{1,17})?)?", fullmatch=True),
    amount=st.integers(1, 10**9),
    reference=st.from_regex(r"[A-Z0-9]([A-Z0-9.&/\-]{0,8}( [A-Z0-9.&/\-]{1,8})?)?", fullmatch=True),
)
runs = st.builds(
    RunFile,
    st.dates(date(2000, 1, 1), date(2999, 12, 31)),
    st.lists(credits, min_size=1, max_size=20, unique_by=lambda credit: credit.reference).map(tuple),
)


def test_the_file_is_written_as_banks_read_it() -> None:
    assert CONTENT == (
        b"Sort code,Account number,Account name,Amount,Reference,Payment date\r\n"
        b"089999,66374958,ZOE O BRIEN-NUNEZ,50.05,EXP 000101,24/11/2026\r\n"
        b"107999,00000190,DEV LOS,26.50,EXP 000102,24/11/2026\r\n"
        b"090000,00050005,ROSA GROSS,104.40,A/1234567890XYZ,24/11/2026\r\n"
    )


def test_the_control_totals_are_those_of_the_run() -> None:
    read = read_run(CONTENT)
    assert (read, read.count, read.total) == (RUN, 3, 18095)


@given(runs)
def test_what_is_written_is_read_back_whole(run: RunFile) -> None:
    assert read_run(write_run(run)) == run


@given(st.binary(max_size=300) | st.text("0123456789,/. ABC\r\n", max_size=300).map(str.encode))
def test_bytes_that_are_no_run_file_are_refused_by_name(content: bytes) -> None:
    with pytest.raises(BankFileError):
        read_run(content)


def test_every_changed_bit_is_told_by_the_reader_or_the_comparison_with_the_run() -> None:
    for place in range(len(CONTENT)):
        for bit in range(8):
            changed = bytearray(CONTENT)
            changed[place] ^= 1 << bit
            assert not _is_the_run(bytes(changed)), f"byte {place}, bit {bit}"
    assert _is_the_run(CONTENT)


def test_every_changed_figure_is_told_by_the_check_at_release() -> None:
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    for place, byte in enumerate(CONTENT):
        if not chr(byte).isdigit():
            continue
        for figure in b"0123456789".replace(bytes([byte]), b""):
            changed = CONTENT[:place] + bytes([figure]) + CONTENT[place + 1 :]
            with pytest.raises(BankFileError):
                check_file(changed, count=RUN.count, total=RUN.total, sha256=sha256)
    assert check_file(CONTENT, count=RUN.count, total=RUN.total, sha256=sha256) == RUN


@pytest.mark.parametrize(
    ("count", "total", "sha256", "said"),
    [
        (2, 18095, "", "The file holds 3 payments and the run holds 2."),
        (3, 18094, "", "The file pays £180.95 and the run pays £180.94."),
        (3, 18095, "0" * 64, "It has been changed."),
    ],
)
def test_the_check_says_which_of_count_total_and_bytes_differs(
    count: int, total: int, sha256: str, said: str
) -> None:
    with pytest.raises(BankFileError, match=said):
        check_file(CONTENT, count=count, total=total, sha256=sha256)


def test_lines_left_out_doubled_or_exchanged_are_told() -> None:
    heading, first, second, third, _end = CONTENT.split(b"\r\n")
    for lines in (
        [first, second],
        [first, second, third, third],
        [second, first, third],
        [first, first, third],
    ):
        changed = b"\r\n".join([heading, *lines, b""])
        assert not _is_the_run(changed)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "李明"}, "The account name “李明” has no letters"),
        ({"name": " -./& "}, "has no letters"),
        ({"name": ""}, "has no letters"),
        ({"amount": 0}, "must be more than nothing"),
        ({"amount": -1}, "must be more than nothing"),
        ({"amount": 10**9 + 1}, "at most £10,000,000.00"),
        ({"sort_code": "89999"}, "sort code for ZOE O BRIEN-NUNEZ needs 6 figures"),
        ({"sort_code": "08-99-99"}, "needs 6 figures"),
        ({"sort_code": "٠٨٩٩٩٩"}, "needs 6 figures"),
        ({"account_number": "6637495"}, "account number for ZOE O BRIEN-NUNEZ needs 8 figures"),
        ({"reference": ""}, "needs 1 to 18 letters"),
        ({"reference": "EXP 000101 AND MORE"}, "needs 1 to 18 letters"),
        ({"reference": "EXP,1"}, "needs 1 to 18 letters"),
        ({"reference": "-1-2"}, "must begin with a letter or figure"),
        ({"roll_number": "A/1234567890123456789"}, "needs 1 to 18 letters"),
        ({"roll_number": "A_1"}, "needs 1 to 18 letters"),
    ],
)
def test_it_refuses_a_payment_the_bank_cannot_take(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BankFileError, match=said):
        prepare_run(DAY, [replace(CORA, **change)])


@pytest.mark.parametrize(
    "name", ["=1+1", "+44 1", "-2-3", "@SUM(A1)", '"Quo,ted"', "Two\r\nLines", "\x00Nul", "  Edge  "]
)
def test_names_never_begin_like_a_formula_and_never_break_a_line(name: str) -> None:
    (credit,) = prepare_run(DAY, [replace(CORA, name=name)]).credits
    assert credit.account_name[0].isalnum()
    assert read_run(write_run(RunFile(DAY, (credit,)))).credits == (credit,)


def test_a_long_name_is_cut_to_what_the_bank_shows() -> None:
    (credit,) = prepare_run(DAY, [replace(CORA, name="Anna " * 20)]).credits
    assert credit.account_name == ("ANNA " * 7).strip()
    assert len(prepare_run(DAY, [replace(CORA, name="A" * 50)]).credits[0].account_name) == 35


def test_it_refuses_one_reference_for_two_payments() -> None:
    with pytest.raises(BankFileError, match="EXP 000101 is used twice"):
        prepare_run(DAY, [CORA, replace(DEV, reference="exp 000101")])
    with pytest.raises(BankFileError, match="EXP 000101 is used for two accounts"):
        write_run(RunFile(DAY, (RUN.credits[0], replace(RUN.credits[1], reference="EXP 000101"))))


def test_one_roll_number_may_receive_fee_and_costs() -> None:
    run = prepare_run(DAY, [ROSA, replace(ROSA, reference="EXP 000104", amount=1)])
    assert [credit.reference for credit in read_run(write_run(run)).credits] == ["A/1234567890XYZ"] * 2


def test_an_empty_run_is_refused_both_ways() -> None:
    with pytest.raises(BankFileError, match="no payments"):
        prepare_run(DAY, [])
    with pytest.raises(BankFileError, match="no payments"):
        read_run(CONTENT[: CONTENT.index(b"\r\n") + 2])


@pytest.mark.parametrize(
    "credit", [replace(RUN.credits[0], account_name=name) for name in ("Zoë", "A,B", "")]
)
def test_the_writer_refuses_what_was_not_prepared(credit: Credit) -> None:
    with pytest.raises(BankFileError):
        write_run(RunFile(DAY, (credit,)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"Sort code", b"Sort Code", "heading"),
        (b"24/11/2026\r\n1", b"25/11/2026\r\n1", "more than one payment date"),
        (b"24/11/2026", b"31/11/2026", "date that does not exist"),
        (b"24/11/2026", b"24/11/1926", "Row 2"),
        (b"50.05", b"050.05", "Row 2"),
        (b"50.05", b"0.00", "Row 2"),
        (b"50.05", b"-50.05", "Row 2"),
        (b"50.05", b"50.050", "Row 2"),
        (b"\r\n", b"\n", "heading"),
        (b"DEV LOS", b"DEV  LOS", "Row 3"),
        (b"EXP 000102", b"EXP 000101", "used for two accounts"),
        (b"24/11/2026\r\n0", b"24/11/2026\r\n\r\n0", "Row 4"),
        (b"089999", b"'089999", "Row 2"),
        (b"089999", b"89999", "Row 2"),
        (b"ZOE O", b"ZO\xc3\x8b O", "characters that the bank does not accept"),
    ],
)
def test_the_reader_refuses_another_spelling(old: bytes, new: bytes, said: str) -> None:
    with pytest.raises(BankFileError, match=said):
        read_run(CONTENT.replace(old, new))


def test_a_file_cut_off_inside_a_row_is_refused() -> None:
    for length in range(len(CONTENT)):
        if CONTENT[:length].endswith(b"2026\r\n"):
            assert read_run(CONTENT[:length]).count < RUN.count
            continue
        with pytest.raises(BankFileError):
            read_run(CONTENT[:length])


def _is_the_run(content: bytes) -> bool:
    try:
        return read_run(content) == RUN
    except BankFileError:
        return False
