"""What finance and the auditor see of one person's bank details: two figures, never the account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from audit.actions import Action
from audit.queries import events_of, opened
from common.dates import now
from common.errors import NotVisible
from payments import permissions
from payments.models import BankDetails
from payments.own_details import Look, looks_at
from payments.queries.details import payees_of
from payments.services.details import COOLING_OFF, CheckedBy
from people.models import Person, RoleKind
from people.services.former import former_contacts
from people.templatetags.ledger_text import day

VERSIONS_SHOWN = 20
_CONTACT = {
    "email": "e-mail address",
    "phone": "telephone number",
    "address": "postal address",
    "channel": "way of hearing from us",
}


@dataclass(frozen=True)
class Version:
    """One version of somebody's bank details, how it stands, and how it was checked."""

    details: BankDetails
    state: str
    colour: str
    how: str = ""
    checked_on: date | None = None
    note: str = ""
    papers: str = ""

    @property
    def is_waiting(self) -> bool:
        return self.details.verified_at is None and self.details.retired_at is None


@dataclass(frozen=True)
class Shared:
    """Who else uses the account: how many people in all, and the names the reader may know."""

    people: int
    names: Sequence[str]


@dataclass(frozen=True)
class ContactChange:
    """How to reach the person was changed, too close to their bank details to be ignored."""

    what: tuple[str, ...]
    at: datetime
    who: str

    def __str__(self) -> str:
        were = "was" if len(self.what) == 1 else "were"
        return f"{' and '.join(self.what)} {were} changed on {day(self.at)} too, by {self.who}"


@dataclass(frozen=True)
class Payee:
    """How one person's bank details stand, for those who keep or check the money."""

    person: Person
    versions: Sequence[Version]
    used: BankDetails | None
    waiting: BankDetails | None
    is_change: bool
    shared: Shared | None
    contact_changes: Sequence[str]
    looks: Sequence[Look]
    why_not: str
    may_enter: bool

    @property
    def rests(self) -> bool:
        """Whether the account is verified and still cools off."""
        return self.used is not None and self.used.usable_from is not None and self.used.usable_from > now()


@dataclass(frozen=True)
class Ring:
    """Which number to ring; `is_former` when the one on record `was_changed` as well and proves nothing."""

    number: str
    is_former: bool
    was_changed: bool


def payee_for(reader: Person, number: str) -> Payee:
    """One person, if the reader keeps or checks money they may get. Raises NotVisible."""
    person = payees_of(reader).filter(number=number).first()
    if person is None:
        raise NotVisible("There is no such person.")
    rows = list(
        person.bank_details.select_related("entered_by", "verified_by", "refused_by").order_by(
            "-entered_at", "-pk"
        )[:VERSIONS_SHOWN]
    )
    current = [row for row in rows if row.retired_at is None]
    waiting = next((row for row in current if row.verified_at is None), None)
    used = next((row for row in current if row.verified_at is not None), None)
    return Payee(
        person=person,
        versions=_versions(rows),
        used=used,
        waiting=waiting,
        is_change=any(row.verified_at is not None for row in rows),
        shared=_shared(reader, [row.fingerprint for row in current], person),
        contact_changes=in_words(contact_changes(waiting)) if waiting else [],
        looks=looks_at(person),
        why_not=(permissions.may_verify_details(reader, waiting) or "") if waiting else "",
        may_enter=permissions.may_enter_details(reader, person) is None and reader != person,
    )


def details_for(actor: Person, number: str, details_id: int) -> BankDetails:
    """One version of somebody's details, if the actor keeps money they may get. Raises NotVisible."""
    theirs = payees_of(actor, [RoleKind.PREPARER, RoleKind.APPROVER]).filter(number=number)
    found = BankDetails.objects.filter(pk=details_id, person__in=theirs.values("pk"))
    details = found.select_related("person", "entered_by", "verified_by", "refused_by").first()
    if details is None:
        raise NotVisible("There are no such bank details.")
    return details


def who_acts_now(person: Person) -> str:
    """Whose account is in use, as in “deputy”; empty when it is the person's own."""
    used = person.bank_details.filter(retired_at__isnull=True, verified_at__isnull=False).exclude(acting="")
    found = used.first()
    return str(found.get_acting_display()) if found else ""


