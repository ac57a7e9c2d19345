"""The auditor's page of everything that happened: filters, one page of events, and the way to one record."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse

from audit.models import Event
from audit.queries import events_wanted
from common.paging import page_of
from payments.pages import payments_read
from payments.queries import runs_visible_to
from people.models import Person, RoleKind
from people.standing import Standing
from reports.history_filters import SYSTEM, TrailFilter, kinds
from reports.history_subjects import subject_of
from reports.project_pages import projects_read


@dataclass(frozen=True)
class TrailRow:
    """One event; the addresses narrow the trail to whoever did it, and to the record."""

    at: datetime
    who: str
    by_who: str
    what: str
    record: str
    by_record: str


@dataclass(frozen=True)
class TrailPage:
    """One page of the trail, newest first."""

    filters: TrailFilter
    rows: list[TrailRow]
    older: str
    newer: str
    is_narrowed: bool


def trail_page(standing: Standing, asked: QueryDict) -> TrailPage:
    """The events asked for, of organisations this person audits, without their words.

    Nothing is shown while a filter cannot be understood; the form then says which.
    """
    filters = TrailFilter(asked, standing.organisations([RoleKind.AUDITOR]))
    narrowed = bool(filters.kept())
    if not filters.is_valid():
        return TrailPage(filters, [], older="", newer="", is_narrowed=narrowed)
    events = events_wanted(filters.organisations(), filters.wanted())
    page = page_of(events, asked, keep=filters.kept())
    people = _people(page.rows)
    words = kinds()
    rows = [_row(event, people.get(event.actor_id or 0), filters, words) for event in page.rows]
    return TrailPage(filters, rows, older=page.older, newer=page.newer, is_narrowed=narrowed)


def history_address(standing: Standing, handle: str) -> str | None:
    """Where the history of the record with this number or code is; None when it is not there for them."""
    for subject, key in _meant(standing, handle):
        if subject_of(standing, subject, key) is not None:
            return reverse("reports:history", args=[subject, key])
    return None


def _meant(standing: Standing, handle: str) -> list[tuple[str, str]]:
    """What a handle may stand for: a claim, a person, a payment, a run or a project."""
    typed = " ".join(handle.upper().split())
    if re.fullmatch(r"C[0-9]{6,11}", typed, re.ASCII):
        return [("claim", typed)]
    if re.fullmatch(r"P[0-9]{6,11}", typed, re.ASCII):
        return [("person", typed)]
    found: list[tuple[str, str]] = []
    payments = payments_read(standing.person).filter(reference=typed)
    found += [("payment", str(key)) for key in payments.values_list("pk", flat=True)]
    if run := re.fullmatch(r"(?:PAYMENT )?(?:RUN )?([0-9]{1,9})", typed, re.ASCII):
        runs = runs_visible_to(standing.person).filter(number=int(run[1]))
        found += [("run", str(key)) for key in runs.values_list("pk", flat=True)]
    projects = projects_read(standing).filter(code__iexact=typed)
    return found + [("project", str(key)) for key in projects.values_list("pk", flat=True)]


def _people(events: Sequence[Event]) -> dict[int, Person]:
    wanted = {event.actor_id for event in events if event.actor_id is not None}
    return {person.pk: person for person in Person.objects.filter(pk__in=wanted)}


def _row(event: Event, person: Person | None, filters: TrailFilter, words: Mapping[str, str]) -> TrailRow:
    kind, key = event.subject_type, str(event.subject_id)
    return TrailRow(
        at=event.at,
        who=person.name if person else "The system",
        by_who=f"?{filters.kept(who=person.number if person else SYSTEM)}".rstrip("&"),
        what=event.get_action_display(),
        record=f"{words.get(kind, kind)} {key}",
        by_record=f"?{filters.kept(kind=kind, record=key)}".rstrip("&"),
    )
