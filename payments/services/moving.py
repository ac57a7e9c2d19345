"""Move many payments at once, each with its history; and which accounts their money touches."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from audit.history import CHANGED, write_history
from common.dates import month_key, today
from common.errors import IllegalMove
from common.workflow import next_status
from ledger.models import Account, Period
from payments.models import ItemShare, Payment
from payments.queries.concerns import overpaid
from payments.workflow import PAYMENT_MOVES
from people.models import Organisation

BATCH = 500  # keys in one statement


@dataclass(frozen=True, slots=True)
class Share:
    """What one payment takes from one owed account. Minor units."""

    person_id: int
    owed: Account
    in_transit: Account
    amount: int


def move(payments: Sequence[Payment], how: str, **changes: date | None) -> None:
    """Take locked payments one move along the table, set `changes` on them, and keep their history.

    Set-based: two statements for every 500 payments. A payment whose status is not what the caller saw
    under the lock raises IllegalMove.
    """
    if how in {"return", "undo"}:
        _refuse_overpaid(payments)
    for start in range(0, len(payments), BATCH):
        some = payments[start : start + BATCH]
        before = {payment.status for payment in some}
        after = {next_status(PAYMENT_MOVES, how, status, what="a payment") for status in before}
        [status] = after
        rows = Payment.objects.filter(pk__in=[payment.pk for payment in some], status__in=before)
        if rows.update(status=status, **changes) != len(some):
            raise IllegalMove("A payment changed while you worked on it. Look again.")
        for payment in some:
            for name, value in {"status": status, **changes}.items():
                setattr(payment, name, value)
        write_history(Payment.objects.filter(pk__in=[payment.pk for payment in some]), CHANGED)


def _refuse_overpaid(payments: Sequence[Payment]) -> None:
    """A payment of which part is to come back, came back or was written off stays paid."""
    for start in range(0, len(payments), BATCH):
        keys = [payment.pk for payment in payments[start : start + BATCH]]
        if found := Payment.objects.filter(overpaid(), pk__in=keys).first():
            raise IllegalMove(f"Part of payment {found.reference} is recorded as overpaid, so it stays paid.")


def shares_of(payments: Iterable[Payment]) -> dict[int, list[Share]]:
    """What each of these payments takes from which owed account, by the key of the payment."""
    keys = [payment.pk for payment in payments]
    found: dict[int, list[Share]] = defaultdict(list)
    accounts: dict[int, Account] = {}
    for start in range(0, len(keys), BATCH):
        rows = (
            ItemShare.objects.filter(item__payment__in=keys[start : start + BATCH])
            .values_list("item__payment_id", "item__payment__person_id", "owed_id", "in_transit_id")
            .annotate(amount=Sum("amount"))
            .order_by("item__payment_id", "owed_id")
        )
        listed = list(rows)
        missing = {key for row in listed for key in row[2:4]} - accounts.keys()
        accounts |= Account.objects.in_bulk(missing)
        for payment_id, person_id, owed, in_transit, amount in listed:
            found[payment_id].append(Share(person_id, accounts[owed], accounts[in_transit], amount))
    return found


def posting_day(organisation: Organisation, day: date) -> date:
    """The day itself, or today when its month is closed: late news go into the open month."""
    closed = Period.objects.filter(organisation=organisation, month=month_key(day), closed=True)
    return today() if closed.exists() else day
