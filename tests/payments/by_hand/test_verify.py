"""`verify` says so when what is paid by hand and the books do not agree; nothing else would."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from audit import guards
from claims.models import Way
from payments import verify_by_hand
from payments.models import Ended, MatchKind
from payments.services import handing
from payments.services.cash import count_cash
from payments.workflow import Method
from tests.cast import Cast
from tests.payments.by_hand.steps import bought, early, explained, fetched, given, sent_by
from tests.payments.office import hours
from tests.worlds import world

ALL = (
    "hand_over_only_ends",
    "voucher_goes_out_once",
    "payment_moves",
    "payment_is_what_it_was",
    "voucher_batch_unchanged",
    "voucher_batch_stays",
    "cash_count_unchanged",
    "cash_count_stays",
    "match_only_undone",
)
WAYS = [way for way in Way if way != Way.BANK]


@world
def busy(ways: Cast) -> Cast:
    """Vouchers, cash, a cheque, codes, a donation and a group payment, each once, and all of it agrees."""
    bought(ways)
    fetched(ways)
    count_cash(actor=ways.fern, organisation=ways.riverside, counted=9_900, witness=ways.farah, note="Coin.")
    for way in WAYS:
        if way != Way.VOUCHER:
            hours(ways, ways.cora, 2)
        early(ways, ways.cora, way, at=9 + WAYS.index(way))
        given(ways, sent_by(ways, Method(way)).payments.get())
    explained(ways, -4000, MatchKind.CHEQUE)
    explained(ways, -4000, MatchKind.CODE)
    assert list(verify_by_hand.problems(ways.riverside)) == []
    return ways


FALSE = {
    "is sent, which is not what was handed over": (
        "UPDATE payments_payment SET status = 'sent' WHERE method = 'donation'"
    ),
    "is returned, which is not what was handed over": (
        "UPDATE payments_payment SET status = 'returned' WHERE method = 'group'"
    ),
    "is paid, which is not what was handed over": (
        "UPDATE payments_handover SET ended = 'mistake', ended_by_id = given_by_id, ended_at = given_at"
        " WHERE serial = 'Transfer 3'"
    ),
    "holds vouchers of 3000, which is not what its payment pays": (
        "UPDATE payments_voucher SET hand_over_id = NULL WHERE position = 1"
    ),
    "holds 0, but the vouchers in stock say -1000": (
        "UPDATE payments_voucher SET hand_over_id = NULL WHERE position = 1"
    ),
    "but the cash handed over, counted and fetched say": "UPDATE payments_cashcount SET counted = 9901",
    "but hand-overs and the bank say": ("UPDATE payments_match SET kind = 'code' WHERE kind = 'cheque'"),
    "but what went in and was spent say": (
        "UPDATE payments_payment SET amount = amount + 1 WHERE method = 'learning'"
    ),
    "but what was bought and what the bank shows say": "UPDATE payments_voucherbatch SET charge = 111",
}


@pytest.mark.parametrize("sentence", FALSE)
def test_each_disagreement_is_said(busy: Cast, sentence: str) -> None:
    with falsified(FALSE[sentence]):
        assert [each for each in verify_by_hand.problems(busy.riverside) if sentence in each]
    assert list(verify_by_hand.problems(busy.riverside)) == []


@contextmanager
def falsified(sql: str) -> Iterator[None]:
    """With the guards off, for as long as it takes to look."""
    known = {each.name for each in guards.expected(connection.vendor)}
    with guards.without(*[name for name in ALL if name in known]), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql)
        yield
        transaction.set_rollback(True)


def test_what_came_back_and_was_lost_agrees(busy: Cast) -> None:
    made = busy.cora.payments.get(method="cash").hand_overs.get()
    handing.take_back(
        actor=busy.farah, hand_over_id=made.pk, ended=Ended.NOT_ARRIVED, reason="Gone.", is_lost=True
    )
    assert list(verify_by_hand.problems(busy.riverside)) == []
