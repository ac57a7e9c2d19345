"""A month that is ready to be closed: November at Riverside, looked at on 2 December 2026."""

from datetime import UTC, date, datetime
from typing import Final

from ledger.models import Period
from ledger.services.periods import lock_month
from payments.models import BankAccount
from payments.queries.month_end import Item, checklist
from payments.services.months import close_month
from tests.cast import Cast
from tests.payments.office import imported

DECEMBER: Final = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
NOVEMBER: Final = 202611
LAST: Final = date(2026, 11, 30)


def item(cast: Cast, name: str) -> Item:
    """One item of November's checklist."""
    return next(each for each in checklist(cast.riverside, NOVEMBER) if each.name == name)


def left(cast: Cast) -> list[str]:
    """What keeps November open, apart from signatures under its reconciliation: they come last."""
    found = [each.name for each in checklist(cast.riverside, NOVEMBER) if each.keeps_open]
    return [name for name in found if name != "reconciled"]


def opened(cast: Cast) -> Period:
    """November, as a month that something was posted in."""
    return lock_month(cast.riverside, NOVEMBER)


def read_to_the_end(cast: Cast, account: BankAccount, *, opening: int = 0) -> None:
    """A statement whose last line, of no amount, is of 30 November."""
    imported(cast, account, [(LAST, "CLOSING BALANCE", 0)], opening=opening)


def closed(cast: Cast) -> Period:
    return close_month(actor=cast.farah, organisation=cast.riverside, month=NOVEMBER)
