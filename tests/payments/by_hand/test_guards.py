"""The database holds hand-overs, stock and counts to their rules; each refusal has its control."""

from typing import Any

import pytest
from django.db import connection, transaction

from claims.models import Way
from payments.models import HandOver, LearningSpend
from payments.services.cash import count_cash
from payments.workflow import Method
from tests.attempts import Attempt, here, judge
from tests.cast import Cast
from tests.payments.by_hand.steps import bought, early, fetched, given, listed, sent_by
from tests.payments.office import hours
from tests.worlds import world


@world
def ids(ways: Cast) -> dict[str, Any]:
    """Cora's voucher is handed over; Dev's cheque waits; more vouchers, a count and something asked for."""
    early(ways, ways.cora, Way.VOUCHER)
    bought(ways, count=6)
    fetched(ways)
    count_cash(
        actor=ways.fern,
        organisation=ways.riverside,
        counted=9_900,
        witness=ways.farah,
        note="Coin.",
    )
    voucher = sent_by(ways, Method.VOUCHER).payments.get()
    made = given(ways, voucher)
    hours(ways, ways.dev, 1)
    early(ways, ways.dev, Way.CHEQUE)
    cheque = sent_by(ways, Method.CHEQUE).payments.get()
    other = given(ways, cheque)
    HandOver.objects.filter(pk=made.pk).update(seen_at=other.given_at)
    hours(ways, ways.dev, 1)
    prepared = listed(ways, Method.CHEQUE).payments.get()
    LearningSpend.objects.create(organisation=ways.riverside, person=ways.dev, item="A course", amount=100)
    return {
        "organisation": ways.riverside.pk,
        "fern": ways.fern.pk,
        "dev": ways.dev.pk,
        "made": made.pk,
        "cheque": other.pk,
        "voucher_payment": voucher.pk,
        "prepared": prepared.pk,
    }


def _always(what: str, postgresql: str, sqlite: str, sql: str) -> Attempt:
    on_postgresql = (postgresql,) if postgresql else ()
    return Attempt(what, on_postgresql, (sqlite,), lambda ids: [sql.format(**ids)])


def _only(what: str, guard: str, sql: str) -> Attempt:
    return _always(what, guard, guard, sql)


