"""Find what statement lines are: pure, careful, and linear however alike the amounts are."""

import sys
from collections.abc import Callable
from datetime import date, timedelta
from types import FrameType
from typing import Any

import pytest

from payments.banking_days import is_banking_day, shifted
from payments.matching import Found, Line, Sent, Total, find, reference_in

DAY = date(2026, 11, 26)


def sent(key: int, amount: int = 100, run: int = 1) -> Sent:
    return Sent(key, run, f"EXP {key:06d}", amount, is_paid=False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("FPO EXP 000101 RIVERSIDE", "EXP 000101"),
        ("exp000101", "EXP 000101"),
        ("TIME-000102", "TIME 000102"),
        ("EXP 1000000", "EXP 1000000"),
        ("EXP 000101 EXP 000101", "EXP 000101"),
        ("EXP 000101 TIME 000102", None),
        ("EXP 00010", None),
        ("TEXP 000101", None),
        ("", None),
    ],
)
def test_it_reads_the_one_reference_in_a_text(text: str, found: str | None) -> None:
    assert reference_in(text) == found


def test_a_payment_needs_reference_and_amount() -> None:
    lines = [Line(1, DAY, -100, "EXP 000001"), Line(2, DAY, -101, "EXP 000002"), Line(3, DAY, -100, "")]
    assert find(lines, [sent(1), sent(2), sent(3)], []).payments == [(1, 1)]


def test_a_second_debit_under_one_reference_is_left() -> None:
    lines = [Line(1, DAY, -100, "EXP 000001"), Line(2, DAY, -100, "EXP 000001")]
    assert find(lines, [sent(1)], []).payments == [(1, 1)]


def test_a_run_is_found_by_total_near_its_day() -> None:
    last = shifted(DAY, 5)
    runs = [Total(9, DAY, 300)]
    assert find([Line(1, last, -300, "BACS")], [sent(1, 300, 9)], runs).runs == [(1, 9)]
    assert find([Line(1, shifted(DAY, 6), -300, "BACS")], [sent(1, 300, 9)], runs) == Found()


def test_two_runs_of_one_total_are_told_apart_only_by_their_days() -> None:
    later = DAY + timedelta(days=28)
    runs = [Total(1, DAY, 300), Total(2, later, 300)]
    apart = [Line(8, DAY, -300, "BACS"), Line(9, later, -300, "BACS")]
    assert find(apart, [], runs).runs == [(8, 1), (9, 2)]
    near = [Total(1, DAY, 300), Total(2, shifted(DAY, 2), 300)]
    assert find(apart[:1], [], near).runs == []


def test_a_run_with_a_payment_of_its_own_line_is_no_longer_one_debit() -> None:
    lines = [Line(1, DAY, -100, "EXP 000001"), Line(2, DAY, -100, "BACS")]
    assert find(lines, [sent(1)], [Total(1, DAY, 100)]) == Found(payments=[(1, 1)])


def test_money_back_needs_a_payment_that_had_left() -> None:
    back = Line(2, DAY, 100, "EXP 000001 RETURNED")
    assert find([back], [sent(1)], []).returns == []
    left = Sent(1, 1, "EXP 000001", 100, is_paid=True)
    assert find([back, Line(3, DAY, 100, "EXP 000001")], [left], []).returns == [(2, 1)]


def lines_run(do: Callable[[], object]) -> int:
    """How many lines of Python it takes: the same on every machine, however busy."""
    count = 0

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        do()
    finally:
        sys.settrace(before)
    return count


def work(size: int) -> int:
    """To match `size` lines to `size` payments and runs, all of one amount."""
    lines = [Line(n, DAY, -100, f"EXP {n:06d}" if n % 2 else "BACS") for n in range(size)]
    payments = [sent(n, run=n % 50) for n in range(size)]
    runs = [Total(n, DAY, 100) for n in range(size)]
    assert len(find(lines, payments, runs).payments) == size // 2
    return lines_run(lambda: find(lines, payments, runs))


def test_it_stays_linear_when_all_amounts_are_equal() -> None:
    assert work(5_000) < 11 * work(500)


def test_what_compares_all_with_all_is_noticed() -> None:
    few, many = (
        lines_run(lambda size=size: [a for a in range(size) for b in range(size) if a == b])  # type: ignore[misc]
        for size in (50, 500)
    )
    assert many > 50 * few


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2026, 11, 27), True),
        (date(2026, 11, 28), False),
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),
        (date(2026, 8, 31), False),
        (date(2026, 8, 3), True),  # a holiday in Scotland only
    ],
)
def test_banking_days_are_those_of_england(day: date, open_: bool) -> None:
    assert is_banking_day(day) is open_


def test_it_counts_banking_days_over_christmas() -> None:
    assert shifted(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert shifted(date(2026, 12, 29), -1) == date(2026, 12, 24)
