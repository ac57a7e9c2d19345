"""What roles somebody holds today. Pure questions; every app's own permissions build on these.

A permission function returns None when the step is allowed, or the reason when it is not. Services
enforce it with `require`; screens only ask.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from common.dates import today
from common.errors import NotPermitted
from common.questions import ask, keys
from people.deaths import the_dead
from people.models import (
    CONFIRMED_KINDS,
    FINANCE,
    FileKind,
    Link,
    Organisation,
    Person,
    Project,
    Role,
    RoleKind,
)

Reason = str | None
# A role that gives a hand on money counts from the day a second person confirmed it.
COUNTING = ~Q(kind__in=CONFIRMED_KINDS) | Q(confirmed_at__isnull=False)
MESSENGERS = FINANCE | {RoleKind.ADMINISTRATOR, RoleKind.LINK}
_AUDITORS = frozenset({RoleKind.AUDITOR})
# For whom which files are prepared: the books for those who keep and check them, proofs for the auditor.
FILE_READERS: dict[FileKind, frozenset[RoleKind]] = {
    FileKind.WORKBOOK: FINANCE | _AUDITORS,
    FileKind.JOURNAL: FINANCE | _AUDITORS,
    FileKind.TRAIL: _AUDITORS,
    FileKind.CHECKS: _AUDITORS,
}


def require(reason: Reason) -> None:
    """Raise NotPermitted with the reason, if there is one."""
    if reason is not None:
        raise NotPermitted(reason)


def in_force(day: date) -> Q:
    """Rows with `since` and `until` that hold on a day, both ends included."""
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))


@lru_cache(maxsize=2)
def _counting(day: date) -> QuerySet[Role]:
    """The roles of the living that count on a day: a question never asked itself, only narrowed.

    Kept, because every request and step asks it, and putting it together takes longer than the answer.
    """
    return Role.objects.filter(in_force(day), COUNTING).exclude(person__in=the_dead())


def roles_of(person: Person) -> QuerySet[Role]:
    """The roles a person holds today, and that count. Whoever has died holds none."""
    return _counting(today()).filter(person=person)


@dataclass(frozen=True)
class Held:
    """One part that somebody holds, by keys."""

    kind: str
    organisation_id: int
    project_id: int | None


HELD = ("kind", "organisation_id", "project_id")


def held(person: Person) -> frozenset[Held]:
    """What the person holds today and what counts, in one query."""
    return frozenset(Held(*row) for row in ask(_held, person.pk, today()))


def _held(person_id: int, day: date) -> QuerySet[Role, Any]:
    return _counting(day).filter(person_id=person_id).values_list(*HELD)


def holds(person: Person, kinds: Iterable[RoleKind], organisation: Organisation) -> bool:
    """Does the person hold one of these organisation roles today?"""
    wanted = set(kinds)
    return any(part.kind in wanted and part.organisation_id == organisation.pk for part in held(person))


def holds_in(person: Person, kinds: Iterable[RoleKind], project: Project) -> bool:
    """Does the person hold one of these project roles today?"""
    wanted = set(kinds)
    parts = (part for part in held(person) if part.project_id)
    return any(part.kind in wanted and part.project_id == project.pk for part in parts)


def is_finance(person: Person, organisation: Organisation) -> bool:
    """A finance preparer or approver of the organisation."""
    return holds(person, FINANCE, organisation)


def is_lead(person: Person, project: Project) -> bool:
    """The project's lead, by role."""
    return holds_in(person, [RoleKind.LEAD], project)


def is_linked(link_person: Person, contributor: Person) -> bool:
    """May this link person act for this contributor today?"""
    links = Link.objects.filter(in_force(today()), contributor=contributor, link_person=link_person)
    return links.exists()


def organisations_with(person: Person, kinds: Iterable[RoleKind]) -> QuerySet[Organisation]:
    """The organisations where the person holds one of these roles today."""
    return Organisation.objects.filter(
        pk__in=keys(_held_as, person.pk, today(), tuple(sorted(kinds)), "organisation_id")
    )


def projects_with(person: Person, kinds: Iterable[RoleKind]) -> QuerySet[Project]:
    """The projects where the person holds one of these project roles today."""
    return Project.objects.filter(
        pk__in=keys(_held_as, person.pk, today(), tuple(sorted(kinds)), "project_id")
    )


def _held_as(person_id: int, day: date, kinds: tuple[RoleKind, ...], column: str) -> QuerySet[Role, Any]:
    held = _counting(day).filter(person_id=person_id, kind__in=kinds, **{f"{column}__isnull": False})
    return held.values_list(column)


def contributors_linked_to(link_person: Person) -> QuerySet[Person]:
    """The contributors this link person acts for today."""
    return Person.objects.filter(pk__in=keys(_linked_to, link_person.pk, today()))


def _linked_to(link_person_id: int, day: date) -> QuerySet[Link, Any]:
    return Link.objects.filter(in_force(day), link_person_id=link_person_id).values_list("contributor_id")


def may_administer(actor: Person, organisation: Organisation) -> Reason:
    """Administrators set up people, roles and projects of their organisation."""
    if holds(actor, [RoleKind.ADMINISTRATOR], organisation):
        return None
    return "Only an administrator of this organisation can do this."


def may_keep_person(actor: Person, person: Person) -> Reason:
    """Administrators keep the records of people with a part in their organisation, and of newcomers.

    A newcomer has no part anywhere yet.
    """
    ours = organisations_with(actor, [RoleKind.ADMINISTRATOR])
    there = person.roles.filter(Q(until__isnull=True) | Q(until__gte=today()))
    if there.filter(organisation__in=ours).exists() or (ours.exists() and not person.roles.exists()):
        return None
    return "Only an administrator of an organisation this person works with can do this."


def may_confirm_role(actor: Person, role: Role) -> Reason:
    """A second administrator or a finance approver, neither who holds the role nor who gave it."""
    if actor.pk == role.person_id:
        return "Somebody else has to confirm a part of yours."
    if actor.pk == role.granted_by_id:
        return "Somebody else has to confirm a part that you gave."
    if holds(actor, [RoleKind.ADMINISTRATOR, RoleKind.APPROVER], role.organisation):
        return None
    return "Only an administrator or a finance approver of this organisation can do this."


def may_handle_messages(actor: Person, organisation: Organisation) -> Reason:
    """Somebody has to print letters and ring people; which messages each of them meets is scoped."""
    if holds(actor, MESSENGERS, organisation):
        return None
    return "Only an administrator, a link person or finance of this organisation can do this."


def may_have_file(actor: Person, kind: FileKind, organisation: Organisation) -> Reason:
    """Finance and auditors take the books of their organisation with them; auditors also the trail."""
    if holds(actor, FILE_READERS[kind], organisation):
        return None
    return f"Only {_who(FILE_READERS[kind])} of this organisation can have this file."


def _who(kinds: frozenset[RoleKind]) -> str:
    return "an auditor" if kinds == _AUDITORS else "finance or an auditor"
