"""Days on which UK banks move money between accounts: not weekends, not bank holidays in England."""

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=1)
def _bank_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv="ENG")


def is_banking_day(day: date) -> bool:
    """Do banks in England move money on this day?"""
    return day.weekday() < 5 and day not in _bank_holidays()


@lru_cache(maxsize=10_000)
def shifted(day: date, count: int) -> date:
    """The day that is `count` banking days after (or, below zero, before) a day."""
    one = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += one
        while not is_banking_day(day):
            day += one
    return day
