"""Days that people ask for most: this month, the last one, a financial year."""

from calendar import monthrange
from datetime import date, timedelta

from django.db.models import TextChoices

from people.file_queries import Days


class Period(TextChoices):
    """The answers to choose from; `OTHER` stands for days that are typed."""

    THIS_MONTH = "this_month", "This month"
    LAST_MONTH = "last_month", "Last month"
    THIS_YEAR = "this_year", "This financial year"
    LAST_YEAR = "last_year", "Last financial year"
    OTHER = "other", "Other days"


def days_of(period: str, today: date) -> Days:
    """The days of a period, seen from today. Raises ValueError for days that are typed.

    A financial year is that of councils and the NHS: 1 April to 31 March.
    """
    first = today.replace(day=1)
    april = date(today.year if today.month >= 4 else today.year - 1, 4, 1)
    if period == Period.THIS_MONTH:
        return _month(first)
    if period == Period.LAST_MONTH:
        return _month((first - timedelta(days=1)).replace(day=1))
    if period == Period.THIS_YEAR:
        return _year(april)
    if period == Period.LAST_YEAR:
        return _year(april.replace(year=april.year - 1))
    raise ValueError(period)


def _month(first: date) -> Days:
    return Days(first, first.replace(day=monthrange(first.year, first.month)[1]))


def _year(april: date) -> Days:
    return Days(april, date(april.year + 1, 3, 31))