_LONE = "WHERE id NOT IN (SELECT hand_over_id FROM payments_voucher WHERE hand_over_id IS NOT NULL)"
_HANDED, _VOUCHER, _ASKED = "payments_handover", "payments_voucher", "payments_learningspend"
_IN_STOCK = "WHERE hand_over_id IS NULL"
_MADE = (
    "INSERT INTO payments_handover (organisation_id, payment_id, day, serial, entry_id, given_by_id,"
    " given_at, ended, is_lost) SELECT organisation_id, {payment}, day, 'X',"
    " (SELECT max(id) FROM ledger_journalentry), {by}, given_at, '', is_lost"
    " FROM payments_handover WHERE id = "
)
ATTEMPTS = [
    _always(
        "a hand-over is removed",
        "hand_over_stays",
        "hand_over_kept",
        f"DELETE FROM {_HANDED} {_LONE}",
    ),
    _always("a voucher is removed", "voucher_stays", "voucher_kept", f"DELETE FROM {_VOUCHER} {_IN_STOCK}"),
    _always("a count is removed", "cash_count_stays", "cash_count_kept", "DELETE FROM payments_cashcount"),
    _always("what was asked is removed", "learning_stays", "learning_kept", f"DELETE FROM {_ASKED}"),
    _always(
        "a batch is worth more",
        "voucher_batch_stays",
        "voucher_batch_unchanged",
        "UPDATE payments_voucherbatch SET face_value = face_value + 1",
    ),
    _always(
        "a count says something else",
        "cash_count_stays",
        "cash_count_unchanged",
        "UPDATE payments_cashcount SET note = 'x'",
    ),
    _always(
        "a hand-over is replaced",
        "",
        "hand_over_not_replaced",
        f"INSERT OR REPLACE INTO payments_handover SELECT * FROM payments_handover {_LONE}",
    ),
    _always(
        "a voucher is replaced",
        "",
        "voucher_not_replaced",
        f"INSERT OR REPLACE INTO payments_voucher SELECT * FROM payments_voucher {_IN_STOCK}",
    ),
    _always(
        "a count is replaced",
        "",
        "cash_count_not_replaced",
        "INSERT OR REPLACE INTO payments_cashcount SELECT * FROM payments_cashcount",
    ),
    _always(
        "what was asked is replaced",
        "",
        "learning_not_replaced",
        "INSERT OR REPLACE INTO payments_learningspend SELECT * FROM payments_learningspend",
    ),
    _only("another day", "hand_over_only_ends", "UPDATE payments_handover SET day = '2026-11-01'"),
    _only(
        "another number",
        "hand_over_only_ends",
        "UPDATE payments_handover SET serial = 'x' WHERE serial <> ''",
    ),
    _only(
        "a code was never looked at",
        "hand_over_only_ends",
        "UPDATE payments_handover SET seen_at = NULL WHERE seen_at IS NOT NULL",
    ),
    _only("another giver", "hand_over_only_ends", "UPDATE payments_handover SET given_by_id = {dev}"),
    _only(
        "a voucher goes to somebody else",
        "voucher_goes_out_once",
        "UPDATE payments_voucher SET hand_over_id = {cheque} WHERE hand_over_id = {made}",
    ),
    _only(
        "a voucher goes with a cheque",
        "voucher_goes_out_once",
        f"UPDATE payments_voucher SET hand_over_id = {{cheque}} {_IN_STOCK}",
    ),
    _only(
        "a voucher has another place",
        "voucher_goes_out_once",
        "UPDATE payments_voucher SET position = position + 100",
    ),
    _only(
        "more is asked for",
        "learning_answered_once",
        "UPDATE payments_learningspend SET amount = 200",
    ),
    Attempt(
        "a payment that was not sent is handed over",
        ("hand_over_of_a_sent_payment",),
        ("hand_over_of_a_sent_payment",),
        lambda ids: [_MADE.format(payment=ids["prepared"], by=ids["fern"]) + str(ids["cheque"])],
    ),
    Attempt(
        "somebody hands over what pays them",
        ("hand_over_of_a_sent_payment",),
        ("hand_over_of_a_sent_payment",),
        lambda ids: [
            "UPDATE payments_handover SET ended = 'refused', ended_by_id = given_by_id, ended_at = given_at"
            f" WHERE id = {ids['cheque']}",
            _MADE.format(payment="payment_id", by=ids["dev"]) + str(ids["cheque"]),
        ],
    ),
]


@pytest.mark.parametrize("attempt", here(ATTEMPTS))
def test_the_guard_refuses_and_is_what_refuses(ids: dict[str, Any], attempt: Attempt) -> None:
    judge(attempt, ids)


def test_a_batch_is_kept_and_never_replaced(ids: dict[str, Any]) -> None:
    """Its vouchers hang on it, so that the guard is tried on a batch that has none."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_voucherbatch (organisation_id, supplier, face_value, count, charge,"
            " bought_on, entry_id, bought_by_id, bought_at) SELECT organisation_id, supplier, face_value,"
            " count, charge, bought_on, (SELECT max(id) FROM ledger_journalentry), bought_by_id, bought_at"
            " FROM payments_voucherbatch"
        )
    lone = "WHERE id = (SELECT max(id) FROM payments_voucherbatch)"
    attempts = [
        _always(
            "kept", "voucher_batch_stays", "voucher_batch_kept", f"DELETE FROM payments_voucherbatch {lone}"
        ),
        _always(
            "replaced",
            "",
            "voucher_batch_not_replaced",
            f"INSERT OR REPLACE INTO payments_voucherbatch SELECT * FROM payments_voucherbatch {lone}",
        ),
    ]
    for attempt in attempts:
        if attempt.guards:
            judge(attempt, ids)
