"""Amounts: parsed as people type them, rounded once, split without losing a penny."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from common.money import (
    AmountError,
    decimal_text,
    digits,
    from_minor,
    money_text,
    parse_amount,
    rounded,
    split,
    to_minor,
)


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("12.50", 1250),
        ("12.", 1200),
        ("£12.50", 1250),
        ("£ 12.50", 1250),
        ("1,234.50", 123450),
        ("£1,000", 100000),
        (" 0.05 ", 5),
        ("0", 0),
        ("10,000,000.00", 1_000_000_000),
        ("007", 700),
    ],
)
def test_it_reads_amounts_as_people_type_them(typed: str, minor: int) -> None:
    assert parse_amount(typed) == minor


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", ".", ".5", "1e3", "1E3", "1_000", "١٢٣", "１２.５０", "-1", "−1", "-0", "+1", "NaN",
        "Infinity", "0x10", "1,00",
        "10,00.00", "1,2345", "12.505", "12.5.0", "£", "££1", "12 50", "1\u202e2", "12\x00",
        "12p", "10000000.01", "9" * 21, "💷5", "1\n2", "½",
    ],
)  # fmt: skip
def test_it_refuses_what_could_be_misread(typed: str) -> None:
    with pytest.raises(AmountError, match="Enter an amount"):
        parse_amount(typed)


def test_a_currency_has_its_own_decimal_places() -> None:
    assert (digits("GBP"), digits("JPY"), digits("KWD")) == (2, 0, 3)
    assert parse_amount("500", "JPY") == 500
    with pytest.raises(AmountError, match="not a currency"):
        digits("GBX1")


@pytest.mark.parametrize(
    ("exact", "whole"),
    [("312.5", 313), ("312.4999", 312), ("0.5", 1), ("-0.5", -1), ("2.5", 3), ("0", 0)],
)
def test_it_rounds_half_up(exact: str, whole: int) -> None:
    assert rounded(Decimal(exact)) == whole


def test_money_and_minor_units_are_the_same_amount() -> None:
    assert to_minor(Money("12.34", "GBP")) == 1234
    assert from_minor(1234, "GBP") == Money("12.34", "GBP")
    assert from_minor(500, "JPY") == Money("500", "JPY")
    with pytest.raises(AmountError, match="fraction"):
        to_minor(Money("0.005", "GBP"))


def test_it_writes_amounts_for_people_and_for_files() -> None:
    assert money_text(123456789) == "£1,234,567.89"
    assert money_text(-5) == "−£0.05"
    assert money_text(500, "JPY") == "JPY 500"
    assert decimal_text(-1234567) == "-12345.67"


def test_a_split_gives_the_odd_penny_to_the_earlier_of_equals() -> None:
    assert split(2650, [2, 1]) == [1767, 883]
    assert split(2650, [1, 1, 1]) == [884, 883, 883]
    assert split(1, [1, 1]) == [1, 0]
    assert split(0, [3, 4]) == [0, 0]


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, []), (1, [0, 0]), (1, [2, -1])])
def test_it_refuses_a_split_that_has_no_meaning(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="positive sum"):
        split(total, weights)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 1000), min_size=1, max_size=50).filter(any))
def test_the_parts_sum_to_the_whole_and_none_is_a_penny_off(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


@given(st.integers(0, 10**9))
def test_what_is_written_reads_back(minor: int) -> None:
    assert parse_amount(money_text(minor)) == minor
    assert parse_amount(decimal_text(minor)) == minor
