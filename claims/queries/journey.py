"""What is seen while a claim is made: all by its contributor, by a helper all but the money for time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from claims.models import Activity, Claim, ClaimLine, CountsAs, Offer
from claims.permissions import may_change_claim
from claims.price_words import basis
from claims.pricing.vocabulary import Receipt
from claims.pricing_rows import LOST
from claims.queries.scope import claims_visible_to
from claims.workflow import UNDECIDED, ClaimStatus, LineStatus
from common.dates import LONDON, london_day, now, today
from common.errors import NotVisible
from common.money import digits, money_text, to_minor
from people.models import Person, Project, RoleKind
from people.permissions import contributors_linked_to, is_linked, projects_with

FEW = 8
BY_POST = "POST-"


@dataclass(frozen=True)
class JourneyLine:
    """A line on the page that is checked before sending. `amount` is None where a helper may not know it."""

    pk: int
    position: int
    on: date
    kind: str
    mode: str
    quantity: Decimal | None
    unit: str
    spent: str
    funded_elsewhere: str
    hours_away: Decimal | None
    receipt: str
    needs_receipt: bool
    note: str
    is_time: bool
    is_open: bool
    question: str
    amount: int | None
    why: str

    @property
    def receipt_is_lost(self) -> bool:
        return self.receipt == LOST

    @property
    def receipt_comes_by_post(self) -> bool:
        return self.receipt.startswith(BY_POST)


@dataclass(frozen=True)
class JourneyClaim:
    """A claim that is being made, with totals in minor units. `time` is None for a helper."""

    lines: Sequence[JourneyLine]
    time: int | None
    costs: int
    has_time: bool
    money_by: date

    @property
    def total(self) -> int:
        return self.costs + (self.time or 0)


def claim_in_the_making(person: Person, reference: str) -> Claim:
    """A claim that this person may change. Raises NotVisible, as for one that never existed."""
    claims = claims_visible_to(person).select_related(
        "contributor", "entered_by", "project", "organisation", "policy", "activity"
    )
    claim = claims.filter(reference=reference).first()
    if claim is None or may_change_claim(person, claim):
        raise NotVisible("There is no such claim.")
    return claim


def journey_claim(person: Person, claim: Claim) -> JourneyClaim:
    """The lines that are asked for, with what each comes to as far as this person may know."""
    is_own = person.pk == claim.contributor_id
    asked = claim.lines.exclude(status=LineStatus.WITHDRAWN).select_related("rate")
    lines = [_line(line, claim, is_own=is_own) for line in asked.order_by("position")]
    sent = london_day(claim.submitted_at) if claim.submitted_at else today()
    return JourneyClaim(
        lines=lines,
        time=sum(line.amount or 0 for line in lines if line.is_time) if is_own else None,
        costs=sum(line.amount or 0 for line in lines if not line.is_time),
        has_time=any(line.is_time for line in lines),
        money_by=claim.promised_by or sent + timedelta(days=claim.organisation.days_to_pay),
    )


def needs_receipt(line: ClaimLine) -> bool:
    """Does the policy ask for a paper that shows this line?"""
    rate = line.rate
    if rate.receipt == Receipt.REQUIRED:
        return True
    if rate.required_over is None or line.spent is None:
        return False
    return bool(to_minor(line.spent) > rate.required_over * 10 ** digits(line.claim.currency))


def claimable_activities(contributor: Person) -> list[Activity]:
    """What this person was asked to and has not claimed for yet, the latest first; nothing still to come."""
    tomorrow = now().astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    theirs = Claim.objects.filter(activity=OuterRef("pk"), contributor=contributor)
    asked = Offer.objects.filter(activity=OuterRef("pk"), contributor=contributor)
    found = Activity.objects.filter(
        Exists(asked), starts_at__lt=tomorrow, project__in=claimable_projects(contributor)
    )
    unclaimed = found.exclude(Exists(theirs.exclude(status=ClaimStatus.WITHDRAWN)))
    return list(unclaimed.select_related("project").order_by("-starts_at", "-pk")[:FEW])


def claimable_projects(contributor: Person) -> QuerySet[Project]:
    """The projects that this person can claim in today."""
    return projects_with(contributor, [RoleKind.CONTRIBUTOR]).order_by("name")


def drafts_for(actor: Person, contributor: Person) -> list[Claim]:
    """Claims not sent yet that this person may go on with, the latest first."""
    drafts = Claim.objects.filter(contributor=contributor, status=ClaimStatus.DRAFT)
    found = drafts.select_related("project", "activity", "contributor").order_by("-pk")[: FEW * 2]
    return [claim for claim in found if may_change_claim(actor, claim) is None][:FEW]


def somebody_helped(actor: Person, number: str) -> Person:
    """A contributor whom this person helps, by number. Raises NotVisible."""
    found = Person.objects.filter(number=number).first()
    if found is None or not is_linked(actor, found):
        raise NotVisible("There is no such person.")
    return found


def people_helped(actor: Person) -> list[Person]:
    """The contributors whom this person helps and who can claim today, by name."""
    linked = contributors_linked_to(actor).order_by("name", "number")
    return [person for person in linked if claimable_projects(person).exists()]


def _line(line: ClaimLine, claim: Claim, *, is_own: bool) -> JourneyLine:
    is_time = line.counts_as == CountsAs.FEE
    hidden = is_time and not is_own
    line.claim = claim
    return JourneyLine(
        pk=line.pk,
        position=line.position,
        on=line.date,
        kind=line.kind,
        mode=line.mode,
        quantity=line.quantity,
        unit=line.unit,
        spent=money_text(to_minor(line.spent), line.spent.currency.code) if line.spent else "",
        funded_elsewhere=money_text(to_minor(line.funded_elsewhere), claim.currency)
        if line.funded_elsewhere
        else "",
        hours_away=line.hours_away,
        receipt=line.receipt,
        needs_receipt=needs_receipt(line),
        note=line.note,
        is_time=is_time,
        is_open=line.status in UNDECIDED,
        question=line.reason if line.status == LineStatus.QUERIED else "",
        amount=None if hidden else (line.estimate if line.allowed is None else line.allowed),
        why="" if hidden else line.estimate_reason or basis(line),
    )
