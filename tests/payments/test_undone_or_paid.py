"""A line is undone or paid, never both; and whether time may be undone does not tell if money was taken."""

from datetime import timedelta
from time import sleep
from typing import Any

import pytest
from django.db import connection

from audit import guards
from claims import verify as claims_verify
from claims.models import ClaimLine, Decision, Undoing
from claims.services.undoing import undo_decision
from claims.workflow import LineStatus
from common.dates import set_now
from common.errors import DomainError, IllegalMove
from payments import verify
from payments.models import BankAccount, PaymentItem
from payments.queries import due_lines
from payments.services import preparing, runs
from tests.cast import Cast
from tests.databases import in_threads
from tests.payments.office import MONDAY, account_of, fare, hash_of, hours, prepared

only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"
)


def undone(cast: Cast, line: ClaimLine) -> Undoing:
    decision = Decision.objects.filter(line=line).latest("pk")
    return undo_decision(actor=cast.anil, decision_id=decision.pk, reason="The wrong receipt.")


def paid_and_undone() -> int:
    """Lines that wait for a decision while a payment holds them."""
    return PaymentItem.objects.filter(live=True, line__status=LineStatus.OPEN).count()


@pytest.fixture
def bus(account: BankAccount, cast: Cast) -> ClaimLine:
    account_of(cast, cast.cora)
    return fare(cast, cast.cora, 450)


def test_an_undone_line_is_not_due(cast: Cast, account: BankAccount, bus: ClaimLine) -> None:
    undone(cast, bus)
    assert not due_lines(cast.riverside).exists()
    with pytest.raises(DomainError, match="Nothing that is due"):
        prepared(cast, account)
    assert list(verify.problems(cast.riverside)) == list(claims_verify.problems(cast.riverside)) == []


def test_a_line_in_a_run_is_not_undone_until_it_is_taken_out(
    cast: Cast, account: BankAccount, bus: ClaimLine
) -> None:
    run = prepared(cast, account)
    with pytest.raises(IllegalMove, match="A payment holds this line"):
        undone(cast, bus)
    runs.void(actor=cast.farah, run_id=run.pk, reason="Not today.")
    undone(cast, bus)
    assert list(verify.problems(cast.riverside)) == list(claims_verify.problems(cast.riverside)) == []


def test_a_line_that_was_sent_is_not_undone(cast: Cast, account: BankAccount, bus: ClaimLine) -> None:
    run = prepared(cast, account)
    runs.authorise(actor=cast.farah, run_id=run.pk, sha256=hash_of(run))
    runs.release(actor=cast.fern, run_id=run.pk)
    with pytest.raises(IllegalMove, match="A payment holds this line"):
        undone(cast, bus)


def test_without_the_guard_a_line_would_be_paid_and_undone(
    cast: Cast, account: BankAccount, bus: ClaimLine
) -> None:
    prepared(cast, account)
    with guards.without("paid_line_stays"):
        undone(cast, bus)
    assert paid_and_undone() == 1
    assert any("no decision allows" in problem for problem in verify.problems(cast.riverside))


def test_any_run_since_ends_the_undoing_of_time(cast: Cast, account: BankAccount, bus: ClaimLine) -> None:
    """Dev has no account, so the run does not pay this time: as with time for which no money was taken."""
    time = hours(cast, cast.dev, 2)
    run = prepared(cast, account)
    assert not PaymentItem.objects.filter(line=time).exists()
    with pytest.raises(IllegalMove, match="A payment run was prepared after this time"):
        undone(cast, time)
    runs.void(actor=cast.farah, run_id=run.pk, reason="Not today.")
    undone(cast, time)


def test_time_decided_after_a_run_is_undone(cast: Cast, account: BankAccount, bus: ClaimLine) -> None:
    prepared(cast, account)
    with set_now(MONDAY + timedelta(hours=1)):
        undone(cast, hours(cast, cast.dev, 2))


def undo_against_prepare(
    cast: Cast, account: BankAccount, line: ClaimLine, monkeypatch: pytest.MonkeyPatch
) -> list[Any]:
    """Both at the same moment, with whoever prepares held up between looking and writing."""
    real = preparing.write_payments

    def slowly(*args: Any) -> None:
        sleep(0.5)
        real(*args)

    monkeypatch.setattr(runs, "write_payments", slowly)
    return in_threads([lambda: prepared(cast, account), lambda: undone(cast, line)])


@only_postgresql
@pytest.mark.usefixtures("committed_db")
def test_undo_against_prepare_never_pays_what_is_undone(
    cast: Cast, account: BankAccount, bus: ClaimLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = undo_against_prepare(cast, account, bus, monkeypatch)
    assert sum(isinstance(result, Exception) for result in results) == 1, results
    assert paid_and_undone() == 0
    assert list(verify.problems(cast.riverside)) == list(claims_verify.problems(cast.riverside)) == []


@only_postgresql
@pytest.mark.usefixtures("committed_db")
def test_without_the_guard_the_race_would_pay_what_is_undone(
    cast: Cast, account: BankAccount, bus: ClaimLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with guards.without("paid_line_stays"):
        run = prepared(cast, account)
        runs.void(actor=cast.farah, run_id=run.pk, reason="Only to warm up.")
        prepare_first(monkeypatch)
        results = undo_against_prepare(cast, account, bus, monkeypatch)
    assert not any(isinstance(result, Exception) for result in results), results
    assert paid_and_undone() == 1


def prepare_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whoever undoes start a moment later, so that the run holds the line first."""
    real = undo_decision

    def later(**asked: Any) -> Undoing:
        sleep(0.2)
        return real(**asked)

    monkeypatch.setattr("tests.payments.test_undone_or_paid.undo_decision", later)
