"""Riverside pays Cora's time through payroll; Dev's goes by bank."""

from payments.models import BankAccount, PayrollMark
from payments.services import payroll
from tests.cast import Cast
from tests.payments.conftest import account, due, monday
from tests.payments.office import hours
from tests.worlds import world

__all__ = ["account", "due", "monday"]


@world
def mark(due: Cast, account: BankAccount) -> PayrollMark:
    """Cora is owed £12.50 of fares and £40 for time, Dev £7.30 and £20; Cora's time goes through payroll."""
    hours(due, due.dev, 1)
    return payroll.mark(actor=due.fern, organisation=due.riverside, person=due.cora)
