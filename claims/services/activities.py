"""Set up activities and cancel them. A late cancellation opens a claim for everybody who was asked."""

from datetime import datetime
from decimal import Decimal

from audit.actions import Action
from audit.services import record, step
from claims import permissions
from claims.models import Activity, CancelledBy, Claim, ClaimLine, Offer
from claims.pricing.vocabulary import Kind, Unit
from claims.queries.lapsed import lapsed
from claims.queries.scope import policy_in_force
from claims.repricing import SENT
from claims.services import lines, telling
from claims.services.lines import NewLine
from claims.services.offers import answer_in_force
from claims.workflow import CLAIM_MOVES
from common.dates import london_day, now
from common.errors import DomainError, IllegalMove
from common.text import tidy
from common.workflow import next_status
from ledger.services.commitments import close_commitments
from people.models import Person, Project
from people.permissions import require


@step(returns=Activity)
def add_activity(
    *,
    actor: Person,
    project: Project,
    title: str,
    purpose: str,
    starts_at: datetime,
    ends_at: datetime,
    costs_met: str,
    place: str = "",
    access: str = "",
    time_kind: str = "",
    time_hours: Decimal | None = None,
    link_person: Person | None = None,
    key: str = "",
) -> Activity:
    """Set up an activity; `link_person`, whom people ask, is the actor unless somebody else is named."""
    require(permissions.may_set_up(actor, project))
    if ends_at <= starts_at:
        raise DomainError("An activity ends after it starts.")
    if bool(time_kind) != (time_hours is not None):
        raise DomainError("Say both what kind of time is offered and how many hours, or neither.")
    activity = Activity.objects.create(
        project=project,
        title=tidy(title),
        purpose=tidy(purpose, line=False),
        starts_at=starts_at,
        ends_at=ends_at,
        place=tidy(place),
        access=tidy(access, line=False),
        costs_met=tidy(costs_met, line=False),
        time_kind=time_kind,
        time_hours=time_hours,
        link_person=link_person or actor,
    )
    _record(actor, Action.ACTIVITY_ADDED, activity)
    return activity


@step(returns=Activity)
def cancel_activity(
    *, actor: Person, activity_id: int, cancelled_by: CancelledBy, told_at: datetime, key: str = ""
) -> Activity:
    """Cancel an activity. When the organisation told people too late, each of them gets a claim.

    Late is real time, counted across clock changes, shorter than the policy's hours. The claims are for
    everybody who was offered a fee, whatever they answered: who has none would be known to have declined.
    """
    activity = (
        Activity.objects.select_related("project__organisation")
        .select_for_update(of=("self",))
        .get(pk=activity_id)
    )
    require(permissions.may_set_up(actor, activity.project))
    if activity.cancelled_by:
        raise IllegalMove("This activity is already cancelled.")
    if told_at > now():
        raise DomainError("Say when people were told, not when they will be.")
    activity.cancelled_by = CancelledBy(cancelled_by)
    activity.told_at = told_at
    activity.save(update_fields=["cancelled_by", "told_at"])
    offers = list(activity.offers.exclude(lapsed()).select_related("contributor").order_by("pk"))
    for offer in offers:
        close_commitments(f"offer:{offer.pk}")
    if _is_late(activity):
        for offer in offers:
            _open_claim(actor, activity, offer)
    _record(actor, Action.ACTIVITY_CANCELLED, activity)
    telling.activity_cancelled(activity, offers)
    return activity


def _is_late(activity: Activity) -> bool:
    if activity.cancelled_by != CancelledBy.ORGANISATION:
        return False
    hours = policy_in_force(activity.project.organisation).late_cancellation_hours
    return (lines.notice_minutes(activity) or 0) < hours * 60


def _open_claim(actor: Person, activity: Activity, offer: Offer) -> Claim | None:
    """A sent claim for the time that was offered; the contributor adds their costs to it.

    None where no time was offered: then there is nothing to claim before somebody names their costs.
    """
    if offer.amount == 0 or activity.claims.filter(contributor=offer.contributor, status__in=SENT).exists():
        return None
    project = activity.project
    policy = policy_in_force(project.organisation)
    claim = lines.new_claim(
        project=project,
        contributor=offer.contributor,
        entered_by=actor,
        policy=policy,
        activity=activity,
    )
    claim.status = next_status(CLAIM_MOVES, "submit", claim.status, what="a claim")
    lines.mark_sent(claim)
    claim.save(update_fields=["status", "submitted_at", "promised_by"])
    line = ClaimLine(
        claim=claim,
        position=1,
        date=london_day(activity.starts_at),
        kind=Kind.TIME,
        mode=activity.time_kind,
        quantity=activity.time_hours,
        unit=Unit.HOUR,
        cancelled_notice_minutes=lines.notice_minutes(activity),
    )
    new = NewLine(line, answer=answer_in_force(offer), less_amount=offer.less_amount)
    lines.estimate([new], project.organisation, policy)
    lines.save_new([new])
    lines.save_answers([new])
    lines.reserve([new])
    record(
        actor=actor,
        action=Action.CLAIM_SUBMITTED,
        subject=claim,
        organisation_id=project.organisation_id,
        project_id=project.pk,
        about=offer.contributor,
        on_behalf_of=offer.contributor,
        activity=activity.pk,
    )
    return claim


def _record(actor: Person, action: Action, activity: Activity) -> None:
    record(
        actor=actor,
        action=action,
        subject=activity,
        organisation_id=activity.project.organisation_id,
        project_id=activity.project_id,
    )
