"""What each reader may see of concerns. Every list and every page of them starts here.

The person reads their own; finance and the auditor those of their organisations; an administrator only
that somebody has died.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from common.dates import london_day, today
from common.errors import NotVisible
from common.money import money_text
from payments import concern_permissions as permissions
from payments.models import (
    Concern,
    ConcernKind,
    ConcernNote,
    EstateDetails,
    Payment,
    Proposal,
    ProposalKind,
    StatementLine,
)
from payments.pages import payments_read
from payments.queries.reconciling import unmatched_lines
from payments.queries.runs import READERS
from payments.services.concerns.died import still_owed
from payments.services.concerns.overpaying import outstanding
from payments.workflow import BY_HAND, ConcernStatus, Method, PaymentStatus
from people.deaths import death_of
from people.models import FINANCE, Death, Person, RoleKind
from people.permissions import organisations_with

MOST_CHOICES = 50  # radio buttons on one page


@dataclass(frozen=True)
class ConcernRow:
    """One concern in finance's list, with its age in days and what has to be done next."""

    concern: Concern
    age: int
    is_late: bool
    next_step: str


@dataclass(frozen=True)
class ConcernDetail:
    """One concern. `left` is what is still to come back, or still owed to the estate, in minor units."""

    concern: Concern
    is_own: bool
    age: int
    next_step: str
    notes: Sequence[ConcernNote]
    proposals: Sequence[Proposal]
    asked: Proposal | None
    may_answer: bool
    may_work: bool
    estates: Sequence[EstateDetails]
    left: int
    death: Death | None = None

    @property
    def is_agreed(self) -> bool:
        """Did two persons agree to something here?"""
        return any(each.agreed for each in self.proposals)

    @property
    def currency(self) -> str:
        return self.concern.organisation.currency

    @property
    def is_open(self) -> bool:
        return self.concern.status == ConcernStatus.OPEN


def concerns_visible_to(person: Person) -> QuerySet[Concern]:
    """What this person may read. One's own overpayment only once two persons agreed; nobody's own death."""
    agreed = Proposal.objects.filter(concern=OuterRef("pk"), kind=ProposalKind.OVERPAID, agreed=True)
    own = Q(person=person) & (Q(kind=ConcernKind.NOT_ARRIVED) | Q(Exists(agreed), kind=ConcernKind.OVERPAID))
    read = Q(organisation__in=organisations_with(person, READERS)) & ~Q(person=person)
    kept = Q(
        organisation__in=organisations_with(person, [RoleKind.ADMINISTRATOR]), kind=ConcernKind.DECEASED
    ) & ~Q(person=person)
    found = Concern.objects.filter(own | read | kept)
    return found.select_related("organisation", "person", "payment__run", "opened_by", "closed_by")


def concerns_worked_on(person: Person) -> QuerySet[Concern]:
    """What this person works on: not what is about themselves."""
    return concerns_visible_to(person).exclude(person=person)


def concerns_listed(person: Person, *, closed: bool) -> QuerySet[Concern]:
    """Finance's list, with what the next step hangs on, in one query."""
    status = ConcernStatus.CLOSED if closed else ConcernStatus.OPEN
    return with_state(concerns_worked_on(person).filter(status=status))


def rows_of(concerns: Sequence[Concern]) -> list[ConcernRow]:
    """Concerns as the list shows them."""
    return [ConcernRow(each, _age(each), _is_late(each), next_step(each)) for each in concerns]


def concern_for(rows: QuerySet[Concern], concern_id: int) -> Concern:
    """One of these concerns. Raises NotVisible."""
    found = rows.filter(pk=concern_id).first()
    if found is None:
        raise NotVisible("There is no such concern.")
    return found


def concern_detail(person: Person, concern_id: int) -> ConcernDetail:
    """One concern with its story. Raises NotVisible."""
    concern = concern_for(with_state(concerns_visible_to(person)), concern_id)
    is_own = concern.person_id == person.pk
    proposals = [] if is_own else list(concern.proposals.select_related("asked_by", "answered_by"))
    asked = next((each for each in proposals if each.agreed is None), None)
    reads = organisations_with(person, READERS).filter(pk=concern.organisation_id)
    return ConcernDetail(
        concern=concern,
        is_own=is_own,
        age=_age(concern),
        next_step=next_step(concern),
        notes=[] if is_own else list(concern.notes.select_related("by").order_by("pk")),
        proposals=proposals,
        asked=asked,
        may_answer=asked is not None and permissions.may_answer(person, asked) is None,
        may_work=permissions.may_work_on(person, concern) is None,
        estates=list(_estates(concern)) if reads.exists() else [],
        left=_left(concern),
        death=death_of(concern.person) if concern.kind == ConcernKind.DECEASED else None,
    )


def with_state(rows: QuerySet[Concern]) -> QuerySet[Concern]:
    """These concerns with what their next step hangs on."""
    asked = Proposal.objects.filter(concern=OuterRef("pk"), agreed__isnull=True)
    estates = EstateDetails.objects.filter(death__person=OuterRef("person"), details__retired_at__isnull=True)
    return rows.annotate(
        is_asked=Exists(asked),
        has_estate=Exists(estates),
        is_verified=Exists(estates.filter(details__verified_at__isnull=False)),
    )


