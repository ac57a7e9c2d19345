"""Whose history can be read: a closed list of records, each with its events and what may be told."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from audit.actions import Action
from audit.models import Event
from audit.queries import events_of
from ledger.models import Budget
from payments.models import BankDetails, Remittance
from payments.pages import own_payments, payments_read
from payments.queries import runs_visible_to
from people.models import Link, Person, Role, RoleKind, User
from people.standing import Standing
from reports.claim_pages import Audience, find
from reports.project_pages import projects_read

# Which words of an event each reader is told. What is not named here stays closed.
_DECIDED = frozenset({"line", "outcome", "reason"})
_CLAIM_WORDS = {
    Audience.OWN: _DECIDED,
    Audience.LEAD: _DECIDED,
    Audience.HELPER: _DECIDED,
    Audience.FINANCE: frozenset({"outcome", "reason"}),  # a missing number would tell of a fee of nothing
}
_OWN = _DECIDED | {"number", "last_digits", "kind"}
_LEAD = _DECIDED | {"planned", "version_agreed"}
_BOOKS = _OWN | {"planned", "version_agreed", "run", "total", "count", "amount", "note"}


@dataclass(frozen=True)
class Subject:
    """A record whose history is read: its events, and the words of them its reader may know.

    `lines` are the positions of the claim lines the reader may know of; None when all.
    """

    title: str
    back: tuple[str, str]
    events: QuerySet[Event]
    words: frozenset[str]
    currency: str = "GBP"
    lines: frozenset[int] | None = None


def subject_of(standing: Standing, subject: str, key: str) -> Subject | None:
    """The record, if this person may read its history; None when it is not there for them."""
    return _FINDERS[subject](standing, key)


def _claim(standing: Standing, key: str) -> Subject | None:
    found = find(standing, key)
    if found is None:
        return None
    claim, audience = found
    in_books = audience is Audience.FINANCE
    lines = claim.lines.filter(allowed__gt=0).values_list("position", flat=True) if in_books else None
    return Subject(
        title=f"History of claim {claim.reference}",
        back=(f"Claim {claim.reference}", f"/claims/{claim.reference}/"),
        events=events_of({"claims.claim": [claim.pk]}),
        words=_CLAIM_WORDS[audience],
        lines=None if lines is None else frozenset(lines),
    )


def _payment(standing: Standing, key: str) -> Subject | None:
    mine = own_payments(standing.person) | payments_read(standing.person)
    payment = mine.filter(pk=int(key)).first() if key.isdigit() else None
    if payment is None:
        return None
    remittances = Remittance.objects.filter(run=payment.run, person=payment.person)
    return Subject(
        title=f"History of payment {payment.reference}",
        back=(f"Payment {payment.reference}", f"/payments/{payment.pk}/"),
        events=events_of(
            {
                "payments.payment": [payment.pk],
                "payments.remittance": remittances.values_list("pk", flat=True),
                "payments.handover": payment.hand_overs.values_list("pk", flat=True),
            }
        ),
        words=_OWN if payment.person_id == standing.person.pk else _BOOKS,
        currency=payment.run.currency,
    )


def _run(standing: Standing, key: str) -> Subject | None:
    run = runs_visible_to(standing.person).filter(pk=int(key)).first() if key.isdigit() else None
    if run is None:
        return None
    return Subject(
        title=f"History of payment run {run.number}",
        back=(f"Payment run {run.number}", f"/payments/runs/{run.pk}/"),
        events=events_of({"payments.paymentrun": [run.pk]}),
        words=_BOOKS,
        currency=run.currency,
    )


def _project(standing: Standing, key: str) -> Subject | None:
    project = projects_read(standing).filter(pk=int(key)).first() if key.isdigit() else None
    if project is None:
        return None
    budgets = Budget.objects.filter(project=project).values_list("pk", flat=True)
    return Subject(
        title=f"History of {project.name}",
        back=(project.name, f"/projects/{project.pk}/"),
        events=events_of({"people.project": [project.pk], "ledger.budget": budgets}),
        words=_LEAD,
        currency=project.organisation.currency,
    )


def _person(standing: Standing, key: str) -> Subject | None:
    """Who set up somebody's login, roles and bank details, and who looked at them.

    The person themselves reads all of it; an auditor too; an administrator without the bank details.
    """
    person = Person.objects.filter(_readable_person(standing), number=key).first()
    if person is None:
        return None
    own = person == standing.person
    subjects = {
        "people.person": [person.pk],
        "people.user": User.objects.filter(person=person).values_list("pk", flat=True),
        "people.role": Role.objects.filter(person=person).values_list("pk", flat=True),
        "people.link": Link.objects.filter(contributor=person).values_list("pk", flat=True),
    }
    if own or standing.has(RoleKind.AUDITOR):
        details = BankDetails.objects.filter(person=person).values_list("pk", flat=True)
        subjects["payments.bankdetails"] = details
        subjects["payments.payrollmark"] = person.payroll_marks.values_list("pk", flat=True)
    events = events_of(subjects)
    if not own:
        theirs = standing.organisations([RoleKind.AUDITOR, RoleKind.ADMINISTRATOR])
        events = events.filter(Q(organisation_id__in=theirs) | Q(organisation_id__isnull=True))
        # Theirs alone: not even that there was one.
        events = events.exclude(action__in=[Action.LETTER_MADE, Action.WAY_CHOSEN])
    return Subject(
        title="History of your record" if own else f"History of {person.number}",
        back=("Start", "/"),
        events=events,
        words=_OWN,
    )


def _readable_person(standing: Standing) -> Q:
    watched = standing.organisations([RoleKind.AUDITOR, RoleKind.ADMINISTRATOR])
    there = Role.objects.filter(organisation_id__in=watched).values("person_id")
    return Q(pk=standing.person.pk) | Q(pk__in=there)


_FINDERS: dict[str, Callable[[Standing, str], Subject | None]] = {
    "claim": _claim,
    "payment": _payment,
    "run": _run,
    "project": _project,
    "person": _person,
}
