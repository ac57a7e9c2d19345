"""Prove that the trail is whole: every event says what it said, and every seal follows the one before.

Events are read in pages by key, so memory does not grow with the trail. What a chain cannot show, a
tail that was cut or a chain written anew, a checkpoint kept elsewhere shows.
"""

import hashlib
from collections.abc import Iterator, Sequence

from django.conf import settings

from audit.checkpoint import Checkpoint
from audit.models import Event, Payload, PersonKey, Seal, SealedEvent
from audit.services.recording import NOBODY, digest
from audit.services.sealing import START, seal_hash
from common.encryption import CannotOpen, KeyRing

PAGE = 2_000


def problems(checkpoint: Checkpoint | None = None) -> Iterator[str]:
    """What is wrong with the trail, in words, event by event and seal by seal; nothing when whole."""
    yield from _events()
    yield from _chain()
    if checkpoint is not None:
        yield from _against(checkpoint)


def _events() -> Iterator[str]:
    last = 0
    while page := list(Event.objects.filter(pk__gt=last).order_by("pk")[:PAGE]):
        keys = [event.pk for event in page]
        payloads = dict(Payload.objects.filter(pk__in=keys).values_list("pk", "sealed"))
        rings = _rings({event.about_id or NOBODY for event in page})
        for event in page:
            if digest(event) != event.digest:
                yield f"Event {event.pk} was altered."
            yield from _words(event, payloads.get(event.pk), rings.get(event.about_id or NOBODY))
        last = keys[-1]


def _rings(person_ids: set[int]) -> dict[int, KeyRing | None]:
    """The key of each person; None where it was destroyed to erase what was said."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    found: dict[int, KeyRing | None] = {}
    for row in PersonKey.objects.filter(pk__in=person_ids):
        try:
            opened = ring.open(bytes(row.sealed), f"person:{row.pk}") if row.sealed is not None else b""
        except CannotOpen:
            continue
        found[row.pk] = KeyRing({1: opened}) if opened else None
    return found | {missing: KeyRing({}) for missing in person_ids - found.keys()}


def _words(event: Event, sealed: "bytes | memoryview[int] | None", ring: KeyRing | None) -> Iterator[str]:
    """See that the payload is the one the event committed to; erased words are no problem."""
    if sealed is None:
        yield f"Event {event.pk} lost what it said."
    elif ring is not None:
        try:
            plain = ring.open(bytes(sealed), event.digest)
        except CannotOpen:
            yield f"What event {event.pk} said was altered, or its key was."
        else:
            if hashlib.sha256(plain).hexdigest() != event.commitment:
                yield f"Event {event.pk} says something else than it did."


def _chain() -> Iterator[str]:
    previous, number = START, 1
    for seal in Seal.objects.order_by("number").iterator(chunk_size=PAGE):
        if seal.number != number or seal.previous_hash != previous:
            yield f"Seal {seal.number} does not follow the seal before it."
        places = _Places(seal)
        if seal_hash(seal.number, seal.at, seal.previous_hash, places) != seal.hash:
            yield f"Seal {seal.number} does not fit its events."
        if not places.in_order or places.count != seal.size:
            yield f"Seal {seal.number} has lost or gained events."
        previous, number = seal.hash, seal.number + 1


class _Places:
    """The digests of a seal's events in order, read in pages, and whether the places are 1, 2, 3."""

    def __init__(self, seal: Seal) -> None:
        self.seal = seal
        self.count = 0
        self.in_order = True

    def __iter__(self) -> Iterator[str]:
        last = 0
        while page := self._page(last):
            for position, event_digest in page:
                self.count += 1
                self.in_order = self.in_order and position == self.count
                yield event_digest
            last = page[-1][0]

    def _page(self, after: int) -> Sequence[tuple[int, str]]:
        rows = SealedEvent.objects.filter(seal=self.seal, position__gt=after).order_by("position")
        return list(rows.values_list("position", "event__digest")[:PAGE])


def _against(checkpoint: Checkpoint) -> Iterator[str]:
    seal = Seal.objects.filter(number=checkpoint.seal).first()
    if seal is None:
        yield f"Seal {checkpoint.seal}, which a checkpoint saw, is gone: the end of the trail was cut off."
    elif seal.hash != checkpoint.hash:
        yield f"Seal {checkpoint.seal} is not the one a checkpoint saw: the trail was written anew."
    elif SealedEvent.objects.filter(seal__number__lte=checkpoint.seal).count() != checkpoint.events:
        yield f"There are not the {checkpoint.events} events that a checkpoint counted."