def _estates(concern: Concern) -> QuerySet[EstateDetails]:
    rows = EstateDetails.objects.filter(death__person=concern.person_id, details__retired_at__isnull=True)
    if concern.kind != ConcernKind.DECEASED:
        rows = rows.none()
    return rows.select_related("details__entered_by", "details__verified_by").order_by("pk")


def waiting_estate(concern: Concern) -> EstateDetails | None:
    """The account of the estate that another person still has to verify."""
    return _estates(concern).filter(details__verified_at__isnull=True).first()


def _left(concern: Concern) -> int:
    if concern.kind == ConcernKind.OVERPAID:
        return sum(amount for _, amount in outstanding(concern))
    return still_owed(concern) if concern.kind == ConcernKind.DECEASED else 0


def next_step(concern: Concern) -> str:
    """What finance has to do next; the concern carries its state from `with_state`."""
    if concern.status == ConcernStatus.CLOSED:
        return ""
    if concern.is_asked:  # type: ignore[attr-defined]  # annotated
        return "A second person has to answer"
    return _NEXT[ConcernKind(concern.kind)](concern)


def _next_not_arrived(concern: Concern) -> str:
    if concern.payment is None:
        return "Find out which payment is meant"
    if concern.payment.method in BY_HAND:
        return "Find out what became of it, and write it down beside its hand-over"
    if concern.payment.method == Method.PAYROLL:
        return "Ask payroll, and note what they say"
    if concern.payment.status == PaymentStatus.RETURNED:
        return "It may have been paid twice: ask the bank"
    return "Ask the bank, and note what they say"


def _next_deceased(concern: Concern) -> str:
    if not concern.has_estate:  # type: ignore[attr-defined]  # annotated
        return "Enter the account of the estate, once somebody looks after it"
    if not concern.is_verified:  # type: ignore[attr-defined]  # annotated
        return "Another person has to verify the account of the estate"
    return "A payment run pays the estate; then close this"


_NEXT = {
    ConcernKind.NOT_ARRIVED: _next_not_arrived,
    ConcernKind.OVERPAID: lambda _: "Wait for the money to come back; it may come in parts",
    ConcernKind.DECEASED: _next_deceased,
}


def _age(concern: Concern) -> int:
    return (today() - london_day(concern.opened_at)).days


def _is_late(concern: Concern) -> bool:
    is_open = concern.status == ConcernStatus.OPEN
    return is_open and concern.answer_by is not None and concern.answer_by < today()


@dataclass(frozen=True)
class BesidePayment:
    """What stands beside a payment: its concerns, and what its reader may say about it."""

    concerns: Sequence[Concern]
    may_say: bool
    may_work: bool
    is_paid: bool


def beside_payment(person: Person, payment: Payment) -> BesidePayment:
    """Concerns about one payment, as its reader may see them."""
    concerns = list(concerns_visible_to(person).filter(payment=payment).order_by("-pk"))
    missed = any(
        each.kind == ConcernKind.NOT_ARRIVED and each.status == ConcernStatus.OPEN for each in concerns
    )
    may_say = permissions.may_say_not_arrived(person, payment) or permissions.not_missed_yet(payment)
    ours = organisations_with(person, FINANCE).filter(pk=payment.organisation_id)
    return BesidePayment(
        concerns=concerns,
        may_say=may_say is None and not missed,
        may_work=payment.person_id != person.pk and ours.exists(),
        is_paid=payment.status == PaymentStatus.PAID,
    )


def payment_missed_by(person: Person, payment_id: int) -> Payment:
    """A payment this person may say something about: theirs or their office's. Raises NotVisible."""
    mine = Q(person=person) & Q(status__in=[PaymentStatus.SENT, PaymentStatus.PAID, PaymentStatus.RETURNED])
    ours = Q(pk__in=payments_read(person).values("pk"))
    rows = Payment.objects.filter(mine | ours).select_related("organisation", "run", "person")
    found = rows.filter(pk=payment_id).first()
    if found is None:
        raise NotVisible("There is no such payment.")
    return found


def person_known_to(actor: Person, number: str) -> Person:
    """Somebody whom finance or an administrator may record as having died. Raises NotVisible."""
    found = Person.objects.filter(number=number).exclude(pk=actor.pk).first()
    if found is None or not permissions.concerned_organisations(found, actor):
        raise NotVisible("There is no such person.")
    return found


def payments_to_choose(concern: Concern) -> list[tuple[str, str]]:
    """Payments that a helper may have meant, newest first."""
    rows = Payment.objects.filter(
        person=concern.person_id,
        organisation=concern.organisation_id,
        status__in=[PaymentStatus.SENT, PaymentStatus.PAID],
    ).select_related("run")
    return [
        (
            str(each.pk),
            f"{each.reference}, {money_text(each.amount, each.run.currency)}, {_long(each.run.pay_on)}",
        )
        for each in rows.order_by("-pk")[:MOST_CHOICES]
    ]


def lines_to_choose(concern: Concern, most: int) -> list[tuple[str, str]]:
    """Lines of the bank that could be a repayment of at most so much."""
    lines: list[StatementLine] = []
    for account in concern.organisation.bank_accounts.order_by("pk"):
        lines += unmatched_lines(account, today()).filter(amount__gt=0, amount__lte=most)[:MOST_CHOICES]
    currency = concern.organisation.currency
    return [
        (str(line.pk), f"{_long(line.date)}, {money_text(line.amount, currency)}: {line.description}")
        for line in lines[:MOST_CHOICES]
    ]


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
