"""The cash box: what the books say is in it, and what two people found when they counted it.

The counter row of the cash is the lock: two who hand cash over, or count it, take turns.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import F, Sum

from audit.actions import Action
from audit.services import record, step
from common.dates import today
from common.errors import DomainError
from common.money import money_text
from common.text import tidy
from ledger.models import Account, AccountKind, AccountMonth, JournalEntry
from ledger.services.accounts import account
from ledger.services.counters import locked
from ledger.services.posting import Leg, post_entry
from payments import permissions
from payments.models import CashCount, MatchKind, Payment
from payments.workflow import Method
from people.models import Organisation, Person
from people.permissions import require

NOTE_LENGTH = 300


def held(control: Account) -> int:
    """Debits less credits of an account, in minor units."""
    months = AccountMonth.objects.filter(account=control)
    return int(months.aggregate(sum=Sum(F("debits") - F("credits")))["sum"] or 0)


def check_there(payment: Payment, control: Account) -> None:
    """Hold the cash box until the transaction ends. Raises DomainError when it has less than the payment."""
    locked(payment.organisation, "cash")
    there, currency = held(control), payment.organisation.currency
    if there < payment.amount:
        raise DomainError(
            f"The books say that {money_text(max(there, 0), currency)} is in the cash box, less than "
            f"{money_text(payment.amount, currency)}. Explain the bank line with which cash was fetched "
            "first, or count the cash."
        )


@contextmanager
def not_overdrawn(organisation: Organisation, kind: str) -> Iterator[None]:
    """Around what is said, or unsaid, of a bank line: no less than nothing is left in the cash box."""
    if kind != MatchKind.CASH:
        yield
        return
    locked(organisation, "cash")
    yield
    if (there := held(_cash_account(organisation))) < 0:
        short = money_text(-there, organisation.currency)
        raise DomainError(f"The cash box would hold {short} less than nothing. Count the cash first.")


@step(returns=CashCount)
def count_cash(
    *,
    actor: Person,
    organisation: Organisation,
    counted: int,
    witness: Person,
    note: str = "",
    key: str = "",
) -> CashCount:
    """Two people counted the cash box just now; the books then hold what was counted. Minor units.

    Less than the books say: Dr charges Cr cash. More: Dr cash Cr charges. A difference needs a note.
    """
    require(permissions.may_keep_accounts(actor, organisation))
    _check_witness(actor, witness, organisation)
    control, text = _cash_account(organisation), tidy(note)
    if counted < 0 or len(text) > NOTE_LENGTH:
        raise DomainError(f"Enter what you counted, and a note of at most {NOTE_LENGTH} characters.")
    locked(organisation, "cash")
    expected = held(control)
    if counted != expected and not text:
        raise DomainError(
            f"The books say {money_text(expected, organisation.currency)}. Count again. "
            "If your number is right, say why they differ."
        )
    entry = None if counted == expected else _post(actor, control, counted - expected)
    made = CashCount.objects.create(
        organisation=organisation,
        day=today(),
        counted=counted,
        expected=expected,
        note=text,
        entry=entry,
        counted_by=actor,
        witness=witness,
    )
    record(
        actor=actor,
        action=Action.CASH_COUNTED,
        subject=made,
        organisation_id=organisation.pk,
        witness=witness.number,
        counted=counted,
        expected=expected,
        reason=text,
    )
    return made


def _post(actor: Person, control: Account, more: int) -> JournalEntry:
    """What the box has more than the books say, or less below nothing, in minor units."""
    organisation = control.organisation
    charges, number = account(organisation, AccountKind.CHARGES), organisation.cash_counts.count() + 1
    return post_entry(
        organisation=organisation,
        source=f"cash:{number}:counted",
        narrative="Cash counted",
        date=today(),
        legs=[
            Leg(debit=control, credit=charges, amount=more)
            if more > 0
            else Leg(debit=charges, credit=control, amount=-more)
        ],
        actor=actor,
    )


def _check_witness(actor: Person, witness: Person, organisation: Organisation) -> None:
    if witness == actor:
        raise DomainError("Somebody else has to count with you.")
    if permissions.may_keep_accounts(witness, organisation) is not None:
        raise DomainError(f"Only finance of {organisation} can count with you.")


def _cash_account(organisation: Organisation) -> Account:
    way = organisation.ways.select_related("control").filter(way=Method.CASH).first()
    if way is None:
        raise DomainError(f"{organisation} does not pay in cash yet. Switch it on first.")
    return way.control
