"""What a guard test tries: raw SQL that a guard must refuse, and that works once the guard is off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from audit import guards


@dataclass(frozen=True)
class Attempt:
    """Statements made from some ids, and the guards that refuse them on each engine.

    An empty tuple: the engine has no such statement. More than one: each would refuse it alone.
    """

    what: str
    postgresql: tuple[str, ...]
    sqlite: tuple[str, ...]
    sql: Callable[[Any], list[str]]

    @property
    def guards(self) -> tuple[str, ...]:
        return self.postgresql if connection.vendor == "postgresql" else self.sqlite


def here(attempts: list[Attempt]) -> list[Any]:
    """The attempts that this engine has statements for, as test parameters."""
    return [pytest.param(each, id=each.what) for each in attempts if each.guards]


def judge(attempt: Attempt, ids: Any) -> None:
    """See the attempt refused, and see it work without its guards: they are what refuses it."""
    connection.check_constraints()  # PostgreSQL empties no table with keys still to be checked
    with pytest.raises(IntegrityError), transaction.atomic():
        _run(attempt.sql(ids))
    with guards.without(*attempt.guards), transaction.atomic():
        _run(attempt.sql(ids))
        transaction.set_rollback(True)


def _run(statements: list[str]) -> None:
    with _as_a_careless_connection(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _as_a_careless_connection() -> Any:
    return _without_recursive_triggers() if connection.vendor == "sqlite" else nullcontext()


@contextmanager
def _without_recursive_triggers() -> Iterator[None]:
    """As a connection that nobody configured: INSERT OR REPLACE then passes by delete triggers."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers=OFF")
        try:
            yield
        finally:
            cursor.execute("PRAGMA recursive_triggers=ON")


def truncatable() -> list[str]:
    """On PostgreSQL the tables whose guards also refuse TRUNCATE; SQLite has no such statement."""
    return sorted({each.table for each in guards.expected(connection.vendor) if " TRUNCATE ON " in each.sql})


def untried(attempts: list[Attempt], table_prefixes: tuple[str, ...]) -> set[str]:
    """Guards on these tables that no attempt names on this engine."""
    tried = {name for attempt in attempts for name in attempt.guards}
    here = {each.name for each in guards.expected(connection.vendor) if each.table.startswith(table_prefixes)}
    return here - tried
