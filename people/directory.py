"""What administrators see of people, parts and projects: never a claim, an amount or bank details."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from common.dates import today
from people.models import (
    CONFIRMED_KINDS,
    FINANCE,
    Link,
    Organisation,
    Partner,
    Person,
    Project,
    Role,
    RoleKind,
)
from people.permissions import in_force, organisations_with

CONFIRMERS = frozenset({RoleKind.ADMINISTRATOR, RoleKind.APPROVER})


@dataclass(frozen=True)
class PersonDetail:
    """Somebody as the administrators of these organisations see them."""

    person: Person
    organisations: Sequence[Organisation]
    roles: Sequence[Role]
    ended: Sequence[Role]
    helped_by: Sequence[Link]
    helps: Sequence[Link]
    logins: Sequence[str]

    @property
    def is_contributor(self) -> bool:
        return any(role.kind == RoleKind.CONTRIBUTOR for role in self.roles)


@dataclass(frozen=True)
class ProjectDetail:
    """A project as it was set up. `lead_has_part` is False while its lead cannot decide claims."""

    project: Project
    shares: Sequence[tuple[Partner, str]]
    roles: Sequence[Role]
    lead_has_part: bool


def administered_by(person: Person) -> QuerySet[Organisation]:
    """The organisations this person administers today."""
    return organisations_with(person, [RoleKind.ADMINISTRATOR]).order_by("name", "pk")


def people_known_to(administrator: Person) -> QuerySet[Person]:
    """Everybody with a part in an organisation of theirs, also when it has ended."""
    theirs = Role.objects.filter(organisation__in=administered_by(administrator))
    return Person.objects.filter(pk__in=theirs.values("person_id"))


def people_found(administrator: Person, asked: str) -> QuerySet[Person]:
    """Those of them whose name or number holds what was asked for, with the parts they hold now."""
    now_held = Role.objects.filter(_open(), organisation__in=administered_by(administrator))
    held = Prefetch(
        "roles", now_held.select_related("project", "organisation").order_by("pk"), to_attr="held"
    )
    found = people_known_to(administrator).prefetch_related(held)
    return found.filter(Q(name__icontains=asked) | Q(number__iendswith=asked)) if asked else found


def person_detail(administrator: Person, person: Person) -> PersonDetail:
    """Parts, links and logins of somebody, as far as they concern this administrator."""
    ours = list(administered_by(administrator))
    roles = list(
        person.roles.filter(organisation__in=ours).select_related("project", "organisation", "granted_by")
    )
    known = people_known_to(administrator)
    links = Link.objects.filter(_open()).select_related("link_person", "contributor").order_by("pk")
    return PersonDetail(
        person=person,
        organisations=ours,
        roles=[role for role in roles if role.until is None or role.until >= today()],
        ended=[role for role in roles if role.until is not None and role.until < today()],
        helped_by=list(links.filter(contributor=person, link_person__in=known)),
        helps=list(links.filter(link_person=person, contributor__in=known)),
        logins=list(person.logins.filter(is_active=True).values_list("email", flat=True)),
    )


def roles_known_to(administrator: Person) -> QuerySet[Role]:
    """Every part in the organisations this person administers."""
    found = Role.objects.filter(organisation__in=administered_by(administrator))
    return found.select_related("person", "organisation", "project", "granted_by")


def roles_confirmed_by(person: Person) -> QuerySet[Role]:
    """Parts with a hand on money in the organisations where this person may be the second person."""
    theirs = organisations_with(person, CONFIRMERS)
    found = Role.objects.filter(kind__in=CONFIRMED_KINDS, organisation__in=theirs)
    return found.select_related("person", "organisation", "project", "granted_by").order_by("pk")


def roles_to_confirm(person: Person) -> QuerySet[Role]:
    """Those of them that wait for a second person."""
    return roles_confirmed_by(person).filter(confirmed_at__isnull=True, until__isnull=True)


def staff_of(organisation: Organisation) -> list[Person]:
    """Who may lead or administer a project: everybody who is more than a contributor."""
    roles = organisation.roles.filter(_open()).exclude(kind=RoleKind.CONTRIBUTOR)
    return list(Person.objects.filter(pk__in=roles.values("person_id")).order_by("name", "pk"))


def helpers_in(organisations: Sequence[Organisation], contributor: Person) -> list[Person]:
    """Link people who may help this contributor. Who pays or signs does not help with claims."""
    roles = Role.objects.filter(_open(), organisation__in=organisations)
    helpers = Person.objects.filter(pk__in=roles.filter(kind=RoleKind.LINK).values("person_id"))
    paying = roles.filter(kind__in=FINANCE).values("person_id")
    return list(helpers.exclude(pk__in=paying).exclude(pk=contributor.pk).order_by("name", "pk"))


def project_detail(project: Project) -> ProjectDetail:
    """A project with its shares and everybody who has a part in it, contributors last."""
    roles = project.roles.filter(_open()).select_related("person").order_by("person__name", "pk")
    order = list(RoleKind.values)[::-1]
    sorted_roles = sorted(roles, key=lambda role: order.index(role.kind))
    partners = list(project.partners.select_related("organisation").order_by("-weight", "organisation__name"))
    whole = sum(partner.weight for partner in partners)
    return ProjectDetail(
        project=project,
        shares=[(partner, f"{partner.weight * 100 / whole:.0f}%") for partner in partners],
        roles=sorted_roles,
        lead_has_part=any(
            role.kind == RoleKind.LEAD and role.person_id == project.lead_id for role in sorted_roles
        ),
    )


def _open() -> Q:
    return Q(until__isnull=True) | (in_force(today()))
