"""A line is never both in a bank run and in a payroll run, also at the same second; on PostgreSQL."""

from typing import Any

import pytest
from django.db import IntegrityError, connection

from common.errors import DomainError, IllegalMove
from payments.models import BankAccount, PaymentItem, PayrollConfirmation, PayrollMark
from payments.services import payroll, preparing, runs
from tests.cast import Cast
from tests.databases import in_threads
from tests.payments.office import MONDAY, PAY_ON, hash_of, prepared
from tests.payments.test_races import a_moment_before, outcomes, without_locks, without_run_lock

pytestmark = [
    pytest.mark.usefixtures("committed_db"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def through_payroll(cast: Cast) -> Any:
    return runs.prepare_list(actor=cast.fern, organisation=cast.riverside, pay_on=PAY_ON)


def test_both_kinds_of_run_at_once_pay_each_line_once(
    due: Cast, account: BankAccount, mark: PayrollMark, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_moment_before(monkeypatch, runs, "gather"):
        made, refused = outcomes(lambda: prepared(due, account), lambda: through_payroll(due))
    assert (len(made), refused) == (2, [])
    lines = list(PaymentItem.objects.filter(live=True).values_list("line_id", flat=True))
    assert len(lines) == len(set(lines)) == 4


def marked_while_prepared(due: Cast, account: BankAccount) -> tuple[list[Any], list[Exception]]:
    return outcomes(
        lambda: prepared(due, account),
        lambda: payroll.mark(actor=due.farah, organisation=due.riverside, person=due.cora),
    )


def test_a_mark_waits_for_the_run_or_the_run_for_the_mark(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_moment_before(monkeypatch, runs, "write_payments"):
        done, refused = marked_while_prepared(due, account)
    assert (len(done), refused) == (2, [])


def test_without_the_lock_the_guard_refuses_what_changed_its_way(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark is made by somebody else between looking and writing, which the lock would not let them."""
    real = preparing.write_payments

    def after_a_mark(*asked: Any) -> None:
        in_threads([lambda: payroll.mark(actor=due.farah, organisation=due.riverside, person=due.cora)])
        real(*asked)

    monkeypatch.setattr(payroll, "locked", lambda *_: None)
    monkeypatch.setattr(runs, "write_payments", after_a_mark)
    with pytest.raises(IntegrityError, match="goes the way of its run and of its person"):
        prepared(due, account)
    assert not PaymentItem.objects.exists()


def test_two_payroll_runs_at_once_are_one(
    due: Cast, account: BankAccount, mark: PayrollMark, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_moment_before(monkeypatch, runs, "gather"):
        made, refused = outcomes(lambda: through_payroll(due), lambda: through_payroll(due))
    assert (len(made), len(refused)) == (1, 1)
    assert isinstance(refused[0], DomainError)


def test_without_the_lock_the_constraint_pays_each_line_once(
    due: Cast, account: BankAccount, mark: PayrollMark, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_run_lock(monkeypatch), a_moment_before(monkeypatch, runs, "write_payments"):
        made, refused = outcomes(lambda: through_payroll(due), lambda: through_payroll(due))
    assert len(made) == 1
    assert isinstance(refused[0], IntegrityError)


def confirmed_twice(due: Cast) -> tuple[list[Any], list[Exception]]:
    run = through_payroll(due)
    runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    runs.release(actor=due.fern, run_id=run.pk)
    return outcomes(
        *[
            lambda who=who: payroll.confirm_payroll(actor=who, run_id=run.pk, day=MONDAY.date())
            for who in (due.fern, due.farah)
        ]
    )


def test_of_two_who_confirm_at_once_one_confirms(
    due: Cast, account: BankAccount, mark: PayrollMark, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_moment_before(monkeypatch, payroll, "post_entry"):
        done, refused = confirmed_twice(due)
    assert len(done) == 1
    assert isinstance(refused[0], IllegalMove)
    assert "said already that payroll paid this" in str(refused[0])


def test_without_the_lock_the_books_still_take_one_confirmation(
    due: Cast, account: BankAccount, mark: PayrollMark, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_locks(monkeypatch), a_moment_before(monkeypatch, payroll, "post_entry"):
        done, refused = confirmed_twice(due)
    assert (len(done), PayrollConfirmation.objects.count()) == (1, 1)
    assert "said already" not in str(refused[0])
