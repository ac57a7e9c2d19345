"""What waits on the finance desk about single people's money: worries, second persons, and payroll's word.

What is about its reader waits for somebody else. One query for each.
"""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, Min, OuterRef, Q

from common.dates import london_day, today
from payments.models import Concern, Payment, PaymentRun, PayrollConfirmation, Proposal
from payments.workflow import ConcernStatus, Method, PaymentStatus, RunStatus
from people.models import Organisation, Person
from reports.desk_work import Task, Work


def open_concerns(organisation: Organisation, person: Person) -> Iterator[Task]:
    """What is not right and still to be cleared up; without what waits for a second person's answer."""
    asked = Proposal.objects.filter(concern=OuterRef("pk"), agreed__isnull=True)
    mine = ~Q(person=person)
    rows = Concern.objects.filter(~Exists(asked), organisation=organisation, status=ConcernStatus.OPEN)
    found = rows.aggregate(
        count=Count("pk", filter=mine),
        late=Count("pk", filter=mine & Q(answer_by__lt=today())),
        since=Min("opened_at", filter=mine),
    )
    if found["count"]:
        note = f"{found['late']} promised an answer by now." if found["late"] else ""
        yield Task(
            Work.CONCERNS,
            "Problems to clear up",
            found["count"],
            london_day(found["since"]),
            is_mine=True,
            note=note,
            is_late=found["late"] > 0,
        )


def to_answer(organisation: Organisation, person: Person) -> Iterator[Task]:
    """What one person asked and a second has to agree to, as `may_answer` says it."""
    own = Q(asked_by=person) | Q(concern__person=person)
    found = Proposal.objects.filter(agreed__isnull=True, concern__organisation=organisation).aggregate(
        own=Count("pk", filter=own),
        own_since=Min("asked_at", filter=own),
        others=Count("pk", filter=~own),
        since=Min("asked_at", filter=~own),
    )
    title = "Wait for a second person to agree"
    if found["others"]:
        yield Task(Work.ANSWER, title, found["others"], london_day(found["since"]), is_mine=True)
    if found["own"]:
        note = "You asked, or it is about you: somebody else answers."
        since = london_day(found["own_since"])
        yield Task(Work.ANSWER, title, found["own"], since, is_mine=False, note=note)


def to_confirm(organisation: Organisation, person: Person) -> Iterator[Task]:
    """Runs sent to payroll whose day is over, and of which nobody has said that payroll paid them."""
    said = PayrollConfirmation.objects.filter(run=OuterRef("pk"), undone_at__isnull=True)
    own = Payment.objects.filter(~Q(status=PaymentStatus.TAKEN_OUT), run=OuterRef("pk"), person=person)
    rows = PaymentRun.objects.filter(
        ~Exists(said),
        organisation=organisation,
        method=Method.PAYROLL,
        status=RunStatus.SENT,
        pay_on__lte=today(),
    ).annotate(pays_them=Exists(own))
    for run in rows.order_by(F("pay_on").asc(), "pk"):
        note = "It pays you, so somebody else says that payroll has paid." if run.pays_them else ""
        yield Task(
            Work.PAYROLL,
            f"Has payroll paid run {run.number}?",
            run.count,
            run.pay_on,
            is_mine=not run.pays_them,
            amount=run.total,
            note=note,
            key=run.pk,
        )
