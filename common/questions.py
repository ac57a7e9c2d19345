"""Questions that every page and every step asks, put together once.

Django takes several times as long to put such a question into SQL as the database takes to answer it.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

P = ParamSpec("P")
Rows = QuerySet[Any, Any]
_KEY = -1  # stands for the key that is asked about


def ask(question: Callable[Concatenate[int, P], Rows], key: int, *about: Hashable) -> list[tuple[Any, ...]]:
    """The rows of `question(key, *about)`, which gives plain values and may not look at its key."""
    sql, values = _asked(question, key, *about)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def keys(question: Callable[Concatenate[int, P], Rows], key: int, *about: Hashable) -> RawSQL:
    """The one column that `question(key, *about)` gives, to stand behind `__in` in another question."""
    return RawSQL(*_asked(question, key, *about))  # noqa: S611 - Django wrote it, for values of ours


def _asked(question: Callable[..., Rows], key: int, *about: Hashable) -> tuple[str, list[Any]]:
    sql, values = _put_together(question, *about)
    return sql, [key if value == _KEY else value for value in values]


@lru_cache(maxsize=128)
def _put_together(question: Callable[..., Rows], *about: Hashable) -> tuple[str, tuple[Any, ...]]:
    query = question(_KEY, *about).query
    # One that nothing can answer, as about no kinds at all, is asked all the same: it finds nothing.
    sql, values = query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()
    return sql, tuple(values)
