"""Fixtures shared by every test: a database with the cast in it, and the cast by name.

Ask for `cast`, or for one person by name: the test then runs in a transaction that is rolled back.
Ask for `committed_db` as well when the test must really commit, or races threads against each other.
Ask for `empty_db` for a database that nobody has set anything up in.
"""

import gc
import pickle
from collections.abc import Iterator
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib import auth
from django.db import connection
from django.http import HttpRequest
from django.test.utils import ContextList
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from ledger.models import Account, Budget
from people.models import Organisation, Person, Project
from tests import databases
from tests.cast import Cast, build, load

# A rule is right or wrong; how fast it is on a busy machine is a matter for benchmarks/.
hypothesis_settings.register_profile("rules", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("rules")

# A Tuesday morning, like any other: a rule that hangs on the hour or the season sets a clock of its own.
MORNING = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


# Walks over the whole site, and what plays whole months: minutes together.
LONG = (
    "test_our_own_pages_answer_as_declared",
    "test_no_page_breaks_stays_in_a_cache_or_tells_in_its_title",
    "tests/demo/",
    "tests/web/test_finance_wall.py",
    "tests/browser/test_finance_month.py",
    "tests/claims/test_answer_nowhere.py",
    "test_every_page_reads_well",
)


@pytest.hookimpl(trylast=True)  # after pytest-randomly has shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests, so that no worker waits at the end for another one's walk."""
    items.sort(key=lambda item: next((n for n, part in enumerate(LONG) if part in item.nodeid), len(LONG)))


def pytest_collection_finish() -> None:
    """What is loaded now stays to the end: nobody looks through it for rubbish again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files and floods of text are named by what they are for: workers exchange these names."""
    return argname if isinstance(val, bytes) or (isinstance(val, str) and len(val) > 200) else None


@pytest.fixture(scope="session", autouse=True)
def _same_morning_for_every_run() -> Iterator[None]:
    """Tests begin at the same moment whenever they are run, and time goes on from there."""
    with time_machine.travel(MORNING, tick=True):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite makes no folders; the parallel suffix gives each worker its own database."""
    test = settings.DATABASES["default"].get("TEST", {})
    if connection.vendor == "sqlite":
        Path(test["NAME"]).parent.mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Put the cast in, once; keep one copy from before and one from after it, as templates."""
    with django_db_blocker.unblock():
        if not Organisation.objects.exists():
            databases.copy("empty")
            build()
            databases.copy("cast")
    yield
    if not request.config.getvalue("reuse_db"):
        with django_db_blocker.unblock():
            databases.drop_made()
            databases.drop("empty")
            databases.drop("cast")


@pytest.fixture(scope="session", autouse=True)
def _context_of_the_page_alone() -> Iterator[None]:
    """What a view gave its template is kept, not a copy for every piece that a page is made of."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.test.client.store_rendered_templates", _keep_first)
        yield


def _keep_first(store: dict[str, Any], signal: object, sender: object, **rendered: Any) -> None:
    if "context" not in store:
        store["templates"] = [rendered["template"]]
        store["context"] = ContextList([copy(rendered["context"])])


@pytest.fixture
def walking(monkeypatch: pytest.MonkeyPatch) -> None:
    """For walks over many pages, which look at no context: browsers keep no record of templates, and who is
    signed in to one is looked up at its first page alone.
    """
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_, **__: None)
    look_up, known = auth.get_user, dict[str, bytes]()

    def get_user(request: HttpRequest) -> Any:
        if (session := request.COOKIES.get(settings.SESSION_COOKIE_NAME)) is None:
            return look_up(request)
        if session not in known:
            known[session] = pickle.dumps(look_up(request))
        return pickle.loads(known[session])  # noqa: S301 - these bytes are our own

    monkeypatch.setattr(auth, "get_user", get_user)


@pytest.fixture
def committed_db(db: None) -> Iterator[None]:
    """A database of the test's own, with the cast and every guard, where commits are real."""
    with databases.own_copy("cast"):
        yield


@pytest.fixture
def empty_db(db: None) -> Iterator[None]:
    """A database of the test's own, migrated and guarded, with nobody in it; commits are real."""
    with databases.own_copy("empty"):
        yield


@pytest.fixture
def database(request: pytest.FixtureRequest, db: None) -> None:
    """Whichever database the test asked for, before anything is read from it."""
    if "committed_db" in request.fixturenames:
        request.getfixturevalue("committed_db")
    databases.note_nothing_written()


@pytest.fixture
def cast(database: None) -> Cast:
    return load()


@pytest.fixture
def cora(cast: Cast) -> Person:
    return cast.cora


@pytest.fixture
def dev(cast: Cast) -> Person:
    return cast.dev


@pytest.fixture
def lena(cast: Cast) -> Person:
    return cast.lena


@pytest.fixture
def anil(cast: Cast) -> Person:
    return cast.anil


@pytest.fixture
def bea(cast: Cast) -> Person:
    return cast.bea


@pytest.fixture
def hana(cast: Cast) -> Person:
    return cast.hana


@pytest.fixture
def fern(cast: Cast) -> Person:
    return cast.fern


@pytest.fixture
def farah(cast: Cast) -> Person:
    return cast.farah


@pytest.fixture
def ada(cast: Cast) -> Person:
    return cast.ada


@pytest.fixture
def abel(cast: Cast) -> Person:
    return cast.abel


@pytest.fixture
def otto(cast: Cast) -> Person:
    return cast.otto


@pytest.fixture
def riverside(cast: Cast) -> Organisation:
    return cast.riverside


@pytest.fixture
def hillside(cast: Cast) -> Organisation:
    return cast.hillside


@pytest.fixture
def project(cast: Cast) -> Project:
    """PROJ-A, led by Anil."""
    return cast.project


@pytest.fixture
def other_project(cast: Cast) -> Project:
    """PROJ-B of the same organisation, led by Bea."""
    return cast.other_project


@pytest.fixture
def bank(cast: Cast) -> Account:
    return cast.bank


@pytest.fixture
def budget(cast: Cast) -> Budget:
    return cast.budget
