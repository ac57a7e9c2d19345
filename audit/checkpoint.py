"""What is kept outside the server, so that a cut or rewritten trail is noticed; and the trail itself.

The export needs nothing of this program to be checked: see `audit/standalone.py`.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db.models import Sum

from audit.models import Seal, SealedEvent
from audit.services.recording import canonical, utc_text
from common.dates import now

PAGE = 2_000


@dataclass(frozen=True)
class Checkpoint:
    """How far the trail was sealed at a moment, and what the books came to. Safe to hand out."""

    at: str
    events: int
    seal: int
    hash: str
    totals: Mapping[str, int]

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Checkpoint":
        return cls(**json.loads(text))


def checkpoint(totals: Mapping[str, int]) -> Checkpoint | None:
    """The newest seal with the caller's ledger totals (minor units); None before the first seal."""
    last = Seal.objects.order_by("-number").first()
    if last is None:
        return None
    events = Seal.objects.aggregate(total=Sum("size"))["total"]
    return Checkpoint(
        at=now().isoformat(), events=events, seal=last.number, hash=last.hash, totals=dict(totals)
    )


def export_trail(path: Path) -> int:
    """Write every seal and its events as JSON lines; returns how many events. Memory stays constant."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for line in trail_lines():
            file.write(line)
            count += line.startswith('{"event"')
    return count


def trail_lines(*, until: int | None = None, only: Collection[int] | None = None) -> Iterator[str]:
    """Every seal up to one, with its events, as JSON lines; read in pages by key.

    An event is written as the canonical text its digest was taken of: keys of persons and records, no words.
    With `only` the events of these organisations; of the others the digest alone, which proves the chain and
    tells nothing.
    """
    last = 0
    rows = Seal.objects.order_by("number") if until is None else Seal.objects.filter(number__lte=until)
    while page := list(rows.filter(number__gt=last).order_by("number")[:PAGE]):
        for seal in page:
            yield json.dumps(_head(seal)) + "\n"
            for row in _events_of(seal):
                yield json.dumps(_event(row, only)) + "\n"
        last = page[-1].number


def _head(seal: Seal) -> dict[str, str | int]:
    return {
        "seal": seal.number,
        "at": utc_text(seal.at),
        "size": seal.size,
        "previous": seal.previous_hash,
        "hash": seal.hash,
    }


def _event(row: SealedEvent, only: Collection[int] | None) -> dict[str, str | int]:
    event = row.event
    if only is None or event.organisation_id in only:
        return {"event": event.pk, "text": canonical(event)}
    return {"event": event.pk, "digest": event.digest}


def _events_of(seal: Seal) -> Iterator[SealedEvent]:
    last = 0
    rows = SealedEvent.objects.filter(seal=seal).select_related("event").order_by("position")
    while page := list(rows.filter(position__gt=last)[:PAGE]):
        yield from page
        last = page[-1].position
