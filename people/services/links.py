"""Link contributors with the people who help them claim, and let people leave an organisation."""

from datetime import date

from django.db.models import QuerySet

from audit.actions import Action
from audit.services import record, step
from common.dates import today
from common.errors import DomainError, IllegalMove
from people import permissions
from people.models import Link, Organisation, Person, Role
from people.services.roles import end_role


@step(returns=Link)
def link(
    *,
    actor: Person,
    organisation: Organisation,
    contributor: Person,
    link_person: Person,
    since: date | None = None,
    key: str = "",
) -> Link:
    """Let a link person enter claims for a contributor, from a day on."""
    permissions.require(permissions.may_administer(actor, organisation))
    if contributor == link_person:
        raise DomainError("Choose somebody else: nobody is their own link person.")
    here = set(_open_roles(organisation).values_list("person_id", flat=True))
    if not {contributor.pk, link_person.pk} <= here:
        raise DomainError("Only people with a part in this organisation can be linked.")
    if contributor.link_people.filter(link_person=link_person, until__isnull=True).exists():
        raise DomainError(f"{link_person} already helps this person.")
    made = Link.objects.create(contributor=contributor, link_person=link_person, since=since or today())
    _record(actor, Action.LINK_MADE, made, organisation)
    return made


@step(returns=Link)
def end_link(*, actor: Person, organisation: Organisation, link_id: int, on: date, key: str = "") -> Link:
    """End what a link person may do for a contributor; `on` is the last day."""
    ended = Link.objects.select_related("contributor", "link_person").select_for_update(of=("self",))
    found = ended.get(pk=link_id)
    permissions.require(permissions.may_administer(actor, organisation))
    permissions.require(permissions.may_keep_person(actor, found.contributor))
    if found.until is not None:
        raise IllegalMove(f"This link already ended on {found.until}.")
    _end_with(actor, found, organisation, on)
    return found


@step(returns=Person)
def end_parts(
    *, actor: Person, organisation: Organisation, person_id: int, on: date, key: str = ""
) -> Person:
    """End every part somebody has in an organisation. Their links end too, unless they work elsewhere."""
    person = Person.objects.select_for_update().get(pk=person_id)
    permissions.require(permissions.may_administer(actor, organisation))
    for role in _open_roles(organisation).filter(person=person).order_by("pk"):
        end_role(actor=actor, role_id=role.pk, on=on)
    if not person.roles.filter(until__isnull=True).exists():
        for found in [*person.link_people.filter(until=None), *person.linked_contributors.filter(until=None)]:
            _end_with(actor, found, organisation, on)
    return person


def _end_with(actor: Person, found: Link, organisation: Organisation, on: date) -> None:
    found.until = on
    found.save(update_fields=["until"])
    _record(actor, Action.LINK_ENDED, found, organisation)


def _open_roles(organisation: Organisation) -> QuerySet[Role]:
    return organisation.roles.filter(until__isnull=True)


def _record(actor: Person, action: Action, found: Link, organisation: Organisation) -> None:
    record(
        actor=actor,
        action=action,
        subject=found,
        organisation_id=organisation.pk,
        about=found.contributor,
        link_person=found.link_person_id,
    )
