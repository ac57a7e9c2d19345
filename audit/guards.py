"""Database guards: triggers that refuse what must not be, on both engines, also by raw SQL.

Each app keeps one current text per engine and subject, in `sql/postgresql/` and `sql/sqlite/`. A text is
a row of statements, each headed `-- guard NAME on TABLE` or `-- function NAME`. They are taken off
before `migrate` and put back after it, because SQLite drops a table's triggers without a word when
a migration rebuilds it. Start-up compares what is there with what should be, word for word: on
PostgreSQL a trigger is therefore written the way `pg_get_triggerdef` prints it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

_HEAD = re.compile(r"^-- (guard|function) (\w+)(?: on (\w+))?$", re.MULTILINE)
_LIVE = {
    "sqlite": "SELECT name, tbl_name, sql, 'O' FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """
        SELECT tgname, relname, pg_get_triggerdef(pg_trigger.oid, true), tgenabled
        FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
    """,
}
_KEYS_OFF = """
    SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE tgisinternal AND tgenabled <> 'O' AND relnamespace = current_schema()::regnamespace
"""
_FUNCTIONS = """
    SELECT proname, prosrc FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND pronargs = 0
"""


@dataclass(frozen=True)
class Guard:
    """One trigger, or on PostgreSQL one function that triggers call."""

    name: str
    table: str
    sql: str

    @property
    def is_function(self) -> bool:
        return not self.table


def expected(vendor: str) -> list[Guard]:
    """Every guard the code asks for on this engine (`sqlite` or `postgresql`), functions first."""
    found: list[Guard] = []
    for config in apps.get_app_configs():
        folder = Path(config.path) / "sql" / vendor
        if Path(settings.BASE_DIR) in folder.parents:
            for text in sorted(folder.glob("*.sql")):
                found.extend(_read(text.read_text(encoding="utf-8")))
    return sorted(found, key=lambda guard: not guard.is_function)


def _read(text: str) -> Iterator[Guard]:
    heads = list(_HEAD.finditer(text))
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        sql = text[head.end() : following.start() if following else len(text)].strip()
        yield Guard(name=head[2], table=head[3] or "", sql=sql.removesuffix(";"))


def install(database: BaseDatabaseWrapper = connection) -> None:
    """Put every guard in place, in the current transaction if there is one."""
    remove(database)
    tables = set(database.introspection.table_names())
    with database.cursor() as cursor:
        for guard in expected(database.vendor):
            if guard.is_function or guard.table in tables:
                cursor.execute(guard.sql)


def remove(database: BaseDatabaseWrapper = connection) -> None:
    """Take every trigger off the guarded tables, also those that no text names any more."""
    guarded = {guard.table for guard in expected(database.vendor)}
    with database.cursor() as cursor:
        for name, table, _, _ in _triggers(database, cursor):
            if table in guarded:
                _drop(database, cursor, name, table)


def _drop(database: BaseDatabaseWrapper, cursor: Any, name: str, table: str) -> None:
    on_table = f' ON "{table}"' if database.vendor == "postgresql" else ""
    cursor.execute(f'DROP TRIGGER "{name}"{on_table}')


def _triggers(database: BaseDatabaseWrapper, cursor: Any) -> list[tuple[str, str, str, str]]:
    """(name, table, text, whether it is enabled: `O`) of every live trigger."""
    cursor.execute(_LIVE[database.vendor])
    return cursor.fetchall()  # type: ignore[no-any-return]


def disagreements(database: BaseDatabaseWrapper = connection) -> list[str]:
    """What is missing, switched off, different from the text or not of it, in words; empty when well."""
    guards = expected(database.vendor)
    with database.cursor() as cursor:
        live = {(table, name): (text, on) for name, table, text, on in _triggers(database, cursor)}
        wrong = _altered_functions(cursor, guards) if database.vendor == "postgresql" else []
    for guard in guards:
        if guard.is_function:
            continue
        text, on = live.pop((guard.table, guard.name), ("", "O"))
        if not text:
            wrong.append(f"guard {guard.name} on {guard.table} is missing")
        elif text.split() != guard.sql.split() or on != "O":
            wrong.append(f"guard {guard.name} on {guard.table} is switched off or altered")
    guarded = {guard.table for guard in guards}
    return wrong + [f"{name} on {table} is no guard of ours" for table, name in live if table in guarded]


def _altered_functions(cursor: Any, guards: list[Guard]) -> list[str]:
    """On PostgreSQL a guard is also only as good as its function, and a key as its own triggers."""
    cursor.execute(_FUNCTIONS)
    bodies = dict(cursor.fetchall())
    wrong = [
        f"function {guard.name} is missing or altered"
        for guard in guards
        if guard.is_function and bodies.get(guard.name) != guard.sql.split("$$")[1]
    ]
    cursor.execute(_KEYS_OFF)
    wrong += [f"the foreign keys of {table} are switched off" for (table,) in cursor.fetchall()]
    cursor.execute("SHOW session_replication_role")
    if cursor.fetchone()[0] != "origin":
        wrong.append("session_replication_role switches every guard off")
    return wrong


@contextmanager
def without(*names: str, database: BaseDatabaseWrapper = connection) -> Iterator[None]:
    """Take the named guards off for a negative control: the test that a guard is what refuses."""
    chosen = [guard for guard in expected(database.vendor) if guard.name in names and not guard.is_function]
    if len(chosen) != len(names):
        raise ValueError(f"Unknown guard among {names}.")
    _settle(database)
    with database.cursor() as cursor:
        for guard in chosen:
            _drop(database, cursor, guard.name, guard.table)
    try:
        yield
    finally:
        if not database.needs_rollback:
            _settle(database)
            with database.cursor() as cursor:
                for guard in chosen:
                    cursor.execute(guard.sql)


def _settle(database: BaseDatabaseWrapper) -> None:
    """PostgreSQL alters no table whose deferred keys are still to be checked: check them now."""
    if database.vendor == "postgresql":
        database.check_constraints()
