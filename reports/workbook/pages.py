"""Read a long list in pages by key: on SQLite a half-read SELECT would block every commit."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

ROWS = 1_000


def by_key(rows: QuerySet[Any], *fields: str) -> Iterator[tuple[Any, ...]]:
    """The fields of every row in order of its key, a page at a time."""
    after = 0
    while page := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", *fields)[:ROWS]):
        for _, *values in page:
            yield tuple(values)
        after = page[-1][0]


def by_day(rows: QuerySet[Any], day: str, *fields: str) -> Iterator[tuple[Any, ...]]:
    """The day and the fields of every row, in order of its day and key, a page at a time."""
    narrowed = rows.order_by(day, "pk").values_list("pk", day, *fields)
    page = list(narrowed[:ROWS])
    while page:
        for _, *values in page:
            yield tuple(values)
        key, last = page[-1][:2]
        page = list(narrowed.filter(Q(**{f"{day}__gt": last}) | Q(**{day: last, "pk__gt": key}))[:ROWS])
