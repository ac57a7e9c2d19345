"""Give roles, have them confirmed, and end them."""

from datetime import date

from audit.actions import Action
from audit.services import record, step
from common.dates import now, today
from common.errors import DomainError, IllegalMove
from people import permissions
from people.models import MessageKind, Organisation, Person, Project, Role, RoleKind
from people.services.messages import tell

FIRST_ADMINISTRATORS = 2  # whom the system may set up, so that there is somebody to confirm


@step(returns=Role)
def grant_role(
    *,
    actor: Person | None,
    person: Person,
    kind: RoleKind,
    organisation: Organisation,
    project: Project | None = None,
    since: date | None = None,
    key: str = "",
) -> Role:
    """Give a person a role for an organisation, or for one of its projects.

    A role with a hand on money counts only when `confirm_role` was done by a second person. Without an
    actor the system sets up an organisation's first two administrators, who count at once. Nobody can
    give themselves a role: the database refuses it too.
    """
    permissions.require(_why_not_grant(actor, person, kind, organisation))
    if project is not None and project.organisation_id != organisation.pk:
        permissions.require("This project belongs to another organisation.")
    if organisation.roles.filter(person=person, kind=kind, project=project, until__isnull=True).exists():
        raise DomainError("This person already has this part.")
    role = Role.objects.create(
        person=person,
        kind=kind,
        organisation=organisation,
        project=project,
        since=since or today(),
        granted_by=actor,
        confirmed_at=now() if actor is None else None,
    )
    _record(actor, Action.ROLE_GRANTED, role)
    if actor is not None and not role.waits:
        _tell(role)
    return role


def _why_not_grant(
    actor: Person | None, person: Person, kind: RoleKind, organisation: Organisation
) -> permissions.Reason:
    if actor is None:
        first = organisation.roles.filter(kind=kind).count() < FIRST_ADMINISTRATORS
        may = first and kind == RoleKind.ADMINISTRATOR
        return None if may else "Only an administrator of this organisation can do this."
    if actor == person:
        return "You cannot give yourself a role."
    return permissions.may_administer(actor, organisation)


@step(returns=Role)
def confirm_role(*, actor: Person, role_id: int, key: str = "") -> Role:
    """Confirm, as a second person, a role with a hand on money: from now on it counts."""
    role = _locked(role_id)
    permissions.require(permissions.may_confirm_role(actor, role))
    if not role.waits:
        raise IllegalMove("This part does not wait for anybody to confirm it.")
    if not role.person.logins.filter(is_active=True).exists():
        raise DomainError("This person cannot sign in yet, so nobody can see who would act as them.")
    role.confirmed_by = actor
    role.confirmed_at = now()
    role.save(update_fields=["confirmed_by", "confirmed_at"])
    _record(actor, Action.ROLE_CONFIRMED, role)
    _tell(role)
    return role


@step(returns=Role)
def end_role(*, actor: Person, role_id: int, on: date, key: str = "") -> Role:
    """End a role; `on` is its last day. Somebody is left to administer the organisation."""
    role = _locked(role_id)
    permissions.require(permissions.may_administer(actor, role.organisation))
    if role.until is not None:
        raise IllegalMove(f"This role already ended on {role.until}.")
    _refuse_last_administrator(role)
    role.until = on
    role.save(update_fields=["until"])
    _record(actor, Action.ROLE_ENDED, role)
    return role


def _locked(role_id: int) -> Role:
    roles = Role.objects.select_related("organisation", "person").select_for_update(of=("self",))
    return roles.get(pk=role_id)


def _refuse_last_administrator(role: Role) -> None:
    if role.kind != RoleKind.ADMINISTRATOR or role.confirmed_at is None:
        return
    Organisation.objects.select_for_update().get(pk=role.organisation_id)
    others = role.organisation.roles.filter(
        permissions.COUNTING, kind=RoleKind.ADMINISTRATOR, until__isnull=True
    )
    if not others.exclude(person=role.person).exists():
        raise DomainError("Nobody else administers this organisation. Give somebody else that part first.")


def _record(actor: Person | None, action: Action, role: Role) -> None:
    record(
        actor=actor,
        action=action,
        subject=role,
        organisation_id=role.organisation_id,
        project_id=role.project_id,
        about=role.person,
        kind=role.kind,
    )


def _tell(role: Role) -> None:
    tell(
        person=role.person,
        organisation=role.organisation,
        kind=MessageKind.ROLE_GIVEN,
        source=f"role:{role.pk}:given",
        day=max(role.since, today()),
    )
