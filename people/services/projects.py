"""Set up projects and the partners that share their cost."""

from collections.abc import Mapping
from datetime import date

from audit.actions import Action
from audit.services import record, step
from common.errors import DomainError
from common.text import tidy
from people import permissions
from people.models import Organisation, Partner, Person, Project
from people.services.stamps import refuse_stale


@step(returns=Project)
def add_project(
    *,
    actor: Person,
    organisation: Organisation,
    code: str,
    name: str,
    purpose: str,
    starts_on: date,
    ends_on: date,
    lead: Person,
    administrator: Person,
    key: str = "",
) -> Project:
    """Add a project. Its lead still needs the role of lead to decide claims."""
    permissions.require(permissions.may_administer(actor, organisation))
    _refuse_odd(organisation, starts_on, ends_on, lead, administrator)
    if organisation.projects.filter(code__iexact=code).exists():
        raise DomainError("Another project has this code already.")
    project = Project.objects.create(
        organisation=organisation,
        code=code,
        name=tidy(name),
        purpose=tidy(purpose, line=False),
        starts_on=starts_on,
        ends_on=ends_on,
        lead=lead,
        administrator=administrator,
    )
    record(
        actor=actor,
        action=Action.PROJECT_ADDED,
        subject=project,
        organisation_id=organisation.pk,
        project_id=project.pk,
        code=code,
    )
    return project


@step(returns=Partner)
def add_partner(
    *, actor: Person, project: Project, organisation: Organisation, weight: int = 1, key: str = ""
) -> Partner:
    """Record that an organisation carries a share of a project's cost, by weight."""
    permissions.require(permissions.may_administer(actor, project.organisation))
    partner = Partner.objects.create(project=project, organisation=organisation, weight=weight)
    record(
        actor=actor,
        action=Action.PARTNER_ADDED,
        subject=partner,
        organisation_id=project.organisation_id,
        project_id=project.pk,
        partner=organisation.code,
        weight=weight,
    )
    return partner


@step(returns=Project)
def change_project(
    *,
    actor: Person,
    project_id: int,
    name: str,
    purpose: str,
    starts_on: date,
    ends_on: date,
    lead: Person,
    administrator: Person,
    expected_version: int | None = None,
    key: str = "",
) -> Project:
    """Change a project. Its code stays: it is in the names of its accounts."""
    project = _locked(actor, project_id)
    refuse_stale(project, expected_version)
    _refuse_odd(project.organisation, starts_on, ends_on, lead, administrator)
    project.name = tidy(name)
    project.purpose = tidy(purpose, line=False)
    project.starts_on, project.ends_on = starts_on, ends_on
    project.lead, project.administrator = lead, administrator
    project.save()
    record(
        actor=actor,
        action=Action.PROJECT_CHANGED,
        subject=project,
        organisation_id=project.organisation_id,
        project_id=project.pk,
    )
    return project


@step(returns=Project)
def set_partners(*, actor: Person, project_id: int, weights: Mapping[int, int], key: str = "") -> Project:
    """Say who carries which share of a project's cost: weights by key of the organisation; 0 for none."""
    project = _locked(actor, project_id)
    if any(weight < 0 for weight in weights.values()) or not any(weights.values()):
        raise DomainError("Somebody has to carry the cost. Give at least one organisation a share.")
    now_there = {partner.organisation_id: partner for partner in project.partners.all()}
    for organisation_id, weight in sorted(weights.items()):
        partner = now_there.get(organisation_id)
        if not weight:
            if partner is not None:
                partner.delete()
        elif partner is None:
            Partner.objects.create(project=project, organisation_id=organisation_id, weight=weight)
        elif partner.weight != weight:
            partner.weight = weight
            partner.save(update_fields=["weight"])
    record(
        actor=actor,
        action=Action.PARTNERS_SET,
        subject=project,
        organisation_id=project.organisation_id,
        project_id=project.pk,
        shares=", ".join(f"{partner.organisation.code} {partner.weight}" for partner in _partners(project)),
    )
    return project


def _partners(project: Project) -> list[Partner]:
    return list(project.partners.select_related("organisation").order_by("organisation__code"))


def _locked(actor: Person, project_id: int) -> Project:
    projects = Project.objects.select_related("organisation").select_for_update(of=("self",))
    project = projects.get(pk=project_id)
    permissions.require(permissions.may_administer(actor, project.organisation))
    return project


def _refuse_odd(
    organisation: Organisation, starts_on: date, ends_on: date, lead: Person, administrator: Person
) -> None:
    if ends_on < starts_on:
        raise DomainError("The project must end on or after the day it starts.")
    for person in (lead, administrator):  # a newcomer, who has no part anywhere yet, may be either
        if person.roles.exists() and not person.roles.filter(organisation=organisation).exists():
            raise DomainError("The lead and the administrator need a part in this organisation first.")
