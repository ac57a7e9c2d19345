"""Where somebody could be reached before: told of a change, and kept locked for two days.

Whoever takes over somebody's account changes the contact first and the bank details next, so that the warning
about these goes to themselves. For two days it goes to the contact before as well.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from common.dates import now
from common.encryption import KeyRing
from people.models import FormerContact, Person
from people.services.warnings import Warn, sealed_address
from people.tasks import forget_former, warn_old_address

KEPT_FOR = timedelta(hours=48)  # as long as new bank details rest


@dataclass(frozen=True, slots=True)
class Former:
    """A contact that somebody had until `replaced_at`. It does not show when printed or logged.

    None where that part of it did not change then; empty where there was nothing before.
    """

    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    replaced_at: datetime


def contact_changed(person: Person, *, email: str, phone: str, at: datetime) -> None:
    """Keep the e-mail address and number from before the change, and tell that address of it.

    `at` is the moment of the event that recorded the change, so that the two can be told to be one.
    """
    before = {"email": email, "phone": phone}
    kept = {name: was for name, was in before.items() if getattr(person, name) != was}
    forget()
    if not kept:
        return
    ring: KeyRing = settings.ENCRYPTION_KEYS
    sealed = ring.seal(json.dumps(kept).encode(), _context(person.pk))
    FormerContact.objects.create(person=person, sealed=sealed, replaced_at=at)
    forget_former.using(run_after=at + KEPT_FOR).enqueue()
    if kept.get("email"):
        warn_old_address.enqueue(person.pk, sealed_address(person, email))


def former_contacts(person: Person) -> list[Former]:
    """What the person had until at most two days ago, oldest first. Raises CannotOpen."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    rows = FormerContact.objects.filter(person=person, replaced_at__gt=now() - KEPT_FOR).order_by("pk")
    opened = ((row, json.loads(ring.open(bytes(row.sealed), _context(person.pk)))) for row in rows)
    return [Former(said.get("email"), said.get("phone"), row.replaced_at) for row, said in opened]


def warn_former(person: Person, warn: Warn) -> None:
    """Tell every e-mail address from before, in the caller's transaction. The queue holds them sealed."""
    before = {former.email for former in former_contacts(person) if former.email}
    for address in sorted(before - {person.email}):
        warn_old_address.enqueue(person.pk, sealed_address(person, address), warn)


def forget() -> None:
    """Remove what has been kept for two days."""
    FormerContact.objects.filter(replaced_at__lte=now() - KEPT_FOR).delete()


def _context(person_id: int) -> str:
    return f"former_contact:{person_id}"
