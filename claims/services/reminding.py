"""Remind people of an invitation that waits for their answer, once and in time."""

from datetime import timedelta

from django.db import transaction

from claims.models import OPEN_ANSWERS, Offer
from claims.services import telling
from common.dates import now

BEFORE = timedelta(days=2)  # before the start
LATELY = timedelta(days=1)  # whoever was asked so shortly before is not asked again


def remind_of(offer: Offer) -> None:
    """Come back to this offer two days before its activity starts, whoever it was made to."""
    from claims.tasks import remind  # which itself calls this module

    at = offer.activity.starts_at - BEFORE
    if offer.amount and at - offer.made_at > LATELY:
        remind.using(run_after=at).enqueue(offer.pk)


@transaction.atomic
def remind(offer_id: int) -> None:
    """Remind somebody who has not answered yet, or come back later when the activity was put off."""
    offers = Offer.objects.select_related("activity__project__organisation", "contributor")
    offer = offers.get(pk=offer_id)
    activity = offer.activity
    if activity.cancelled_by or now() >= activity.starts_at:
        return
    if activity.starts_at - BEFORE > now():
        remind_of(offer)
    elif offer.answer in OPEN_ANSWERS:
        telling.offer_waits(offer)
