"""One payment is handed over once, one voucher goes to one person; two at the same second, on PostgreSQL."""

from typing import Any

import pytest
from django.db import IntegrityError, connection

from claims.models import Way
from common.errors import DomainError, IllegalMove
from ledger.models import AccountKind
from payments.models import HandOver, Payment, Voucher
from payments.services import cash, handing, learning, stock
from payments.workflow import Method
from tests.cast import Cast
from tests.payments.by_hand.steps import DAY, bought, early, fetched, given, held, sent_by, waiting_by
from tests.payments.office import hours
from tests.payments.test_races import a_moment_before, outcomes, without_locks

pytestmark = [
    pytest.mark.usefixtures("committed_db"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def twice(cast: Cast, payment: Payment) -> tuple[list[Any], list[Exception]]:
    """Fern and Farah hand one payment over at the same moment, each with a number of her own."""
    return outcomes(
        *[
            lambda who=who, number=number: handing.hand_over(
                actor=who, payment_id=payment.pk, day=DAY, serial=number
            )
            for who, number in ((cast.fern, "100045"), (cast.farah, "100046"))
        ]
    )


def test_of_two_who_hand_one_payment_over_one_does(ways: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = waiting_by(ways, Way.CHEQUE)
    with a_moment_before(monkeypatch, handing, "post_entry"):
        done, refused = twice(ways, payment)
    assert len(done) == 1
    assert isinstance(refused[0], IllegalMove)
    assert "cannot be handed over" in str(refused[0])


def test_without_the_lock_the_books_still_take_one(ways: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = waiting_by(ways, Way.CHEQUE)
    with without_locks(monkeypatch), a_moment_before(monkeypatch, handing, "post_entry"):
        done, refused = twice(ways, payment)
    assert (len(done), HandOver.objects.count()) == (1, 1)
    assert "cannot be handed over" not in str(refused[0])


def two_waiting(cast: Cast, way: Way) -> list[Payment]:
    """£40 to Cora and to Dev."""
    hours(cast, cast.dev, 2)
    early(cast, cast.cora, way)
    early(cast, cast.dev, way)
    return list(sent_by(cast, Method(way)).payments.order_by("pk"))


def both(cast: Cast, payments: list[Payment]) -> tuple[list[Any], list[Exception]]:
    return outcomes(
        *[
            lambda each=each: given(
                cast, each, **({"serial": f"R{each.pk}"} if each.method == "cash" else {})
            )
            for each in payments
        ]
    )


def test_the_last_voucher_goes_to_one_person(ways: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    bought(ways, face_value=4000, count=1)
    payments = two_waiting(ways, Way.VOUCHER)
    with a_moment_before(monkeypatch, handing, "post_entry"):
        done, refused = both(ways, payments)
    assert len(done) == 1
    assert isinstance(refused[0], DomainError)
    assert "No vouchers in stock" in str(refused[0])


def test_without_the_lock_the_guard_keeps_the_voucher(ways: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both saw it in the drawer; the guard lets it go to one hand-over only."""
    bought(ways, face_value=4000, count=1)
    payments = two_waiting(ways, Way.VOUCHER)
    monkeypatch.setattr(stock, "locked", lambda *_: None)
    with a_moment_before(monkeypatch, handing, "post_entry"):
        done, refused = both(ways, payments)
    assert (len(done), Voucher.objects.filter(hand_over__isnull=False).count()) == (1, 1)
    assert isinstance(refused[0], IntegrityError)


def test_the_last_cash_goes_to_one_person(ways: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched(ways, 4000)
    payments = two_waiting(ways, Way.CASH)
    with a_moment_before(monkeypatch, handing, "post_entry"):
        done, refused = both(ways, payments)
    assert len(done) == 1
    assert "is in the cash box, less than" in str(refused[0])
    assert held(ways, AccountKind.CASH) == 0


def test_without_the_lock_the_box_would_hold_less_than_nothing(
    ways: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched(ways, 4000)
    payments = two_waiting(ways, Way.CASH)
    monkeypatch.setattr(cash, "locked", lambda *_: None)
    with a_moment_before(monkeypatch, handing, "post_entry"):
        done, refused = both(ways, payments)
    assert (len(done), refused) == (2, [])
    assert held(ways, AccountKind.CASH) == -4000


def asked_twice(cast: Cast) -> tuple[list[Any], list[Exception]]:
    """Cora asks for all of her £40 in two windows at the same moment."""
    return outcomes(
        *[
            lambda item=item: learning.ask_for_learning(
                actor=cast.cora, organisation=cast.riverside, item=item, amount=4000
            )
            for item in ("A course", "A book")
        ]
    )


def test_what_is_in_a_learning_fund_is_asked_for_once(ways: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    given(ways, waiting_by(ways, Way.LEARNING))
    with a_moment_before(monkeypatch, learning, "tidy"):
        done, refused = asked_twice(ways)
    assert (len(done), len(refused)) == (1, 1)
    assert "nothing in your learning fund that you can ask for now" in str(refused[0])


def test_without_the_lock_it_is_asked_for_twice(ways: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    given(ways, waiting_by(ways, Way.LEARNING))
    monkeypatch.setattr(learning, "locked", lambda *_: None)
    with a_moment_before(monkeypatch, learning, "tidy"):
        done, refused = asked_twice(ways)
    assert (len(done), refused) == (2, [])


def agreed_twice(cast: Cast) -> tuple[list[Any], list[Exception]]:
    """Fern and Farah agree to the same at the same moment."""
    [spend] = cast.riverside.learning_spends.all()
    return outcomes(
        *[
            lambda who=who: learning.answer_learning(actor=who, spend_id=spend.pk, agreed=True)
            for who in (cast.fern, cast.farah)
        ]
    )


def test_something_is_agreed_to_once(ways: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    given(ways, waiting_by(ways, Way.LEARNING))
    learning.ask_for_learning(actor=ways.cora, organisation=ways.riverside, item="A course", amount=2000)
    with a_moment_before(monkeypatch, learning, "post_entry"):
        done, refused = agreed_twice(ways)
    assert len(done) == 1
    assert isinstance(refused[0], IllegalMove)
    assert held(ways, AccountKind.LEARNING) == -2000


def test_without_the_lock_the_books_take_one(ways: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    given(ways, waiting_by(ways, Way.LEARNING))
    learning.ask_for_learning(actor=ways.cora, organisation=ways.riverside, item="A course", amount=2000)
    monkeypatch.setattr(learning, "locked", lambda *_: None)
    with a_moment_before(monkeypatch, learning, "post_entry"):
        done, refused = agreed_twice(ways)
    assert len(done) == 1
    assert not isinstance(refused[0], IllegalMove) or "answered" not in str(refused[0])
    assert held(ways, AccountKind.LEARNING) == -2000
