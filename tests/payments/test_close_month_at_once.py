"""Closing a month at the same second as somebody else, or while something is being posted in it.

SQLite lets one writer in at a time, so these are run on PostgreSQL.
"""

import threading
from collections.abc import Iterator
from datetime import date
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction

from audit.actions import Action
from audit.models import Event
from common.dates import set_now
from ledger.models import Period
from payments.models import BankAccount, MatchKind, StatementLine
from payments.queries import month_end
from payments.services import months, postings, reconciling
from payments.services.months import MonthNotReady
from tests.cast import Cast
from tests.databases import in_threads
from tests.payments.month_office import DECEMBER, NOVEMBER, closed, opened, read_to_the_end
from tests.payments.office import imported

pytestmark = [
    pytest.mark.usefixtures("committed_db"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


@pytest.fixture
def ready(cast: Cast, account: BankAccount) -> Iterator[Cast]:
    """On 2 December nothing of November is left."""
    with set_now(DECEMBER), transaction.atomic():
        opened(cast)
    with set_now(DECEMBER):
        read_to_the_end(cast, account)
        yield cast


def test_of_two_who_close_at_once_one_does_and_the_other_hears_of_it(ready: Cast) -> None:
    found = in_threads([lambda: closed(ready)] * 2)
    assert sorted(type(each).__name__ for each in found) == ["IllegalMove", "Period"]
    assert Event.objects.filter(action=Action.PERIOD_CLOSED).count() == 1


def test_a_posting_that_is_under_way_is_seen_before_the_month_closes(
    ready: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody puts money in suspense and has not committed yet: the close waits, then finds it."""
    found = suspense_meets_close(ready, account, monkeypatch)
    assert isinstance(found, MonthNotReady)
    assert not Period.objects.get(month=NOVEMBER).closed


def test_without_the_lock_the_month_closes_over_it(
    ready: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "lock_month", lambda organisation, month: Period.objects.get(month=month))
    found = suspense_meets_close(ready, account, monkeypatch)
    assert not isinstance(found, MonthNotReady)


def suspense_meets_close(cast: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What came of closing while a line, counted as waiting until then, goes into suspense."""
    imported(cast, account, [(date(2026, 11, 26), "CREDIT", 2000)])
    line, posted = StatementLine.objects.get(amount=2000), threading.Event()
    real = postings.write_matches

    def slowly(*args: Any) -> Any:
        made = real(*args)
        posted.set()
        sleep(0.6)
        return made

    monkeypatch.setattr(reconciling, "write_matches", slowly)
    # The line itself, and the reconciliation that nobody can sign yet, would keep it open, too.
    others = [each for each in month_end.CHECKS if each.__name__ not in {"_lines", "_reconciled"}]
    monkeypatch.setattr(month_end, "CHECKS", others)

    def explain() -> Any:
        return reconciling.explain(
            actor=cast.fern, line_id=line.pk, kind=MatchKind.SUSPENSE, note="Who is this?"
        )

    def close() -> Any:
        posted.wait(timeout=30)
        return closed(cast)

    return in_threads([explain, close])[1]
