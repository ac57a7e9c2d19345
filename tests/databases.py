"""Databases for tests that must really commit, with every guard on.

The guards forbid the flush that Django would clean up with, so such a test gets a copy of the test
database: by TEMPLATE on PostgreSQL, of the file on SQLite. Worlds that are slow to make are made once in a
copy of their own; a test works there in a transaction that is undone.
"""

import contextvars
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Barrier
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from common.dates import _set_now, today

T = TypeVar("T")


def copy(suffix: str) -> None:
    """Copy the database we are on, beside it. Closes the connection: nobody may be on a template."""
    connection.close()
    connection.creation.clone_test_db(suffix=suffix, verbosity=0, autoclobber=True)


def drop(suffix: str) -> None:
    """Remove the copy with this suffix."""
    connection.creation.destroy_test_db(suffix=suffix, verbosity=0)


@contextmanager
def at(name: str) -> Iterator[None]:
    """Work on the database of this name, which somebody else makes and removes."""
    aside = connections[DEFAULT_DB_ALIAS]
    ours = aside.settings_dict["NAME"]
    aside.settings_dict["NAME"] = name
    connections[DEFAULT_DB_ALIAS] = fresh = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        fresh.close()
        connections[DEFAULT_DB_ALIAS] = aside
        aside.settings_dict["NAME"] = ours


@contextmanager
def own_copy(of: str) -> Iterator[None]:
    """Work on a copy of the copy with this suffix: this thread and every new one.

    The connection that was there waits aside, with the transaction that pytest-django began on it.
    """
    aside = connections[DEFAULT_DB_ALIAS]
    ours = aside.settings_dict["NAME"]
    template = str(aside.creation.get_test_db_clone_settings(of)["NAME"])
    aside.settings_dict["NAME"] = template
    fresh = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        fresh.creation.clone_test_db(suffix="copy", verbosity=0, autoclobber=True)
        fresh.settings_dict["NAME"] = fresh.creation.get_test_db_clone_settings("copy")["NAME"]
        connections[DEFAULT_DB_ALIAS] = fresh
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = aside
        aside.settings_dict["NAME"] = ours  # whatever happens: else every later test would break
        fresh.close()
        fresh.settings_dict = aside.settings_dict | {"NAME": template}
        fresh.creation.destroy_test_db(suffix="copy", verbosity=0)


@dataclass(frozen=True)
class _Made:
    """What was made once: the template that holds it, a copy to work in, and what the making gave."""

    template: BaseDatabaseWrapper
    work: BaseDatabaseWrapper
    result: bytes


_made: dict[tuple[str, str, Any], _Made] = {}
_standing_on: list[_Made] = []
_rows_changed: dict[BaseDatabaseWrapper, int] = {}  # on SQLite, at the beginning of the test
_resting: list[BaseDatabaseWrapper] = []  # connections that the next test may want, the latest last
MOST_RESTING = 8  # for each worker: a server lets in a hundred


@contextmanager
def in_made(name: str, make: Callable[[], T]) -> Iterator[T]:
    """Work where `make` was done by the first who asked, on what we stand on; what the test does is undone.

    Every test gets what `make` gave as objects of its own. Keys that wait for the end of a transaction are
    checked before it is undone, as Django does after each test. Raises RuntimeError when the test has
    already written something: it would be gone.
    """
    _refuse_if_written(name)
    aside = connections[DEFAULT_DB_ALIAS]
    key = (str(aside.settings_dict["NAME"]), name, _set_now.get() or today())
    if key not in _made:
        _made[key] = _make(f"made{len(_made)}", make)
    made = _made[key]
    if made.work in _resting:
        _resting.remove(made.work)
    connections[DEFAULT_DB_ALIAS] = made.work
    _standing_on.append(made)
    try:
        with transaction.atomic():
            note_nothing_written()
            yield pickle.loads(made.result)  # noqa: S301 - these bytes are our own
            if not made.work.needs_rollback:
                made.work.check_constraints()
            transaction.set_rollback(True)
    finally:
        _standing_on.pop()
        connections[DEFAULT_DB_ALIAS] = aside
        _resting.append(made.work)
        if len(_resting) > MOST_RESTING:
            _resting.pop(0).close()


def note_nothing_written() -> None:
    """Remember that the test begins here: it has written nothing yet where we are."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        _rows_changed[connections[DEFAULT_DB_ALIAS]] = connection.connection.total_changes


def _refuse_if_written(name: str) -> None:
    if connection.vendor == "sqlite":
        written = connection.connection.total_changes != _rows_changed[connections[DEFAULT_DB_ALIAS]]
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
            written = cursor.fetchone()[0]
    if written:
        raise RuntimeError(f"What this test has written would be gone: ask for {name} first.")


def _make(suffix: str, make: Callable[[], Any]) -> _Made:
    """Make it on a copy of the template that we stand on. Nobody is on a template: it is for copies."""
    aside = connections[DEFAULT_DB_ALIAS]
    template = _copy_of(_standing_on[-1].template if _standing_on else _named(_cast()), suffix)
    connections[DEFAULT_DB_ALIAS] = template
    try:
        with transaction.atomic():
            result = pickle.dumps(make())
    finally:
        connections[DEFAULT_DB_ALIAS] = aside
        template.close()
    return _Made(template, _copy_of(template, "work"), result)


def _cast() -> str:
    return str(connection.creation.get_test_db_clone_settings("cast")["NAME"])


def _copy_of(template: BaseDatabaseWrapper, suffix: str) -> BaseDatabaseWrapper:
    template.creation.clone_test_db(suffix=suffix, verbosity=0, autoclobber=True)
    return _named(str(template.creation.get_test_db_clone_settings(suffix)["NAME"]))


def _named(name: str) -> BaseDatabaseWrapper:
    found = connections.create_connection(DEFAULT_DB_ALIAS)
    found.settings_dict = found.settings_dict | {"NAME": name}  # its own: it outlives this test
    return found


def drop_made() -> None:
    """Remove every database that `in_made` made."""
    for made in _made.values():
        made.work.close()
        for each in (made.work, made.template):
            each.creation.destroy_test_db(verbosity=0)
    _made.clear()


def in_threads(functions: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Run functions at the same moment, each on a connection of its own; an error is a result."""
    start = Barrier(len(functions))

    def run(function: Callable[[], T]) -> T | Exception:
        try:
            start.wait(timeout=30)
            return function()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test judges it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(functions)) as pool:
        running = [pool.submit(contextvars.copy_context().run, run, function) for function in functions]
        return [each.result() for each in running]
