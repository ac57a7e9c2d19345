"""Each step about money by hand: the same form twice counts once, and a step that fails leaves nothing."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from audit.models import Event, RequestKey
from claims.models import Way
from common.errors import KeyReused
from ledger.models import JournalEntry
from payments.models import CashCount, Ended, HandOver, LearningSpend, Payment, Voucher, VoucherBatch
from payments.services import cash, hand_overs, handing, learning, stock
from tests.cast import Cast
from tests.payments.by_hand.steps import DAY, bought, fetched, given, waiting_by

KEY = "k" * 32
TODAY = date(2026, 11, 24)  # another day than that of the form
Step = Callable[..., Any]
MODULES = (cash, hand_overs, handing, learning, stock)


def hand(cast: Cast) -> Step:
    payment = waiting_by(cast, Way.CHEQUE)
    return partial(handing.hand_over, actor=cast.fern, payment_id=payment.pk, day=DAY, serial="100045")


def refuse(cast: Cast) -> Step:
    payment = waiting_by(cast, Way.CHEQUE)
    return partial(handing.not_handed_over, actor=cast.fern, payment_id=payment.pk, reason="Moved.")


def undo(cast: Cast) -> Step:
    made = given(cast, waiting_by(cast, Way.CHEQUE))
    return partial(handing.undo_hand_over, actor=cast.fern, hand_over_id=made.pk, reason="Wrong one.")


def lose(cast: Cast) -> Step:
    made = given(cast, waiting_by(cast, Way.VOUCHER))
    ended: dict[str, Any] = {"ended": Ended.NOT_ARRIVED, "reason": "Gone.", "is_lost": True}
    return partial(handing.take_back, actor=cast.farah, hand_over_id=made.pk, **ended)


def collect(cast: Cast) -> Step:
    made = given(cast, waiting_by(cast, Way.DONATION))
    return partial(handing.collected, actor=cast.fern, hand_over_id=made.pk, day=DAY)


def buy(cast: Cast) -> Step:
    return partial(
        stock.buy_vouchers,
        actor=cast.fern,
        organisation=cast.riverside,
        supplier="High Street Vouchers",
        face_value=1000,
        count=3,
        charge=50,
        bought_on=DAY,
        codes=["A", "B", "C"],
    )


def write_off(cast: Cast) -> Step:
    batch = bought(cast)
    return partial(
        stock.write_off_vouchers, actor=cast.farah, batch_id=batch.pk, reason="The shop has closed.", count=1
    )


def count(cast: Cast) -> Step:
    fetched(cast)
    asked: dict[str, Any] = {
        "organisation": cast.riverside,
        "counted": 9_900,
        "witness": cast.farah,
        "note": "A coin.",
    }
    return partial(cash.count_cash, actor=cast.fern, **asked)


def ask(cast: Cast) -> Step:
    given(cast, waiting_by(cast, Way.LEARNING))
    asked: dict[str, Any] = {"organisation": cast.riverside, "item": "A course", "amount": 1000}
    return partial(learning.ask_for_learning, actor=cast.cora, **asked)


def agree(cast: Cast) -> Step:
    spend = ask(cast)()
    return partial(learning.answer_learning, actor=cast.fern, spend_id=spend.pk, agreed=True)


OTHERWISE: dict[Callable[[Cast], Step], dict[str, Any]] = {  # the same key with something else
    hand: {"serial": "100046"},
    refuse: {"reason": "Other."},
    undo: {"reason": "Other."},
    lose: {"reason": "Other."},
    collect: {"day": TODAY},
    buy: {"charge": 51},
    write_off: {"count": 2},
    count: {"counted": 9_800},
    ask: {"amount": 1001},
    agree: {"agreed": False, "words": "Not this one."},
}


def state() -> list[Any]:
    """Everything that a step could leave behind."""
    models = (JournalEntry, Event, RequestKey, HandOver, VoucherBatch, CashCount, LearningSpend)
    rows = [
        *Payment.objects.order_by("pk").values_list("status", "paid_on"),
        *HandOver.objects.order_by("pk").values_list("ended", "collected_on", "is_lost"),
        *Voucher.objects.order_by("pk").values_list("hand_over", "written_off_at"),
        *LearningSpend.objects.order_by("pk").values_list("agreed", "words"),
    ]
    return [*(model._default_manager.count() for model in models), *rows]


@pytest.mark.parametrize("made", OTHERWISE)
def test_the_same_form_twice_counts_once(ways: Cast, made: Callable[[Cast], Step]) -> None:
    do = made(ways)
    first = do(key=KEY)
    after = state()
    assert do(key=KEY) == first
    assert state() == after
    with pytest.raises(KeyReused):
        do(key=KEY, **OTHERWISE[made])
    assert state() == after


@pytest.mark.parametrize("made", OTHERWISE)
def test_a_step_that_fails_at_its_end_leaves_nothing(
    ways: Cast, made: Callable[[Cast], Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    do = made(ways)
    before = state()

    def crash(**_: object) -> None:
        raise RuntimeError("The trail cannot be written.")

    for module in MODULES:
        monkeypatch.setattr(module, "record", crash, raising=False)
    with pytest.raises(RuntimeError):
        do(key=KEY)
    assert state() == before
    monkeypatch.undo()
    do(key=KEY)
    assert state() != before
