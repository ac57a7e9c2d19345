"""Add people, keep how to reach them, and make logins for those who want to sign in."""

from audit.actions import Action
from audit.services import record, step
from common.dates import today
from common.errors import DomainError
from common.text import tidy
from people.models import (
    CONFIRMED_KINDS,
    Channel,
    MessageKind,
    Organisation,
    PaperFormat,
    Person,
    Project,
    RoleKind,
    User,
)
from people.permissions import may_administer, may_keep_person, require, roles_of
from people.services.former import contact_changed
from people.services.messages import tell
from people.services.roles import grant_role
from people.services.stamps import refuse_stale


@step(returns=Person)
def add_person(
    *,
    actor: Person | None,
    name: str,
    email: str = "",
    phone: str = "",
    address: str = "",
    channel: Channel = Channel.EMAIL,
    paper_format: PaperFormat = PaperFormat.STANDARD,
    key: str = "",
) -> Person:
    """Add somebody, with or without e-mail. Without an actor the system sets up its first person."""
    person = Person(number="", channel=channel, paper_format=paper_format)
    _reach(person, name=name, email=email, phone=phone, address=address)
    person.save()
    person.number = f"P{person.pk:06d}"
    person.save(update_fields=["number"])
    record(actor=actor, action=Action.PERSON_ADDED, subject=person, about=person, channel=channel)
    return person


@step(returns=Person)
def invite_person(
    *,
    actor: Person,
    organisation: Organisation,
    kind: RoleKind,
    project: Project | None,
    name: str,
    email: str,
    phone: str,
    address: str,
    channel: Channel,
    paper_format: PaperFormat,
    signs_in: bool,
    key: str = "",
) -> Person:
    """Add somebody with their first part in an organisation, and with a login if they want to sign in."""
    require(may_administer(actor, organisation))
    known = Person.objects.filter(roles__organisation=organisation).exclude(email="")
    if found := known.filter(email=email.strip().lower()).first():
        raise DomainError(f"{found} ({found.number}) already has this e-mail address.")
    person = add_person(
        actor=actor,
        name=name,
        email=email,
        phone=phone,
        address=address,
        channel=channel,
        paper_format=paper_format,
    )
    grant_role(actor=actor, person=person, kind=kind, organisation=organisation, project=project)
    if signs_in:
        add_login(actor=actor, person=person, email=email)
    return person


@step(returns=Person)
def change_person(
    *,
    actor: Person,
    person_id: int,
    name: str,
    email: str,
    phone: str,
    address: str,
    channel: Channel,
    paper_format: PaperFormat,
    expected_version: int | None = None,
    key: str = "",
) -> Person:
    """Change what somebody is called, how to reach them and how they read best. Their login stays.

    The e-mail address they had before is told, as when they change it themselves.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    require(may_keep_person(actor, person))
    refuse_stale(person, expected_version)
    before = {field: getattr(person, field) for field in _KEPT}
    person.channel, person.paper_format = channel, paper_format
    _reach(person, name=name, email=email, phone=phone, address=address)
    person.save()
    changed = [field for field in _KEPT if getattr(person, field) != before[field]]
    event = record(
        actor=actor, action=Action.PERSON_CHANGED, subject=person, about=person, changed=", ".join(changed)
    )
    contact_changed(person, email=before["email"], phone=before["phone"], at=event.at)
    return person


_KEPT = ("name", "email", "phone", "address", "channel", "paper_format")


def _reach(person: Person, *, name: str, email: str, phone: str, address: str) -> None:
    """Raises DomainError for a person who could not be reached in the way they asked for."""
    person.name = tidy(name)
    person.email = email.strip().lower()
    person.phone = tidy(phone)
    person.address = tidy(address, line=False)
    if person.channel == Channel.EMAIL and not person.email:
        raise DomainError("Somebody who wants to hear from us by e-mail needs an e-mail address.")


@step(returns=User)
def add_login(
    *, actor: Person | None, person: Person, email: str, password: str | None = None, key: str = ""
) -> User:
    """Let a person sign in with this e-mail address; without a password, by a code sent to it.

    Nobody adds a way in for a person who already has a hand on money: whoever reads that mailbox could
    act as them. Without an actor the system does it.
    """
    email = email.strip().lower()
    if actor is not None:
        require(may_keep_person(actor, person))
        if roles_of(person).filter(kind__in=CONFIRMED_KINDS).exists():
            raise DomainError("This person already works with money, so no other way to sign in is added.")
    if not email:
        raise DomainError("A login needs an e-mail address.")
    if User.objects.filter(email=email).exists():
        raise DomainError("This e-mail address cannot be used to sign in here. Ask for another one.")
    user = User.objects.create_user(email=email, person=person, password=password)
    record(actor=actor, action=Action.LOGIN_ADDED, subject=user, about=person)
    works_with = Organisation.objects.filter(roles__person=person).order_by("roles__pk").first()
    if actor is not None and works_with is not None:
        tell(
            person=person,
            organisation=works_with,
            kind=MessageKind.LOGIN_MADE,
            source=f"login:{user.pk}:made",
            day=today(),
        )
    return user
