"""A run costs the same number of statements however many lines it pays, but for batches of some hundreds."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments import verify
from payments.models import BankAccount, PaymentRun
from payments.services import payroll, runs
from tests.cast import Cast
from tests.payments.crowd import crowd
from tests.payments.office import MONDAY, PAY_ON, hash_of, prepared

FEW, MANY = 20, 220  # lines


def counted(step: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as found:
        step()
    return len(found)


def statements_of(cast: Cast, prepare: Callable[[], PaymentRun], lines: int) -> dict[str, int]:
    """How many statements each step takes with this many lines, half as many people."""
    people = crowd(cast, people=lines // 2, lines=lines)
    for person in people[:1]:
        payroll.mark(actor=cast.fern, organisation=cast.riverside, person=person)
    found = {"prepare": counted(prepare)}
    run = PaymentRun.objects.order_by("-pk")[0]
    one = run.payments.order_by("pk")[0]
    found["take out"] = counted(
        lambda: runs.take_out(actor=cast.fern, payment_id=one.pk, reason="They asked us to.")
    )
    found["void"] = counted(lambda: runs.void(actor=cast.farah, run_id=run.pk, reason="Wrong day."))
    run = prepare()
    found["sign"] = counted(lambda: runs.authorise(actor=cast.farah, run_id=run.pk, sha256=hash_of(run)))
    found["send"] = counted(lambda: runs.release(actor=cast.fern, run_id=run.pk))
    assert list(verify.problems(cast.riverside)) == []
    return found


# Rows of one statement on SQLite are as few as 999 parameters hold: 62 of the history of payments.
ALLOWED = {"prepare": 12, "take out": 0, "void": 4, "sign": 0, "send": 8}
ALLOWED_ON_POSTGRESQL = dict.fromkeys(ALLOWED, 0)


def test_a_bank_run_is_set_based(due: Cast, account: BankAccount) -> None:
    few = statements_of(due, lambda: prepared(due, account), FEW)
    many = statements_of(due, lambda: prepared(due, account), MANY)
    allowed = ALLOWED_ON_POSTGRESQL if connection.vendor == "postgresql" else ALLOWED
    grown = {step: many[step] - few[step] for step in few}
    assert all(grown[step] <= allowed[step] for step in grown), (few, many)


def test_a_payroll_run_is_set_based(due: Cast, account: BankAccount) -> None:
    found = []
    for lines in (FEW, MANY):
        for person in crowd(due, people=lines // 2, lines=lines):
            payroll.mark(actor=due.fern, organisation=due.riverside, person=person)
        run = runs.prepare_list(actor=due.fern, organisation=due.riverside, pay_on=PAY_ON)
        runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
        run = runs.release(actor=due.fern, run_id=run.pk)
        confirm = partial(payroll.confirm_payroll, actor=due.fern, run_id=run.pk, day=MONDAY.date())
        found.append(counted(confirm))
        assert run.count == lines // 2
    assert found[1] - found[0] <= (0 if connection.vendor == "postgresql" else 2)
