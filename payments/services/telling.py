"""What people are told about payments: that one is on its way or came back, never how much or for what."""

from collections.abc import Iterable

from common.dates import today
from payments.models import BankDetails, LearningSpend, Payment, PaymentRun, PayrollMark, Remittance
from payments.workflow import Method
from people.models import MessageKind, Organisation
from people.services.messages import News, tell, tell_all


def payments_sent(run: PaymentRun, remittances: Iterable[Remittance]) -> None:
    """One message to each person in the run, however many payments they get."""
    tell_all(
        organisation=run.organisation,
        kind=MessageKind.PAYMENT_SENT if run.method == Method.BANK else MessageKind.WITH_PAY,
        news=[
            News(each.person_id, f"run:{run.pk}:sent", reference=each.number, day=run.pay_on)
            for each in remittances
        ],
    )


def payment_returned(payment: Payment) -> None:
    """Once for a run, also when both payments of somebody come back."""
    by_bank = payment.method == Method.BANK
    _about(payment, MessageKind.PAYMENT_RETURNED if by_bank else MessageKind.PAYMENT_BACK, "returned")


def handed_over(payment: Payment) -> None:
    """That there is news of it, once for a run; what and how is on their own page."""
    _about(payment, MessageKind.HANDED_OVER, "handed_over")


def _about(payment: Payment, kind: MessageKind, event: str) -> None:
    remittance = Remittance.objects.get(run=payment.run_id, person=payment.person_id)
    tell(
        person=payment.person,
        organisation=payment.organisation,
        kind=kind,
        source=f"run:{payment.run_id}:{event}",
        reference=remittance.number,
        day=today(),
    )


def payroll_changed(mark: PayrollMark) -> None:
    """Their money for time comes another way from now on; the words do not say which."""
    tell(
        person=mark.person,
        organisation=mark.organisation,
        kind=MessageKind.PAYROLL_CHANGED,
        source=f"payroll_mark:{mark.pk}:{'made' if mark.until is None else 'ended'}",
        day=today(),
    )


def learning_answered(spend: LearningSpend) -> None:
    """That something they asked for is answered; what, stands on their own page."""
    tell(
        person=spend.person,
        organisation=spend.organisation,
        kind=MessageKind.LEARNING_ANSWERED,
        source=f"learning:{spend.pk}:answered",
        day=today(),
    )


def details_entered(details: BankDetails) -> None:
    """A warning to the person."""
    _about_details(details, MessageKind.BANK_DETAILS_CHANGED, "entered")


def details_refused(details: BankDetails) -> None:
    """That what was entered cannot be used; why is on the person's own page."""
    _about_details(details, MessageKind.BANK_DETAILS_REFUSED, "refused")


def _about_details(details: BankDetails, kind: MessageKind, event: str) -> None:
    """From the organisation that has known the person longest."""
    known = Organisation.objects.filter(roles__person=details.person_id).order_by("roles__pk").first()
    if known is not None:
        tell(
            person=details.person,
            organisation=known,
            kind=kind,
            source=f"bank_details:{details.pk}:{event}",
            day=today(),
        )
