"""Two people who open the same account, or record the same money, at once: one effect, one told by whom.

The lock is a row of the counters on PostgreSQL, and the one writer of SQLite. The controls take it away.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

from audit.actions import Action
from audit.models import Event
from common.dates import today
from ledger.models import AccountKind, JournalEntry
from ledger.services import opening, writing
from ledger.services.accounts import account
from ledger.services.opening import fund, open_books
from ledger.services.posting import AlreadyPosted
from people.models import Person
from tests.cast import Cast
from tests.databases import in_threads

pytestmark = pytest.mark.usefixtures("committed_db", "begun", "slowly")
POSTGRESQL = connection.vendor == "postgresql"
Post = Callable[[Cast, Person], JournalEntry]


def opened(cast: Cast, who: Person) -> JournalEntry:
    return open_books(
        actor=who,
        organisation=cast.riverside,
        account=cast.bank,
        amount=5_000,
        date=today(),
        narrative="Brought forward",
    )


def funded(cast: Cast, who: Person, alike: int | None = 0) -> JournalEntry:
    return fund(
        actor=who,
        project=cast.project,
        account=cast.bank,
        amount=5_000,
        date=today(),
        narrative="Grant",
        alike=alike,
    )


@pytest.fixture
def begun(cast: Cast) -> None:
    """Accounts and an entry are there: whoever makes the first of them lets everybody else wait."""
    account(cast.riverside, AccountKind.OPENING)
    fund(
        actor=cast.fern,
        project=cast.project,
        account=cast.bank,
        amount=1,
        date=today(),
        narrative="A first penny",
    )


def posted() -> int:
    return JournalEntry.objects.exclude(narrative="A first penny").count()


def at_once(cast: Cast, post: Post) -> tuple[list[JournalEntry], list[Exception]]:
    """Fern and Farah at the same moment: what was posted, and who was refused how."""
    found = in_threads([lambda: post(cast, cast.fern), lambda: post(cast, cast.farah)])
    errors = [each for each in found if isinstance(each, Exception)]
    return [each for each in found if not isinstance(each, Exception)], errors


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody stops between looking and writing, so that a missing lock shows every time."""

    def paused(real: Any) -> Any:
        def write(*asked: Any) -> Any:
            sleep(0.4)
            return real(*asked)

        return write

    monkeypatch.setattr(writing, "write_one", paused(writing.write_one))


@contextmanager
def without_the_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody waits for the counter; on SQLite nobody waits to be the one who writes."""
    numbers = iter(range(100, 200))
    with monkeypatch.context() as patch:
        patch.setattr(opening, "locked", lambda *_: None)
        patch.setattr(opening, "next_number", lambda *_: next(numbers))
        patch.setattr(SQLite, "_start_transaction_under_autocommit", lambda it: it.cursor().execute("BEGIN"))
        yield


@pytest.mark.parametrize("post", [opened, funded])
def test_of_two_at_once_one_posts_and_the_other_is_told_by_whom(cast: Cast, post: Post) -> None:
    [entry], [refused] = at_once(cast, post)
    assert isinstance(refused, AlreadyPosted)
    first = "Fern Finance" if entry.actor_id == cast.fern.pk else "Farah Finance"
    assert f"already, by entry 2: {first}, on 24 November 2026." in str(refused)
    assert posted() == 1
    assert Event.objects.filter(subject_id=entry.pk, actor_id=entry.actor_id).count() == 1
    assert Event.objects.filter(action__in=[Action.BOOKS_OPENED, Action.PROJECT_FUNDED]).count() == 2


def test_without_the_lock_the_books_still_open_an_account_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By their one entry for a source, which cannot say by whom; on SQLite by its lock of the file."""
    with without_the_lock(monkeypatch):
        [_], [refused] = at_once(cast, opened)
    assert str(refused) == ("This was already posted." if POSTGRESQL else "database is locked")
    assert posted() == 1


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite's lock of its file cannot be taken away")
def test_without_lock_and_constraint_an_account_is_opened_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_journalentry DROP CONSTRAINT one_entry_per_source")
    with without_the_lock(monkeypatch):
        made, refused = at_once(cast, opened)
    assert (len(made), refused, posted()) == (2, [], 2)


def test_without_the_lock_the_same_money_is_recorded_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite the lock of the file is left, and refuses without a word to the person."""
    with without_the_lock(monkeypatch):
        made, refused = at_once(cast, funded)
    if POSTGRESQL:
        assert (len(made), refused, posted()) == (2, [], 2)
    else:
        assert (len(made), posted()) == (1, 1)
        assert isinstance(refused[0], OperationalError)


def test_without_knowing_what_was_there_the_same_money_is_recorded_twice(cast: Cast) -> None:
    """The control of `alike`: what is not asked about is not refused."""
    made, refused = at_once(cast, lambda cast, who: funded(cast, who, alike=None))
    assert (len(made), refused) == (2, [])
