"""The database refuses to change or remove what two persons signed; each refusal has its control."""

from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from payments.models import BankAccount, SignedReconciliation
from tests import attempts
from tests.attempts import Attempt
from tests.cast import Cast
from tests.payments.bank_desk.conftest import DECEMBER, NOVEMBER, check, prepare
from tests.payments.office import imported

TABLE = "payments_signedreconciliation"
KEPT, FROZEN = ("reconciliation_stays",), ("reconciliation_frozen",)
BEGINS = ("reconciliation_begins_prepared",)
COLUMNS = "organisation_id, account_id, month, figures, sha256, difference, note, prepared_by_id, prepared_at"


def _insert(extra: str, values: str, *, month: int = 202610, account: str = "account_id") -> str:
    return (
        f"INSERT INTO {TABLE} ({COLUMNS}{extra}) SELECT organisation_id, {account}, {month}, figures, "
        f"sha256, difference, note, prepared_by_id, prepared_at{values} FROM {TABLE} WHERE month = {NOVEMBER}"
    )


def _update(change: str, month: int = NOVEMBER) -> str:
    return f"UPDATE {TABLE} SET {change} WHERE month = {month}"


def _changed(change: str, _: Any) -> list[str]:
    return [_update(change)]


ATTEMPTS = [
    Attempt("remove", KEPT, ("reconciliation_kept",), lambda _: [f"DELETE FROM {TABLE}"]),
    Attempt("empty", KEPT, (), lambda _: [f"TRUNCATE {TABLE}"]),
    Attempt(
        "replace",
        (),
        ("reconciliation_not_replaced", "reconciliation_begins_prepared"),
        lambda _: [f"INSERT OR REPLACE INTO {TABLE} SELECT * FROM {TABLE} WHERE month = {NOVEMBER}"],
    ),
    *(
        Attempt(f"change {change} once checked", FROZEN, FROZEN, partial(_changed, change))
        for change in (
            "figures = '{}'",
            "sha256 = 'x'",
            "note = 'x'",
            "checked_by_id = NULL, checked_at = NULL",
            "prepared_at = checked_at",
        )
    ),
    Attempt("move to another month", FROZEN, FROZEN, lambda _: [_update("month = 202601", 202609)]),
    Attempt(
        "change figures in the moment of checking",
        FROZEN,
        FROZEN,
        lambda ids: [
            _update(f"figures = '[]', checked_by_id = {ids['farah']}, checked_at = prepared_at", 202609)
        ],
    ),
    Attempt(
        "begin checked",
        BEGINS,
        BEGINS,
        lambda ids: [_insert(", checked_by_id, checked_at", f", {ids['farah']}, prepared_at")],
    ),
    Attempt(
        "begin for a stranger's account",
        BEGINS,
        BEGINS,
        lambda ids: [_insert("", "", account=str(ids["strange"]))],
    ),
]


@pytest.fixture
def ids(cast: Cast, account: BankAccount, december: None) -> dict[str, int]:
    """November is signed, September prepared."""
    line = imported(cast, account, [(DECEMBER.date(), "LATER", -1)]).lines.get()
    check(cast, prepare(cast, account))
    SignedReconciliation.objects.create(
        organisation=cast.riverside,
        account=account,
        month=202609,
        figures="{}",
        sha256="x",
        difference=0,
        prepared_by=cast.fern,
    )
    strange = BankAccount.objects.create(
        organisation=cast.hillside, name="Theirs", sort_code="1", account_number="2"
    )
    return {"farah": cast.farah.pk, "fern": cast.fern.pk, "strange": strange.pk, "line": line.pk}


@pytest.mark.parametrize("attempt", attempts.here(ATTEMPTS))
def test_the_guard_is_what_refuses(attempt: Attempt, ids: dict[str, int]) -> None:
    attempts.judge(attempt, ids)


def test_every_guard_is_tried() -> None:
    assert attempts.untried(ATTEMPTS, (TABLE,)) == set()


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        (
            "checked_by_id = prepared_by_id, checked_at = prepared_at",
            "a_reconciliation_is_checked_by_another_person",
        ),
        ("checked_at = prepared_at", "a_checked_reconciliation_says_who_and_when"),
        ("difference = 1", "a_difference_is_explained"),
        (f"month = {NOVEMBER}", "one_reconciliation_per_month|payments_signedreconciliation"),
    ],
)
def test_what_the_table_itself_refuses(ids: dict[str, int], sql: str, name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_update(sql, 202609))


def test_the_table_takes_what_it_should(ids: dict[str, int]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_update("figures = '[]', sha256 = 'y'", 202609))
        cursor.execute(_update(f"checked_by_id = {ids['farah']}, checked_at = prepared_at", 202609))
        transaction.set_rollback(True)
