"""Two people at the same second: one wins, nothing happens twice, and the lock or constraint is why.

SQLite lets one writer in at a time, so the races that need two are run on PostgreSQL.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from claims.models import ClaimLine
from common.errors import DomainError, IllegalMove
from ledger.models import Counter, JournalEntry
from payments.models import BankAccount, Match, Payment, PaymentItem, PaymentRun, StatementLine
from payments.queries.sorting import gather
from payments.services import files, preparing, reconciling, runs
from people.models import RoleKind
from tests.cast import Cast, give_role
from tests.databases import in_threads
from tests.payments.office import PAY_ON, colleague, hash_of, imported, prepared, sent, signed

pytestmark = [
    pytest.mark.usefixtures("committed_db"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
Call = Callable[[], Any]


def outcomes(*calls: Call) -> tuple[list[Any], list[Exception]]:
    """What came of calls at the same moment: results, and errors."""
    found = in_threads(calls)
    errors = [each for each in found if isinstance(each, Exception)]
    return [each for each in found if not isinstance(each, Exception)], errors


@contextmanager
def without_locks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take every row lock out of the ORM: the control that shows what a lock is worth."""
    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows.all())
        yield


@contextmanager
def a_moment_before(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Iterator[None]:
    """Make everybody stop between looking and acting, so that a missing lock shows every time."""
    real = getattr(module, name)

    def slowly(*args: Any, **kwargs: Any) -> Any:
        sleep(0.4)
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(module, name, slowly)
        yield


def twice_prepared(due: Cast, account: BankAccount) -> tuple[list[Any], list[Exception]]:
    return outcomes(lambda: prepared(due, account), lambda: prepared(due, account))


def test_two_who_prepare_at_once_pay_each_line_once(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_moment_before(monkeypatch, runs, "gather"):
        made, refused = twice_prepared(due, account)

    assert len(made) == 1
    assert "Nothing that is due" in str(refused[0])
    assert PaymentItem.objects.filter(live=True).count() == ClaimLine.objects.count() == 3


def test_without_the_lock_the_constraint_still_pays_each_line_once(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_run_lock(monkeypatch), a_moment_before(monkeypatch, runs, "write_payments"):
        made, refused = twice_prepared(due, account)

    assert len(made) == 1
    assert isinstance(refused[0], IntegrityError)


def test_without_lock_and_constraint_lines_are_paid_twice(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX no_line_is_paid_twice")
    with without_run_lock(monkeypatch), a_moment_before(monkeypatch, runs, "write_payments"):
        made, refused = twice_prepared(due, account)

    assert (len(made), refused) == (2, [])
    assert PaymentItem.objects.filter(live=True).count() == 6


@contextmanager
def without_run_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Numbers drawn without holding the counter of runs, and lines read without locking them."""
    numbers = iter(range(1, 100))
    with monkeypatch.context() as patch:
        patch.setattr(runs, "next_number", lambda *_: next(numbers))
        patch.setattr(preparing, "_references", lambda _, count: [next(numbers) + 1000 for _ in range(count)])
        patch.setattr(runs, "gather", lambda *asked, **_: gather(*asked))
        yield


def two_signers(due: Cast, run: PaymentRun) -> tuple[list[Any], list[Exception]]:
    petra = colleague(due, "Petra Approver", [RoleKind.APPROVER])
    return outcomes(
        *[
            lambda who=who: runs.authorise(actor=who, run_id=run.pk, sha256=hash_of(run))
            for who in (due.farah, petra)
        ]
    )


def test_of_two_who_sign_at_once_one_signs(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = prepared(due, account)
    with a_moment_before(monkeypatch, runs, "checked_bytes"):
        done, refused = two_signers(due, run)

    assert len(done) == 1
    assert isinstance(refused[0], IllegalMove)
    assert PaymentRun.history.filter(id=run.pk, status="authorised").count() == 1


def test_without_the_lock_both_would_sign(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = prepared(due, account)
    with without_locks(monkeypatch), a_moment_before(monkeypatch, runs, "checked_bytes"):
        done, refused = two_signers(due, run)

    assert (len(done), refused) == (2, [])
    assert PaymentRun.history.filter(id=run.pk, status="authorised").count() == 2


def two_releases(due: Cast, run: PaymentRun) -> tuple[list[Any], list[Exception]]:
    return outcomes(
        *[lambda who=who: runs.release(actor=who, run_id=run.pk) for who in (due.fern, due.farah)]
    )


def test_of_two_who_send_at_once_one_sends(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = signed(due, account)
    with a_moment_before(monkeypatch, runs, "checked_bytes"):
        done, refused = two_releases(due, run)

    assert len(done) == 1
    assert isinstance(refused[0], IllegalMove)
    assert JournalEntry.objects.filter(source=f"run:{run.pk}:released").count() == 1


def test_without_the_lock_the_books_still_take_one_release(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = signed(due, account)
    with without_locks(monkeypatch), a_moment_before(monkeypatch, runs, "checked_bytes"):
        done, refused = two_releases(due, run)

    assert len(done) == 1
    assert not isinstance(refused[0], IllegalMove)  # not the lock but the books or the trigger refused
    assert JournalEntry.objects.filter(source=f"run:{run.pk}:released").count() == 1


def test_a_payee_taken_out_while_somebody_signs_leaves_no_signed_run_of_the_old_file(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = prepared(due, account)
    seen, dev = hash_of(run), run.payments.get(person=due.dev)
    with a_moment_before(monkeypatch, files, "live_payments"):
        outcomes(
            lambda: runs.authorise(actor=due.farah, run_id=run.pk, sha256=seen),
            lambda: runs.take_out(actor=due.fern, payment_id=dev.pk, reason="He asked."),
        )
    run.refresh_from_db()
    assert (run.status, run.version, run.authorised_by) == ("prepared", 2, None)


def test_the_same_form_at_the_same_moment_makes_one_run(due: Cast, account: BankAccount) -> None:
    made, refused = outcomes(*[lambda: prepared(due, account, key="form-7")] * 4)

    assert (len({run.pk for run in made}), refused) == (1, [])
    assert Payment.objects.count() == 3


def test_with_keys_of_their_own_the_same_forms_are_refused(due: Cast, account: BankAccount) -> None:
    made, refused = outcomes(*[lambda n=n: prepared(due, account, key=f"form-{n}") for n in range(4)])

    assert (len(made), len(refused)) == (1, 3)
    assert all(isinstance(each, DomainError) for each in refused)


def matched_twice(due: Cast, run: PaymentRun) -> tuple[list[Any], list[Exception]]:
    give_role(actor=due.abel, person=due.farah, kind=RoleKind.PREPARER, organisation=due.riverside)
    line = StatementLine.objects.get()
    return outcomes(
        *[
            lambda who=who: reconciling.match(actor=who, line_id=line.pk, run_id=run.pk)
            for who in (due.fern, due.farah)
        ]
    )


def test_a_line_matched_by_two_at_once_is_matched_once(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = sent(due, account)
    imported(due, account, [(PAY_ON, "BACS", -5980)])
    with a_moment_before(monkeypatch, reconciling, "write_matches"):
        done, refused = matched_twice(due, run)

    assert (len(done), Match.objects.count()) == (1, 1)
    assert isinstance(refused[0], IllegalMove)


def test_without_the_lock_the_books_still_take_one_match(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = sent(due, account)
    imported(due, account, [(PAY_ON, "BACS", -5980)])
    with without_locks(monkeypatch), a_moment_before(monkeypatch, reconciling, "write_matches"):
        done, refused = matched_twice(due, run)

    assert (len(done), Match.objects.count()) == (1, 1)
    assert not isinstance(refused[0], IllegalMove)


def test_numbers_of_runs_have_no_gap_after_a_race(due: Cast, account: BankAccount) -> None:
    twice_prepared(due, account)
    assert Counter.objects.get(organisation=due.riverside, name="run").value == 1
    assert Counter.objects.get(organisation=due.riverside, name="payment").value == 3
