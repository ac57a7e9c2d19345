"""The demonstration's clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from common.dates import LONDON, set_now


def london(text: str) -> datetime:
    """`2026-11-03 10:00` as a moment in London."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)


@contextmanager
def at(text: str) -> Iterator[None]:
    """Everything inside happens at this London time."""
    with set_now(london(text)):
        yield
