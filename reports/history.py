"""The history of one record: who did what, when, and as much of the words as its reader may know.

The subjects are a closed list. Each begins with the record itself, found among what the reader may
see, so a history never says more about a record's existence than its page does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.actions import Action
from audit.models import Event
from audit.queries import opened
from claims.models import Outcome
from common.money import money_text
from common.paging import page_of
from people.models import Person, RoleKind
from people.standing import Standing
from reports.history_subjects import Subject, subject_of

_PLAIN = {
    "line": "Line",
    "reason": "Reason",
    "number": "Advice",
    "last_digits": "Account ending",
    "run": "Run",
    "count": "Payments",
    "version_agreed": "Version",
    "note": "Note",
}
_ABOUT_ONE_LINE = {
    Action.LINE_ADDED,
    Action.LINE_CHANGED,
    Action.LINE_REMOVED,
    Action.LINE_ANSWERED,
    Action.LINE_DECIDED,
    Action.LINE_UNDONE,
    Action.BUDGET_OVERRIDDEN,
}
_AMOUNTS = {"total": "Total", "amount": "Amount", "planned": "Plan"}


_ORDER = tuple(dict.fromkeys(("line", "outcome", "kind", *_PLAIN, *_AMOUNTS)))


@dataclass(frozen=True)
class HistoryRow:
    """One thing somebody did; `words` are (label, text)."""

    pk: int
    at: datetime
    who: str
    what: str
    words: list[tuple[str, str]]


@dataclass(frozen=True)
class History:
    """One page of a record's history."""

    title: str
    back: tuple[str, str]
    rows: list[HistoryRow]
    older: str
    newer: str


def history_of(standing: Standing, subject: str, key: str, asked: Mapping[str, str]) -> History | None:
    """One page of a record's history, newest first; None when the reader may not see the record."""
    found = subject_of(standing, subject, key)
    if found is None:
        return None
    page = page_of(found.events, asked)
    rows = history_rows(page.rows, found)
    return History(found.title, found.back, rows, page.older, page.newer)


def history_rows(events: Sequence[Event], subject: Subject) -> list[HistoryRow]:
    """Events in words; those that would show a fee of nothing are left out."""
    said = opened(events)
    names = _names(events)
    return [
        HistoryRow(
            pk=event.pk,
            at=event.at,
            who=names.get(event.actor_id or 0, "The system"),
            what=event.get_action_display(),
            words=_words(said[event.pk], subject.words, subject.currency),
        )
        for event in events
        if _may_know(event, said[event.pk], subject)
    ]


def _may_know(event: Event, said: Mapping[str, Any], subject: Subject) -> bool:
    if subject.lines is None or event.action not in _ABOUT_ONE_LINE:
        return True
    return said.get("line") in subject.lines


def _names(events: Iterable[Event]) -> dict[int, str]:
    wanted = {event.actor_id for event in events if event.actor_id is not None}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))


def _words(said: Mapping[str, Any], allowed: Collection[str], currency: str) -> list[tuple[str, str]]:
    shown: list[tuple[str, str]] = []
    for key in (key for key in _ORDER if key in said and key in allowed):
        value = said[key]
        if key in _PLAIN and value not in ("", None):
            shown.append((_PLAIN[key], str(value)))
        elif key in _AMOUNTS and isinstance(value, int):
            shown.append((_AMOUNTS[key], money_text(value, currency)))
        elif key == "outcome" and value in Outcome.values:
            shown.append(("Outcome", str(Outcome(value).label)))
        elif key == "kind" and value in RoleKind.values:
            shown.append(("Part", str(RoleKind(value).label)))
    return shown
