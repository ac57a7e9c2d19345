"""Verify finds what was tampered with, and no part of a repayment is larger than what is to come there."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from audit import guards
from common.money import split
from payments import verify
from payments.models import BankAccount
from tests.cast import Cast
from tests.payments.concerns.stories import never_taken, overpaid, whole

POSTGRESQL = connection.vendor == "postgresql"


def kept(name: str) -> str:
    return f"{name}_stays" if POSTGRESQL else f"{name}_unchanged"


@pytest.mark.parametrize(
    ("guard", "sql", "told"),
    [
        (kept("overpayment"), "UPDATE payments_overpayment SET amount = amount + 1", "was overpaid 250"),
        ("proposal_answered_once", "UPDATE payments_proposal SET entry_id = NULL", "is not in the books"),
        (
            "overpaid_payment_stays_paid",
            "UPDATE payments_payment SET status = 'sent' WHERE amount = 1250",
            "is overpaid, but it is sent",
        ),
    ],
)
def test_what_was_overpaid_and_tampered_with_is_found(
    due: Cast, account: BankAccount, guard: str, sql: str, told: str
) -> None:
    overpaid(due, account)
    whole(due)
    _tamper(guard, sql)
    assert told in "\n".join(verify.problems(due.riverside))


def test_what_two_persons_owed_again_stays_so(due: Cast, account: BankAccount) -> None:
    never_taken(due, account)
    whole(due)
    _tamper("payment_moves", "UPDATE payments_payment SET status = 'sent' WHERE amount = 1250")
    assert "is not owed again" in "\n".join(verify.problems(due.riverside))


def _tamper(guard: str, sql: str) -> None:
    with guards.without(guard), connection.cursor() as cursor:
        cursor.execute(sql)


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=6), st.floats(0, 1))
def test_no_part_of_a_repayment_is_more_than_is_to_come_there(left: list[int], share: float) -> None:
    parts = split(int(sum(left) * share), left)
    assert all(part <= most for part, most in zip(parts, left, strict=True))
