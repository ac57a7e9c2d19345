"""What finance and the auditor read about payroll, each for the organisations whose money they keep."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum

from claims.models import Claim, ClaimLine
from ledger.models import AccountKind, AccountMonth
from payments.models import Payment, PaymentRun, PayrollConfirmation, PayrollMark
from payments.queries import payroll_lines, runs_visible_to
from payments.queries.runs import READERS
from payments.workflow import Method, PaymentStatus, RunStatus
from people.models import FINANCE, Organisation, Person, Role, RoleKind
from people.permissions import organisations_with

UNSENT = [RunStatus.PREPARED, RunStatus.AUTHORISED]


@dataclass(frozen=True)
class Office:
    """What one organisation has to do with payroll now. Minor units.

    `taken` is what payroll has paid and the bank's statement has not shown it take back yet.
    """

    organisation: Organisation
    people: int
    due: int
    taken: int
    may_prepare: bool
    may_mark: bool


@dataclass(frozen=True)
class Due:
    """What a payroll run prepared by this person would pay. Minor units."""

    people: int
    total: int
    own: int
    rows: QuerySet[Person]


def offices(person: Person) -> list[Office]:
    """The organisations that this person reads for; two queries for each, nearly always one."""
    preparing = set(organisations_with(person, [RoleKind.PREPARER]))
    keeping = set(organisations_with(person, FINANCE))
    return [
        _office(each, may_prepare=each in preparing, may_mark=each in keeping)
        for each in organisations_with(person, READERS).order_by("name")
    ]


def _office(organisation: Organisation, *, may_prepare: bool, may_mark: bool) -> Office:
    due = payroll_lines(organisation).aggregate(
        people=Count("claim__contributor", distinct=True), total=Sum("allowed")
    )
    months = AccountMonth.objects.filter(
        account__organisation=organisation, account__kind=AccountKind.PAYROLL
    )
    taken = months.aggregate(sum=Sum(F("credits") - F("debits")))["sum"]
    return Office(
        organisation=organisation,
        people=due["people"],
        due=due["total"] or 0,
        taken=taken or 0,
        may_prepare=may_prepare,
        may_mark=may_mark,
    )


def marks_read(person: Person) -> QuerySet[PayrollMark]:
    """Marks that stand, in the organisations this person reads for."""
    theirs = PayrollMark.objects.filter(
        organisation__in=organisations_with(person, READERS), until__isnull=True
    )
    return theirs.select_related("person", "organisation", "marked_by")


def marks_kept(person: Person) -> QuerySet[PayrollMark]:
    """Marks that this person may end, and those that were ended, to say by whom."""
    kept = PayrollMark.objects.filter(organisation__in=organisations_with(person, FINANCE))
    return kept.select_related("person", "organisation", "marked_by")


def runs_kept(person: Person) -> QuerySet[PaymentRun]:
    """Payroll runs that were sent, of organisations whose money this person keeps."""
    sent = runs_visible_to(person).filter(method=Method.PAYROLL, status=RunStatus.SENT)
    return sent.filter(organisation__in=organisations_with(person, FINANCE))


def runs_read(person: Person) -> QuerySet[PaymentRun]:
    """Payroll runs, each with the word of payroll that stands on it, if any."""
    standing = PayrollConfirmation.objects.filter(undone_at__isnull=True).select_related("confirmed_by")
    runs = runs_visible_to(person).filter(method=Method.PAYROLL)
    return runs.prefetch_related(Prefetch("confirmations", queryset=standing, to_attr="standing"))


def confirmations_kept(person: Person) -> QuerySet[PayrollConfirmation]:
    """What payroll said of runs of organisations whose money this person keeps."""
    kept = PayrollConfirmation.objects.filter(
        run__organisation__in=organisations_with(person, FINANCE), run__method=Method.PAYROLL
    )
    return kept.select_related("run", "run__organisation", "confirmed_by", "undone_by")


def contributors_of(organisation: Organisation) -> QuerySet[Person]:
    """Who claims from an organisation, or is there to do so."""
    there = Role.objects.filter(organisation=organisation, person=OuterRef("pk"), kind=RoleKind.CONTRIBUTOR)
    claimed = Claim.objects.filter(organisation=organisation, contributor=OuterRef("pk"))
    return Person.objects.filter(Q(Exists(there)) | Q(Exists(claimed)))


def unsent(organisation: Organisation, person: Person, method: Method) -> QuerySet[Payment]:
    """This person's money for time that stands in a run of this kind which is not sent yet."""
    payments = Payment.objects.filter(organisation=organisation, person=person, counts_as="fee")
    waiting = payments.filter(run__method=method, run__status__in=UNSENT)
    return waiting.exclude(status=PaymentStatus.TAKEN_OUT).select_related("run")


def due_through_payroll(organisation: Organisation, preparer: Person) -> Due:
    """What is due through payroll, by person; what is due to the preparer stands apart."""
    lines = payroll_lines(organisation)
    counts = lines.exclude(claim__contributor=preparer).aggregate(
        people=Count("claim__contributor", distinct=True), total=Sum("allowed")
    )
    own = lines.filter(claim__contributor=preparer).aggregate(total=Sum("allowed"))["total"]
    mine: QuerySet[ClaimLine] = lines.filter(claim__contributor=OuterRef("pk")).order_by()
    sums = mine.values("claim__contributor").annotate(sum=Sum("allowed")).values("sum")
    rows = Person.objects.filter(pk__in=lines.order_by().values("claim__contributor"))
    return Due(
        people=counts["people"],
        total=counts["total"] or 0,
        own=own or 0,
        rows=rows.exclude(pk=preparer.pk).annotate(due=sums),
    )
