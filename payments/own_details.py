"""A person's own bank details as they may see them: two figures, how they stand, and who looked at them."""

from dataclasses import dataclass
from datetime import datetime

from audit.actions import Action
from audit.queries import events_of
from common.dates import now
from payments.models import BankDetails
from people.models import Organisation, Person

LOOKS_SHOWN = 50


@dataclass(frozen=True)
class Look:
    """Somebody opened the full details."""

    who: str
    at: datetime


@dataclass(frozen=True)
class OwnDetails:
    """`used` is the account that money goes to, `rests` whether that begins later; `waiting` is unchecked.

    `refused` is what was entered last and could not be used.
    """

    used: BankDetails | None
    rests: bool
    waiting: BankDetails | None
    refused: BankDetails | None
    looks: list[Look]
    organisation: str

    @property
    def is_empty(self) -> bool:
        return self.used is None and self.waiting is None


def own_details(person: Person) -> OwnDetails:
    """How the person's bank details stand."""
    kept = {row.verified_at is not None: row for row in person.bank_details.filter(retired_at__isnull=True)}
    used = kept.get(True)
    return OwnDetails(
        used=used,
        rests=used is not None and used.usable_from is not None and used.usable_from > now(),
        waiting=kept.get(False),
        refused=_refused(person),
        looks=looks_at(person),
        organisation=_known_longest(person),
    )


def has_details(person: Person) -> bool:
    """Whether we know where to send this person's money, checked or not."""
    return person.bank_details.filter(retired_at__isnull=True).exists()


def _refused(person: Person) -> BankDetails | None:
    """The newest of the person's details, if they were refused and nothing came after them."""
    newest = person.bank_details.order_by("-entered_at", "-pk").first()
    return newest if newest is not None and newest.refusal else None


def looks_at(person: Person) -> list[Look]:
    """Who opened any of the person's details, old ones too, newest first."""
    rows = BankDetails.objects.filter(person=person).values_list("pk", flat=True)
    events = events_of({"payments.bankdetails": rows}).filter(action=Action.BANK_DETAILS_SEEN)
    newest = list(events.order_by("-pk")[:LOOKS_SHOWN])
    names = dict(Person.objects.filter(pk__in={each.actor_id for each in newest}).values_list("pk", "name"))
    return [Look(names.get(each.actor_id or 0, "The system"), each.at) for each in newest]


def _known_longest(person: Person) -> str:
    """Who rings: the organisation that has known them longest, as in the warning they get."""
    known = Organisation.objects.filter(roles__person=person).order_by("roles__pk").first()
    return known.name if known else ""
