"""Memory and time of the finance workbook, from the database to the file, as claim lines grow.

    python -m benchmarks.workbook [claim lines ...]

Runs on the engine of DATABASE_URL, in a test database of its own. Each line has a person, a claim, a payment
still in transit and two entries of the books of its own. The peak is that of all Python objects (tracemalloc)
while the workbook is made, which takes several times as long for being watched.
"""

import os
import sys
import time
import tracemalloc
from datetime import date
from tempfile import TemporaryFile
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models import Model  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from audit import guards  # noqa: E402
from common.dates import set_now  # noqa: E402
from ledger.models import AccountKind  # noqa: E402
from ledger.services.accounts import account  # noqa: E402
from ledger.services.posting import Draft, Leg, post_batch  # noqa: E402
from payments.models import PaymentItem  # noqa: E402
from people.models import Person  # noqa: E402
from reports.workbook import Span, save_finance_workbook  # noqa: E402
from tests.cast import Cast, build, load  # noqa: E402
from tests.payments.office import MONDAY, account_of, fare, open_office, sent  # noqa: E402

SIZES = (1_000, 10_000, 30_000)
BATCH = 500
YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))


class Filler:
    """One real fare that is on its way to the bank, and copies of everything about it."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.lines = cast, 1
        bank = open_office(cast)
        account_of(cast, cast.cora)
        self.line = fare(cast, cast.cora, 1250)
        self.payment = sent(cast, bank).payments.get()

    def up_to(self, lines: int) -> None:
        """Add copies until there are so many lines."""
        numbers = range(self.lines, lines)
        guards.remove(connection)
        people = self._copies(
            self.cast.cora, [{"number": f"P9{n:07d}", "name": f"Contributor {n}"} for n in numbers]
        )
        claims = self._copies(
            self.line.claim,
            [{"reference": f"C9{n:07d}", "contributor": p} for n, p in zip(numbers, people, strict=True)],
        )
        rows = self._copies(self.line, [{"claim": claim} for claim in claims])
        payments = self._copies(
            self.payment,
            [{"person": p, "reference": f"EXP 9{n:06d}"} for n, p in zip(numbers, people, strict=True)],
        )
        PaymentItem.objects.bulk_create(
            [
                PaymentItem(payment=payment, line=line, amount=1250)
                for payment, line in zip(payments, rows, strict=True)
            ],
            batch_size=BATCH,
        )
        guards.install(connection)
        self._post(people)
        self.lines = lines

    def _copies(self, row: Any, changes: list[dict[str, Any]]) -> list[Any]:
        model: type[Model] = type(row)
        fields = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
        same = {name: getattr(row, name) for name in fields}
        new = [model(**same) for _ in changes]
        for each, change in zip(new, changes, strict=True):
            for name, value in change.items():
                setattr(each, name, value)
        return model._default_manager.bulk_create(new, batch_size=BATCH)

    def _post(self, people: list[Person]) -> None:
        cost, owed, transit = (
            account(self.cast.riverside, kind, self.cast.project, "travel")
            for kind in (AccountKind.COST, AccountKind.OWED, AccountKind.IN_TRANSIT)
        )
        for start in range(0, len(people), 5_000):
            some = people[start : start + 5_000]
            drafts = [
                Draft(
                    f"{what}:{person.pk}:benchmark",
                    "A bus fare",
                    MONDAY.date(),
                    [Leg(debit, credit, 1250, person.pk)],
                )
                for person in some
                for what, debit, credit in (("claim", cost, owed), ("run", owed, transit))
            ]
            with transaction.atomic():
                post_batch(organisation=self.cast.riverside, entries=drafts, actor=self.cast.fern)


def measured(cast: Cast) -> tuple[float, float, int]:
    """Peak in megabytes, seconds, and bytes of the file."""
    tracemalloc.start()
    begun = time.perf_counter()
    with TemporaryFile() as target:
        save_finance_workbook(target, cast.riverside, YEAR)
        size = target.tell()
    took, peak = time.perf_counter() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1_000_000, took, size


def main(sizes: tuple[int, ...]) -> None:
    """Print one line for each size."""
    before = setup_databases(verbosity=0, interactive=False)
    try:
        with set_now(MONDAY):
            build()
            filler = Filler(load())
            for lines in sizes:
                filler.up_to(lines)
                peak, took, size = measured(filler.cast)
                sys.stdout.write(
                    f"{lines} lines: peak {peak:.1f} MB, {took:.1f} s, file {size / 1e6:.1f} MB\n"
                )
                sys.stdout.flush()
    finally:
        teardown_databases(before, verbosity=0)


if __name__ == "__main__":
    main(tuple(int(each) for each in sys.argv[1:]) or SIZES)
