"""What needs doing today in a finance office, in order, with its age and its amount.

First what its reader can do, then what waits for somebody else. One query for each kind of work, whatever its
size. Amounts are minor units.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, Sum
from django.db.models.functions import Abs

from common.dates import last_day, london_day, month_key, month_name, today
from ledger.models import Reopening
from payments.banking_days import shifted
from payments.models import PaymentRun
from payments.queries import due_lines, waiting_details
from payments.queries.waiting import runs_under_way, waiting_lines
from payments.workflow import RunStatus
from people.models import Organisation, Person, Role, RoleKind
from people.permissions import COUNTING, in_force
from reports.desk_by_hand import came_back, learning_asked, to_give
from reports.desk_concerns import open_concerns, to_answer, to_confirm
from reports.desk_work import Task, Work

# A Bacs file takes three banking days: sent on the first, read on the second, in the account on the third.
PROMISE_DAYS = 3
APPROVER, PREPARER = RoleKind.APPROVER, RoleKind.PREPARER


@dataclass(frozen=True)
class Desk:
    """What waits in one organisation."""

    organisation: Organisation
    tasks: tuple[Task, ...]

    @property
    def mine(self) -> list[Task]:
        return [task for task in self.tasks if task.is_mine]

    @property
    def others(self) -> list[Task]:
        return [task for task in self.tasks if not task.is_mine]


def desk_of(organisation: Organisation, person: Person, kinds: Set[str]) -> Desk:
    """Everything that waits, as somebody with these parts in the organisation may deal with it."""
    asked = (
        _to_verify(organisation, person),
        _due(organisation, kinds),
        _runs(organisation, person, kinds),
        to_confirm(organisation, person),
        _lines(organisation, kinds),
        to_give(organisation, person),
        came_back(organisation),
        learning_asked(organisation, person),
        open_concerns(organisation, person),
        to_answer(organisation, person),
        _to_close(organisation, kinds),
        _to_reopen(organisation, person, kinds),
    )
    tasks = [task for found in asked for task in found]
    return Desk(organisation, tuple(sorted(tasks, key=lambda task: (not task.is_mine, task.work, task.key))))


def _to_verify(organisation: Organisation, person: Person) -> Iterator[Task]:
    """Nobody verifies their own account, nor one that they keyed in."""
    own = Q(person=person) | Q(entered_by=person)
    found = waiting_details(organisation).aggregate(
        all=Count("pk"),
        own=Count("pk", filter=own),
        since=Min("entered_at", filter=~own),
        own_since=Min("entered_at", filter=own),
    )
    title = "Bank details to verify"
    if count := found["all"] - found["own"]:
        yield Task(Work.VERIFY, title, count, london_day(found["since"]), is_mine=True)
    if found["own"]:
        note = "You keyed them in, or they are yours: somebody else verifies them."
        yield Task(Work.VERIFY, title, found["own"], london_day(found["own_since"]), is_mine=False, note=note)


def _due(organisation: Organisation, kinds: Set[str]) -> Iterator[Task]:
    """What is due, and the part of it whose promise cannot be kept by waiting."""
    near = Q(claim__promised_by__lte=shifted(today(), PROMISE_DAYS))
    found = (
        due_lines(organisation)
        .order_by()
        .aggregate(
            amount=Sum("allowed"),
            people=Count("claim__contributor", distinct=True),
            since=Min("decided_at"),
            promised=Min("claim__promised_by"),
            near=Count("pk", filter=near),
            near_amount=Sum("allowed", filter=near),
            near_people=Count("claim__contributor", distinct=True, filter=near),
        )
    )
    if not found["people"]:
        return
    since, promised = london_day(found["since"]), found["promised"]
    can = PREPARER in kinds
    note = f"First promised by {_long_day(promised)}." if promised else ""
    yield Task(
        Work.DUE, "People to pay", found["people"], since, is_mine=can, amount=found["amount"], note=note
    )
    if not found["near"]:
        return
    people = found["near_people"]
    is_late = promised < today()
    yield Task(
        Work.PROMISES,
        "Promises about to be broken",
        found["near"],
        since,
        is_mine=can,
        amount=found["near_amount"],
        note=f"To {people} {'person' if people == 1 else 'people'}; the first was promised by "
        f"{_long_day(promised)}.",
        is_late=is_late,
    )


def _runs(organisation: Organisation, person: Person, kinds: Set[str]) -> Iterator[Task]:
    for run in runs_under_way(organisation, person):
        yield _to_sign(run, kinds) if run.status == RunStatus.PREPARED else _to_send(run)


def _to_sign(run: PaymentRun, kinds: Set[str]) -> Task:
    barred: bool = run.pays_them or run.had_a_hand  # type: ignore[attr-defined]  # annotated
    can = APPROVER in kinds and not barred
    note = "" if can else "It waits for another person’s signature."
    since = london_day(run.prepared_at)
    title = f"Payment run {run.number} to sign"
    return Task(Work.SIGN, title, run.count, since, is_mine=can, amount=run.total, note=note, key=run.pk)


def _to_send(run: PaymentRun) -> Task:
    pays_them: bool = run.pays_them  # type: ignore[attr-defined]  # annotated
    note = (
        "It pays you, so somebody else sends it." if pays_them else f"To be paid on {_long_day(run.pay_on)}."
    )
    since = london_day(run.authorised_at) if run.authorised_at else None
    title = f"Payment run {run.number} to send to {run.goes_to}"
    is_late = run.pay_on < today()
    return Task(
        Work.SEND,
        title,
        run.count,
        since,
        is_mine=not pays_them,
        amount=run.total,
        note=note,
        is_late=is_late,
        key=run.pk,
    )


def _lines(organisation: Organisation, kinds: Set[str]) -> Iterator[Task]:
    found = waiting_lines(organisation).aggregate(
        count=Count("pk"), amount=Sum(Abs("amount")), since=Min("date")
    )
    if found["count"]:
        can = PREPARER in kinds
        yield Task(
            Work.LINES,
            "Statement lines to match",
            found["count"],
            found["since"],
            is_mine=can,
            amount=found["amount"],
        )


def _to_close(organisation: Organisation, kinds: Set[str]) -> Iterator[Task]:
    over = organisation.periods.filter(closed=False, month__lt=month_key(today()))
    found = over.aggregate(count=Count("pk"), first=Min("month"))
    if found["count"]:
        first = found["first"]
        since = last_day(first) + timedelta(days=1)
        note = f"{month_name(first)} is the first."
        yield Task(Work.CLOSE, "Months to close", found["count"], since, is_mine=APPROVER in kinds, note=note)


def _to_reopen(organisation: Organisation, person: Person, kinds: Set[str]) -> Iterator[Task]:
    approver = Role.objects.filter(
        in_force(today()), COUNTING, person=OuterRef("asked_by"), organisation=organisation, kind=APPROVER
    )
    waiting = Reopening.objects.filter(
        period__organisation=organisation, confirmed_at__isnull=True, withdrawn_at__isnull=True
    )
    rows = waiting.select_related("period", "asked_by").annotate(by_approver=Exists(approver))
    for asked in rows.order_by("period__month"):
        can = asked.asked_by_id != person.pk and (APPROVER in kinds or asked.by_approver)
        yield Task(
            Work.REOPEN,
            f"{asked.period.name} to be reopened?",
            1,
            london_day(asked.asked_at),
            is_mine=can,
            note=f"{asked.asked_by} asked: “{asked.reason}”",
            key=asked.pk,
        )


def _long_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
