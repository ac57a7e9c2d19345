"""What every step of a hand-over shares: what it holds, checks and keeps."""

from datetime import date

from audit.actions import Action
from audit.services import record
from common.dates import london_day, now, today
from common.errors import DomainError, IllegalMove
from common.text import tidy
from ledger.models import Account
from payments.models import Ended, HandOver, Payment
from payments.services.moving import posting_day
from payments.workflow import BY_HAND, Method, PaymentStatus
from people.models import Person

SERIAL_LENGTH = 40
REASON_LENGTH = 300
# What has to be written down beside the day, so that each can be told from every other.
SERIALS = {
    Method.CASH: "the number of the receipt that was signed",
    Method.CHEQUE: "the number of the cheque",
    Method.DONATION: "the reference of the transfer",
    Method.GROUP: "the reference of the transfer",
}


def locked(payment_id: int) -> Payment:
    """A payment by hand, held until the end of the transaction."""
    rows = Payment.objects.select_related("organisation", "person", "run").select_for_update(of=("self",))
    return rows.get(pk=payment_id, method__in=BY_HAND)


def check_sent(payment: Payment, day: date) -> None:
    """Raise unless the payment waits to be handed over and this day is one on which it could be."""
    if payment.status != PaymentStatus.SENT or payment.run.released_at is None:
        raise IllegalMove(f"{payment} cannot be handed over: it is {payment.get_status_display()}.")
    if not london_day(payment.run.released_at) <= day <= today():
        raise DomainError("The day must be between the day the run was sent and today.")


def standing(hand_over_id: int) -> HandOver:
    """A hand-over that counts, with its payment held. Raises IllegalMove when it was ended."""
    payment = locked(HandOver.objects.values_list("payment_id", flat=True).get(pk=hand_over_id))
    made = HandOver.objects.select_related("entry", "ended_by").get(pk=hand_over_id)
    made.payment = payment
    if made.ended:
        raise IllegalMove(f"{made.ended_by} ended this already: {made.get_ended_display()}.")
    return made


def control_of(payment: Payment) -> Account:
    """The control account of the way in which it is paid."""
    return payment.organisation.ways.select_related("control").get(way=payment.method).control


def serial_of(payment: Payment, serial: str) -> str:
    """What is written down beside the day, tidied; empty where nothing is. Raises DomainError."""
    text, needed = tidy(serial), SERIALS.get(Method(payment.method))
    if needed is None:
        return ""
    if not text or len(text) > SERIAL_LENGTH:
        raise DomainError(f"Enter {needed}, in at most {SERIAL_LENGTH} characters.")
    used = HandOver.objects.filter(organisation=payment.organisation, serial=text)
    if used.exclude(ended=Ended.MISTAKE).exists():
        raise DomainError(f"“{text}” stands at another payment already. Check the number.")
    return text


def code_of(payment: Payment, code: str) -> str:
    """A cash-out code, tidied; empty for every other way. Raises DomainError."""
    text = tidy(code)
    if payment.method != Method.CODE:
        return ""
    if not text or len(text) > SERIAL_LENGTH:
        raise DomainError(f"Enter the cash-out code, in at most {SERIAL_LENGTH} characters.")
    return text


def check_lost(actor: Person, made: HandOver, ended: Ended) -> None:
    """Raise unless this person may say that it is lost."""
    if made.payment.method not in (Method.VOUCHER, Method.CASH) or ended == Ended.REFUSED:
        raise DomainError("Only vouchers and cash that did not come back to us can be lost.")
    if made.given_by_id == actor.pk:
        raise DomainError("You handed this over, so somebody else has to say that it is lost.")


def check_seen(actor: Person, made: HandOver, ended: Ended) -> None:
    """Raise where somebody looked at its codes: it was no mistake, and a second person says it is of no use.

    Whoever has seen a code may have used it: then the money would be paid twice.
    """
    if made.seen_at is None:
        return
    if ended == Ended.MISTAKE:
        raise IllegalMove("Its code was looked at, so it was handed over. Say that it did not reach them.")
    if made.given_by_id == actor.pk:
        raise DomainError("Its code was looked at, so somebody else has to say that nobody can use it now.")


def check_not_cashed(made: HandOver) -> None:
    """Raise when the bank shows it as cashed."""
    if made.cashed_by_id is not None:
        raise IllegalMove("The bank’s statement shows this cheque as cashed. Undo what its line says first.")


def undo_day(made: HandOver) -> date:
    """The day of a reversal: that of the entry, or today when its month is closed."""
    return posting_day(made.organisation, made.entry.date)


def reason_of(reason: str) -> str:
    """Why, tidied. Raises DomainError."""
    text = tidy(reason)
    if not text or len(text) > REASON_LENGTH:
        raise DomainError(f"Say why in at most {REASON_LENGTH} characters.")
    return text


def end(actor: Person, made: HandOver, ended: Ended, action: Action, reason: str) -> HandOver:
    """A hand-over counts no more."""
    made.ended, made.ended_by, made.ended_at = ended, actor, now()
    made.save(update_fields=["ended", "ended_by", "ended_at", "is_lost"])
    keep(actor, action, made, reason)
    return made


def keep(actor: Person, action: Action, made: HandOver, reason: str = "") -> None:
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
