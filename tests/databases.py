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
    """A database in which something was made once, and what the making gave, as bytes."""

    connection: BaseDatabaseWrapper
    result: bytes


_made: dict[str, _Made] = {}


@contextmanager
def in_made(name: str, make: Callable[[], T]) -> Iterator[T]:
    """Work where `make` was done, on the cast, by the first who asked; what the test does is undone.

    Every test gets what `make` gave as objects of its own. Keys that wait for the end of a transaction are
    checked before it is undone, as Django does after each test.
    """
    aside = connections[DEFAULT_DB_ALIAS]
    if name not in _made:
        _made[name] = _make(name, make)
    ours = _made[name].connection
    connections[DEFAULT_DB_ALIAS] = ours
    try:
        with transaction.atomic():
            yield pickle.loads(_made[name].result)  # noqa: S301 - these bytes are our own
            if not ours.needs_rollback:
                ours.check_constraints()
            transaction.set_rollback(True)
    finally:
        connections[DEFAULT_DB_ALIAS] = aside


def _make(name: str, make: Callable[[], Any]) -> _Made:
    aside = connections[DEFAULT_DB_ALIAS]
    fresh = connections.create_connection(DEFAULT_DB_ALIAS)
    cast = fresh.creation.get_test_db_clone_settings("cast")["NAME"]
    fresh.settings_dict = fresh.settings_dict | {"NAME": cast}  # its own: it outlives this test
    fresh.creation.clone_test_db(suffix=name, verbosity=0, autoclobber=True)
    fresh.settings_dict["NAME"] = fresh.creation.get_test_db_clone_settings(name)["NAME"]
    connections[DEFAULT_DB_ALIAS] = fresh
    try:
        return _Made(fresh, pickle.dumps(make()))
    finally:
        connections[DEFAULT_DB_ALIAS] = aside


def drop_made() -> None:
    """Remove every database that `in_made` made."""
    for name, made in _made.items():
        made.connection.close()
        made.connection.settings_dict["NAME"] = connection.creation.get_test_db_clone_settings("cast")["NAME"]
        made.connection.creation.destroy_test_db(suffix=name, verbosity=0)
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
