"""The statements that write the books, for both engines; only `ledger.services.posting` calls them.

Raw SQL, because a posting of any size must take a handful of statements.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction

from common.errors import DomainError
from ledger.models import Counter
from ledger.services.inserting import Row, insert_many

ENTRY_COLUMNS = (
    "id, organisation_id, number, date, month, narrative, source, size, last_transfer_id,"
    " reverses_id, actor_id, posted_at"
)
TRANSFER_COLUMNS = "id, entry_id, position, debit_id, credit_id, party, amount, month"
ROWS_A_STATEMENT = 1_000
_ENTRY_ROW = f"({', '.join(['%s'] * 12)})"
_TRANSFER_ROW = f"({', '.join(['%s'] * 8)})"
_COUNT = "UPDATE ledger_counter SET value = %s WHERE id = %s"  # noqa: S608
_ENTRIES = f"INSERT INTO ledger_journalentry ({ENTRY_COLUMNS}) VALUES "  # noqa: S608
_TRANSFERS = f"INSERT INTO ledger_transfer ({TRANSFER_COLUMNS}) VALUES "  # noqa: S608
_LOCK = """
    SELECT counter.id, counter.value,
           (SELECT closed FROM ledger_period WHERE organisation_id = %s AND month = %s),
           (SELECT number FROM ledger_journalentry WHERE organisation_id = %s AND source = %s)
    FROM ledger_counter counter WHERE counter.organisation_id = %s AND counter.name = 'entry'
"""
_MONTHS = "INSERT INTO ledger_accountmonth (account_id, month, debits, credits) VALUES "
_ADD = """
    ON CONFLICT (account_id, month) DO UPDATE SET
        debits = ledger_accountmonth.debits + excluded.debits,
        credits = ledger_accountmonth.credits + excluded.credits
"""

Totals = Mapping[tuple[int, int], tuple[int, int]]


class PeriodClosed(DomainError):
    """The month is closed: nothing more can be posted in it."""


class AlreadyPosted(DomainError):
    """This source stands in the books already."""


@dataclass(frozen=True)
class Place:
    """Where the next entry goes, with the counter row locked until the transaction ends."""

    counter_id: int
    last_number: int
    closed: bool | None  # None: the month has no row yet
    posted_as: int | None  # the number under which this source stands already


def lock_place(organisation_id: int, month: int, source: str = "") -> Place:
    """Lock the organisation's entry counter, and see whether the month and the source are free."""
    lock = " FOR UPDATE OF counter" if connection.features.has_select_for_update else ""
    params: list[int | str] = [organisation_id, month, organisation_id, source, organisation_id]
    with connection.cursor() as cursor:
        cursor.execute(_LOCK + lock, params)
        row = cursor.fetchone()
    if row is None:
        Counter.objects.get_or_create(organisation_id=organisation_id, name="entry")
        return lock_place(organisation_id, month, source)
    closed = None if row[2] is None else bool(row[2])
    return Place(counter_id=row[0], last_number=row[1], closed=closed, posted_as=row[3])


def write_one(counter_id: int, entry: Row, transfers: Sequence[Row], totals: Totals) -> None:
    """Write one entry of any size: on PostgreSQL in two statements, on SQLite in four."""
    if len(transfers) > ROWS_A_STATEMENT:
        write_many(counter_id, entry[2], [entry], transfers, totals)
        return
    places = ",".join([_TRANSFER_ROW] * len(transfers))
    values = [value for row in transfers for value in row]
    with in_words(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            together = f"WITH counted AS ({_COUNT}), entry AS ({_ENTRIES}{_ENTRY_ROW}) {_TRANSFERS}{places}"
            cursor.execute(together, [entry[2], counter_id, *entry, *values])
        else:
            cursor.execute(_ENTRIES + _ENTRY_ROW, entry)
            cursor.execute(_TRANSFERS + places, values)
            cursor.execute(_COUNT, [entry[2], counter_id])
        _add_to_months(cursor, totals)


def write_many(
    counter_id: int, last_number: int, entries: Sequence[Row], transfers: Sequence[Row], totals: Totals
) -> None:
    """Write a batch of entries, set by set."""
    with in_words(), connection.cursor() as cursor:
        cursor.execute(_COUNT, [last_number, counter_id])
        insert_many("ledger_journalentry", ENTRY_COLUMNS, entries)
        insert_many("ledger_transfer", TRANSFER_COLUMNS, transfers)
        _add_to_months(cursor, totals)


def _add_to_months(cursor: Any, totals: Totals) -> None:
    """Raise the running totals, in the order of accounts so that no two postings can deadlock."""
    rows = [(account, month, *totals[account, month]) for account, month in sorted(totals)]
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        some = rows[start : start + ROWS_A_STATEMENT]
        places = ",".join(["(%s, %s, %s, %s)"] * len(some))
        cursor.execute(_MONTHS + places + _ADD, [value for row in some for value in row])


@contextmanager
def in_words() -> Iterator[None]:
    """Say in words what the database refused.

    It can refuse what `lock_place` let pass: on PostgreSQL the lock may have been waited for, while
    the rest of that look was from before the wait. Nothing of a refused posting may be committed.
    """
    try:
        yield
    except IntegrityError as error:
        transaction.set_rollback(True)
        if "month is closed" in str(error):
            raise PeriodClosed("This month was closed just now, so nothing can be posted in it.") from error
        if "one_entry_per_source" in str(error):
            raise AlreadyPosted("This was already posted.") from error
        raise
