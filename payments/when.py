"""Days, moments and months as sentences of the finance desk say them."""

import calendar
from datetime import date, datetime

from common.dates import LONDON


def day_words(day: date) -> str:
    """A day in full: 3 November 2026."""
    return f"{day.day} {day:%B %Y}"


def moment_words(moment: datetime) -> str:
    """A moment as London clocks showed it: 2:10pm on 3 November 2026."""
    local = moment.astimezone(LONDON)
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'} on {day_words(local)}"


def month_words(month: int) -> str:
    """A month key as people say it: 202611 is November 2026."""
    return f"{date(month // 100, month % 100, 1):%B %Y}"


def last_day(month: int) -> date:
    """The last day of a month key: 202611 ends on 30 November 2026."""
    year, number = divmod(month, 100)
    return date(year, number, calendar.monthrange(year, number)[1])


def month_before(month: int) -> int:
    """The month key before this one."""
    return month - 1 if month % 100 > 1 else month - 89


def is_month(month: int) -> bool:
    """Could this be a month key that the books know?"""
    return 200001 <= month <= 299912 and 1 <= month % 100 <= 12
