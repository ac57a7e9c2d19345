"""Change an activity, and ask people to come to it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from audit.actions import Action
from audit.services import record, step
from claims import permissions
from claims.models import Activity
from claims.services.offers import make_offer, policy_amount
from common.dates import now
from common.errors import DomainError, IllegalMove
from common.text import tidy
from people.models import Person
from people.permissions import require
from people.services.stamps import refuse_stale


@step(returns=Activity)
def change_activity(
    *,
    actor: Person,
    activity_id: int,
    title: str,
    purpose: str,
    starts_at: datetime,
    ends_at: datetime,
    costs_met: str,
    place: str = "",
    access: str = "",
    time_kind: str = "",
    time_hours: Decimal | None = None,
    link_person: Person,
    expected_version: int | None = None,
    key: str = "",
) -> Activity:
    """Change an activity until it starts. What was offered to people for their time stays as it was.

    The fee is frozen from the first invitation on, not from the first answer: whether somebody answered
    is nobody's business but theirs and the offer's.
    """
    activity = _locked(actor, activity_id)
    refuse_stale(activity, expected_version)
    if now() >= activity.starts_at:
        raise IllegalMove("This activity has started, so it can no longer be changed.")
    activity.title, activity.place = tidy(title), tidy(place)
    activity.purpose, activity.access = tidy(purpose, line=False), tidy(access, line=False)
    activity.costs_met = tidy(costs_met, line=False)
    activity.starts_at, activity.ends_at = starts_at, ends_at
    activity.time_kind, activity.time_hours = time_kind, time_hours
    activity.link_person = link_person
    _refuse_odd(activity)
    activity.save()
    _record(actor, activity)
    return activity


@step(returns=Activity)
def invite(*, actor: Person, activity_id: int, contributor_ids: Sequence[int], key: str = "") -> Activity:
    """Ask several contributors at once: all of them, or none when something stands against one."""
    activity = _locked(actor, activity_id)
    if not contributor_ids:
        raise DomainError("Choose at least one person.")
    for contributor in Person.objects.filter(pk__in=contributor_ids).order_by("pk"):
        make_offer(actor=actor, activity=activity, contributor=contributor)
    return activity


def _locked(actor: Person, activity_id: int) -> Activity:
    """The activity under lock, so that it is not cancelled meanwhile."""
    activities = Activity.objects.select_related("project__organisation").select_for_update(of=("self",))
    activity = activities.get(pk=activity_id)
    require(permissions.may_set_up(actor, activity.project))
    if activity.cancelled_by:
        raise IllegalMove("This activity is cancelled.")
    return activity


def _refuse_odd(activity: Activity) -> None:
    if activity.ends_at <= activity.starts_at:
        raise DomainError("An activity ends after it starts.")
    if bool(activity.time_kind) != (activity.time_hours is not None):
        raise DomainError("Say both what kind of time is offered and how many hours, or neither.")
    offered = set(activity.offers.values_list("amount", flat=True))
    if not offered:
        return
    before = Activity.objects.only("time_kind", "time_hours").get(pk=activity.pk)
    if (activity.time_kind, activity.time_hours) != (before.time_kind, before.time_hours):
        raise DomainError("People were already asked, so the time they were offered money for stays.")
    if {policy_amount(activity)} != offered:
        raise DomainError(
            "On that day another rate applies. Cancel this activity and set up a new one, so that everybody "
            "is asked again."
        )


def _record(actor: Person, activity: Activity) -> None:
    record(
        actor=actor,
        action=Action.ACTIVITY_CHANGED,
        subject=activity,
        organisation_id=activity.project.organisation_id,
        project_id=activity.project_id,
    )
