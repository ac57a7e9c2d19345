"""Write events of the trail in the transaction of the change they describe."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import connection
from django.db.models import Model

from audit.actions import Action
from audit.models import Event, Payload, PersonKey
from common.dates import now
from common.encryption import KEY_BYTES, KeyRing

SALT_BYTES = 16
NOBODY = 0  # the key of payloads that are about no person


class HasKey(Protocol):
    """Anything with a primary key: audit knows nobody by class."""

    @property
    def pk(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Told:
    """What one event is of: its record, the person its details are about, and these details."""

    subject: Model
    about: HasKey | None = None
    details: Mapping[str, str | int | None] = field(default_factory=dict)


def record(
    *,
    actor: HasKey | None,
    action: Action,
    subject: Model,
    organisation_id: int | None = None,
    project_id: int | None = None,
    about: HasKey | None = None,
    on_behalf_of: HasKey | None = None,
    **details: str | int | None,
) -> Event:
    """Write one audit event in the caller's transaction, so both stand or fall together.

    `details` are kept encrypted under the key of the person the event is `about`; they must never
    hold bank details, an answer to an offer, or a reason for a choice. `actor` is None only when the
    system acts. Raises RuntimeError outside a transaction.
    """
    [event] = record_all(
        actor=actor,
        action=action,
        told=[Told(subject, about, details)],
        organisation_id=organisation_id,
        project_id=project_id,
        on_behalf_of=on_behalf_of,
    )
    return event


def record_all(
    *,
    actor: HasKey | None,
    action: Action,
    told: Sequence[Told],
    organisation_id: int | None = None,
    project_id: int | None = None,
    on_behalf_of: HasKey | None = None,
) -> list[Event]:
    """Write many events of one action, each as `record` writes it, in a few statements for all."""
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record must run inside the transaction it describes")
    at, plain = now(), [_salted(each.details) for each in told]
    events = [
        Event(
            at=at,
            actor_id=actor.pk if actor else None,
            on_behalf_of_id=on_behalf_of.pk if on_behalf_of else None,
            action=action,
            organisation_id=organisation_id,
            project_id=project_id,
            about_id=_key(each) or None,
            subject_type=each.subject._meta.label_lower,
            subject_id=each.subject.pk,
            version=getattr(each.subject, "version", 0),
            commitment=hashlib.sha256(words).hexdigest(),
        )
        for each, words in zip(told, plain, strict=True)
    ]
    for event in events:
        event.digest = digest(event)
    Event.objects.bulk_create(events)
    rings = person_rings({_key(each) for each in told})
    Payload.objects.bulk_create(
        Payload(event=event, sealed=rings[_key(each)].seal(words, event.digest))
        for event, each, words in zip(events, told, plain, strict=True)
    )
    return events


def _key(told: Told) -> int:
    return told.about.pk if told.about else NOBODY


def _salted(details: Mapping[str, str | int | None]) -> bytes:
    words = json.dumps(details, sort_keys=True, ensure_ascii=False)
    return os.urandom(SALT_BYTES) + words.encode()


def digest(event: Event) -> str:
    """SHA-256 over the fields of an event as canonical JSON; a stand-alone verifier repeats it."""
    return hashlib.sha256(canonical(event).encode()).hexdigest()


def canonical(event: Event) -> str:
    """The event as JSON with sorted keys and the time in UTC with microseconds."""
    fields = {
        "about": event.about_id,
        "action": str(event.action),
        "actor": event.actor_id,
        "at": utc_text(event.at),
        "commitment": event.commitment,
        "on_behalf_of": event.on_behalf_of_id,
        "organisation": event.organisation_id,
        "project": event.project_id,
        "subject": f"{event.subject_type}:{event.subject_id}",
        "version": event.version,
    }
    return json.dumps(fields, sort_keys=True, separators=(",", ":"))


def utc_text(moment: datetime) -> str:
    """A moment as the trail writes it: UTC, microseconds, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def person_rings(people: Set[int]) -> dict[int, KeyRing]:
    """The keys that payloads about these people are encrypted under, made at first use.

    Raises LookupError when the key of one of them was destroyed to erase the person.
    """
    ring: KeyRing = settings.ENCRYPTION_KEYS
    known = _sealed_keys(people)
    if new := people - known.keys():
        fresh = {person: ring.seal(os.urandom(KEY_BYTES), _context(person)) for person in sorted(new)}
        rows = [PersonKey(person_id=person, sealed=sealed) for person, sealed in fresh.items()]
        PersonKey.objects.bulk_create(rows, ignore_conflicts=True)  # somebody else may be first
        known |= _sealed_keys(new)
    rings: dict[int, KeyRing] = {}
    for person, sealed in known.items():
        if sealed is None:
            raise LookupError("The key of this person was destroyed.")
        rings[person] = KeyRing({1: ring.open(sealed, _context(person))})
    return rings


def _sealed_keys(people: Set[int]) -> dict[int, bytes | None]:
    rows = PersonKey.objects.filter(person_id__in=people).values_list("person_id", "sealed")
    return {person: None if sealed is None else bytes(sealed) for person, sealed in rows}


def _context(person_id: int) -> str:
    return f"person:{person_id}"
