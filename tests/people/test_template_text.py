"""Amounts, days and moments as templates write them."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template

from people.templatetags.ledger_text import day, moment, pounds


def test_an_amount_has_its_symbol_its_pence_and_its_grouping() -> None:
    assert pounds(123456) == "£1,234.56"


def test_an_amount_in_another_currency_has_that_currency_s_symbol() -> None:
    assert pounds(1250, "EUR") == "€12.50"


def test_an_amount_that_is_not_known_is_a_dash_and_not_nothing_owed() -> None:
    assert pounds(None) == "–"
    assert pounds(0) == "£0.00"


def test_a_day_is_written_without_a_leading_nought() -> None:
    assert day(date(2026, 11, 1)) == "1 November 2026"


def test_the_day_of_a_moment_is_its_day_in_london() -> None:
    assert day(datetime(2026, 7, 31, 23, 30, tzinfo=UTC)) == "1 August 2026"


@pytest.mark.parametrize(
    ("clock", "text"),
    [
        ((2026, 11, 21, 14, 10), "2:10pm on 21 November 2026"),
        ((2026, 7, 1, 11, 5), "12:05pm on 1 July 2026"),  # summer time: an hour ahead of UTC
        ((2026, 7, 1, 23, 0), "12:00am on 2 July 2026"),
    ],
)
def test_a_moment_is_what_london_clocks_showed(clock: tuple[int, int, int, int, int], text: str) -> None:
    assert moment(datetime(*clock, tzinfo=UTC)) == text


def test_no_day_and_no_moment_are_written_as_nothing() -> None:
    assert day(None) == moment(None) == ""


def test_the_money_part_needs_no_currency() -> None:
    page = Template('{% include "parts/money.html" with minor=460 %}').render(Context())
    assert "£4.60" in page
