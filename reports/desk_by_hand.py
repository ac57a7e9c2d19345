"""What waits on the finance desk after a run was sent: to hand payments over, and what came back."""

from collections.abc import Iterator

from django.db.models import Count, Min, OuterRef, Q, Subquery, Sum

from common.dates import london_day, today
from payments.models import LearningSpend, Match, MatchKind
from payments.queries.waiting import handed_back, returned_waiting, to_hand_over
from payments.workflow import BY_HAND, Method
from people.models import Organisation, Person
from reports.desk_work import Task, Work


def to_give(organisation: Organisation, person: Person) -> Iterator[Task]:
    """Runs that were sent and are not handed over to the last payment; nobody hands over their own."""
    for each in to_hand_over(organisation, person):
        run, is_mine = each.run, each.count > each.own
        yield Task(
            Work.HAND_OVER,
            f"{Method(run.method).label}: run {run.number} to hand over",
            each.count,
            london_day(run.released_at) if run.released_at else None,
            is_mine=is_mine,
            amount=each.amount,
            note=f"By {run.pay_on.day} {run.pay_on:%B %Y}."
            if is_mine
            else "It pays you, so somebody else hands it over.",
            is_late=run.pay_on < today(),
            key=run.pk,
        )


def came_back(organisation: Organisation) -> Iterator[Task]:
    """Payments that the bank sent back, and what was handed over and did not reach the person."""
    back = Match.objects.filter(kind=MatchKind.RETURN, payment=OuterRef("pk"), undone_at__isnull=True)
    ended = handed_back().filter(payment=OuterRef("pk")).order_by("-ended_at")
    rows = returned_waiting(organisation).annotate(
        back_on=Subquery(back.values("line__date")[:1]), ended_at=Subquery(ended.values("ended_at")[:1])
    )
    by_hand = Q(method__in=BY_HAND)
    found = rows.aggregate(
        count=Count("pk", filter=~by_hand),
        total=Sum("amount", filter=~by_hand),
        since=Min("back_on", filter=~by_hand),
        ours=Count("pk", filter=by_hand),
        ours_total=Sum("amount", filter=by_hand),
        ours_since=Min("ended_at", filter=by_hand),
    )
    if found["count"]:
        title = "Payments that the bank sent back"
        yield Task(Work.RETURNED, title, found["count"], found["since"], is_mine=True, amount=found["total"])
    if found["ours"]:
        title = "Payments that did not reach somebody, owed again"
        since = london_day(found["ours_since"]) if found["ours_since"] else None
        yield Task(Work.RETURNED, title, found["ours"], since, is_mine=True, amount=found["ours_total"])


def learning_asked(organisation: Organisation, person: Person) -> Iterator[Task]:
    """What people asked of their learning funds; nobody answers their own."""
    rows = LearningSpend.objects.filter(organisation=organisation, agreed__isnull=True)
    found = rows.exclude(person=person).aggregate(
        count=Count("pk"), total=Sum("amount"), since=Min("asked_at")
    )
    if found["count"]:
        since = london_day(found["since"])
        title = "Asked from a learning fund"
        yield Task(Work.LEARNING, title, found["count"], since, is_mine=True, amount=found["total"])
