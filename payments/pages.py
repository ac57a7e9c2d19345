"""What somebody may see of payments and runs. Every list and every page of them starts here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from claims.models import CountsAs
from claims.words import line_title
from common.errors import NotVisible
from payments.models import (
    Ended,
    HandOver,
    Payment,
    PaymentItem,
    PaymentRun,
    PayrollMark,
    Remittance,
    RunFile,
)
from payments.own_words import SERIAL_NAMES, as_sent, comes, receipt_words
from payments.queries import payment_for, payments_visible_to, remittances_visible_to, run_for
from payments.queries.frozen import delivery_of
from payments.queries.own_codes import has_codes
from payments.queries.runs import READERS
from payments.remittances import bank_line
from payments.workflow import BY_HAND, Method, PaymentStatus, RunStatus
from people.models import Person
from people.permissions import organisations_with

# To the person paid, a payment begins when it leaves for the bank or payroll.
TOLD = (PaymentStatus.SENT, PaymentStatus.PAID, PaymentStatus.RETURNED)


@dataclass(frozen=True)
class PaidLine:
    """One amount inside a payment, in minor units; its words depend on who reads."""

    day: date
    title: str
    claim: str
    amount: int


@dataclass(frozen=True)
class PaymentDetail:
    """One payment as its reader may see it."""

    payment: Payment
    is_own: bool
    lines: list[PaidLine]
    remittance: str
    bank_line: str
    comes: str = ""
    handed: HandOver | None = None
    has_code: bool = False

    @property
    def serial_name(self) -> str:
        """What the number beside the hand-over is; empty when there is none."""
        return SERIAL_NAMES.get(Method(self.payment.method), "") if self.handed and self.handed.serial else ""

    @property
    def receipt(self) -> str:
        """What became of the receipt that its own reader wished; empty for everybody else."""
        return receipt_words(self.payment, self.handed) if self.is_own else ""


@dataclass(frozen=True)
class OwnPayment:
    """Money sent to its reader: what to look for, as their bank statement says it, and the letter to keep."""

    payment: Payment
    look_for: str
    remittance: str


@dataclass(frozen=True)
class OwnPayments:
    """Money for time and money back for costs, apart: other people's rules treat them differently."""

    time: list[OwnPayment]
    costs: list[OwnPayment]


@dataclass(frozen=True)
class RunDetail:
    """One run with the fingerprint of the file the bank gets; the file itself is not here."""

    run: PaymentRun
    sha256: str


def own_payments(person: Person) -> QuerySet[Payment]:
    """Money sent to this person."""
    own = payments_visible_to(person).filter(person=person, status__in=TOLD)
    return own.select_related("run__organisation", "details", "instruction")


def told_apart(person: Person, payments: Sequence[Payment]) -> OwnPayments:
    """The person's own payments, by kind, each with its letter."""
    mine = remittances_sent(person).filter(person=person, run__in={each.run_id for each in payments})
    letters = {advice.run_id: advice.number for advice in mine}
    rows = [OwnPayment(each, _look_for(each), letters.get(each.run_id, "")) for each in payments]
    return OwnPayments(
        time=[row for row in rows if row.payment.counts_as == CountsAs.FEE],
        costs=[row for row in rows if row.payment.counts_as == CountsAs.EXPENSE],
    )


def _look_for(payment: Payment) -> str:
    """What the person can look for: the line of their bank, or the way in which it comes."""
    if payment.method == Method.PAYROLL:
        return "It is part of your pay"
    if payment.method in BY_HAND:
        return comes(payment, named=True)
    return bank_line(payment.run, payment)


def payments_read(person: Person) -> QuerySet[Payment]:
    """Payments of the organisations this person keeps or checks the money of."""
    return payments_visible_to(person).filter(organisation__in=organisations_with(person, READERS))


def remittances_sent(person: Person) -> QuerySet[Remittance]:
    """Remittance advices of runs that went to the bank, as far as this person may see them."""
    return remittances_visible_to(person).filter(run__status=RunStatus.SENT)


def payment_detail(person: Person, payment_id: int) -> PaymentDetail:
    """One payment with what it pays. Raises NotVisible."""
    payment = payment_for(person, payment_id)
    is_own = payment.person_id == person.pk
    if is_own and payment.status not in TOLD and not payments_read(person).filter(pk=payment_id).exists():
        raise NotVisible("There is no such payment.")
    items = payment.items.select_related("line", "line__claim").order_by("line__date", "pk")
    remittance = remittances_sent(person).filter(run=payment.run, person=payment.person).first()
    return PaymentDetail(
        payment=payment,
        is_own=is_own,
        lines=[_line(item, is_own) for item in items],
        remittance=remittance.number if remittance else "",
        bank_line=bank_line(payment.run, payment) if is_own else "",
        **_by_hand(payment, is_own),
    )


def _by_hand(payment: Payment, is_own: bool) -> dict[str, Any]:
    """What is known of a payment that is handed over. Only its person reads whom they named."""
    if payment.method not in BY_HAND:
        return {}
    made = payment.hand_overs.exclude(ended=Ended.MISTAKE).order_by("-pk").first()
    words = as_sent(payment, delivery_of(payment.run), named=True) if is_own else payment.get_method_display()
    shows = is_own and made is not None and not made.ended and has_codes(made)
    return {"comes": words, "handed": made, "has_code": shows}


def _line(item: PaymentItem, is_own: bool) -> PaidLine:
    line = item.line
    is_fee = line.counts_as == CountsAs.FEE
    words = line_title(line.kind, line.mode) if is_own or not is_fee else "Money for time"
    return PaidLine(day=line.date, title=words, claim=line.claim.reference, amount=item.amount)


def run_detail(person: Person, run_id: int) -> RunDetail:
    """One run with its signatures. Raises NotVisible."""
    run = run_for(person, run_id)
    newest = RunFile.objects.filter(run=run).defer("content").order_by("-version").first()
    return RunDetail(run=run, sha256=newest.sha256 if newest else "")


def payments_in(run: PaymentRun) -> QuerySet[Payment]:
    """The payments of one run, with whom they are for and the account they go to."""
    return run.payments.select_related("person", "details")


def with_pay(person: Person) -> QuerySet[PayrollMark]:
    """The organisations that pay this person's time with their pay."""
    return person.payroll_marks.filter(until__isnull=True).select_related("organisation").order_by("since")
