"""Verify finds nothing wrong in an honest office, and finds each thing that was tampered with."""

import pytest
from django.db import connection

from audit import guards
from payments import verify
from payments.models import BankAccount, Payment
from payments.services import reconciling, runs
from tests.cast import Cast
from tests.payments.office import PAY_ON, fare, imported, prepared, sent
from tests.worlds import world

POSTGRESQL = connection.vendor == "postgresql"


@world
def office(due: Cast, account: BankAccount) -> Cast:
    """One run paid, one on its way, one void, one prepared."""
    run = sent(due, account)
    imported(due, account, [(PAY_ON, "BACS", -5980)])
    reconciling.match(actor=due.fern, line_id=account.lines.get().pk, run_id=run.pk)
    fare(due, due.cora, 310)
    sent(due, account)
    fare(due, due.dev, 420)
    runs.void(actor=due.farah, run_id=prepared(due, account).pk, reason="Wrong day.")
    prepared(due, account)
    return due


def test_an_honest_office_has_no_problems(office: Cast) -> None:
    assert list(verify.problems(office.riverside)) == []
    assert list(verify.problems(office.hillside)) == []


PAYMENT = ["payment_moves"] if POSTGRESQL else ["payment_moves", "payment_is_what_it_was"]
RUN = ["run_moves"] if POSTGRESQL else ["run_moves", "run_is_what_it_was", "run_total_is_signed"]
ITEM = ["item_lives_with_its_payment"] + ([] if POSTGRESQL else ["item_is_what_it_was"])


def kept(name: str) -> list[str]:
    return [f"{name}_stays" if POSTGRESQL else f"{name}_unchanged"]


@pytest.mark.parametrize(
    ("names", "sql", "told"),
    [
        (RUN, "UPDATE payments_paymentrun SET total = total + 1 WHERE number = 1", "but it holds"),
        (PAYMENT, "UPDATE payments_payment SET amount = amount + 1 WHERE id = 1", "claim lines come to"),
        (ITEM, "UPDATE payments_paymentitem SET live = (1 = 0)", "is not live"),
        (kept("item_share"), "UPDATE payments_itemshare SET amount = amount + 1", "its accounts carry"),
        (kept("run_file"), "UPDATE payments_runfile SET sha256 = 'x'", "not the one that was made"),
        (
            kept("run_file"),
            "UPDATE payments_runfile SET version = 9 WHERE run_id = 1",
            "its file is missing",
        ),
        (
            PAYMENT,
            "UPDATE payments_payment SET status = 'paid' WHERE amount = 310",
            "no statement line says so",
        ),
        (PAYMENT, "UPDATE payments_payment SET status = 'sent' WHERE amount = 730", "is owed|in_transit"),
        (kept("statement_line"), "UPDATE payments_statementline SET amount = -1", "matched statement lines"),
        (
            ["match_only_undone"],
            "UPDATE payments_match SET undone_at = matched_at",
            "matched statement lines",
        ),
    ],
)
def test_each_kind_of_tampering_is_found(office: Cast, names: list[str], sql: str, told: str) -> None:
    first = Payment.objects.order_by("pk")[0]
    sql = sql.replace("run_id = 1", f"run_id = {first.run_id}").replace(" id = 1", f" id = {first.pk}")
    with guards.without(*names), connection.cursor() as cursor:
        cursor.execute(sql)
    found = "\n".join(verify.problems(office.riverside))
    assert any(words in found for words in told.split("|")), found
