"""The database holds payments to the way of their run and person; each refusal has its control."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from payments.models import BankAccount, BankDetails, PayrollMark
from payments.services import payroll, runs
from tests.attempts import Attempt, here, judge
from tests.cast import Cast
from tests.payments.office import MONDAY, PAY_ON, hash_of, hours, prepared
from tests.worlds import world


@world
def ids(due: Cast, account: BankAccount, mark: PayrollMark) -> dict[str, Any]:
    """A payroll run that was confirmed, another that is prepared, and a bank run that is prepared."""
    run = runs.prepare_list(actor=due.fern, organisation=due.riverside, pay_on=PAY_ON)
    runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    runs.release(actor=due.fern, run_id=run.pk)
    payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=MONDAY.date())
    undone = payroll.mark(actor=due.fern, organisation=due.riverside, person=due.dev)
    payroll.end_mark(actor=due.fern, mark_id=undone.pk)
    hours(due, due.cora, 1)
    more = runs.prepare_list(actor=due.fern, organisation=due.riverside, pay_on=PAY_ON)
    bank = prepared(due, account)
    return {
        "organisation": due.riverside.pk,
        "cora": due.cora.pk,
        "dev": due.dev.pk,
        "fern": due.fern.pk,
        "details": BankDetails.objects.get(person=due.cora).pk,
        "dev_details": BankDetails.objects.get(person=due.dev).pk,
        "payroll_run": more.pk,
        "bank_run": bank.pk,
    }


def pays(run: str, person: str, counts_as: str, details: str) -> Any:
    """A payment of this kind put into a run by hand. On SQLite and PostgreSQL alike."""

    def sql(ids: dict[str, Any]) -> list[str]:
        account = "NULL" if details == "none" else str(ids[details])
        return [
            "INSERT INTO payments_payment (organisation_id, run_id, person_id, counts_as, method, details_id,"
            " reference, amount, status)"
            f" VALUES ({ids['organisation']}, {ids[run]}, {ids[person]}, '{counts_as}',"
            f" '{run.removesuffix('_run')}', {account}, 'X 1', 100, 'prepared')",
        ]

    return sql


WAY = ("payment_goes_its_way",)
ATTEMPTS = [
    Attempt("time of somebody marked by bank", WAY, WAY, pays("bank_run", "cora", "fee", "details")),
    Attempt("costs through payroll", WAY, WAY, pays("payroll_run", "cora", "expense", "none")),
    Attempt("time of somebody not marked", WAY, WAY, pays("payroll_run", "dev", "fee", "none")),
    Attempt("an account in a payroll run", WAY, WAY, pays("payroll_run", "dev", "fee", "dev_details")),
    Attempt(
        "a mark is removed",
        ("payroll_mark_stays",),
        ("payroll_mark_kept",),
        lambda ids: ["DELETE FROM payments_payrollmark"],
    ),
    Attempt(
        "a mark names somebody else",
        ("payroll_mark_only_ended",),
        ("payroll_mark_only_ended",),
        lambda ids: [
            f"UPDATE payments_payrollmark SET person_id = {ids['dev']}, until = since,"
            f" ended_by_id = {ids['fern']} WHERE until IS NULL"
        ],
    ),
    Attempt(
        "an ended mark stands again",
        ("payroll_mark_only_ended",),
        ("payroll_mark_only_ended",),
        lambda ids: ["UPDATE payments_payrollmark SET until = NULL, ended_by_id = NULL"],
    ),
    Attempt(
        "a mark is replaced",
        (),
        ("payroll_mark_not_replaced",),
        lambda ids: ["INSERT OR REPLACE INTO payments_payrollmark SELECT * FROM payments_payrollmark"],
    ),
    Attempt(
        "a confirmation is removed",
        ("confirmation_stays",),
        ("confirmation_kept",),
        lambda ids: ["DELETE FROM payments_payrollconfirmation"],
    ),
    Attempt(
        "a confirmation names another day",
        ("confirmation_only_undone",),
        ("confirmation_only_undone",),
        lambda ids: ["UPDATE payments_payrollconfirmation SET day = '2026-11-01'"],
    ),
    Attempt(
        "a confirmation is replaced",
        (),
        ("confirmation_not_replaced",),
        lambda ids: [
            "INSERT OR REPLACE INTO payments_payrollconfirmation SELECT * FROM payments_payrollconfirmation"
        ],
    ),
    Attempt(
        "a run that was not sent is confirmed",
        ("confirmation_of_a_sent_run",),
        ("confirmation_of_a_sent_run",),
        lambda ids: [
            "INSERT INTO payments_payrollconfirmation (run_id, day, entry_id, confirmed_by_id, confirmed_at)"
            f" SELECT {ids['payroll_run']}, day, (SELECT max(id) FROM ledger_journalentry), confirmed_by_id,"
            " confirmed_at FROM payments_payrollconfirmation"
        ],
    ),
]


@pytest.mark.parametrize("attempt", here(ATTEMPTS))
def test_the_guard_refuses_and_is_what_refuses(ids: dict[str, Any], attempt: Attempt) -> None:
    judge(attempt, ids)


@pytest.mark.parametrize("other", ["bank_account_id", "(SELECT max(id) FROM payments_bankaccount)"])
def test_how_a_run_pays_never_changes(ids: dict[str, Any], other: str) -> None:
    """Its account never changes, and only a bank run has one."""
    sql = f"UPDATE payments_paymentrun SET method = 'bank', bank_account_id = {other} WHERE id = %s"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [ids["payroll_run"]])
