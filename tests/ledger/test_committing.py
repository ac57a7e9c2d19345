"""What really reaches the disk: whole entries, gap-free numbers, and no race that is lost."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from audit import guards
from ledger import verify
from ledger.models import Counter, JournalEntry, Transfer
from ledger.queries import balance
from ledger.services import budgets, periods
from ledger.services.posting import PeriodClosed
from tests.cast import Cast
from tests.databases import in_threads
from tests.ledger.books import POSTGRESQL, Crash, cost, owe, owe_and_crash, owed
from tests.ledger.raw import entry, raw_ids, transfer

pytestmark = pytest.mark.usefixtures("committed_db")
WRITERS = 4 if POSTGRESQL else 2


def execute(*statements: str) -> None:
    """Run statements in one transaction of their own, and commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def posted(cast: Cast, source: str) -> None:
    with transaction.atomic():
        owe(cast, source)


def made(cast: Cast) -> None:
    """Open the accounts and the month, so that raw SQL has something to stand on."""
    posted(cast, "first")


def test_an_entry_without_its_transfers_cannot_commit(cast: Cast) -> None:
    made(cast)
    ids = raw_ids(cast)
    with pytest.raises(IntegrityError):
        execute(entry(ids, 2))
    with pytest.raises(IntegrityError):
        execute(entry(ids, 2, size=2), transfer(ids, 2, 1))
    assert JournalEntry.objects.count() == 1


def test_a_whole_entry_commits_also_inside_a_savepoint(cast: Cast) -> None:
    made(cast)
    ids = raw_ids(cast)
    execute(entry(ids, 2, size=2), transfer(ids, 2, 1), transfer(ids, 2, 2))
    execute("SAVEPOINT a", entry(ids, 3, source="b"), transfer(ids, 3, 1), "RELEASE SAVEPOINT a")
    assert JournalEntry.objects.count() == 3
    with pytest.raises(IntegrityError):
        execute(transfer(ids, 2, 3))


def test_a_transaction_that_fails_leaves_no_gap(cast: Cast) -> None:
    made(cast)
    with pytest.raises(Crash):
        owe_and_crash(cast, "lost")
    posted(cast, "second")
    assert list(JournalEntry.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_writers_at_once_number_without_a_gap_and_add_up(cast: Cast) -> None:
    made(cast)
    each = 15

    def write(writer: int) -> None:
        for n in range(each):
            posted(cast, f"{writer}:{n}")

    assert in_threads([partial(write, writer) for writer in range(WRITERS)]) == [None] * WRITERS
    count = WRITERS * each + 1
    numbers = JournalEntry.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, count + 1))
    assert balance(owed(cast)) == -1200 * count
    assert list(verify.problems()) == []


def test_the_first_postings_ever_can_come_at_once(cast: Cast) -> None:
    results = in_threads([partial(posted, cast, f"first:{n}") for n in range(WRITERS)])
    assert results == [None] * WRITERS
    assert Counter.objects.get(name="entry").value == WRITERS


def test_one_source_posted_at_once_stands_once(cast: Cast) -> None:
    made(cast)
    results = in_threads([partial(posted, cast, "claim:1")] * WRITERS)
    assert sorted(type(each).__name__ for each in results) == ["AlreadyPosted"] * (WRITERS - 1) + ["NoneType"]
    assert JournalEntry.objects.filter(source="claim:1").count() == 1
    assert list(verify.problems()) == []


def test_closing_a_month_against_postings_leaves_none_after_the_close(cast: Cast) -> None:
    made(cast)
    closing: list[int] = []

    def close() -> None:
        periods.close(actor=cast.farah, organisation=cast.riverside, month=202611)
        closing.append(JournalEntry.objects.count())

    def write() -> None:
        for n in range(200):
            posted(cast, f"race:{n}")

    results = in_threads([close, write])
    assert results[0] is None
    assert results[1] is None or isinstance(results[1], PeriodClosed)
    assert JournalEntry.objects.count() == closing[0]
    assert list(verify.problems()) == []


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one writer at a time")
def test_a_close_waits_for_a_posting_by_raw_sql(cast: Cast) -> None:
    """The guard locks the month: a close cannot slip in between its look and the commit."""
    assert closes_during_a_posting(cast) is False


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one writer at a time")
def test_without_the_guard_a_close_slips_in(cast: Cast) -> None:
    made(cast)
    with guards.without("entry_is_timely"):
        assert closes_during_a_posting(cast) is True


def closes_during_a_posting(cast: Cast) -> bool:
    """Does a month close, by raw SQL, while an entry in it is written but not committed?"""
    if not JournalEntry.objects.exists():
        made(cast)
    ids, written, looked = raw_ids(cast), threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(entry(ids, 2))
            cursor.execute(transfer(ids, 2))
            written.set()
            looked.wait(timeout=30)

    def close() -> bool:
        written.wait(timeout=30)
        try:
            closed = f"closed = true, closed_by_id = {cast.farah.pk}, closed_at = now(), times_closed = 1"
            execute("SET LOCAL lock_timeout = '300ms'", f"UPDATE ledger_period SET {closed}")
        except Exception:  # noqa: BLE001 - it had to wait, which is what we ask
            return False
        finally:
            looked.set()
        return True

    return in_threads([write, close])[1] is True


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one writer at a time")
def test_nobody_adds_to_an_entry_that_is_not_committed_yet(cast: Cast) -> None:
    made(cast)
    ids, written, tried = raw_ids(cast), threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(entry(ids, 2, size=2))
            cursor.execute(transfer(ids, 2, 1))
            written.set()
            tried.wait(timeout=30)
            cursor.execute(transfer(ids, 2, 2))

    def add() -> None:
        written.wait(timeout=30)
        try:
            execute(transfer(ids, 2, 2, amount=99_900))
        finally:
            tried.set()

    first, second = in_threads([write, add])
    assert first is None
    assert isinstance(second, IntegrityError)
    assert set(Transfer.objects.filter(entry__number=2).values_list("amount", flat=True)) == {100}


def spend(cast: Cast, source: str, pause: Callable[[], object]) -> None:
    """Check that two thirds of the travel budget fit, and spend them."""
    with transaction.atomic():
        budgets.check_spending(project=cast.project, category="travel", amount=66_000, own_source=source)
        pause()
        owe(cast, source, 66_000)


def race_for_the_budget(cast: Cast) -> list[None | Exception]:
    made_together = threading.Barrier(2)

    def pause() -> None:
        try:
            made_together.wait(timeout=0.5)  # both checked before either spent, if nothing holds them
        except threading.BrokenBarrierError:
            return

    return in_threads([partial(spend, cast, f"claim:{n}", pause) for n in range(2)])


def test_of_two_that_fit_alone_only_one_is_spent(cast: Cast) -> None:
    made(cast)
    results = race_for_the_budget(cast)
    assert sorted(type(each).__name__ for each in results) == ["NoneType", "OverBudget"]
    assert balance(cost(cast)) == 66_000 + 1200


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one writer at a time")
def test_without_the_lock_both_are_spent(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made(cast)
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda rows, **_: rows)
    assert race_for_the_budget(cast) == [None, None]
    assert balance(cost(cast)) == 2 * 66_000 + 1200
