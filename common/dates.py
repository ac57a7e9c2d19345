"""Days, months and tax years in Europe/London, and the one place that knows what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_set_now: ContextVar[datetime | None] = ContextVar("set_now", default=None)


def now() -> datetime:
    """The present moment, in UTC. Everything that needs the time asks here."""
    return _set_now.get() or datetime.now(UTC)


def today() -> date:
    """Today's date in London."""
    return london_day(now())


def london_day(moment: datetime) -> date:
    """The London calendar day of a moment: 5 April 23:30 UTC is already 6 April in summer time."""
    return moment.astimezone(LONDON).date()


@contextmanager
def set_now(moment: datetime) -> Iterator[None]:
    """Set the clock. Only tests and the demonstration may do this."""
    if moment.tzinfo is None:
        raise ValueError("The clock needs a time zone.")
    token = _set_now.set(moment)
    try:
        yield
    finally:
        _set_now.reset(token)


def month_key(day: date) -> int:
    """A month as one integer that sorts: November 2026 is 202611."""
    return day.year * 100 + day.month


def month_name(month: int) -> str:
    """What people call a month: 202611 is `November 2026`."""
    return f"{_first(month):%B %Y}"


def last_day(month: int) -> date:
    """The last day of a month: of 202611 the 30th of November 2026."""
    following = _first(month) + timedelta(days=31)
    return following.replace(day=1) - timedelta(days=1)


def _first(month: int) -> date:
    return date(month // 100, month % 100, 1)


def tax_year(day: date) -> str:
    """The UK tax year (6 April to 5 April) that holds a day: 5 April 2026 is in `2025-26`."""
    first = day.year if (day.month, day.day) >= (4, 6) else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def notice(told_at: datetime, starts_at: datetime) -> timedelta:
    """Real time between being told and the start: hours that pass, not hours on the clock face."""
    return starts_at.astimezone(UTC) - told_at.astimezone(UTC)
