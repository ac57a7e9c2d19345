"""Hand over what is paid by hand, and say what became of it.

Sending a run puts its money in transit, as with every run. A hand-over takes it from there to the control
account of its way; what did not reach the person comes back and is owed again.
"""

from datetime import date

from audit.actions import Action
from audit.services import record, step
from common.dates import today
from common.errors import DomainError, IllegalMove
from ledger.models import Account, AccountKind, JournalEntry
from ledger.services.accounts import account
from ledger.services.posting import Leg, post_entry, reverse_entry
from payments import permissions
from payments.models import Ended, HandOver, Payment
from payments.secrets import seal_code
from payments.services import cash, stock, telling
from payments.services.concerns.closing import came_back
from payments.services.hand_overs import (
    check_lost,
    check_not_cashed,
    check_seen,
    check_sent,
    code_of,
    control_of,
    end,
    keep,
    locked,
    reason_of,
    serial_of,
    standing,
    undo_day,
)
from payments.services.learning import refuse_spent
from payments.services.moving import move, posting_day, shares_of
from payments.workflow import Method
from people.models import Person
from people.permissions import require


@step(returns=HandOver)
def hand_over(
    *,
    actor: Person,
    payment_id: int,
    day: date,
    serial: str = "",
    code: str = "",
    key: str = "",
) -> HandOver:
    """A payment was handed over or sent on this day: Dr in transit Cr the control account of its way.

    `serial` is the number of a cheque, receipt or transfer; `code` is a cash-out code, which is sealed.
    Vouchers are taken from stock, the ones that expire first; cash must be in the box. Raises DomainError.
    """
    payment = locked(payment_id)
    require(permissions.may_hand_over(actor, payment))
    check_sent(payment, day)
    method, serial, code = Method(payment.method), serial_of(payment, serial), code_of(payment, code)
    vouchers = stock.take(payment) if method == Method.VOUCHER else []
    control = control_of(payment)
    if method == Method.CASH:
        cash.check_there(payment, control)
    entry = _post(actor, payment, control, day)
    move([payment], "confirm", paid_on=day)
    made = HandOver.objects.create(
        organisation=payment.organisation,
        payment=payment,
        day=day,
        serial=serial,
        code=seal_code(code, payment.pk) if code else None,
        entry=entry,
        given_by=actor,
        collected_on=day if method in (Method.CASH, Method.LEARNING) else None,
    )
    stock.give(vouchers, made)
    keep(actor, Action.HANDED_OVER, made)
    telling.handed_over(payment)
    return made


@step(returns=HandOver)
def undo_hand_over(*, actor: Person, hand_over_id: int, reason: str, key: str = "") -> HandOver:
    """It was a mistake: nothing was handed over. The posting is reversed; the money is in transit again."""
    made = standing(hand_over_id)
    require(permissions.may_hand_over(actor, made.payment))
    check_not_cashed(made)
    check_seen(actor, made, Ended.MISTAKE)
    text = reason_of(reason)
    refuse_spent(made.payment)
    move([made.payment], "undo", paid_on=None)
    reverse_entry(entry=made.entry, reason=text, date=undo_day(made), actor=actor)
    stock.put_back(made)
    return end(actor, made, Ended.MISTAKE, Action.HAND_OVER_UNDONE, text)


@step(returns=HandOver)
def take_back(
    *, actor: Person, hand_over_id: int, ended: Ended, reason: str, is_lost: bool = False, key: str = ""
) -> HandOver:
    """It did not reach the person: its money is owed again. Dr control Cr in transit, Dr in transit Cr owed.

    `is_lost`: vouchers or cash are gone, not back with us. Another person than who handed them over says
    so, and the organisation bears it: Dr charges Cr control.
    """
    made = standing(hand_over_id)
    payment = made.payment
    require(permissions.may_hand_over(actor, payment))
    if ended == Ended.MISTAKE:
        raise DomainError("Undo the hand-over instead.")
    check_not_cashed(made)
    check_seen(actor, made, ended)
    if is_lost:
        check_lost(actor, made, ended)
    text, control = reason_of(reason), control_of(payment)
    refuse_spent(payment)
    _post_back(actor, made, control, is_lost=is_lost)
    move([payment], "return")
    payment.items.filter(live=True).update(live=False)
    if is_lost:
        stock.lose(actor, made)
    else:
        stock.put_back(made)
    made.is_lost = is_lost
    end(actor, made, ended, Action.HAND_OVER_BACK, text)
    telling.payment_returned(payment)
    came_back(actor, payment)
    return made


