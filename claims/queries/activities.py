"""Activities as those who set them up see them: who was asked, never what anybody answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from claims.models import Activity, CancelledBy, RatePolicy
from claims.permissions import HELPERS
from claims.queries.scope import NoPolicy, policy_in_force
from common.dates import notice, today
from people.models import Person, Project, RoleKind
from people.permissions import in_force, projects_with


@dataclass(frozen=True)
class CancellationOutlook:
    """What follows if an activity is cancelled: how much notice that was, and whether it is late."""

    notice: timedelta
    promised_hours: str
    is_late: bool
    asked: int
    pays_time: bool


def activities_set_up_by(person: Person) -> QuerySet[Activity]:
    """Activities of the projects this person sets activities up in, with how many people were asked."""
    mine = Activity.objects.filter(project__in=projects_with(person, HELPERS))
    return mine.select_related("project__organisation", "link_person").annotate(asked=Count("offers"))


def asked_people(activity: Activity) -> list[tuple[Person, datetime]]:
    """Who was asked, and when."""
    offers = activity.offers.select_related("contributor").order_by("contributor__name", "pk")
    return [(offer.contributor, offer.made_at) for offer in offers]


def people_to_ask(activity: Activity) -> QuerySet[Person]:
    """Contributors of the project who were not asked yet."""
    roles = activity.project.roles.filter(in_force(today()), kind=RoleKind.CONTRIBUTOR)
    unasked = Person.objects.filter(pk__in=roles.values("person_id"))
    return unasked.exclude(pk__in=activity.offers.values("contributor_id")).order_by("name", "pk")


def people_on_hand(project: Project) -> QuerySet[Person]:
    """Who may be named as the person to ask about an activity: link people and leads of its project."""
    roles = project.roles.filter(in_force(today()), kind__in=HELPERS)
    return Person.objects.filter(pk__in=roles.values("person_id")).order_by("name", "pk")


def cancellation_outlook(
    activity: Activity, cancelled_by: CancelledBy, told_at: datetime
) -> CancellationOutlook:
    """What cancelling would lead to. It counts whoever was asked, whatever they answered."""
    policy = _policy(activity)
    hours = policy.late_cancellation_hours if policy else 0
    left = max(notice(told_at, activity.starts_at), timedelta(0))
    by_us = cancelled_by == CancelledBy.ORGANISATION
    return CancellationOutlook(
        notice=left,
        promised_hours=f"{hours:f}".rstrip("0").rstrip(".") if policy else "0",
        is_late=by_us and left < timedelta(hours=float(hours)),
        asked=activity.offers.count(),
        pays_time=bool(activity.time_kind) and policy is not None and policy.late_cancellation_share > 0,
    )


def _policy(activity: Activity) -> RatePolicy | None:
    try:
        return policy_in_force(activity.project.organisation)
    except NoPolicy:
        return None
