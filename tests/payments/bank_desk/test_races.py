"""Two people at the same second at the bank desk: one wins, the other hears who and when.

SQLite lets one writer in at a time, so the races that need two are run on PostgreSQL. Matching is raced in
tests/payments/test_races.py.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from audit.models import Event
from common.errors import IllegalMove
from ledger.models import JournalEntry
from payments.models import BankAccount, Match, MatchKind, SignedReconciliation
from payments.services import reconciliations, reconciling
from people.models import Person, RoleKind
from tests.cast import Cast, give_role
from tests.payments.bank_desk.conftest import NOVEMBER, prepare, sha_of
from tests.payments.office import PAY_ON, colleague, imported, sent
from tests.payments.test_races import a_moment_before, outcomes, without_locks

pytestmark = [
    pytest.mark.usefixtures("committed_db"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
Step = Callable[[Cast, BankAccount], list[Callable[[], Any]]]


def two(cast: Cast) -> tuple[Person, Person]:
    """Fern and Farah, who may both prepare today."""
    give_role(actor=cast.abel, person=cast.farah, kind=RoleKind.PREPARER, organisation=cast.riverside)
    return cast.fern, cast.farah


def explained(cast: Cast, account: BankAccount) -> list[Callable[[], Any]]:
    line = imported(cast, account, [(PAY_ON, "FEE", -150)]).lines.get()
    return [
        partial(reconciling.explain, actor=who, line_id=line.pk, kind=MatchKind.CHARGE, note="Fee.")
        for who in two(cast)
    ]


def came_back(cast: Cast, account: BankAccount) -> list[Callable[[], Any]]:
    run = sent(cast, account)
    lines = imported(cast, account, [(PAY_ON, "BACS", -5980), (PAY_ON, "BACK", 730)]).lines
    reconciling.match(actor=cast.fern, line_id=lines.get(amount=-5980).pk, run_id=run.pk)
    back, dev = lines.get(amount=730), run.payments.get(person=cast.dev)
    return [partial(reconciling.returned, actor=who, line_id=back.pk, payment_id=dev.pk) for who in two(cast)]


def undone(cast: Cast, account: BankAccount) -> list[Callable[[], Any]]:
    line = imported(cast, account, [(PAY_ON, "FEE", -150)]).lines.get()
    made = reconciling.explain(actor=cast.fern, line_id=line.pk, kind=MatchKind.CHARGE, note="Fee.")
    return [partial(reconciling.undo, actor=who, match_id=made.pk, reason="Wrong.") for who in two(cast)]


RACES: dict[str, tuple[Step, str]] = {
    "explain": (explained, "write_matches"),
    "returned": (came_back, "write_matches"),
    "undo": (undone, "reverse_entry"),
}


@pytest.mark.parametrize("name", RACES)
def test_of_two_at_once_one_has_an_effect_and_the_other_hears_who(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    step, stop = RACES[name]
    calls = step(due, account)
    before = JournalEntry.objects.count()
    with a_moment_before(monkeypatch, reconciling, stop):
        done, refused = outcomes(*calls)

    assert (len(done), JournalEntry.objects.count()) == (1, before + 1)
    assert isinstance(refused[0], IllegalMove)
    assert "Finance" in str(refused[0])
    assert "at 9:00am on 23 November 2026" in str(refused[0])


@pytest.mark.parametrize("name", RACES)
def test_without_the_lock_the_books_still_take_one(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    step, stop = RACES[name]
    calls = step(due, account)
    before = JournalEntry.objects.count()
    with without_locks(monkeypatch), a_moment_before(monkeypatch, reconciling, stop):
        done, refused = outcomes(*calls)

    assert (len(done), JournalEntry.objects.count()) == (1, before + 1)
    assert "Finance" not in str(refused[0])  # not the lock but the books, the trigger or a constraint refused


def signing(cast: Cast, account: BankAccount) -> list[Callable[[], Any]]:
    signed = _ready_to_check(cast, account)
    petra = colleague(cast, "Petra Approver", [RoleKind.APPROVER])
    return [
        partial(
            reconciliations.check_reconciliation,
            actor=who,
            reconciliation_id=signed.pk,
            sha256=signed.sha256,
        )
        for who in (cast.farah, petra)
    ]


def _ready_to_check(cast: Cast, account: BankAccount) -> SignedReconciliation:
    imported(cast, account, [(PAY_ON.replace(month=12, day=1), "LATER", -1)])
    return prepare(cast, account)


def test_of_two_who_check_at_once_one_signs(
    cast: Cast, account: BankAccount, december: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = signing(cast, account)
    with a_moment_before(monkeypatch, reconciliations, "_figures"):
        done, refused = outcomes(*calls)
    assert len(done) == 1
    assert isinstance(refused[0], IllegalMove)
    assert "at 9:00am on 2 December 2026" in str(refused[0])
    assert Event.objects.filter(action="reconciliation:checked").count() == 1


def test_without_the_lock_the_guard_still_takes_one_signature(
    cast: Cast, account: BankAccount, december: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = signing(cast, account)
    with without_locks(monkeypatch), a_moment_before(monkeypatch, reconciliations, "_figures"):
        done, refused = outcomes(*calls)
    assert len(done) == 1
    assert "once checked, it never changes" in str(refused[0])


def test_two_who_prepare_at_once_leave_one_reconciliation(
    cast: Cast, account: BankAccount, december: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(cast, account, [(PAY_ON.replace(month=12, day=1), "LATER", -1)])
    seen = sha_of(account)
    with a_moment_before(monkeypatch, reconciliations, "_figures"):
        done, refused = outcomes(
            *[
                partial(
                    reconciliations.prepare_reconciliation,
                    actor=who,
                    bank_account=account,
                    month=NOVEMBER,
                    sha256=seen,
                )
                for who in two(cast)
            ]
        )
    assert (len(done), SignedReconciliation.objects.count()) == (1, 1)
    assert isinstance(refused[0], IllegalMove)
    assert not Match.objects.exists()
