"""Somebody has died: the words on their claims, and which of their invitations lapsed.

An invitation lapses when its activity had not begun as we heard of it.
"""

from django.db.models import Exists, OuterRef

from claims.models import Claim
from people.deaths import standing_deaths


def died_words(claim: Claim) -> str:
    """What finance, leads and helpers read on a claim of somebody who has died; empty otherwise."""
    death = standing_deaths().filter(person=claim.contributor_id).select_related("person").first()
    if death is None:
        return ""
    return (
        f"{death.person} has died. Please do not contact the family from here. "
        f"To ask: {claim.organisation.help_contact}."
    )


def lapsed() -> Exists:
    """Whether an offer has lapsed, for a query over offers."""
    before = standing_deaths().filter(
        person=OuterRef("contributor"), recorded_at__lte=OuterRef("activity__starts_at")
    )
    return Exists(before)
