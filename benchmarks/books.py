"""Post to the books with every guard on, beside the least the database itself could do.

    python -m benchmarks.books [entries] [entries for the large ledger]

Runs on the engine of DATABASE_URL, in a test database of its own. All figures are ratios taken in
one run; on a shared machine the seconds beside them mean little.
"""

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from audit import guards  # noqa: E402
from ledger import verify  # noqa: E402
from ledger.models import Account, AccountKind, JournalEntry, Transfer  # noqa: E402
from ledger.queries import position, trial_balance  # noqa: E402
from ledger.services import writing  # noqa: E402
from ledger.services.accounts import account  # noqa: E402
from ledger.services.posting import Draft, Leg, post_batch, post_entry  # noqa: E402
from tests.cast import Cast, build, load  # noqa: E402

PAIRS = 200  # cost and owed accounts
ROUNDS = 5
POSTGRESQL = connection.vendor == "postgresql"
BOOKS = ("ledger_transfer", "ledger_journalentry", "ledger_accountmonth")
NOVEMBER = date(2026, 11, 3)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def accounts(cast: Cast) -> list[tuple[Account, Account]]:
    """Cost and owed accounts, as many as a large partnership has projects and categories."""
    return [
        (
            account(cast.riverside, AccountKind.COST, cast.project, "travel", str(n)),
            account(cast.riverside, AccountKind.OWED, cast.project, "travel", str(n)),
        )
        for n in range(PAIRS)
    ]


def drafts(pairs: Sequence[tuple[Account, Account]], count: int, first: int = 0) -> list[Draft]:
    """Entries of one to three transfers each, two on average, over the accounts in turn."""
    return [
        Draft(
            f"claim:{n}",
            f"Claim {n} approved",
            NOVEMBER,
            [Leg(*pairs[(n + leg) % PAIRS], 100 + n % 9_000, n % 10_000 + 1) for leg in range(1 + n % 3)],
        )
        for n in range(first, first + count)
    ]


def wipe() -> None:
    """Empty the books, which only somebody who takes the guards off can do."""
    guards.remove(connection)
    with transaction.atomic(), connection.cursor() as cursor:
        for table in BOOKS:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("UPDATE ledger_counter SET value = 0")
    if POSTGRESQL:
        with connection.cursor() as cursor:
            for table in BOOKS:
                cursor.execute(f"VACUUM ANALYZE {table}")
    guards.install(connection)


