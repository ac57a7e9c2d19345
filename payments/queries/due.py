"""What is due to whom, and what a run says of the people whom it pays or leaves out."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Sum

from claims.models import ClaimLine, CountsAs, Instruction
from claims.workflow import PAYABLE
from payments.models import BankDetails, PaymentItem, PayrollMark
from people.deaths import the_dead
from people.models import Organisation, Person


@dataclass(frozen=True)
class DueRow:
    """What one contributor is owed and no run pays yet, of one kind. Minor units."""

    person_id: int
    name: str
    counts_as: str
    amount: int
    lines: int
    promised_by: date | None


@dataclass(frozen=True)
class DueLine:
    """A decided line that no run pays yet. Minor units."""

    line_id: int
    person_id: int
    counts_as: str
    category: str
    amount: int
    activity_id: int | None
    started_at: datetime  # of its activity; without one, the beginning of its day


@dataclass(frozen=True)
class Payee:
    """One payment that a run would make: one person, one kind. Minor units.

    Details only where the bank pays; `instruction` only where it named who is paid instead.
    """

    person: Person
    counts_as: CountsAs
    details: BankDetails | None = field(repr=False)
    shares_account: bool
    lines: tuple[DueLine, ...]
    instruction: Instruction | None = field(default=None, repr=False)

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True)
class LeftOut:
    """Somebody to whom money is due that a run cannot pay now. Minor units."""

    person: Person
    amount: int
    reason: str


@dataclass(frozen=True)
class PreparedRun:
    """What a run would pay if it were prepared now, and whom it would leave out."""

    payees: tuple[Payee, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def count(self) -> int:
        return len(self.payees)

    @property
    def total(self) -> int:
        """Minor units."""
        return sum(payee.amount for payee in self.payees)


def due_lines(organisation: Organisation) -> QuerySet[ClaimLine]:
    """Decided lines that allow something and are in no live payment, in the order they are locked."""
    live = PaymentItem.objects.filter(line=OuterRef("pk"), live=True)
    return ClaimLine.objects.filter(
        ~Exists(live), claim__organisation=organisation, status__in=sorted(PAYABLE), allowed__gt=0
    ).order_by("claim_id", "pk")


def payroll_lines(organisation: Organisation) -> QuerySet[ClaimLine]:
    """Those of the due lines that a payroll run pays: time of people who are paid through payroll."""
    marked = marks_in_force(organisation).values("person")
    return due_lines(organisation).filter(counts_as=CountsAs.FEE, claim__contributor__in=marked)


def marks_in_force(organisation: Organisation) -> QuerySet[PayrollMark]:
    """Whose time this organisation pays through payroll now; what it owes the dead goes to their estate."""
    marks = PayrollMark.objects.filter(organisation=organisation, until__isnull=True)
    return marks.exclude(person__in=the_dead())


def due(organisation: Organisation) -> list[DueRow]:
    """What is due, by contributor and kind; the longest promised first. One query."""
    rows = (
        due_lines(organisation)
        .order_by()
        .values("claim__contributor_id", "claim__contributor__name", "counts_as")
        .annotate(amount=Sum("allowed"), lines=Count("pk"), promised_by=Min("claim__promised_by"))
    )
    found = [
        DueRow(
            person_id=row["claim__contributor_id"],
            name=row["claim__contributor__name"],
            counts_as=row["counts_as"],
            amount=row["amount"],
            lines=row["lines"],
            promised_by=row["promised_by"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (row.promised_by or date.max, row.person_id, row.counts_as))
