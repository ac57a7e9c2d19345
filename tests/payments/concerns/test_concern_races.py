"""Two people at the same second: one effect, and the lock or a constraint is why. On PostgreSQL only."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection

from common.errors import IllegalMove
from ledger.models import JournalEntry
from payments.models import BankAccount, Concern, Overpayment, Repayment
from payments.services.concerns import answering, arriving, overpaying, repaying
from people.models import RoleKind
from tests.cast import Cast
from tests.payments.concerns.stories import (
    asked_never_taken,
    asked_overpaid,
    coras_fare,
    missed,
    overpaid,
    paid,
)
from tests.payments.concerns.test_overpaid import line_of
from tests.payments.office import colleague
from tests.payments.test_races import a_moment_before, outcomes, without_locks

pytestmark = [
    pytest.mark.usefixtures("committed_db"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def two_agree(cast: Cast, proposal_id: int) -> tuple[list[Any], list[Exception]]:
    petra = colleague(cast, "Petra Approver", [RoleKind.APPROVER])
    return outcomes(
        *[lambda who=who: answering.agree(actor=who, proposal_id=proposal_id) for who in (cast.farah, petra)]
    )


@pytest.mark.parametrize("asked", [asked_never_taken, asked_overpaid])
def test_of_two_who_agree_at_once_one_does(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch, asked: Callable[..., Any]
) -> None:
    proposal = asked(due, account)
    with a_moment_before(monkeypatch, answering, "keep"):
        done, refused = two_agree(due, proposal.pk)
    assert len(done) == 1
    assert isinstance(refused[0], IllegalMove)
    assert "already agreed" in str(refused[0])
    assert JournalEntry.objects.filter(proposal__concern=proposal.concern).count() == 1


def test_without_the_lock_the_books_still_take_one(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it is then the source of the entry that refuses, not the lock."""
    proposal = asked_overpaid(due, account)
    with without_locks(monkeypatch), a_moment_before(monkeypatch, answering, "keep"):
        done, refused = two_agree(due, proposal.pk)
    assert len(done) == 1
    assert not isinstance(refused[0], IllegalMove) or "already posted" in str(refused[0])


def say_twice(cast: Cast, payment_id: int) -> tuple[list[Any], list[Exception]]:
    return outcomes(
        *[
            lambda who=who: arriving.say_not_arrived(actor=who, payment_id=payment_id)
            for who in (cast.cora, cast.fern)
        ]
    )


def test_it_is_said_once_by_two_at_once(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = missed(due, account)
    arriving.arrived(actor=due.cora, concern_id=first.pk)
    with a_moment_before(monkeypatch, arriving, "_open"):
        done, refused = say_twice(due, first.payment_id or 0)
    assert len(done) == 1
    assert isinstance(refused[0], IllegalMove)
    assert Concern.objects.filter(status="open").count() == 1


def test_without_the_lock_the_constraint_keeps_it_to_one(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = missed(due, account)
    arriving.arrived(actor=due.cora, concern_id=first.pk)
    with without_locks(monkeypatch), a_moment_before(monkeypatch, arriving, "_open"):
        done, refused = say_twice(due, first.payment_id or 0)
    assert len(done) == 1
    assert isinstance(refused[0], IntegrityError)


def ask_twice(cast: Cast) -> tuple[list[Any], list[Exception]]:
    item = coras_fare().pk
    return outcomes(
        *[
            lambda who=who: overpaying.ask_overpaid(actor=who, item_id=item, amount=1000, reason="Twice.")
            for who in (cast.fern, cast.farah)
        ]
    )


def test_two_who_find_it_at_once_never_make_it_more_than_was_paid(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid(due, account)
    with a_moment_before(monkeypatch, overpaying, "words_of"):
        done, refused = ask_twice(due)
    assert (len(done), len(refused)) == (1, 1)
    assert Overpayment.objects.count() == 1


def test_without_the_lock_it_would_be_more(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the guard reads what is committed, so the lock on the payment is what keeps two apart."""
    paid(due, account)
    with without_locks(monkeypatch), a_moment_before(monkeypatch, overpaying, "propose"):
        done, refused = ask_twice(due)
    assert (len(done), refused) == (2, [])


def test_a_line_brings_money_back_once(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    concern = overpaid(due, account)
    line = line_of(due, account, 100)
    petra = colleague(due, "Petra Preparer", [RoleKind.PREPARER])
    with a_moment_before(monkeypatch, repaying, "write_matches"):
        done, refused = outcomes(
            *[
                lambda who=who: repaying.record_repayment(actor=who, concern_id=concern.pk, line_id=line.pk)
                for who in (due.fern, petra)
            ]
        )
    assert len(done) == 1
    assert isinstance(refused[0], IllegalMove)
    assert Repayment.objects.count() == 1
