"""What waits for somebody: one section for each part they hold, each with a fixed number of queries."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q

from audit.models import Event
from audit.queries import events_in
from claims import queries
from claims.models import Claim
from claims.queries.scope import DECIDERS, claims_to_decide_on
from claims.workflow import ClaimStatus
from common.dates import london_day, today
from guidance.models import Text
from guidance.queries import figures_without_this_year, overdue_texts
from payments.models import Payment, PaymentRun, Remittance
from payments.pages import own_payments, remittances_sent
from payments.queries import runs_visible_to
from people.deaths import the_dead
from people.models import FINANCE, Organisation, Person, Project, Role, RoleKind, User
from people.permissions import MESSENGERS, contributors_linked_to, in_force
from people.queries import people_to_ring, post_of
from people.standing import Standing
from reports.claim_pages import OwnRow, WorkRow
from reports.claim_state import states_of
from reports.desk import Desk, desk_of
from reports.next_thing import Next, next_thing

HELPED = 50  # people whom one person helps
FEW = 5
QUEUE = 10


@dataclass(frozen=True)
class OwnHome:
    """A contributor's own claims and money, and before them the one thing to do next."""

    next: Next
    claims: list[OwnRow]
    payments: list[Payment]
    remittances: list[Remittance]


@dataclass(frozen=True)
class WaitingRow:
    """A claim that waits for a lead's decision: no amount, since a total would tell of the fee."""

    reference: str
    contributor: str
    project: str
    age_days: int | None
    promised_by: date | None
    is_late: bool


@dataclass(frozen=True)
class LeadHome:
    """Claims that wait for a decision, the one promised first on top, and the projects to look at."""

    waiting: list[WaitingRow]
    waiting_count: int
    late_count: int
    projects: list[Project]


@dataclass(frozen=True)
class AdministratorHome:
    """How many people, logins and projects one organisation has, and the guidance to read again.

    No claims and no money.
    """

    organisation: Organisation
    people: int
    logins: int
    projects: int
    overdue: list[Text]
    without_this_year: list[str]


@dataclass(frozen=True)
class ToTell:
    """How many letters wait to be printed, and how many people to be rung."""

    letters: int
    calls: int


@dataclass(frozen=True)
class Recent:
    """One thing that happened, for the auditor's list."""

    event: Event
    who: str


@dataclass(frozen=True)
class Home:
    """The start page of one person."""

    person: Person
    own: OwnHome | None = None
    linked: list[WorkRow] | None = None
    helped: list[Person] = field(default_factory=list)
    lead: LeadHome | None = None
    finance: list[Desk] = field(default_factory=list)
    runs: list[PaymentRun] = field(default_factory=list)
    recent: list[Recent] | None = None
    administrator: list[AdministratorHome] = field(default_factory=list)
    to_tell: ToTell | None = None

    @property
    def is_empty(self) -> bool:
        parts = (self.own, self.lead, self.recent, self.linked)
        return all(part is None for part in parts) and not (self.finance or self.administrator)


def home_of(standing: Standing) -> Home:
    """Everything that waits for this person, by part."""
    kinds = standing.kinds
    return Home(
        person=standing.person,
        own=_own(standing) if RoleKind.CONTRIBUTOR in kinds else None,
        linked=_linked(standing) if RoleKind.LINK in kinds else None,
        helped=_helped(standing) if RoleKind.LINK in kinds else [],
        lead=_lead(standing) if kinds & DECIDERS else None,
        finance=_finance(standing),
        runs=_runs(standing) if standing.is_finance else [],
        recent=_recent(standing) if RoleKind.AUDITOR in kinds else None,
        administrator=_administrator(standing),
        to_tell=_to_tell(standing.person) if standing.has(*MESSENGERS) else None,
    )


def _own(standing: Standing) -> OwnHome:
    claims = queries.own_rows(standing.person).rows[:FEW]
    states = states_of(claims)
    payments = own_payments(standing.person).order_by("-pk")[:FEW]
    mine = remittances_sent(standing.person).filter(person=standing.person)
    return OwnHome(
        next=next_thing(standing.person),
        claims=[OwnRow(claim, states[claim.pk]) for claim in claims],
        payments=list(payments),
        remittances=list(mine.order_by("-pk")[:FEW]),
    )


def _linked(standing: Standing) -> list[WorkRow]:
    return [WorkRow.of(row) for row in queries.helper_rows(standing.person).rows[:FEW]]


def _helped(standing: Standing) -> list[Person]:
    """Whose money they may say has not arrived."""
    helped = contributors_linked_to(standing.person).exclude(pk__in=the_dead())
    return list(helped.order_by("name", "pk")[:HELPED])


def _lead(standing: Standing) -> LeadHome:
    person = standing.person
    waiting = claims_to_decide_on(person).filter(status=ClaimStatus.SUBMITTED)
    waiting = waiting.exclude(contributor=person).exclude(entered_by=person)
    counts = waiting.aggregate(all=Count("pk"), late=Count("pk", filter=Q(promised_by__lt=today())))
    first = waiting.select_related("contributor", "project").order_by("promised_by", "pk")[:QUEUE]
    projects = Project.objects.filter(pk__in=standing.projects(DECIDERS)).order_by("name")
    return LeadHome(
        waiting=[_waiting_row(claim) for claim in first],
        waiting_count=counts["all"],
        late_count=counts["late"],
        projects=list(projects),
    )


def _waiting_row(claim: Claim) -> WaitingRow:
    return WaitingRow(
        reference=claim.reference,
        contributor=claim.contributor.name,
        project=claim.project.name,
        age_days=(today() - london_day(claim.submitted_at)).days if claim.submitted_at else None,
        promised_by=claim.promised_by,
        is_late=claim.promised_by is not None and claim.promised_by < today(),
    )


def _finance(standing: Standing) -> list[Desk]:
    """A desk for each organisation somebody keeps the books of; nearly always one organisation."""
    organisations = Organisation.objects.filter(pk__in=standing.organisations(FINANCE)).order_by("name", "pk")
    return [desk_of(each, standing.person, _parts(standing, each)) for each in organisations]


def _parts(standing: Standing, organisation: Organisation) -> frozenset[str]:
    return frozenset(part.kind for part in standing.held if part.organisation_id == organisation.pk)


def _runs(standing: Standing) -> list[PaymentRun]:
    return list(runs_visible_to(standing.person).order_by("-pk")[:FEW])


def _recent(standing: Standing) -> list[Recent]:
    events = list(events_in(standing.organisations([RoleKind.AUDITOR])).order_by("-pk")[:QUEUE])
    actors = {event.actor_id for event in events if event.actor_id is not None}
    names = dict(Person.objects.filter(pk__in=actors).values_list("pk", "name"))
    return [Recent(event, names.get(event.actor_id or 0, "The system")) for event in events]


def _to_tell(person: Person) -> ToTell:
    return ToTell(
        letters=sum(post.count for post in post_of(person)),
        calls=people_to_ring(person).count(),
    )


def _administrator(standing: Standing) -> list[AdministratorHome]:
    organisations = Organisation.objects.filter(pk__in=standing.organisations([RoleKind.ADMINISTRATOR]))
    return [_counts(organisation) for organisation in organisations]


def _counts(organisation: Organisation) -> AdministratorHome:
    people = Role.objects.filter(in_force(today()), organisation=organisation).values("person_id")
    return AdministratorHome(
        organisation=organisation,
        people=people.distinct().count(),
        logins=User.objects.filter(person_id__in=people, is_active=True).count(),
        projects=organisation.projects.count(),
        overdue=overdue_texts(organisation),
        without_this_year=figures_without_this_year(organisation),
    )
