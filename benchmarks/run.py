"""Prepare, sign, send, take out and void a payment run, beside the bare rows it leaves behind.

    python -m benchmarks.run [due lines] [people]

Runs on the engine of DATABASE_URL, in a test database of its own. The least that preparing could do is to
insert its payments, items and shares into the same tables with keys and indexes, without guards, history,
file and books. All ratios are taken in one run; on a shared machine the seconds beside them mean little.
"""

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402

from audit import guards  # noqa: E402
from common.dates import now, today  # noqa: E402
from payments import verify  # noqa: E402
from payments.banking_days import is_banking_day  # noqa: E402
from payments.models import BankAccount, PaymentRun, PayrollMark  # noqa: E402
from payments.queries import due, preview  # noqa: E402
from payments.services import payroll, runs  # noqa: E402
from tests.cast import Cast, build, load  # noqa: E402
from tests.payments.crowd import crowd  # noqa: E402
from tests.payments.office import open_office  # noqa: E402

POSTGRESQL = connection.vendor == "postgresql"
ROUNDS = 3
# What a run leaves behind, in the order of its keys.
TABLES = {
    "payments_payment": "run_id = {run}",
    "payments_paymentitem": "payment_id IN (SELECT id FROM payments_payment WHERE run_id = {run})",
    "payments_itemshare": "item_id IN (SELECT item.id FROM payments_paymentitem item"
    " JOIN payments_payment payment ON payment.id = item.payment_id WHERE payment.run_id = {run})",
}


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measured(work: Callable[[], object]) -> tuple[float, int]:
    """Seconds, and how many statements."""
    with CaptureQueriesContext(connection) as found:
        taken = seconds(work)
    return taken, len(found)


def prepared(cast: Cast, account: BankAccount) -> PaymentRun:
    day = today()
    while not is_banking_day(day):
        day += timedelta(days=1)
    return runs.prepare(actor=cast.fern, organisation=cast.riverside, bank_account=account, pay_on=day)


def newest() -> PaymentRun:
    return PaymentRun.objects.order_by("-pk")[0]


def sign(cast: Cast) -> None:
    run = newest()
    sha256 = run.files.get(version=run.version).sha256
    runs.authorise(actor=cast.farah, run_id=run.pk, sha256=sha256)


def take_out(cast: Cast) -> None:
    payment = newest().payments.filter(status="prepared").order_by("pk")[0]
    runs.take_out(actor=cast.fern, payment_id=payment.pk, reason="They asked us to.")


def bare(run: PaymentRun) -> float:
    """Seconds to insert the run's rows as fast as the engine can, without guards; then all is as before."""
    found = {table: _rows(table, which.format(run=run.pk)) for table, which in TABLES.items()}
    guards.remove(connection)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                for table, which in reversed(TABLES.items()):
                    cursor.execute(f"DELETE FROM {table} WHERE {which.format(run=run.pk)}")
            taken = seconds(lambda: _insert(found))
            transaction.set_rollback(True)
    finally:
        guards.install(connection)
    return taken


def _rows(table: str, which: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {which} ORDER BY id")
        return [column[0] for column in cursor.description], list(cursor.fetchall())


def _insert(found: dict[str, tuple[list[str], list[tuple[Any, ...]]]]) -> None:
    with connection.cursor() as cursor:
        for table, (columns, rows) in found.items():
            names = ", ".join(columns)
            if POSTGRESQL:
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                places = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)
    connection.check_constraints(table_names=list(TABLES))


def report(cast: Cast, account: BankAccount, lines: int, people: int) -> None:
    steps: dict[str, Callable[[], object]] = {
        "list what is due": lambda: due(cast.riverside),
        "preview": lambda: preview(cast.riverside, cast.fern),
        "prepare": lambda: prepared(cast, account),
        "take one out": lambda: take_out(cast),
        "sign": lambda: sign(cast),
        "void": lambda: runs.void(actor=cast.farah, run_id=newest().pk, reason="Wrong day."),
    }
    taken: dict[str, list[tuple[float, int]]] = {name: [] for name in [*steps, "send", "verify"]}
    least = []
    for _ in range(ROUNDS):
        for name, step in steps.items():
            taken[name].append(measured(step))
            if name == "prepare":
                least.append(bare(newest()))
    prepared(cast, account)
    sign(cast)
    run = newest()
    taken["send"].append(measured(lambda: runs.release(actor=cast.fern, run_id=run.pk)))
    taken["verify"].append(measured(lambda: _verify(cast)))
    base = statistics.median(least)
    count = run.count
    print(f"{lines} due lines of {people} people: {count} payments; bare rows {base:.2f} s")
    for name, found in taken.items():
        middle = statistics.median(each[0] for each in found)
        print(f"  {name}: {middle:.2f} s, {found[-1][1]} statements, {middle / base:.1f} of the bare rows")


def payroll_report(cast: Cast) -> None:
    """A tenth of the people through payroll, as in a partnership that has some on its books."""
    marks = PayrollMark.objects.filter(organisation=cast.riverside).count()
    steps: dict[str, Callable[[], object]] = {
        "prepare for payroll": lambda: runs.prepare_list(
            actor=cast.fern, organisation=cast.riverside, pay_on=newest().pay_on
        ),
        "sign": lambda: sign(cast),
        "send": lambda: runs.release(actor=cast.fern, run_id=newest().pk),
        "confirm": lambda: payroll.confirm_payroll(actor=cast.fern, run_id=newest().pk, day=today()),
    }
    print(f"{marks} of them through payroll:")
    for name, step in steps.items():
        took, statements = measured(step)
        print(f"  {name}: {took:.2f} s, {statements} statements")


def _verify(cast: Cast) -> None:
    wrong = list(verify.problems(cast.riverside))
    assert not wrong, wrong  # noqa: S101 - a benchmark of books that are wrong says nothing


def main(lines: int, people: int) -> None:
    config = setup_databases(verbosity=0, interactive=False)
    try:
        build()
        cast = load()
        account = open_office(cast)
        with connection.cursor() as cursor:
            cursor.execute("SELECT version()" if POSTGRESQL else "SELECT 'SQLite ' || sqlite_version()")
            print(f"Python {platform.python_version()}, {cursor.fetchone()[0].split(' (')[0]}")
        crowded = crowd(cast, people=people, lines=lines)
        marks = [
            PayrollMark(organisation=cast.riverside, person=person, marked_by=cast.fern, since=now().date())
            for person in crowded[::10]
        ]
        PayrollMark.objects.bulk_create(marks)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if POSTGRESQL else "ANALYZE")
        report(cast, account, lines, people)
        payroll_report(cast)
    finally:
        teardown_databases(config, verbosity=0)


if __name__ == "__main__":
    given = dict(enumerate(map(int, sys.argv[1:])))
    main(lines=given.get(0, 10_000), people=given.get(1, 4_000))
