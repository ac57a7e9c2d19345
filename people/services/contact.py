"""People say themselves how we write to them, and in what size of print."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from audit.actions import Action
from audit.services import record, step
from common.errors import DomainError
from common.text import tidy
from people.models import Channel, PaperFormat, Person
from people.services.former import contact_changed

LONGEST_EMAIL, LONGEST_PHONE, LONGEST_ADDRESS = 254, 40, 500
FIELDS = ("channel", "paper_format", "email", "phone", "address")
_PHONE = re.compile(r"\+?[0-9 ()\-.]+(?: ?(?:x|ext\.?) ?[0-9]+)?", re.ASCII | re.IGNORECASE)
_NEEDS = {
    Channel.EMAIL: ("email", "Enter your e-mail address, so that we can write to it."),
    Channel.POST: ("address", "Enter your address, so that we can send you letters."),
    Channel.PHONE: ("phone", "Enter your telephone number, so that we can ring you."),
}


@step(returns=Person)
def change_contact(
    *,
    actor: Person,
    channel: Channel | None = None,
    paper_format: PaperFormat | None = None,
    email: str | None = None,
    phone: str | None = None,
    address: str | None = None,
    key: str = "",
) -> Person:
    """Change how we reach the person asking, and how they read best. What is None stays as it is.

    The e-mail address they had before is told. The trail keeps which of these changed, never what they say.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=actor.pk)
    before = {field: getattr(person, field) for field in FIELDS}
    person.channel = person.channel if channel is None else Channel(channel)
    person.paper_format = person.paper_format if paper_format is None else PaperFormat(paper_format)
    person.email = person.email if email is None else read_email(email)
    person.phone = person.phone if phone is None else read_phone(phone)
    person.address = person.address if address is None else read_address(address)
    _refuse_unreachable(person)
    changed = [field for field in FIELDS if getattr(person, field) != before[field]]
    if not changed:
        return person
    person.save(update_fields=changed)
    event = record(
        actor=actor, action=Action.PERSON_CHANGED, subject=person, about=person, changed=", ".join(changed)
    )
    contact_changed(person, email=before["email"], phone=before["phone"], at=event.at)
    return person


def read_email(typed: str) -> str:
    """An e-mail address in small letters; empty stays empty. Raises DomainError."""
    email = tidy(typed).lower()
    try:
        if email:
            validate_email(email)
    except ValidationError:
        email = "@"
    if email == "@" or len(email) > LONGEST_EMAIL:
        raise DomainError("Enter an e-mail address in the correct format, like name@example.com")
    return email


def read_phone(typed: str) -> str:
    """A telephone number as it was typed; empty stays empty. Raises DomainError."""
    phone = tidy(typed)
    figures = sum(mark.isdigit() for mark in phone)
    if phone and not (_PHONE.fullmatch(phone) and 7 <= figures <= 20 and len(phone) <= LONGEST_PHONE):
        raise DomainError("Enter a telephone number, like 01632 960 001 or 07700 900 982")
    return phone


def read_address(typed: str) -> str:
    """An address in lines, without empty ones. Raises DomainError."""
    lines = [line.strip() for line in tidy(typed, line=False).splitlines()]
    address = "\n".join(line for line in lines if line)
    if len(address) > LONGEST_ADDRESS:
        raise DomainError(f"Your address must be {LONGEST_ADDRESS} characters or fewer")
    return address


def _refuse_unreachable(person: Person) -> None:
    """The way somebody chose has to lead to them."""
    field, words = _NEEDS[Channel(person.channel)]
    if not getattr(person, field):
        raise DomainError(words)