def rows_of(table: str, columns: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY id")
        return list(cursor.fetchall())


def bare_batch(entries: list[tuple[Any, ...]], transfers: list[tuple[Any, ...]]) -> None:
    """Only the rows, by the fastest way in: the same tables, keys and indexes, no guards, no totals."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, rows in (
            ("ledger_journalentry", writing.ENTRY_COLUMNS, entries),
            ("ledger_transfer", writing.TRANSFER_COLUMNS, transfers),
        ):
            if POSTGRESQL:
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                places = ", ".join(["%s"] * len(columns.split(",")))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def bulk(cast: Cast, count: int) -> str:
    """S1 and S2: a batch with everything, against the bare rows."""
    pairs = accounts(cast)
    batch = drafts(pairs, count)
    ours, bare = [], []
    for _ in range(ROUNDS):
        wipe()
        ours.append(seconds(lambda: _post(cast, batch)))
        entries = rows_of("ledger_journalentry", writing.ENTRY_COLUMNS)
        transfers = rows_of("ledger_transfer", writing.TRANSFER_COLUMNS)
        wipe()
        guards.remove(connection)
        bare.append(seconds(lambda: bare_batch(entries, transfers)))  # noqa: B023 - run at once
        guards.install(connection)
    mine, least = statistics.median(ours), statistics.median(bare)
    way = "COPY" if POSTGRESQL else "executemany"
    return (
        f"batch of {count} entries, {len(transfers)} transfers: {mine:.3f} s, bare {way} {least:.3f} s,"
        f" ratio {mine / least:.2f} ({count / mine:.0f} entries a second)"
    )


def _post(cast: Cast, batch: list[Draft]) -> None:
    with transaction.atomic():
        post_batch(organisation=cast.riverside, entries=batch, actor=cast.fern)


def single(cast: Cast, count: int = 300) -> str:
    """S3: one posting a commit through the service, against its statements by the bare driver."""
    some = drafts(accounts(cast), count)
    ours, bare = [], []
    for _ in range(ROUNDS):
        wipe()
        ours.append(seconds(lambda: _each(cast, some)))
        wipe()
        statements = [_captured(cast, draft) for draft in some]
        wipe()
        bare.append(_replayed(statements))
    mine, least = statistics.median(ours), statistics.median(bare)
    return (
        f"one entry a commit: {count / mine:.0f} a second, the same statements by the bare driver"
        f" {count / least:.0f}, ratio {mine / least:.2f}"
    )


def _each(cast: Cast, some: list[Draft]) -> None:
    for draft in some:
        _one(cast, draft)


def _one(cast: Cast, draft: Draft) -> None:
    with transaction.atomic():
        post_entry(
            organisation=cast.riverside,
            source=draft.source,
            narrative=draft.narrative,
            date=draft.date,
            legs=draft.legs,
            actor=cast.fern,
        )


def _captured(cast: Cast, draft: Draft) -> list[tuple[str, Any]]:
    """Post, and keep the statements with their parameters."""
    seen: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        _one(cast, draft)
    return [each for each in seen if each[1] is not None]


def _replayed(entries: list[list[tuple[str, Any]]]) -> float:
    """Seconds for the same statements, one transaction an entry, by psycopg or sqlite3 alone."""
    name = connection.settings_dict["NAME"]
    if POSTGRESQL:
        import psycopg

        given = connection.get_connection_params()
        host = {key: given[key] for key in ("host", "port", "user", "password") if key in given}
        with psycopg.connect(dbname=name, cursor_factory=psycopg.ClientCursor, **host) as driver:
            return seconds(lambda: _commit_each(driver, entries))
    connection.close()
    import sqlite3

    lite = sqlite3.connect(name)
    lite.executescript("PRAGMA foreign_keys=ON; PRAGMA synchronous=EXTRA; PRAGMA recursive_triggers=ON;")
    in_their_words = [[(sql.replace("%s", "?"), params) for sql, params in each] for each in entries]
    try:
        return seconds(lambda: _commit_each(lite, in_their_words))
    finally:
        lite.close()


def _commit_each(driver: Any, entries: list[list[tuple[str, Any]]]) -> None:
    for statements in entries:
        for sql, params in statements:
            done = driver.execute(sql, params)
            if "SELECT counter" in sql:
                done.fetchall()
        driver.commit()


def growth(cast: Cast, large: int) -> list[str]:
    """S4 and S11: reading and verifying a ledger ten times the size."""
    pairs, said, reads = accounts(cast), [], []
    wipe()
    for target in (large // 10, large):
        for first in range(JournalEntry.objects.count(), target, 25_000):
            _post(cast, drafts(pairs, min(25_000, target - first), first))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if POSTGRESQL else "ANALYZE")
        reads.append(statistics.median(seconds(lambda: _read(cast)) for _ in range(9)))
        whole = statistics.median(seconds(_sum_both_sides) for _ in range(3))
        proof = statistics.median(seconds(_verify) for _ in range(3))
        said.append(
            f"{Transfer.objects.count()} transfers: balances and position {reads[-1] * 1000:.1f} ms;"
            f" verify {proof:.2f} s, two SUM scans {whole:.2f} s, ratio {proof / whole:.2f}"
        )
    return [*said, f"reading ten times the ledger costs {reads[1] / reads[0]:.2f} of reading a tenth"]


def _read(cast: Cast) -> None:
    trial_balance(cast.riverside)
    position(cast.project)


def _sum_both_sides() -> None:
    with connection.cursor() as cursor:
        for side in ("debit_id", "credit_id"):
            cursor.execute(f"SELECT {side}, month, SUM(amount) FROM ledger_transfer GROUP BY {side}, month")
            cursor.fetchall()


def _verify() -> None:
    wrong = list(verify.problems())
    assert not wrong, wrong  # noqa: S101 - a benchmark of books that are wrong says nothing


def main(entries: int, large: int) -> None:
    config = setup_databases(verbosity=0, interactive=False)
    try:
        build()
        cast = load()
        with connection.cursor() as cursor:
            cursor.execute("SELECT version()" if POSTGRESQL else "SELECT 'SQLite ' || sqlite_version()")
            print(f"Python {platform.python_version()}, {cursor.fetchone()[0].split(' (')[0]}")
        print(bulk(cast, entries))
        print(single(cast))
        for line in growth(cast, large):
            print(line)
    finally:
        teardown_databases(config, verbosity=0)


if __name__ == "__main__":
    given = dict(enumerate(map(int, sys.argv[1:])))
    main(entries=given.get(0, 10_000), large=given.get(1, 500_000))
