"""What somebody keeps here for themselves alone: the days they count by, and what they want to hear of.

Each function takes a request, not a person: it opens what belongs to whoever is signed in, and there is no
way to ask for anybody else's. No step, event, history, message or task knows of it.
"""

import json
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from common.encryption import KeyRing
from payments.models import PrivateNote
from payments.own_money.spans import Span
from people.models import Person
from people.standing import person_of

LENGTH = 256  # bytes: every note is filled up to it, so that its length says nothing


@dataclass(frozen=True, slots=True)
class Kept:
    """Minor units of the default currency, and days. Nothing of it shows when it is printed or logged."""

    week: int | None = field(default=None, repr=False)
    month: int | None = field(default=None, repr=False)
    days: int | None = field(default=None, repr=False)
    span: Span | None = field(default=None, repr=False)

    @property
    def is_empty(self) -> bool:
        return (self.week, self.month, self.days, self.span) == (None, None, None, None)


@sensitive_variables()
def kept_by(request: HttpRequest) -> Kept:
    """What whoever is signed in keeps here. One query."""
    person = person_of(request)
    note = PrivateNote.objects.filter(holder=_holder(person)).first()
    return Kept() if note is None else _read(_ring().open(bytes(note.sealed), _context(person)))


@sensitive_variables()
def keep(request: HttpRequest, kept: Kept) -> None:
    """Keep this instead of what was kept before. Nothing to keep leaves nothing behind."""
    if kept.is_empty:
        forget(request)
        return
    person = person_of(request)
    sealed = _ring().seal(_written(kept), _context(person))
    with transaction.atomic():
        PrivateNote.objects.update_or_create(holder=_holder(person), defaults={"sealed": sealed})


def forget(request: HttpRequest) -> None:
    """Remove all of it."""
    PrivateNote.objects.filter(holder=_holder(person_of(request))).delete()


def _ring() -> KeyRing:
    ring: KeyRing = settings.ENCRYPTION_KEYS
    return ring


def _holder(person: Person) -> str:
    return _ring().fingerprint(str(person.pk), "private_note")


def _context(person: Person) -> str:
    return f"private_note:{person.pk}"


@sensitive_variables()
def _written(kept: Kept) -> bytes:
    span = [kept.span.first.isoformat(), kept.span.last.isoformat()] if kept.span else None
    written = json.dumps([kept.week, kept.month, kept.days, span]).encode()
    if len(written) > LENGTH:
        raise ValueError("A private note is longer than every note is.")
    return written.ljust(LENGTH)


@sensitive_variables()
def _read(written: bytes) -> Kept:
    week, month, days, span = json.loads(written)
    return Kept(week, month, days, Span(*map(date.fromisoformat, span)) if span else None)
