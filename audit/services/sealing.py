"""Link what was recorded since the last seal into the chain."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from audit.models import Event, Seal, SealedEvent
from audit.services.recording import utc_text
from common.dates import now

BATCH = 5_000
START = "0" * 64  # what the first seal follows


@transaction.atomic
def seal() -> Seal | None:
    """Seal every event not yet sealed, in order of its number; None when there is none.

    Two at once cannot fork the chain: both would follow the same hash, and that is unique.
    """
    last = Seal.objects.select_for_update().order_by("-number").first()
    events = list(Event.objects.filter(sealed__isnull=True).order_by("pk").values_list("pk", "digest"))
    if not events:
        return None
    previous = last.hash if last else START
    number, at = last.number + 1 if last else 1, now()
    link = Seal.objects.create(
        number=number,
        at=at,
        size=len(events),
        previous_hash=previous,
        hash=seal_hash(number, at, previous, (digest for _, digest in events)),
    )
    SealedEvent.objects.bulk_create(
        [SealedEvent(event_id=pk, seal=link, position=place) for place, (pk, _) in enumerate(events, 1)],
        batch_size=BATCH,
    )
    return link


def seal_hash(number: int, at: datetime, previous: str, digests: Iterable[str]) -> str:
    """SHA-256 over the seal's number, its time, the hash before it and its events' digests, in order."""
    total = hashlib.sha256(f"{number}|{utc_text(at)}|{previous}".encode())
    for digest in digests:
        total.update(f"|{digest}".encode())
    return total.hexdigest()
