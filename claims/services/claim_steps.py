"""What every step of a claim shares: finding it under lock, pricing it again, leaving its next version."""

from audit.actions import Action
from audit.models import Event
from audit.services import record
from claims import permissions
from claims.models import Answer, Claim, ClaimLine, FeeAnswer, Offer
from claims.pricing.vocabulary import Kind
from claims.queries.scope import claim_for
from claims.services import lines
from claims.services.lines import NewLine
from claims.services.offers import answer_in_force
from claims.workflow import UNDECIDED, ClaimStatus, LineStatus
from common.dates import LONDON
from common.errors import DomainError, NotVisible, Stale
from common.text import tidy
from people.models import Person
from people.permissions import require

LONGEST_NOTE = 300
LONGEST_RECEIPT = 100
ESTIMATED = ["rate", "counts_as", "category", "estimate", "estimate_reason", "cancelled_notice_minutes"]


def locked(actor: Person, claim_id: int) -> Claim:
    """The claim under lock. Raises NotVisible to strangers, NotPermitted to those who may only look."""
    claim_for(actor, claim_id)
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    require(permissions.may_change_claim(actor, claim))
    return claim


def locked_line(actor: Person, line_id: int) -> tuple[Claim, ClaimLine]:
    """A line under lock, after its claim. Raises as `locked`."""
    claim_id = ClaimLine.objects.filter(pk=line_id).values_list("claim_id", flat=True).first()
    if claim_id is None:
        raise NotVisible("There is no such claim line.")
    claim = locked(actor, claim_id)
    line = ClaimLine.objects.select_for_update().get(pk=line_id)
    line.claim = claim
    return claim, line


def refuse_stale(claim: Claim, expected_version: int | None) -> None:
    """Refuse a step taken on a screen that shows an older version, and say what happened since."""
    if expected_version is None or expected_version == claim.version:
        return
    steps = Event.objects.filter(subject_type="claims.claim", subject_id=claim.pk)
    latest = steps.filter(version__gt=expected_version).order_by("-pk").first()
    what = "it was changed"
    if latest is not None:
        name = Person.objects.filter(pk=latest.actor_id or 0).values_list("name", flat=True).first()
        at = latest.at.astimezone(LONDON)
        what = f"{name or 'the system'} {latest.get_action_display()} on {at:%d %B %Y at %H:%M}"
    raise Stale(f"Claim {claim} changed after you opened it: {what}. Look at it again before you go on.")


def known(line: ClaimLine) -> NewLine:
    """A saved line with the answer that was given when it was added, if any."""
    given = FeeAnswer.objects.filter(line=line).first()
    if given is None:
        return NewLine(line)
    return NewLine(line, answer=Answer(given.answer), less_amount=given.less_amount)


def answered(new: NewLine) -> NewLine:
    """The answer to an offer counts for the time that was offered; no answer is as good as all of it."""
    offer = offer_for(new.line)
    if offer is not None:
        new.answer = answer_in_force(offer)
        new.less_amount = offer.less_amount
    return new


def offer_for(line: ClaimLine) -> Offer | None:
    """The offer that a line of time is about, if it was offered."""
    activity = line.claim.activity
    if activity is None or line.kind != Kind.TIME or line.mode != activity.time_kind:
        return None
    return Offer.objects.filter(activity=activity, contributor_id=line.claim.contributor_id).first()


def estimate_again(claim: Claim) -> None:
    """Price every line that is not decided together, as they will be decided, and reserve what is sent.

    A change of one line may free what limited another.
    """
    waiting = claim.lines.filter(status__in=UNDECIDED).order_by("position")
    news = [answered(known(line)) for line in waiting]
    if not news:
        return
    for new in news:
        new.line.claim = claim
        new.line.cancelled_notice_minutes = lines.notice_minutes(claim.activity)
    lines.estimate(news, claim.organisation, claim.policy)
    for new in news:
        new.line.save(update_fields=ESTIMATED)
    if claim.status == ClaimStatus.SUBMITTED:
        lines.release(new.line for new in news)
        lines.reserve(news)


def short(text: str, longest: int = LONGEST_NOTE) -> str:
    """Text made regular. Raises DomainError when it is too long to keep."""
    words = tidy(text)
    if len(words) > longest:
        raise DomainError(f"Say it in {longest} characters or fewer.")
    return words


def bump(actor: Person, action: Action, claim: Claim, **details: int) -> None:
    """Save the claim as its next version and record the step."""
    claim.version += 1
    claim.save(update_fields=["status", "version", "submitted_at", "promised_by"])
    record_step(actor, action, claim, **details)


def record_step(actor: Person, action: Action, claim: Claim, **details: int) -> None:
    """Record a step of a claim, on behalf of its contributor where somebody else typed it."""
    record(
        actor=actor,
        action=action,
        subject=claim,
        organisation_id=claim.organisation_id,
        project_id=claim.project_id,
        about=claim.contributor,
        on_behalf_of=claim.contributor if claim.entered_by_id != claim.contributor_id else None,
        **details,
    )


def has_time_of(claim: Claim) -> bool:
    """Is the time of the claim's activity on it already?"""
    activity = claim.activity
    if activity is None:
        return False
    asked = claim.lines.filter(kind=Kind.TIME, mode=activity.time_kind)
    return asked.exclude(status=LineStatus.WITHDRAWN).exists()
