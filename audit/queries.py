"""Read the trail: which events a page asks for, and what they said, opened only for who may read it.

The trail knows nobody; the caller decides whose events and which words of them a person may see.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from audit.models import Event, PersonKey
from audit.services.recording import NOBODY, SALT_BYTES
from common.encryption import CannotOpen, KeyRing

ERASED: dict[str, Any] = {}


def events_of(subjects: Mapping[str, Iterable[int]]) -> QuerySet[Event]:
    """Events of records, given as `{"claims.claim": [41], "claims.claimline": [7, 8]}`."""
    wanted = Q(pk__in=[])
    for subject_type, keys in subjects.items():
        wanted |= Q(subject_type=subject_type, subject_id__in=list(keys))
    return Event.objects.filter(wanted)


def events_in(organisation_ids: Iterable[int]) -> QuerySet[Event]:
    """Every event of these organisations."""
    return Event.objects.filter(organisation_id__in=list(organisation_ids))


@dataclass(frozen=True)
class Wanted:
    """Which events of the trail are asked for; what is None or empty does not narrow.

    `actor_id` 0 is the system. Days are moments: from the first on, before the second.
    """

    actor_id: int | None = None
    actions: frozenset[str] = frozenset()
    subject_type: str = ""
    subject_id: int | None = None
    project_id: int | None = None
    since: datetime | None = None
    before: datetime | None = None


def events_wanted(organisation_ids: Iterable[int], wanted: Wanted) -> QuerySet[Event]:
    """The events of these organisations that were asked for. Each way of narrowing has its index."""
    narrowed: dict[str, Any] = {
        "action__in": sorted(wanted.actions) or None,
        "subject_type": wanted.subject_type or None,
        "subject_id": wanted.subject_id,
        "project_id": wanted.project_id,
        "at__gte": wanted.since,
        "at__lt": wanted.before,
    }
    if wanted.actor_id is not None:
        narrowed |= {"actor_id": wanted.actor_id} if wanted.actor_id else {"actor_id__isnull": True}
    return events_in(organisation_ids).filter(**{k: v for k, v in narrowed.items() if v is not None})


def opened(events: Iterable[Event]) -> dict[int, dict[str, Any]]:
    """What each event said, by its key, in two queries. Empty where a person's words were erased."""
    with_payload = {event.pk: event for event in events}
    rings = _rings({event.about_id or NOBODY for event in with_payload.values()})
    rows = Event.objects.filter(pk__in=with_payload).values_list("pk", "payload__sealed")
    return {
        pk: _open(rings.get(with_payload[pk].about_id or NOBODY), sealed, with_payload[pk].digest)
        for pk, sealed in rows
    }


def _rings(person_ids: set[int]) -> dict[int, KeyRing]:
    ring: KeyRing = settings.ENCRYPTION_KEYS
    kept = PersonKey.objects.filter(person_id__in=person_ids, sealed__isnull=False)
    return {
        row.person_id: KeyRing({1: ring.open(bytes(row.sealed), f"person:{row.person_id}")})
        for row in kept
        if row.sealed is not None
    }


def _open(ring: KeyRing | None, sealed: "bytes | memoryview[int] | None", digest: str) -> dict[str, Any]:
    if ring is None or sealed is None:
        return ERASED
    try:
        words: dict[str, Any] = json.loads(ring.open(bytes(sealed), digest)[SALT_BYTES:])
    except CannotOpen:
        return ERASED
    return words
