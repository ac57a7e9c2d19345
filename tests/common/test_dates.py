"""Days are London's, notice is real time, and only a test or the demonstration sets the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from common.dates import LONDON, london_day, month_key, notice, now, set_now, tax_year, today


def test_half_past_eleven_utc_in_summer_is_tomorrow_in_london() -> None:
    with set_now(datetime(2026, 4, 5, 23, 30, tzinfo=UTC)):
        assert today() == date(2026, 4, 6)
        assert tax_year(today()) == "2026-27"


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 4, 5), "2025-26"), (date(2026, 4, 6), "2026-27"), (date(2000, 1, 1), "1999-00")],
)
def test_the_tax_year_turns_on_6_april(day: date, year: str) -> None:
    assert tax_year(day) == year


def test_a_month_sorts_as_a_number() -> None:
    assert month_key(date(2026, 11, 30)) == 202611 < month_key(date(2027, 1, 1))


def test_notice_counts_the_hours_that_pass_when_the_clocks_go_back() -> None:
    told = datetime(2026, 10, 24, 10, 30, tzinfo=LONDON)
    starts = datetime(2026, 10, 25, 10, 0, tzinfo=LONDON)
    assert notice(told, starts) == timedelta(hours=24, minutes=30)


def test_notice_counts_the_hours_that_pass_when_the_clocks_go_forward() -> None:
    told = datetime(2027, 3, 27, 10, 30, tzinfo=LONDON)
    starts = datetime(2027, 3, 28, 10, 30, tzinfo=LONDON)
    assert notice(told, starts) == timedelta(hours=23)


def test_the_clock_runs_again_afterwards() -> None:
    with set_now(datetime(2020, 1, 1, tzinfo=UTC)):
        assert london_day(now()).year == 2020
    assert now().year > 2020


def test_a_clock_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), set_now(datetime(2020, 1, 1)):  # noqa: DTZ001
        pass
