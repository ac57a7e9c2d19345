"""What waits for a lead or a budget holder: the claim promised first on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from claims.models import Claim, LineShare
from claims.queries.scope import DECIDERS, claims_to_decide_on
from claims.workflow import ClaimStatus, LineStatus
from common.dates import london_day, today
from people.models import Person, Project
from people.permissions import projects_with

ROWS = 50


@dataclass(frozen=True)
class Place:
    """Where a page of the queue begins: after the claim with this promise and key."""

    promised_by: date
    pk: int

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """A place as it stands in an address, as in 2026-11-20.41; None for anything else."""
        day, _, key = text.partition(".")
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            return None
        try:
            return cls(date.fromisoformat(day), int(key))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.promised_by.isoformat()}.{self.pk}"


@dataclass(frozen=True)
class QueueRow:
    """One claim that waits: no amount, since a total would tell of the money for time."""

    reference: str
    contributor: str
    project: str
    sent_on: date
    age_days: int
    promised_by: date
    to_decide: int
    asked: int

    @property
    def is_late(self) -> bool:
        return self.promised_by < today()

    @property
    def waits_for_answer(self) -> bool:
        """Nothing can be decided until the contributor answers."""
        return not self.to_decide


@dataclass(frozen=True)
class Queue:
    """One page of what waits. `following` is where the next page begins, None on the last."""

    rows: Sequence[QueueRow]
    count: int
    late: int
    projects: Sequence[Project]
    project: Project | None
    following: Place | None
    is_first: bool


def queue(person: Person, *, project_id: int | None = None, after: Place | None = None) -> Queue:
    """One page of the claims that wait for this person; never their own, nor what they typed in."""
    projects = list(projects_with(person, DECIDERS).order_by("name"))
    project = next((each for each in projects if each.pk == project_id), None)
    waiting = _waiting(person, project)
    counts = waiting.aggregate(count=Count("pk"), late=Count("pk", filter=Q(promised_by__lt=today())))
    ordered = _page(waiting, after)
    found = list(ordered[: ROWS + 1])
    shown = found[:ROWS]
    last = shown[-1] if len(found) > ROWS else None
    return Queue(
        rows=[_row(claim) for claim in shown],
        count=counts["count"],
        late=counts["late"],
        projects=projects,
        project=project,
        following=Place(_promise(last), last.pk) if last else None,
        is_first=after is None,
    )


def _waiting(person: Person, project: Project | None) -> QuerySet[Claim]:
    waiting = claims_to_decide_on(person).filter(status=ClaimStatus.SUBMITTED)
    waiting = waiting.exclude(contributor=person).exclude(entered_by=person)
    if project is None:
        return waiting
    carried = LineShare.objects.filter(line__claim=OuterRef("pk"), project=project)
    return waiting.filter(Q(project=project) | Q(Exists(carried)))


def _page(waiting: QuerySet[Claim], after: Place | None) -> QuerySet[Claim]:
    if after is not None:
        later = Q(promised_by__gt=after.promised_by)
        waiting = waiting.filter(later | Q(promised_by=after.promised_by, pk__gt=after.pk))
    counted = waiting.annotate(
        to_decide=Count("lines", filter=Q(lines__status=LineStatus.OPEN)),
        asked=Count("lines", filter=Q(lines__status=LineStatus.QUERIED)),
    )
    return counted.select_related("contributor", "project").order_by("promised_by", "pk")


def _promise(claim: Claim) -> date:
    """A claim that waits was sent, so it has a promise; but for the type, today."""
    return claim.promised_by or today()


def _row(claim: Claim) -> QueueRow:
    sent_on = london_day(claim.submitted_at) if claim.submitted_at else today()
    return QueueRow(
        reference=claim.reference,
        contributor=claim.contributor.name,
        project=claim.project.name,
        sent_on=sent_on,
        age_days=(today() - sent_on).days,
        promised_by=_promise(claim),
        to_decide=claim.to_decide,  # type: ignore[attr-defined]  # counted above
        asked=claim.asked,  # type: ignore[attr-defined]  # counted above
    )
