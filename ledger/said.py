"""Who did something first, and when, in words for whoever comes second."""

from datetime import datetime

from common.dates import london_day
from ledger.models import JournalEntry
from people.models import Person


def said(who: Person | None, when: datetime | None) -> str:
    """As in “Fern Finance, on 2 December 2026”."""
    day = london_day(when) if when else None
    return f"{who}, on {day.day} {day:%B %Y}" if day else str(who)


def posted(entry: JournalEntry) -> str:
    """As in “entry 12: Fern Finance, on 2 December 2026”."""
    who = Person.objects.filter(pk=entry.actor_id).first()
    return f"entry {entry.number}: {said(who, entry.posted_at)}"
