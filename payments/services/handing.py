"""Hand over what is paid by hand, and say what became of it.

Sending a run puts its money in transit, as with every run. A hand-over takes it from there to the control
account of its way; what did not reach the person comes back and is owed again.
"""

from datetime import date

from audit.actions import Action
from audit.services import record, step
from common.dates import london_day, now, today
from common.errors import DomainError, IllegalMove
from common.text import tidy
from ledger.models import Account, AccountKind
from ledger.services.accounts import account
from ledger.services.posting import Leg, post_entry, reverse_entry
from payments import permissions
from payments.models import Ended, HandOver, Payment
from payments.secrets import seal_code
from payments.services import cash, stock, telling
from payments.services.concerns.closing import came_back
from payments.services.learning import refuse_spent
from payments.services.moving import move, posting_day, shares_of
from payments.workflow import BY_HAND, Method, PaymentStatus
from people.models import Person
from people.permissions import require

SERIAL_LENGTH = 40
REASON_LENGTH = 300
# What has to be written down beside the day, so that each can be told from every other.
SERIALS = {
    Method.CASH: "the number of the receipt that was signed",
    Method.CHEQUE: "the number of the cheque",
    Method.DONATION: "the reference of the transfer",
    Method.GROUP: "the reference of the transfer",
}


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
    payment = _locked(payment_id)
    require(permissions.may_hand_over(actor, payment))
    if payment.status != PaymentStatus.SENT or payment.run.released_at is None:
        raise IllegalMove(f"{payment} cannot be handed over: it is {payment.get_status_display()}.")
    if not london_day(payment.run.released_at) <= day <= today():
        raise DomainError("The day must be between the day the run was sent and today.")
    method, serial, code = Method(payment.method), _serial(payment, serial), _code(payment, code)
    vouchers = stock.take(payment) if method == Method.VOUCHER else []
    control = _control(payment)
    if method == Method.CASH:
        cash.check_there(payment, control)
    times = payment.hand_overs.count() + 1
    entry = post_entry(
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
    _record(actor, Action.HANDED_OVER, made)
    telling.handed_over(payment)
    return made


@step(returns=HandOver)
def undo_hand_over(*, actor: Person, hand_over_id: int, reason: str, key: str = "") -> HandOver:
    """It was a mistake: nothing was handed over. The posting is reversed; the money is in transit again."""
    made = _standing(hand_over_id)
    require(permissions.may_hand_over(actor, made.payment))
    _check_not_cashed(made)
    text = _reason(reason)
    refuse_spent(made.payment)
    move([made.payment], "undo", paid_on=None)
    reverse_entry(entry=made.entry, reason=text, date=_undo_day(made), actor=actor)
    stock.put_back(made)
    return _end(actor, made, Ended.MISTAKE, Action.HAND_OVER_UNDONE, text)


@step(returns=HandOver)
def take_back(
    *, actor: Person, hand_over_id: int, ended: Ended, reason: str, is_lost: bool = False, key: str = ""
) -> HandOver:
    """It did not reach the person: its money is owed again. Dr control Cr in transit, Dr in transit Cr owed.

    `is_lost`: vouchers or cash are gone, not back with us. Another person than who handed them over says
    so, and the organisation bears it: Dr charges Cr control.
    """
    made = _standing(hand_over_id)
    payment = made.payment
    require(permissions.may_hand_over(actor, payment))
    if ended == Ended.MISTAKE:
        raise DomainError("Undo the hand-over instead.")
    _check_not_cashed(made)
    if is_lost:
        _check_lost(actor, made, ended)
    text, control = _reason(reason), _control(payment)
    refuse_spent(payment)
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
    move([payment], "return")
    payment.items.filter(live=True).update(live=False)
    if is_lost:
        stock.lose(actor, made)
    else:
        stock.put_back(made)
    made.is_lost = is_lost
    _end(actor, made, ended, Action.HAND_OVER_BACK, text)
    telling.payment_returned(payment)
    came_back(actor, payment)
    return made


@step(returns=Payment)
def not_handed_over(*, actor: Person, payment_id: int, reason: str, key: str = "") -> Payment:
    """A payment that was sent to be handed over was not, and will not be: it is owed again."""
    payment = _locked(payment_id)
    require(permissions.may_hand_over(actor, payment))
    text = _reason(reason)
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
    made = _standing(hand_over_id)
    require(permissions.may_hand_over(actor, made.payment))
    if made.collected_on is not None:
        raise IllegalMove("This is written down as collected already.")
    if made.payment.method == Method.CHEQUE:
        raise DomainError("The bank’s statement says when a cheque is cashed. Explain its line instead.")
    if not made.day <= day <= today():
        raise DomainError("The day must be between the day it was handed over and today.")
    made.collected_on = day
    made.save(update_fields=["collected_on"])
    _record(actor, Action.HAND_OVER_COLLECTED, made)
    return made


def _locked(payment_id: int) -> Payment:
    rows = Payment.objects.select_related("organisation", "person", "run").select_for_update(of=("self",))
    return rows.get(pk=payment_id, method__in=BY_HAND)


def _standing(hand_over_id: int) -> HandOver:
    """A hand-over that counts, with its payment held. Raises IllegalMove when it was ended."""
    payment = _locked(HandOver.objects.values_list("payment_id", flat=True).get(pk=hand_over_id))
    made = HandOver.objects.select_related("entry", "ended_by").get(pk=hand_over_id)
    made.payment = payment
    if made.ended:
        raise IllegalMove(f"{made.ended_by} ended this already: {made.get_ended_display()}.")
    return made


def _control(payment: Payment) -> Account:
    return payment.organisation.ways.select_related("control").get(way=payment.method).control


def _serial(payment: Payment, serial: str) -> str:
    text, needed = tidy(serial), SERIALS.get(Method(payment.method))
    if needed is None:
        return ""
    if not text or len(text) > SERIAL_LENGTH:
        raise DomainError(f"Enter {needed}, in at most {SERIAL_LENGTH} characters.")
    used = HandOver.objects.filter(organisation=payment.organisation, serial=text)
    if used.exclude(ended=Ended.MISTAKE).exists():
        raise DomainError(f"“{text}” stands at another payment already. Check the number.")
    return text


def _code(payment: Payment, code: str) -> str:
    text = tidy(code)
    if payment.method != Method.CODE:
        return ""
    if not text or len(text) > SERIAL_LENGTH:
        raise DomainError(f"Enter the cash-out code, in at most {SERIAL_LENGTH} characters.")
    return text


def _check_lost(actor: Person, made: HandOver, ended: Ended) -> None:
    if made.payment.method not in (Method.VOUCHER, Method.CASH) or ended == Ended.REFUSED:
        raise DomainError("Only vouchers and cash that did not come back to us can be lost.")
    if made.given_by_id == actor.pk:
        raise DomainError("You handed this over, so somebody else has to say that it is lost.")


def _check_not_cashed(made: HandOver) -> None:
    if made.cashed_by_id is not None:
        raise IllegalMove("The bank’s statement shows this cheque as cashed. Undo what its line says first.")


def _undo_day(made: HandOver) -> date:
    return posting_day(made.organisation, made.entry.date)


def _reason(reason: str) -> str:
    text = tidy(reason)
    if not text or len(text) > REASON_LENGTH:
        raise DomainError(f"Say why in at most {REASON_LENGTH} characters.")
    return text


def _end(actor: Person, made: HandOver, ended: Ended, action: Action, reason: str) -> HandOver:
    made.ended, made.ended_by, made.ended_at = ended, actor, now()
    made.save(update_fields=["ended", "ended_by", "ended_at", "is_lost"])
    _record(actor, action, made, reason)
    return made


def _record(actor: Person, action: Action, made: HandOver, reason: str = "") -> None:
    """Never the code, nor whom somebody named."""
    record(
        actor=actor,
        action=action,
        subject=made,
        organisation_id=made.organisation_id,
        about=made.payment.person,
        payment=made.payment.reference,
        amount=made.payment.amount,
        reason=reason,
    )
