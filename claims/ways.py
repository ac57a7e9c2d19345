"""Which way of paying counts: what somebody said for the activity, or what they usually say."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from claims.models import GIVEN_AWAY, ClaimLine, CountsAs, Instruction, Way, WayOffered
from common.dates import LONDON
from common.encryption import KeyRing
from people.models import Organisation

KEYS = 10_000  # in one statement; SQLite takes at most 32,766


def way_at(said: Iterable[Instruction], activity_id: int | None, start: datetime) -> Instruction | None:
    """The instruction that counts among those of one person, organisation and kind; none: bank transfer.

    What was said for the activity counts before what is usual. Giving money away counts only when it was
    said before `start`: money already earned is never given away (it could be seen as income given up).
    """
    newest = sorted(said, key=lambda each: each.said_at, reverse=True)
    counting = [each for each in newest if each.way not in GIVEN_AWAY or each.said_at < start]
    own = [each for each in counting if activity_id is not None and each.activity_id == activity_id]
    usual = [each for each in counting if each.activity_id is None]
    return next(iter([*own, *usual]), None)


class Instructions:
    """What people have told organisations about how they are paid, and which of it counts."""

    def __init__(self, rows: Iterable[Instruction]) -> None:
        self._said: dict[tuple[int, int, str], list[Instruction]] = defaultdict(list)
        for each in rows:
            self._said[each.person_id, each.organisation_id, each.counts_as].append(each)

    def said(self, person_id: int, organisation_id: int, kind: str) -> Sequence[Instruction]:
        """All that this person ever told this organisation about money of this kind."""
        return self._said.get((person_id, organisation_id, kind), ())

    def counting(
        self, person_id: int, organisation_id: int, kind: str, activity_id: int | None, start: datetime
    ) -> Instruction | None:
        """As `way_at`, for one of these people and organisations."""
        return way_at(self.said(person_id, organisation_id, kind), activity_id, start)


def instructions_of(organisation: Organisation, people: Sequence[int]) -> Instructions:
    """What these people have told an organisation. A query per ten thousand."""
    rows = Instruction.objects.filter(organisation=organisation)
    parts = (people[first : first + KEYS] for first in range(0, len(people), KEYS))
    return Instructions(each for part in parts for each in rows.filter(person__in=part))


def start_of(starts_at: datetime | None, day: date) -> datetime:
    """When something starts that money is for: with its activity; without one, with its day in London."""
    return starts_at or datetime.combine(day, time.min, LONDON)


def paid_by_bank(lines: QuerySet[ClaimLine]) -> QuerySet[ClaimLine]:
    """Those of the lines whose person said nothing but bank transfer. As `way_at`, in the database."""
    before = Q(said_at__lt=OuterRef("claim__activity__starts_at")) | Q(said_at__date__lt=OuterRef("date"))
    said = Instruction.objects.filter(
        Q(activity=OuterRef("claim__activity")) | Q(activity__isnull=True),
        ~Q(way__in=GIVEN_AWAY) | before,
        person=OuterRef("claim__contributor"),
        organisation=OuterRef("claim__organisation"),
        counts_as=OuterRef("counts_as"),
    )
    counting = said.order_by(F("activity").asc(nulls_last=True), "-said_at").values("way")[:1]
    asked = lines.annotate(way=Subquery(counting))
    return asked.filter(Q(way__isnull=True) | Q(way=Way.BANK))


def offered(organisation: Organisation, kind: CountsAs) -> QuerySet[WayOffered]:
    """What this organisation can do beside bank transfer, for money of this kind."""
    switched = {"for_time": True} if kind == CountsAs.FEE else {"for_costs": True}
    return organisation.ways.filter(**switched)


def ways_of(organisation: Organisation, kind: CountsAs, amount: int | None = None) -> list[Way]:
    """The ways that somebody can choose here, bank transfer always first, in the order of all.

    `amount` (minor units) rules out ways whose limit is below it.
    """
    return [Way.BANK, *(Way(each.way) for each in in_order(offered(organisation, kind), amount))]


def in_order(ways: Iterable[WayOffered], amount: int | None = None) -> list[WayOffered]:
    """These ways in the order of all; `amount` (minor units) leaves out those whose limit is below it."""
    known = {each.way: each for each in ways}
    found = [known[way] for way in Way if way in known]
    return [each for each in found if amount is None or each.most is None or amount <= each.most]


def seal_name(name: str, person_id: int) -> bytes:
    """Seal the charity or group that somebody named, bound to them."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    return ring.seal(name.encode(), _context(person_id))


def named_by(instruction: Instruction) -> str:
    """The charity or group that somebody named; empty when the money comes to them. Raises CannotOpen."""
    if instruction.named is None:
        return ""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    return ring.open(bytes(instruction.named), _context(instruction.person_id)).decode()


def _context(person_id: int) -> str:
    return f"instruction:{person_id}:named"
