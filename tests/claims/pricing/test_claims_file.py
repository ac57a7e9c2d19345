"""A claims file is accepted or refused whole, with every problem named by row and column."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from claims.pricing.claims_file import read_claims, read_declarations
from claims.pricing.csv_rows import ClaimsFileError, decoded
from claims.pricing.lines import ClaimLine
from claims.pricing.vocabulary import Kind, Mode, Unit
from tests.claims.pricing.builders import COLUMNS, DEMO

GOOD = {
    "claim": "C1",
    "line": "1",
    "contributor": "amira",
    "date": "2026-11-10",
    "kind": "fare",
    "mode": "bus",
}
MILES = GOOD | {"kind": "mileage", "mode": "car", "quantity": "86.0", "unit": "mile"}
TIME = GOOD | {"kind": "time", "mode": "session", "quantity": "3.75", "unit": "hour"}


def file_of(*rows: dict[str, str]) -> str:
    names = COLUMNS.split(",")
    return "\n".join([COLUMNS, *(",".join(row.get(name, "") for name in names) for row in rows)]) + "\n"


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ClaimsFileError) as refused:
        read_claims(text)
    return refused.value.problems


def test_every_column_is_read() -> None:
    row = GOOD | {
        "amount": "£1,026.50",
        "funded_elsewhere": "10",
        "hours_away": "6.17",
        "receipt": "R-1",
        "answer": "less:5.50",
        "cancelled_notice": "20:20",
        "shares": "PROJ-A:2;PROJ-B:1",
    }
    text = file_of(row).replace("£1,026.50", '"£1,026.50"')
    assert read_claims(text) == [
        ClaimLine(
            claim="C1",
            line="1",
            contributor="amira",
            on=date(2026, 11, 10),
            kind=Kind.FARE,
            mode=Mode.BUS,
            amount=102650,
            funded_elsewhere=1000,
            hours_away=Decimal("6.17"),
            receipt="R-1",
            at_most=550,
            notice=timedelta(hours=20, minutes=20),
            shares=(("PROJ-A", 2), ("PROJ-B", 1)),
        )
    ]


def test_quantities_have_units() -> None:
    miles, time = read_claims(file_of(MILES, TIME | {"line": "2"}))
    assert (miles.quantity, miles.unit) == (Decimal("86.0"), Unit.MILE)
    assert (time.quantity, time.unit) == (Decimal("3.75"), Unit.HOUR)


@pytest.mark.parametrize(("text", "declined"), [("", False), ("accepted", False), ("declined", True)])
def test_the_answer_is_read(text: str, declined: bool) -> None:
    (line,) = read_claims(file_of(TIME | {"answer": text}))
    assert (line.declined, line.at_most) == (declined, None)


def test_lost_is_a_reason_and_no_handle() -> None:
    (line,) = read_claims(file_of(GOOD | {"receipt": "lost"}))
    assert (line.receipt, line.receipt_lost) == ("", True)


def test_columns_may_stand_in_any_order_and_a_byte_order_mark_is_no_text() -> None:
    header, row = file_of(MILES).splitlines()
    turned = "\n".join(",".join(reversed(line.split(","))) for line in (header, row))
    assert read_claims("\ufeff" + turned) == read_claims(file_of(MILES))


def test_empty_rows_are_passed_over_and_counted() -> None:
    text = file_of(GOOD, {}, GOOD | {"line": "2", "date": "x"}).replace("\n", "\r\n")
    assert problems(text) == ("Row 4, date: “x” is not a date; write it like 2026-04-06.",)


def test_text_that_looks_like_a_formula_is_just_text() -> None:
    (line,) = read_claims(file_of(GOOD | {"claim": "=1+1", "receipt": "@SUM(A1)"}))
    assert (line.claim, line.receipt) == ("=1+1", "@SUM(A1)")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (GOOD | {"claim": ""}, "Row 2, claim: is empty."),
        (GOOD | {"line": " "}, "Row 2, line: is empty."),
        (GOOD | {"contributor": ""}, "Row 2, contributor: is empty."),
        (GOOD | {"contributor": "a" * 101}, "Row 2, contributor: has more than 100 characters."),
        (GOOD | {"contributor": "a\u202eb"}, "Row 2, contributor: This text has a hidden mark"),
        (GOOD | {"date": "10/11/2026"}, "Row 2, date: “10/11/2026” is not a date"),
        (GOOD | {"date": "20261110"}, "Row 2, date: “20261110” is not a date"),
        (GOOD | {"date": "2026-02-29"}, "Row 2, date: “2026-02-29” is not a date"),
        (GOOD | {"kind": "lunch"}, "Row 2, kind: “lunch” is not known here: use mileage, "),
        (GOOD | {"kind": "Fare"}, "Row 2, kind: “Fare” is not known here"),
        (GOOD | {"mode": "car"}, "Row 2, mode: “car” is not a mode of fare: use bus, "),
        (GOOD | {"mode": "rocket"}, "Row 2, mode: “rocket” is not known here"),
        (GOOD | {"mode": ""}, "Row 2, mode: fare needs a mode: bus, train, tram, ferry or taxi."),
        (GOOD | {"kind": "parking"}, "Row 2, mode: parking has no modes, so “bus” does not belong here."),
        (MILES | {"unit": "km"}, "Row 2, unit: “km” is not known here: use mile, hour or meeting."),
        (MILES | {"unit": "hour"}, "Row 2, unit: mileage is not counted in hours: use mile."),
        (TIME | {"unit": "meeting"}, "Row 2, unit: time is not counted in meetings: use hour."),
        (MILES | {"unit": ""}, "Row 2, quantity: 86.0 needs a unit: mile, hour or meeting."),
        (MILES | {"quantity": ""}, "Row 2, quantity: A number of miles is missing."),
        (MILES | {"quantity": "0"}, "Row 2, quantity: The number of miles must be above zero"),
        (MILES | {"quantity": "1000000"}, "Row 2, quantity: The number of miles must be above zero"),
        (MILES | {"quantity": "-5"}, "Row 2, quantity: “-5” is not a number"),
        (MILES | {"quantity": "1e3"}, "Row 2, quantity: “1e3” is not a number"),
        (MILES | {"quantity": "٣"}, "Row 2, quantity: “٣” is not a number"),
        (MILES | {"quantity": "NaN"}, "Row 2, quantity: “NaN” is not a number"),
        (MILES | {"quantity": "86.05"}, "Row 2, quantity: A number of miles has at most 1 decimal places."),
        (TIME | {"quantity": "3.755"}, "Row 2, quantity: A number of hours has at most 2 decimal places."),
        (
            GOOD | {"kind": "online", "mode": "", "quantity": "1.5", "unit": "meeting"},
            "Row 2, quantity: A number of meetings has at most 0 decimal places.",
        ),
        (GOOD | {"amount": "-5"}, "Row 2, amount: Enter an amount of zero or more"),
        (GOOD | {"amount": "5.005"}, "Row 2, amount: Enter an amount with no more than 2 figures"),
        (GOOD | {"amount": "five"}, "Row 2, amount: Enter an amount in pounds and pence"),
        (GOOD | {"funded_elsewhere": "x"}, "Row 2, funded_elsewhere: Enter an amount in pounds and pence"),
        (GOOD | {"hours_away": "-1"}, "Row 2, hours_away: “-1” is not a number"),
        (GOOD | {"hours_away": "6.171"}, "Row 2, hours_away: has at most 2 decimal places."),
        (GOOD | {"receipt": "r" * 101}, "Row 2, receipt: has more than 100 characters."),
        (
            TIME | {"answer": "yes"},
            "Row 2, answer: “yes” is not known here: use accepted, declined or less:AMOUNT.",
        ),
        (TIME | {"answer": "less:"}, "Row 2, answer: Enter an amount in pounds and pence"),
        (TIME | {"answer": "less:-1"}, "Row 2, answer: Enter an amount of zero or more"),
        (TIME | {"cancelled_notice": "20"}, "Row 2, cancelled_notice: “20” is not a notice"),
        (TIME | {"cancelled_notice": "20:60"}, "Row 2, cancelled_notice: “20:60” is not a notice"),
        (TIME | {"cancelled_notice": "-1:00"}, "Row 2, cancelled_notice: “-1:00” is not a notice"),
        (GOOD | {"shares": "PROJ-A"}, "Row 2, shares: “PROJ-A” is not a share"),
        (GOOD | {"shares": "PROJ-A:0"}, "Row 2, shares: “PROJ-A:0” is not a share"),
        (GOOD | {"shares": "PROJ-A:1.5"}, "Row 2, shares: “PROJ-A:1.5” is not a share"),
        (GOOD | {"shares": "PROJ-A:1;"}, "Row 2, shares: “” is not a share"),
        (GOOD | {"shares": ":1"}, "Row 2, shares: “:1” is not a share"),
        (GOOD | {"shares": "A:1;A:2"}, "Row 2, shares: A is named twice."),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(row: dict[str, str], said: str) -> None:
    assert any(problem.startswith(said) for problem in problems(file_of(row)))


def test_all_problems_of_all_rows_are_told_at_once() -> None:
    found = problems(file_of(GOOD | {"amount": "x", "date": "y"}, MILES | {"unit": "hour", "line": "2"}))
    assert [problem.split(":")[0] for problem in found] == ["Row 2, date", "Row 2, amount", "Row 3, unit"]


def test_a_claim_has_one_contributor() -> None:
    (problem,) = problems(file_of(GOOD, GOOD | {"line": "2", "contributor": "ben"}))
    assert problem == "Row 3, contributor: claim C1 belongs to amira (row 2); a claim has one contributor."
    assert len(read_claims(file_of(GOOD, GOOD | {"claim": "C2", "contributor": "ben"}))) == 2


def test_a_line_stands_once_in_the_file() -> None:
    assert problems(file_of(GOOD, GOOD)) == ("Row 3, line: claim C1, line 1 is already in row 2.",)
    assert len(read_claims(file_of(GOOD, GOOD | {"line": "2"}))) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Row 1: the column claim is missing."),
        (COLUMNS.replace("shares", "share"), "Row 1: “share” is not a known column."),
        (COLUMNS.replace("shares", "share"), "Row 1: the column shares is missing."),
        (COLUMNS + ",line", "Row 1: the column line is there twice."),
        (COLUMNS + "\nC1,1", "Row 2: has 2 cells, and the header has 15 columns."),
        (COLUMNS + "\nC1," + "," * 14 + "x", "Row 2: has 16 cells, and the header has 15 columns."),
        (COLUMNS + '\n"C1" x,1', "Line 2 of the file is not CSV that can be read: "),
        (COLUMNS + "\nC\0", "The file holds a NUL character"),
    ],
)
def test_a_file_of_another_shape_is_refused(text: str, said: str) -> None:
    assert any(problem.startswith(said) for problem in problems(text))


def test_a_file_of_another_encoding_is_refused() -> None:
    assert decoded(b"\xef\xbb\xbf\xc2\xa35") == "£5"
    with pytest.raises(ClaimsFileError, match="not UTF-8 text"):
        decoded(b"\xa35")


def test_declared_miles_are_read_per_contributor_and_tax_year() -> None:
    assert read_declarations((DEMO / "declarations.csv").read_text(encoding="utf-8")) == {
        ("amira", "2026-27"): Decimal("9940.0")
    }


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("amira,2026-28,1.0", "Row 2, tax_year: “2026-28” is not a tax year; write it like 2026-27."),
        ("amira,2026,1.0", "Row 2, tax_year: “2026” is not a tax year"),
        ("amira,2026-27,", "Row 2, miles: “” is not a number"),
        ("amira,2026-27,-1", "Row 2, miles: “-1” is not a number"),
        ("amira,2026-27,1.05", "Row 2, miles: has at most 1 decimal place."),
        (",2026-27,1.0", "Row 2, contributor: is empty."),
        ("amira,2026-27,1\namira,2026-27,2", "Row 3, contributor: amira has another row for 2026-27."),
    ],
)
def test_wrong_declarations_are_refused_by_row_and_column(row: str, said: str) -> None:
    with pytest.raises(ClaimsFileError) as refused:
        read_declarations(f"contributor,tax_year,miles\n{row}\n")
    assert refused.value.problems[0].startswith(said)
    assert read_declarations("contributor,tax_year,miles\namira,2099-00,0\n")