def papers_seen(details: BankDetails) -> str:
    """Which papers whoever entered the account of somebody who acts for the person saw."""
    if not details.acting:
        return ""
    found = events_of({"payments.bankdetails": [details.pk]}).filter(action=Action.BANK_DETAILS_ENTERED)
    return "".join(str(said.get("papers", "")) for said in opened(list(found)).values())


def whom_to_ring(details: BankDetails) -> Ring:
    """The number known before the details came. One that came with them, or just before, proves nothing."""
    person = details.person
    new = [change for change in contact_changes(details) if _CONTACT["phone"] in change.what]
    if not new:
        return Ring(person.phone, is_former=False, was_changed=False)
    # Only what the first of the changes replaced: a later one may have replaced the thief's own number.
    before = [each.phone for each in former_contacts(person) if each.replaced_at == new[0].at]
    return Ring(before[0] or "" if before else "", is_former=True, was_changed=True)


def contact_changes(details: BankDetails) -> list[ContactChange]:
    """Changes of how to reach the person, from two days before the details were entered until now."""
    since: datetime = details.entered_at - COOLING_OFF
    events = events_of({"people.person": [details.person_id]})
    found = list(events.filter(action=Action.PERSON_CHANGED, at__gte=since).order_by("at", "pk"))
    said = opened(found) if found else {}
    names = _names(found)
    return [
        ContactChange(what, event.at, names.get(event.actor_id or 0, "The system"))
        for event in found
        if (what := _what(said[event.pk]))
    ]


def in_words(changes: Sequence[ContactChange]) -> list[str]:
    """Each change as the rest of a sentence that begins with “Their”, once for a day."""
    return list(dict.fromkeys(map(str, changes)))


def _what(said: Mapping[str, Any]) -> tuple[str, ...]:
    changed = str(said.get("changed", "")).split(", ")
    return tuple(words for name, words in _CONTACT.items() if name in changed)


def _names(events: Sequence[Any]) -> dict[int, str]:
    keys = {event.actor_id for event in events if event.actor_id}
    return dict(Person.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}


def _shared(reader: Person, fingerprints: Sequence[str], person: Person) -> Shared | None:
    """Others with the same account now. Names only of people the reader works with anyway."""
    same = BankDetails.objects.filter(fingerprint__in=fingerprints, retired_at__isnull=True)
    keys = set(same.exclude(person=person).values_list("person_id", flat=True))
    if not keys:
        return None
    known = payees_of(reader).filter(pk__in=keys).order_by("name", "pk")
    return Shared(len(keys) + 1, list(known.values_list("name", flat=True)))


def _versions(rows: Sequence[BankDetails]) -> list[Version]:
    events = list(
        events_of({"payments.bankdetails": [row.pk for row in rows]}).filter(
            action__in=[Action.BANK_DETAILS_VERIFIED, Action.BANK_DETAILS_REFUSED]
        )
    )
    said = opened(events) if events else {}
    by_row = {event.subject_id: said[event.pk] for event in events}
    return [_version(row, by_row.get(row.pk, {})) for row in rows]


def _version(row: BankDetails, said: Mapping[str, Any]) -> Version:
    state, colour = state_of(row)
    how = str(said.get("how", ""))
    return Version(
        details=row,
        state=state,
        colour=colour,
        how=str(CheckedBy(how).label) if how in CheckedBy.values else "",
        checked_on=date.fromisoformat(str(said["on"])) if said.get("on") else None,
        note=str(said.get("note", "")),
        papers=str(said.get("papers", "")),
    )


def state_of(row: BankDetails) -> tuple[str, str]:
    """How bank details stand, in finance's words, and the colour of the tag."""
    if row.refused_by_id is not None:
        return "Refused", "red"
    if row.retired_at is not None:
        return "Replaced", "grey"
    if row.verified_at is None:
        return "Waiting to be checked", "yellow"
    if row.usable_from is not None and row.usable_from > now():
        return "Checked, cooling off", "blue"
    return "In use", "green"


def first_usable(details: BankDetails) -> datetime:
    """From when details verified at this moment can be used."""
    verified = details.person.bank_details.filter(verified_at__isnull=False)
    return now() + (COOLING_OFF if verified.exists() else timedelta(0))
