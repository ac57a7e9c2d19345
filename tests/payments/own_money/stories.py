"""Money that reaches Cora on a day: claimed, agreed, sent in a run and confirmed by the bank."""

from datetime import UTC, date, datetime

from django.db import connection

from audit.guards import without
from common.dates import set_now
from payments.banking_days import shifted
from payments.models import BankAccount, PaymentRun
from payments.services import reconciling, runs
from people.models import Organisation
from tests.cast import Cast
from tests.payments.office import account_of, fare, hash_of, hours, imported


def paid_by(organisation: Organisation, run: PaymentRun) -> None:
    """As if another organisation had paid the run, which the database refuses otherwise."""
    guard = "payment_moves" if connection.vendor == "postgresql" else "payment_is_what_it_was"
    with without(guard):
        run.payments.update(organisation=organisation)


def moment(day: date) -> datetime:
    """Noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def send(cast: Cast, account: BankAccount, pay_on: date, *, pence: int = 0, time: int = 0) -> PaymentRun:
    """A fare of so many pence and so many hours at £20, sent a banking day before they are paid."""
    with set_now(moment(shifted(pay_on, -1))):
        if not cast.cora.bank_details.exists():
            account_of(cast, cast.cora)
        if pence:
            fare(cast, cast.cora, pence)
        if time:
            hours(cast, cast.cora, time)
        run = runs.prepare(actor=cast.fern, organisation=cast.riverside, bank_account=account, pay_on=pay_on)
        runs.authorise(actor=cast.farah, run_id=run.pk, sha256=hash_of(run))
        return runs.release(actor=cast.fern, run_id=run.pk)


def pay(cast: Cast, account: BankAccount, on: date, *, pence: int = 0, time: int = 0) -> PaymentRun:
    """The same, and the bank says that it was paid on this day."""
    run = send(cast, account, on, pence=pence, time=time)
    with set_now(moment(on)):
        latest = account.statements.order_by("last_day", "pk").last()
        opening = (latest.closing_balance or 0) if latest else 0
        rows = [(on, f"BACS {run.number}", -run.total)]
        statement = imported(cast, account, rows, opening=opening)
        reconciling.match(actor=cast.fern, line_id=statement.lines.get().pk, run_id=run.pk)
    run.refresh_from_db()
    return run
