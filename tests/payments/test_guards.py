"""The database itself refuses what must not be, also by raw SQL; each refusal has its control."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from audit import guards
from common.workflow import pairs
from payments.models import BankAccount, BankDetails, Match, PaymentItem, PaymentRun
from payments.services import details, reconciling, runs
from payments.workflow import PAYMENT_MOVES, RUN_MOVES, PaymentStatus, RunStatus
from tests.cast import Cast
from tests.databases import in_made
from tests.payments.concerns.attempts import ATTEMPTS
from tests.payments.office import PAY_ON, fare, imported, open_office, owe, prepared, sent, signed

pytestmark = pytest.mark.xdist_group("guards of payments")
RUN_GUARDS = ["run_moves", "run_is_what_it_was", "run_total_is_signed"]  # on SQLite, where one says less
POSTGRESQL = connection.vendor == "postgresql"


def run_sql(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def refused(sql: str) -> bool:
    """Does the database refuse this statement?"""
    try:
        run_sql(sql)
    except IntegrityError:
        return True
    return False


def allowed_without(names: list[str], sql: str) -> bool:
    """Is it these guards that refuse? The control: without them the statement goes through."""
    try:
        with transaction.atomic(), guards.without(*names):
            run_sql(sql)
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


@pytest.fixture
def world(monday: None, cast: Cast) -> Iterator[Cast]:
    """A run that was sent and matched, and a run that is prepared."""
    with in_made("two runs", lambda: _two_runs(cast)):
        yield cast


def _two_runs(cast: Cast) -> None:
    account = open_office(cast)
    owe(cast)
    run = sent(cast, account)
    imported(cast, account, [(PAY_ON, "BACS", -5980)])
    reconciling.match(actor=cast.fern, line_id=account.lines.get().pk, run_id=run.pk)
    fare(cast, cast.cora, 300)
    fare(cast, cast.dev, 400)
    prepared(cast, account)


def guard_of(table_guard: str, verb: str) -> list[str]:
    """The guard that keeps rows, by the name it has on this engine."""
    return [f"{table_guard}_stays" if POSTGRESQL else f"{table_guard}_{verb}"]


APPEND_ONLY = {
    "run_file": "payments_runfile SET sha256 = 'x'",
    "item_share": "payments_itemshare SET amount = amount + 1",
    "statement": "payments_statement SET sha256 = 'x'",
    "statement_line": "payments_statementline SET amount = amount + 1",
    "remittance": "payments_remittance SET person_id = person_id",
}


@pytest.mark.parametrize("name", APPEND_ONLY)
def test_append_only_rows_are_never_changed(world: Cast, name: str) -> None:
    sql = f"UPDATE {APPEND_ONLY[name]} WHERE id = (SELECT max(id) FROM {APPEND_ONLY[name].split()[0]})"
    assert refused(sql)
    assert allowed_without(guard_of(name, "unchanged"), sql)


TABLES = {
    "run_file": "runfile",
    "item_share": "itemshare",
    "statement_line": "statementline",
    "remittance": "remittance",
    "item": "paymentitem",
    "match": "match",
}


KEPT = {name: f"payments_{table}" for name, table in TABLES.items()} | {
    "statement": "payments_statement",
    "bank_details": "payments_bankdetails",
    "run": "payments_paymentrun",
    "payment": "payments_payment",
}


@pytest.mark.parametrize("name", KEPT)
def test_nothing_is_ever_removed(world: Cast, name: str) -> None:
    table = KEPT[name]
    assert refused(f"DELETE FROM {table}")
    if POSTGRESQL:
        connection.check_constraints()  # a table with keys still to be checked cannot be truncated anyway
        assert refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("name", KEPT)
def test_the_guard_is_what_keeps_rows(world: Cast, name: str) -> None:
    table = KEPT[name]
    assert allowed_without(guard_of(name, "kept"), f"DELETE FROM {table}")
    if POSTGRESQL:
        connection.check_constraints()
        cascade = guards.expected("postgresql")
        every = [each.name for each in cascade if " TRUNCATE ON payments_" in each.sql]
        assert allowed_without(every, f"TRUNCATE {table} CASCADE")


@pytest.mark.skipif(POSTGRESQL, reason="only SQLite can replace rows")
@pytest.mark.parametrize("name", KEPT)
def test_nothing_is_replaced_even_without_recursive_triggers(world: Cast, name: str) -> None:
    table = KEPT[name]
    sql = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} ORDER BY id DESC LIMIT 1"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
        try:
            assert refused(sql)
            assert allowed_without([f"{name}_not_replaced"], sql)
        finally:
            cursor.execute("PRAGMA recursive_triggers = ON")


def status_sql(table: str, old: str, new: str) -> str:
    extra = ", authorised_by_id = 1, released_by_id = 1" if table.endswith("run") else ""
    return f"UPDATE {table} SET status = '{new}'{extra} WHERE status = '{old}'"


@pytest.mark.parametrize(("old", "new"), sorted(product(PaymentStatus.values, repeat=2)))
def test_a_payment_moves_only_as_the_table_says(world: Cast, old: str, new: str) -> None:
    if old != new:
        put_payment_at(old)
        expected = (old, new) not in pairs(PAYMENT_MOVES)
        with guards.without("owed_again_by_two"):  # tried among the guards of concerns
            assert refused(status_sql("payments_payment", old, new)) is expected
            assert allowed_without(["payment_moves"], status_sql("payments_payment", old, new))


def put_payment_at(status: str) -> None:
    """Bring one payment to a status, past the guards."""
    with guards.without("payment_moves"):
        run_sql(
            f"UPDATE payments_payment SET status = '{status}'"
            " WHERE id = (SELECT min(id) FROM payments_payment)"
        )


@pytest.mark.parametrize(("old", "new"), sorted(product(RunStatus.values, repeat=2)))
def test_a_run_moves_only_as_the_table_says(due: Cast, account: BankAccount, old: str, new: str) -> None:
    run = {"prepared": prepared, "authorised": signed, "sent": sent, "void": prepared}[old](due, account)
    if old == "void":
        runs.void(actor=due.farah, run_id=run.pk, reason="No.")
    if old == new or (old, new) == ("authorised", "sent"):  # a sent run also needs its entry
        return
    authorised = "NULL" if new in ("prepared", "void") else due.farah.pk
    sql = f"UPDATE payments_paymentrun SET status = '{new}', authorised_by_id = {authorised}"
    forbidden = (old, new) not in pairs(RUN_MOVES)
    assert refused(sql) is forbidden
    if forbidden and new != "sent":  # that a sent run is in the books, no guard has to say
        assert allowed_without(["run_moves"] if POSTGRESQL else RUN_GUARDS, sql)


def test_a_run_begins_prepared(world: Cast) -> None:
    columns = (
        "organisation_id, method, bank_account_id, pay_on, version, currency, total, count, prepared_by_id"
    )
    columns += ", prepared_at"
    sql = (
        f"INSERT INTO payments_paymentrun (number, status, authorised_by_id, {columns})"
        f" SELECT 99, 'authorised', {world.farah.pk}, {columns} FROM payments_paymentrun WHERE number = 1"
    )
    assert refused(sql)
    assert allowed_without(["run_begins_prepared"], sql)


def test_shares_are_added_only_while_a_run_is_prepared(world: Cast) -> None:
    item = PaymentItem.objects.filter(payment__status="paid").order_by("pk")[0]
    other = PaymentItem.objects.exclude(pk=item.pk).order_by("-pk")[0].shares.all()[0]
    sql = (
        "INSERT INTO payments_itemshare (item_id, owed_id, in_transit_id, amount)"
        f" VALUES ({item.pk}, {other.in_transit_id}, {other.owed_id}, 1)"
    )
    assert refused(sql)
    assert allowed_without(["item_share_while_prepared"], sql)


def test_every_guard_is_named_in_a_test() -> None:
    """`paid_line_stays` is tried in test_undone_or_paid.py."""
    texts = Path(__file__).parent.rglob("test_*guards.py")
    here = "".join(each.read_text(encoding="utf-8") for each in texts)
    words = {f"{name}_{verb}" for name in KEPT for verb in ("stays", "kept", "unchanged", "not_replaced")}
    names = {each.name for each in guards.expected(connection.vendor) if each.table.startswith("payments_")}
    names -= {name for each in ATTEMPTS for name in each.guards}  # those have a page of their own
    assert {name for name in names if f'"{name}"' not in here and name not in words} == set()


@pytest.mark.parametrize(
    "change", ["total = total + 1", "count = 99", "version = 7", "pay_on = '2026-12-01'"]
)
def test_what_was_signed_never_changes(due: Cast, account: BankAccount, change: str) -> None:
    signed(due, account)
    sql = f"UPDATE payments_paymentrun SET {change}"
    assert refused(sql)
    names = ["run_moves"] if POSTGRESQL else RUN_GUARDS
    assert allowed_without(names, sql)


@pytest.mark.parametrize(
    "change", ["amount = amount + 1", "person_id = 1", "details_id = 1", "reference = 'X'"]
)
def test_payee_and_amount_never_change(world: Cast, change: str) -> None:
    sql = f"UPDATE payments_payment SET {change} WHERE id = (SELECT max(id) FROM payments_payment)"
    assert refused(sql)
    if "details" not in change:  # that key must exist as well
        assert allowed_without(["payment_moves"] if POSTGRESQL else ["payment_is_what_it_was"], sql)


def test_an_item_lives_exactly_as_long_as_its_payment(world: Cast) -> None:
    live_guard = ["item_lives_with_its_payment"]
    dead = "UPDATE payments_paymentitem SET live = (1 = 0)"
    assert refused(dead)
    assert allowed_without(live_guard, dead)
    runs.void(actor=world.farah, run_id=PaymentRun.objects.get(status="prepared").pk, reason="No.")
    alive = "UPDATE payments_paymentitem SET live = (1 = 1) WHERE NOT live"
    assert refused(alive)
    assert allowed_without(live_guard, alive)
    less = "UPDATE payments_paymentitem SET amount = amount - 1 WHERE amount > 1"
    assert refused(less)
    assert allowed_without(live_guard if POSTGRESQL else ["item_is_what_it_was"], less)


def test_an_item_pays_only_what_was_decided_for_that_person(world: Cast) -> None:
    item = PaymentItem.objects.filter(payment__status="prepared").order_by("pk")[0]
    other = fare(world, world.dev, 900)
    insert = (
        "INSERT INTO payments_paymentitem (payment_id, line_id, amount, live) "
        f"VALUES ({item.payment_id}, {{line}}, {{amount}}, (1 = 1))"
    )
    hers = fare(world, world.cora, 500)
    pays = ["item_pays_a_decided_line"]
    for line, amount in [(other.pk, 900), (hers.pk, 501)]:
        sql = insert.format(line=line, amount=amount)
        assert refused(sql)
        assert allowed_without(pays, sql)
    assert not refused(insert.format(line=hers.pk, amount=500))


def test_a_payment_goes_only_to_verified_details_of_the_same_person(world: Cast) -> None:
    run = PaymentRun.objects.get(status="prepared")
    waiting = details.enter(
        actor=world.cora, person=world.cora, account_name="C", sort_code="200915", account_number="41011166"
    )
    dev = BankDetails.objects.get(person=world.dev)
    for number, key in enumerate([waiting.pk, dev.pk]):
        sql = (
            "INSERT INTO payments_payment (organisation_id, run_id, person_id, counts_as, method, details_id,"
            f" reference, amount, status) VALUES ({run.organisation_id}, {run.pk}, {world.cora.pk}, 'fee',"
            f" 'bank', {key}, 'X {number}', 100, 'prepared')"
        )
        assert refused(sql)
        assert allowed_without(["payment_begins_prepared"], sql)


def test_no_second_file_slips_into_a_signed_run(due: Cast, account: BankAccount) -> None:
    run = signed(due, account)
    sql = (
        "INSERT INTO payments_runfile (run_id, version, content, sha256, total, count, made_at)"
        " SELECT run_id, 2, content, 'x', total, count, made_at"
        f" FROM payments_runfile WHERE run_id = {run.pk}"
    )
    assert refused(sql)
    assert allowed_without(["run_file_of_this_version"], sql)


SEALED = ["account_name", "sort_code", "account_number", "roll_number"]


@pytest.mark.parametrize("field", [*SEALED, "fingerprint", "last_digits", "person_id", "entered_by_id"])
def test_bank_details_never_change(world: Cast, field: str) -> None:
    value = {"person_id": str(world.anil.pk), "entered_by_id": str(world.anil.pk)}.get(field, "'00'")
    sql = f"UPDATE payments_bankdetails SET {field} = {value} WHERE person_id = {world.cora.pk}"
    assert refused(sql)
    assert allowed_without(["bank_details_only_verified"], sql)


def test_bank_details_are_verified_once(world: Cast) -> None:
    sql = f"UPDATE payments_bankdetails SET verified_by_id = {world.anil.pk}"
    assert refused(sql)
    assert allowed_without(["bank_details_only_verified"], sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payments_bankdetails SET verified_by_id = entered_by_id",
        "UPDATE payments_bankdetails SET verified_by_id = person_id",
    ],
)
def test_nobody_verifies_their_own_even_past_the_triggers(world: Cast, sql: str) -> None:
    assert not allowed_without(["bank_details_only_verified"], sql)


def test_a_match_is_only_undone_and_once(world: Cast) -> None:
    only = ["match_only_undone"]
    assert refused("UPDATE payments_match SET note = 'x'")
    assert allowed_without(only, "UPDATE payments_match SET note = 'x'")
    reconciling.undo(actor=world.farah, match_id=Match.objects.get().pk, reason="Wrong.")
    again = "UPDATE payments_match SET undone_at = NULL, undone_by_id = NULL"
    assert refused(again)
    assert allowed_without(only, again)


def test_a_run_is_signed_by_another_person_even_by_raw_sql(due: Cast, account: BankAccount) -> None:
    prepared(due, account)
    assert refused("UPDATE payments_paymentrun SET status = 'authorised', authorised_by_id = prepared_by_id")