@step(returns=Payment)
def not_handed_over(*, actor: Person, payment_id: int, reason: str, key: str = "") -> Payment:
    """A payment that was sent to be handed over was not, and will not be: it is owed again."""
    payment = locked(payment_id)
    require(permissions.may_hand_over(actor, payment))
    text = reason_of(reason)
    move([payment], "owe again")
    payment.items.filter(live=True).update(live=False)
    post_entry(
        organisation=payment.organisation,
        source=f"payment:{payment.pk}:not_handed_over",
        narrative=f"{payment} not handed over",
        date=today(),
        legs=[
            Leg(debit=share.in_transit, credit=share.owed, amount=share.amount, party=share.person_id)
            for share in shares_of([payment])[payment.pk]
        ],
        actor=actor,
    )
    record(
        actor=actor,
        action=Action.NOT_HANDED_OVER,
        subject=payment,
        organisation_id=payment.organisation_id,
        about=payment.person,
        amount=payment.amount,
        reason=text,
    )
    telling.payment_returned(payment)
    came_back(actor, payment)
    return payment


@step(returns=HandOver)
def collected(*, actor: Person, hand_over_id: int, day: date, key: str = "") -> HandOver:
    """It was collected or cashed, or its receipt came, on this day. It moves no money."""
    made = standing(hand_over_id)
    require(permissions.may_hand_over(actor, made.payment))
    if made.collected_on is not None:
        raise IllegalMove("This is written down as collected already.")
    if made.payment.method == Method.CHEQUE:
        raise DomainError("The bank’s statement says when a cheque is cashed. Explain its line instead.")
    if not made.day <= day <= today():
        raise DomainError("The day must be between the day it was handed over and today.")
    made.collected_on = day
    made.save(update_fields=["collected_on"])
    keep(actor, Action.HAND_OVER_COLLECTED, made)
    return made


def _post(actor: Person, payment: Payment, control: Account, day: date) -> JournalEntry:
    """Dr in transit Cr control, for each time that it is handed over."""
    times = payment.hand_overs.count() + 1
    return post_entry(
        organisation=payment.organisation,
        source=f"payment:{payment.pk}:handed_over:{times}",
        narrative=f"{payment} handed over",
        date=posting_day(payment.organisation, day),
        legs=[
            Leg(debit=share.in_transit, credit=control, amount=share.amount, party=share.person_id)
            for share in shares_of([payment])[payment.pk]
        ],
        actor=actor,
    )


def _post_back(actor: Person, made: HandOver, control: Account, *, is_lost: bool) -> None:
    """Dr control Cr in transit, Dr in transit Cr owed; what is lost also Dr charges Cr control."""
    payment = made.payment
    legs = [
        leg
        for share in shares_of([payment])[payment.pk]
        for leg in (
            Leg(debit=control, credit=share.in_transit, amount=share.amount, party=share.person_id),
            Leg(debit=share.in_transit, credit=share.owed, amount=share.amount, party=share.person_id),
        )
    ]
    if is_lost:
        charges = account(payment.organisation, AccountKind.CHARGES)
        legs.append(Leg(debit=charges, credit=control, amount=payment.amount))
    post_entry(
        organisation=payment.organisation,
        source=f"hand_over:{made.pk}:back",
        narrative=f"{payment} did not reach its person",
        date=today(),
        legs=legs,
        actor=actor,
    )
