"""Invitations of somebody who has died lapse, and stand again when that was a mistake."""

from django.db.models import QuerySet

from claims.models import Claim, Offer
from claims.queries.lapsed import lapsed
from claims.repricing import SENT
from ledger.models import Category, Stage
from ledger.services.commitments import close_commitments, open_commitment
from people.models import Person


def lapse_offers(person: Person) -> None:
    """Free what is reserved for activities that have not begun, once the death is recorded."""
    for offer in _unclaimed(person):
        close_commitments(f"offer:{offer.pk}")


def revive_offers(person: Person) -> None:
    """Reserve it again, just before the death is taken back."""
    for offer in _unclaimed(person):
        open_commitment(
            project=offer.activity.project,
            category=Category.FEES,
            stage=Stage.COMMITTED,
            amount=offer.amount,
            source=f"offer:{offer.pk}",
        )


def _unclaimed(person: Person) -> QuerySet[Offer]:
    claimed = Claim.objects.filter(contributor=person, status__in=SENT, activity__isnull=False)
    offers = Offer.objects.filter(lapsed(), contributor=person, amount__gt=0, activity__cancelled_by="")
    return offers.exclude(activity__in=claimed.values("activity")).select_related("activity__project")
