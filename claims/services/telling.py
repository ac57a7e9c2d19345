"""What people are told about offers and claims: that something happened, never what was decided or said."""

from collections.abc import Iterable, Sequence

from claims.models import Activity, Claim, Decision, Offer, Outcome
from claims.workflow import ClaimStatus
from common.dates import london_day, now
from people.models import MessageKind, Organisation, Person
from people.services.messages import News, tell, tell_all


def offer_made(offer: Offer) -> None:
    """Ask for an answer before the activity."""
    _about_offer(offer, MessageKind.OFFER_MADE, "made")


def offer_waits(offer: Offer) -> None:
    """Two days before, an answer is still open: the same words if nothing was said or a talk asked for."""
    _about_offer(offer, MessageKind.OFFER_REMINDER, "waits")


def answer_written_down(offer: Offer) -> None:
    """Somebody else wrote an answer down: the person can see whether it is theirs."""
    _about_offer(offer, MessageKind.ANSWER_WRITTEN_DOWN, f"answered:{now():%Y%m%d%H%M%S%f}")


def activity_cancelled(activity: Activity, offers: Sequence[Offer]) -> None:
    """Everybody who was asked, in the same words whatever they answered."""
    day = london_day(activity.starts_at)
    tell_all(
        organisation=activity.project.organisation,
        kind=MessageKind.ACTIVITY_CANCELLED,
        news=[News(offer.contributor_id, f"activity:{activity.pk}:cancelled", day=day) for offer in offers],
    )


def claim_sent(claim: Claim, *, by: Person) -> None:
    """To the contributor, who may not know of it when somebody else sent it."""
    typed = by.pk != claim.contributor_id
    tell(
        person=claim.contributor,
        organisation=claim.organisation,
        kind=MessageKind.CLAIM_TYPED_FOR_YOU if typed else MessageKind.CLAIM_RECEIVED,
        source=f"claim:{claim.pk}:sent",
        reference=claim.reference,
        day=claim.promised_by,
    )


def claims_typed_in(organisation: Organisation, claims: Iterable[Claim]) -> None:
    """Paper claims that were typed in, or that grew by a line."""
    tell_all(
        organisation=organisation,
        kind=MessageKind.CLAIM_TYPED_FOR_YOU,
        news=[
            News(
                claim.contributor_id,
                f"claim:{claim.pk}:typed:{claim.version}",
                reference=claim.reference,
                day=claim.promised_by,
            )
            for claim in claims
        ],
    )


def line_decided(decision: Decision, claim: Claim) -> None:
    """A question at once; decisions together, once the last line of the claim is decided."""
    asked = decision.outcome == Outcome.ASK
    if not asked and claim.status != ClaimStatus.DECIDED:
        return
    tell(
        person=claim.contributor,
        organisation=claim.organisation,
        kind=MessageKind.LINE_QUERIED if asked else MessageKind.CLAIM_DECIDED,
        source=f"decision:{decision.pk}:asked" if asked else f"claim:{claim.pk}:decided:{claim.version}",
        reference=claim.reference,
        day=claim.promised_by,
    )


def _about_offer(offer: Offer, kind: MessageKind, event: str) -> None:
    tell(
        person=offer.contributor,
        organisation=offer.activity.project.organisation,
        kind=kind,
        source=f"offer:{offer.pk}:{event}",
        day=london_day(offer.activity.starts_at),
    )
