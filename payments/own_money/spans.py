"""Stretches of days that money is added up over: tax years, calendar months, weeks, and one's own days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import TextChoices

from common.dates import last_day, month_key, today
from payments.when import day_words, month_words

FIRST_YEAR, LAST_YEAR = 2000, 2999


class By(TextChoices):
    """How totals are cut."""

    TAX_YEAR = "tax-year", "Tax years"
    MONTH = "month", "Calendar months"
    WEEK = "week", "Weeks"


@dataclass(frozen=True, order=True)
class Span:
    """Days from the first to the last, both included. They may be somebody's secret, so they never print."""

    first: date = field(repr=False)
    last: date = field(repr=False)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    @property
    def words(self) -> str:
        return f"{day_words(self.first)} to {day_words(self.last)}"


def tax_year_span(year: int) -> Span:
    """6 April of a year to 5 April of the next."""
    return Span(date(year, 4, 6), date(year + 1, 4, 5))


def tax_year_of(day: date) -> int:
    """The year in which the tax year that holds a day began."""
    return day.year if (day.month, day.day) >= (4, 6) else day.year - 1


def month_span(day: date) -> Span:
    """The calendar month that holds a day."""
    return Span(day.replace(day=1), last_day(month_key(day)))


def week_span(day: date) -> Span:
    """Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6))


def span_words(by: By, span: Span) -> str:
    """A month by its name; a year or week by its days."""
    return month_words(month_key(span.first)) if by is By.MONTH else span.words


@dataclass(frozen=True)
class Asked:
    """Which totals are asked for. A month, or the Monday of a week, lies in the calendar `year`."""

    by: By
    year: int

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Asked":
        """From an address or a form; whatever makes no sense gives tax years and this year."""
        by, year = asked.get("by", ""), asked.get("year", "")
        known = len(year) == 4 and year.isascii() and year.isdigit() and FIRST_YEAR <= int(year) <= LAST_YEAR
        return cls(By(by) if by in By.values else By.TAX_YEAR, int(year) if known else today().year)

    @property
    def span(self) -> Span | None:
        """The days whose money is added up; None for all of it."""
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        if self.by is By.TAX_YEAR:
            return None
        if self.by is By.MONTH:
            return Span(first, last)
        monday = week_span(first).first
        return Span(monday if monday.year == self.year else monday + timedelta(days=7), week_span(last).last)
