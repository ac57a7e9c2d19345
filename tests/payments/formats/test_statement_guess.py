"""How a bank writes its file is found out from a sample; what is no statement is refused in words."""

from typing import Any

import pytest

from payments.formats.statement_columns import ColumnMap
from payments.formats.statement_csv import StatementError, read_statement
from payments.formats.statement_guess import SAMPLE, encoding_of, head_of, layout_of, propose

PLAIN = b"Date,Description,Amount,Balance\n01/11/2026,CARD FEE,-1.50,98.50\n13/11/2026,IN,10.00,108.50\n"


def proposed(content: bytes) -> dict[str, Any]:
    return propose(layout_of(head_of(content), encoding=encoding_of(content)), "GBP")


@pytest.mark.parametrize(
    ("content", "settings", "amounts"),
    [
        (PLAIN, {"amount": "Amount", "balance": "Balance", "money_out": "negative"}, [-150, 1000]),
        (
            b"Sort code: 20-29-59\nFrom 1 November\n\n"
            + b"Transaction Date;Type;Transaction Description;Debit Amount;Credit Amount;Balance\n"
            + b"01/11/2026;DEB;SHOP;1.50;;98.50\n13/11/2026;CR;IN;;10.00;108.50\n",
            {
                "description": "Transaction Description",
                "paid_out": "Debit Amount",
                "paid_in": "Credit Amount",
                "lines_above": 3,
                "delimiter": ";",
                "money_out": "positive",
            },
            [-150, 1000],
        ),
        (
            b"01-Nov-2026,FPO,PAYMENT EXP 000012,-1.50,98.50\n13-Nov-2026,BGC,GRANT,10.00,108.50\n",
            {
                "has_header": False,
                "date": "1",
                "description": "3",
                "amount": "4",
                "date_format": "dd-mmm-yyyy",
            },
            [-150, 1000],
        ),
        (
            "20261101\tCaf\xe9\t1.50\t\t98.50\n20261102\tb\t\t3.00\t101.50\n".encode("cp1252"),
            {"encoding": "cp1252", "paid_out": "3", "paid_in": "4", "delimiter": "\t"},
            [-150, 300],
        ),
        (  # in and out the other way round: the running balance says so
            b"20261101\tA\t1.50\t\t98.50\n20261102\tB\t\t3.00\t95.50\n",
            {"paid_in": "3", "paid_out": "4"},
            [150, -300],
        ),
        (  # money out without a minus, as on a card: the running balance says so
            b"Date,Details,Amount,Balance\n01/11/2026,A,1.50,98.50\n02/11/2026,B,3.00,95.50\n",
            {"money_out": "positive"},
            [-150, -300],
        ),
        (
            b"\xef\xbb\xbfDate,Narrative,Reference,Money In,Money Out\n"
            b"13/11/2026,A,R1,,1.50\n02/11/2026,B,R2,3.00,\n",
            {"reference": "Reference", "paid_in": "Money In", "paid_out": "Money Out", "balance": ""},
            [-150, 300],
        ),
    ],
)
def test_it_finds_out_how_the_file_is_written(
    content: bytes, settings: dict[str, Any], amounts: list[int]
) -> None:
    found = proposed(content)
    assert {name: found[name] for name in settings} == settings
    assert [row.amount for row in read_statement(content, ColumnMap(**found)).rows] == amounts


def test_days_are_read_the_british_way_where_both_are_possible() -> None:
    assert proposed(PLAIN.replace(b"13/11", b"02/11"))["date_format"] == "dd/mm/yyyy"
    assert (
        proposed(PLAIN.replace(b"13/11", b"11/13").replace(b"01/11", b"11/01"))["date_format"] == "mm/dd/yyyy"
    )


def test_what_is_not_found_is_left_to_the_person() -> None:
    found = proposed(b"Date,Kind of thing,Sum\n01/02/2026,x,1.00\n")
    assert (found["date"], found["description"], found["amount"]) == ("Date", "", "")


def test_a_number_of_lines_above_is_taken_as_said() -> None:
    assert layout_of(PLAIN, encoding="utf-8-sig", lines_above=1).has_header is False
    assert (
        layout_of(b"Date,About,Sum\n" + PLAIN, encoding="utf-8-sig", lines_above=1).names[1] == "Description"
    )


def test_the_head_of_a_file_is_whole_lines() -> None:
    long = PLAIN + b"14/11/2026,X,1.00,109.50\n" * 5000
    assert len(head_of(long)) <= SAMPLE
    assert head_of(long).endswith(b"\n")
    assert head_of(PLAIN) == PLAIN
    assert len(head_of(b"x" * 20_000)) == SAMPLE


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"hello", "no row with a date"),
        (b"a,b,c\n1,2,3\n", "no row with a date"),
        (b"PK\x03\x04", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"Date\x00", "not a text file"),
        (b"\x81\x8d\x8f", "not in cp1252"),
        (b"x,y,z\n" * 60 + PLAIN, "below 50 other lines"),
        (b"," * 7000, "no row with a date"),
    ],
)
def test_what_is_no_statement_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(StatementError, match=told):
        proposed(content)
