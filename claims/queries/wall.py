"""Money for time as leads may see it: at what the policy gives, until no single answer can show."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from claims.models import CountsAs, Instruction, LineShare, UndoneShare, Way
from claims.ways import Instructions, start_of, way_at
from claims.workflow import PAYABLE
from common.dates import london_day, month_key, today
from people.models import Project

_Row = tuple[datetime, int, int, int, int]  # when, whose, policy value, what is owed, what is donated of it
_Net = dict[int, list[int]]  # person -> policy value, what is owed and what is donated of it, in minor units


def fees_as_leads_see_them(project: Project) -> int:
    """Spent on time in a project, in minor units; never below what the books hold.

    The current month stands at policy value. A month that is over counts as it was where enough people
    are in it; else it waits, at policy value, to be counted together with the next month's. A decision
    that was undone stays in its month and is taken off in the month of its undoing: a month counted
    already would else tell, by its change, what one person took.
    """
    total = 0
    waiting: _Net = defaultdict(lambda: [0, 0])
    months = _fee_months(project)
    for month in sorted(months):
        for person, (policy_value, real, _) in months[month].items():
            waiting[person][0] += policy_value
            waiting[person][1] += real
        in_it = sum(policy_value != 0 for policy_value, _ in waiting.values())
        if month < month_key(today()) and in_it >= project.organisation.small_group:
            total += sum(real for _, real in waiting.values())
            waiting.clear()
    return total + sum(policy_value for policy_value, _ in waiting.values())


def given_time(project: Project) -> dict[int, int]:
    """Money for time that people did not take, or donated, in minor units, by the month that may count it.

    What is donated costs the project as much as if it had been taken, and is in cost and budget; it counts
    here as well, because the person gave their time. What they had said by the decision is what counts, so a
    month that is counted never changes.

    That is a month that is over, when enough people gave something since the one counted before; else it
    waits for the next. What was undone is taken off in the month of its undoing.
    """
    counted: dict[int, int] = {}
    waiting: dict[int, int] = defaultdict(int)
    months = _fee_months(project)
    for month in sorted(month for month in months if month < month_key(today())):
        for person, (policy_value, real, donated) in months[month].items():
            waiting[person] += policy_value - real + donated
        given = sum(waiting.values())
        if given > 0 and sum(each != 0 for each in waiting.values()) >= project.organisation.small_group:
            counted[month] = given
            waiting.clear()
    return counted


def _fee_months(project: Project) -> dict[int, _Net]:
    """What was decided, less what was undone, by month and person."""
    months: dict[int, _Net] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    donations = _Donations(project)
    for moment, person, policy_value, real, donated in (
        *_decided(project, donations),
        *_undone(project, donations),
    ):
        net = months[month_key(london_day(moment))][person]
        net[0] += policy_value
        net[1] += real
        net[2] += donated
    return months


class _Donations:
    """Whether money for time was to go to a charity, as was said when it was decided. One query."""

    def __init__(self, project: Project) -> None:
        fees = Instruction.objects.filter(organisation=project.organisation_id, counts_as=CountsAs.FEE)
        donors = fees.filter(way=Way.DONATION).values("person")
        self._payer = project.organisation_id
        self._said = Instructions(fees.filter(person__in=donors).defer("named"))

    def of(self, person: int, activity: int | None, start: datetime, decided_at: datetime) -> bool:
        said = self._said.said(person, self._payer, CountsAs.FEE)
        counting = way_at([each for each in said if each.said_at <= decided_at], activity, start)
        return counting is not None and counting.way == Way.DONATION


def _decided(project: Project, donations: _Donations) -> Iterator[_Row]:
    lines = LineShare.objects.filter(project=project, line__counts_as=CountsAs.FEE, line__status__in=PAYABLE)
    rows = lines.values_list(
        "line__decided_at",
        "line__claim__contributor_id",
        "policy_amount",
        "amount",
        "line__claim__activity_id",
        "line__claim__activity__starts_at",
        "line__date",
    )
    for decided_at, person, policy_value, real, activity, starts_at, day in rows:
        if decided_at is not None:  # always so, but for the type
            donated = donations.of(person, activity, start_of(starts_at, day), decided_at)
            yield decided_at, person, policy_value, real, real if donated else 0


def _undone(project: Project, donations: _Donations) -> Iterator[_Row]:
    shares = UndoneShare.objects.filter(project=project, undoing__decision__line__counts_as=CountsAs.FEE)
    line = "undoing__decision__line__"
    rows = shares.values_list(
        "undoing__decision__decided_at",
        "undoing__undone_at",
        "undoing__contributor_id",
        "policy_amount",
        "amount",
        f"{line}claim__activity_id",
        f"{line}claim__activity__starts_at",
        f"{line}date",
    )
    for decided_at, undone_at, person, policy_value, real, activity, starts_at, day in rows:
        is_donated = donations.of(person, activity, start_of(starts_at, day), decided_at)
        donated = real if is_donated else 0
        yield decided_at, person, policy_value, real, donated
        yield undone_at, person, -policy_value, -real, -donated
