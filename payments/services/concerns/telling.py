"""What people are told about their concerns: never an amount, never a cause."""

from common.dates import today
from payments.models import Concern, Remittance
from people.models import MessageKind
from people.services.messages import tell


def heard(concern: Concern) -> None:
    """We know, and by when we answer."""
    tell(
        person=concern.person,
        organisation=concern.organisation,
        kind=MessageKind.NOT_ARRIVED,
        source=f"concern:{concern.pk}:opened",
        day=concern.answer_by,
    )


def found(concern: Concern) -> None:
    """What we found out, also when we never knew which payment was meant."""
    tell(
        person=concern.person,
        organisation=concern.organisation,
        kind=MessageKind.PAYMENT_FOUND,
        source=f"concern:{concern.pk}:answered:{today():%Y%m%d}",
        day=today(),
    )


def not_taken(concern: Concern) -> None:
    _about(concern, MessageKind.PAYMENT_NOT_TAKEN, "never_taken")


def overpaid(concern: Concern) -> None:
    _about(concern, MessageKind.PAYMENT_TALK, "overpaid")


def cleared_up(concern: Concern) -> None:
    _about(concern, MessageKind.PAYMENT_TALK_ENDED, "ended")


def wrongly_closed(concern: Concern) -> None:
    """Somebody lives whom we had recorded as having died."""
    tell(
        person=concern.person,
        organisation=concern.organisation,
        kind=MessageKind.WRONGLY_CLOSED,
        source=f"concern:{concern.pk}:undone",
        day=today(),
    )


def _about(concern: Concern, kind: MessageKind, event: str) -> None:
    """By the number of the remittance advice, which the person knows. Only of concerns with a payment."""
    advice = Remittance.objects.get(run__payments=concern.payment_id, person=concern.person_id)
    tell(
        person=concern.person,
        organisation=concern.organisation,
        kind=kind,
        source=f"concern:{concern.pk}:{event}:{today():%Y%m%d}",
        reference=advice.number,
        day=today(),
    )
