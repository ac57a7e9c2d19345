"""Who is asking: the signed-in person and every part they hold today, read once per request."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from common.dates import today
from common.errors import NotVisible
from common.questions import ask
from people.models import FINANCE, Person, Role, RoleKind, User
from people.permissions import COUNTING, HELD, Held, in_force


def _known(person_id: int, day: date) -> QuerySet[Role, Any]:
    """The person's parts that count on a day or that counted for a contributor."""
    counts = (in_force(day) & COUNTING) | Q(kind=RoleKind.CONTRIBUTOR, since__lte=day)
    return Role.objects.filter(counts, person_id=person_id).values_list(*HELD)


class Standing:
    """What one person may be asked about. The roles are read at first use, in one query.

    A contributor whose part has ended still counts as one: their claims and payments stay theirs to
    read. Every other part ends on its last day.
    """

    def __init__(self, person: Person) -> None:
        self.person = person

    @cached_property
    def held(self) -> frozenset[Held]:
        return frozenset(Held(*row) for row in ask(_known, self.person.pk, today()))

    @cached_property
    def kinds(self) -> frozenset[str]:
        return frozenset(part.kind for part in self.held)

    def has(self, *kinds: str) -> bool:
        return bool(self.kinds.intersection(kinds))

    def organisations(self, kinds: Iterable[str]) -> frozenset[int]:
        """Keys of the organisations where one of these parts is held."""
        wanted = set(kinds)
        return frozenset(part.organisation_id for part in self.held if part.kind in wanted)

    def projects(self, kinds: Iterable[str]) -> frozenset[int]:
        """Keys of the projects where one of these parts is held."""
        wanted = set(kinds)
        return frozenset(part.project_id for part in self.held if part.kind in wanted and part.project_id)

    @property
    def is_finance(self) -> bool:
        return self.has(*FINANCE)


def standing_of(request: HttpRequest) -> Standing:
    """The standing of whoever is signed in. Raises NotVisible when nobody is."""
    known = getattr(request, "_standing", None)
    if isinstance(known, Standing):
        return known
    if not isinstance(request.user, User):
        raise NotVisible("Sign in to see this.")
    standing = Standing(request.user.person)
    request._standing = standing  # type: ignore[attr-defined]  # kept with the request it belongs to
    return standing


def person_of(request: HttpRequest) -> Person:
    """The person who is signed in."""
    return standing_of(request).person
