"""Whose claim a page of the journey is about, who is making it, and how that is said."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from claims.models import Claim, ClaimLine
from claims.pricing.policy import Policy
from claims.pricing_rows import as_policy
from claims.queries.journey import claim_in_the_making
from claims.workflow import OPEN_TO_CHANGE, UNDECIDED
from common.dates import london_day, today
from common.errors import IllegalMove, NotVisible
from people.models import Person
from people.standing import person_of


@dataclass(frozen=True)
class Whose:
    """The contributor a claim is for, and who types it."""

    actor: Person
    contributor: Person

    @property
    def is_own(self) -> bool:
        return self.actor.pk == self.contributor.pk

    @property
    def caption(self) -> str:
        """Stands above the question on every page that somebody else types."""
        return "" if self.is_own else f"You are typing this for {self.contributor}"

    def say(self, own: str, other: str) -> str:
        """A sentence to the contributor, or about them by name: `other` holds `{name}`."""
        return own if self.is_own else other.format(name=self.contributor)


@dataclass(frozen=True)
class Journey(Whose):
    """A claim that somebody is making or correcting."""

    claim: Claim

    @property
    def policy(self) -> Policy:
        return as_policy(self.claim.policy)

    @property
    def activity_day(self) -> date | None:
        """The day of the activity that the claim is for, if it is for one."""
        activity = self.claim.activity
        return london_day(activity.starts_at) if activity else None

    def day(self, asked: str = "") -> date:
        """The day that a new line is most likely about, so that nobody types it twice."""
        if self.activity_day is not None:
            return self.activity_day
        if (named := _day(asked)) is not None:
            return named
        last = self.claim.lines.order_by("-position").values_list("date", flat=True).first()
        return last or today()

    def url(self, name: str, *arguments: Any) -> str:
        """The address of a page of this claim's journey."""
        return reverse(f"journey:{name}", args=[self.claim.reference, *arguments])

    def line(self, position: str) -> ClaimLine:
        """A line that can still change. Raises NotVisible, or IllegalMove when it is decided."""
        lines = self.claim.lines.select_related("rate")
        found = lines.filter(position=int(position)).first()
        if found is None:
            raise NotVisible("There is no such claim line.")
        if found.status not in UNDECIDED:
            raise IllegalMove("This part of the claim is already decided, so it can no longer change.")
        found.claim = self.claim
        return found


def journey_of(request: HttpRequest, reference: str) -> Journey:
    """The claim somebody may change, whatever its state. Raises NotVisible."""
    actor = person_of(request)
    claim = claim_in_the_making(actor, reference)
    return Journey(actor=actor, contributor=claim.contributor, claim=claim)


def open_journey(request: HttpRequest, reference: str) -> Journey:
    """A claim that somebody may change and that is not decided. Raises NotVisible or IllegalMove."""
    journey = journey_of(request, reference)
    if journey.claim.status not in OPEN_TO_CHANGE:
        raise IllegalMove(
            f"This claim is {journey.claim.get_status_display().lower()}, so it can no longer change."
        )
    return journey


def _day(text: str) -> date | None:
    """A day from an address, or None when it is not one that somebody could mean."""
    try:
        found = date.fromisoformat(text) if text.isascii() and len(text) == 10 else None
    except ValueError:
        return None
    return found if found is not None and date(2015, 1, 1) <= found <= today() else None
