"""The remittance advice of one person for one run, from the moment the run is sent.

It is computed when it is asked for, from what was frozen with the run, so that it always says the same.
"""

from collections.abc import Sequence
from datetime import date

from claims.models import ClaimLine, CountsAs
from claims.words import line_title
from common.errors import NotVisible
from common.money import rounded, to_minor
from payments.formats import remittance as pages
from payments.formats.remittance import Contact, CostLine, CostPart, Remittance, Size, TimeLine, TimePart
from payments.models import EstateDetails, Payment, PaymentRun
from payments.own_words import as_sent, where
from payments.queries.frozen import Frozen
from payments.secrets import open_details
from payments.workflow import BY_HAND, Method, RunStatus
from people.models import LARGE_PRINT, Channel, Person

BY_POLICY = "This is what the rate policy gives."


def remittance(run: PaymentRun, person: Person, *, named: bool = True) -> Remittance:
    """What stands on the advice. Raises NotVisible before the run is sent, or when it pays them nothing.

    `named`: with the charity or group that the person named, which is for them and for the printer alone.
    """
    return remittances(run, [person], named=named)[0]


def remittances(run: PaymentRun, people: Sequence[Person], *, named: bool = True) -> list[Remittance]:
    """The advices of these people, in this order, in a fixed number of queries. Raises as `remittance`."""
    known = Frozen(run, people, named=named)
    return [_remittance(run, person, known) for person in people]


def _remittance(run: PaymentRun, person: Person, known: Frozen) -> Remittance:
    payments = known.payments.get(person.pk)
    if run.status != RunStatus.SENT or not payments:
        raise NotVisible("There is no such remittance advice.")
    organisation, estate = run.organisation, known.estate(payments.values())
    return Remittance(
        payer=organisation.name,
        payee=_payee(person, estate),
        reference=known.numbers[person.pk],
        payment_date=run.pay_on,
        promise=_promise(run),
        time=_time(run, payments.get(CountsAs.FEE), known),
        costs=_costs(run, payments.get(CountsAs.EXPENSE), known),
        ask=Contact(organisation.help_contact),
        ask_again=Contact(organisation.appeal_contact),
        support=Contact(organisation.support_contact),
        currency=run.currency,
        address=_address(person, estate),
    )


def remittance_pdf(run: PaymentRun, person: Person, *, named: bool = True) -> bytes:
    """The advice as a PDF in the person's size of print; the same bytes each time. `named` as above."""
    return pages.remittance_pdf(remittance(run, person, named=named), size=size_for(person))


def size_for(person: Person) -> Size:
    """The size of print somebody reads best."""
    return Size.LARGE if person.paper_format in LARGE_PRINT else Size.STANDARD


def _time(run: PaymentRun, payment: Payment | None, known: Frozen) -> TimePart | None:
    """Money for time: amounts only, without hours, and nothing at all where there is none."""
    if payment is None:
        return None
    lines = tuple(
        TimeLine(
            day=item.line.date,
            activity=f"Claim {item.line.claim.reference}",
            kind=line_title(item.line.kind, item.line.mode),
            amount_minor=item.amount,
        )
        for item in known.items[payment.pk]
    )
    return TimePart(lines, payment.amount, _method(payment, known), bank_line(run, payment))


def _costs(run: PaymentRun, payment: Payment | None, known: Frozen) -> CostPart | None:
    """Money back for costs, with what was refused of the same claims, so that nothing goes unexplained."""
    if payment is None:
        return None
    paid = [_cost_line(item.line, item.amount) for item in known.items[payment.pk]]
    refused = [_cost_line(line, 0) for line in known.refused(payment)]
    lines = tuple(sorted(paid + refused, key=lambda line: (line.day, line.claim)))
    return CostPart(lines, payment.amount, _method(payment, known), bank_line(run, payment))


def _cost_line(line: ClaimLine, allowed: int) -> CostLine:
    claimed = _claimed(line)
    reason = "" if claimed == allowed else line.reason or line.estimate_reason or BY_POLICY
    return CostLine(
        day=line.date,
        description=line_title(line.kind, line.mode),
        claimed_minor=claimed,
        allowed_minor=allowed,
        claim=line.claim.reference,
        reason=reason,
    )


def _claimed(line: ClaimLine) -> int:
    """What was asked for in the claim's currency: the money spent, or what the policy gave for the miles."""
    if line.spent is None:
        return line.estimate
    return rounded(to_minor(line.spent) * line.exchange_rate)


def _promise(run: PaymentRun) -> str:
    if run.method == Method.PAYROLL:
        return f"The money comes with your pay on {_long_day(run.pay_on)}."
    if run.method == Method.VOUCHER:
        return f"Your voucher or gift card should be with you by the end of {_long_day(run.pay_on)}."
    there = "in your account" if run.method == Method.BANK else where(run.method)
    return f"The money should be {there} by the end of {_long_day(run.pay_on)}."


def _method(payment: Payment, known: Frozen) -> str:
    if payment.method in BY_HAND:
        return as_sent(payment, known.delivery, named=known.named)
    if payment.details is None:
        return f"With your pay from {known.payer}"
    return f"Bank transfer to the account ending {payment.details.last_digits}"


def bank_line(run: PaymentRun, payment: Payment) -> str:
    """What the person's statement will say of it by itself: nothing when it comes another way.

    A roll number takes the place of our reference.
    """
    if payment.details is None:
        return ""
    payer = run.organisation.statement_name
    return payer if open_details(payment.details).roll_number else f"{payer} {payment.reference}"


def _payee(person: Person, estate: EstateDetails | None) -> str:
    return person.name if estate is None else f"The estate of {person.name}"


def _address(person: Person, estate: EstateDetails | None) -> tuple[str, ...]:
    """Only letters carry an address; what goes to an estate goes to whoever looks after it."""
    if estate is not None:
        written = f"{estate.care_of}\n{estate.address}"
    else:
        written = person.address if person.channel == Channel.POST else ""
    return tuple(line.strip() for line in written.splitlines() if line.strip())


def _long_day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
