"""Set up the fictional partnership: organisations, projects, people, roles."""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from claims.models import Way
from claims.services.offering import offer_way
from common.money import parse_amount
from ledger.services.budgets import agree, propose
from people.models import Channel, Organisation, PaperFormat, Person, Project, RoleKind
from people.services import (
    add_login,
    add_organisation,
    add_partner,
    add_person,
    add_project,
    confirm_role,
    grant_role,
    link,
    set_adviser,
)

FIXTURES = Path(settings.BASE_DIR) / "fixtures" / "demo"
PASSWORD = "correct-horse-riverbend"  # noqa: S105 - printed on the sign-in page; demonstration only
HOME = "riverbend"


@dataclass
class Cast:
    """Everybody by the handle used in fixtures/demo/."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    contributors: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __getitem__(self, handle: str) -> Person:
        return self.people[handle]

    @property
    def home(self) -> Organisation:
        return self.organisations[HOME]


def set_up() -> Cast:
    """Make everybody and everything in partnership.toml through the real services."""
    story = tomllib.loads((FIXTURES / "partnership.toml").read_text(encoding="utf-8"))
    cast = Cast(contributors=story["contributor"])
    for row in story["organisation"]:
        cast.organisations[row["code"]] = add_organisation(actor=None, **row)
    _staff(cast, story["staff"])
    _adviser(cast)
    for row in story["project"]:
        _project(cast, row)
    _project_roles(cast, story["staff"])
    _contributors(cast)
    return cast


def _adviser(cast: Cast) -> None:
    """Somebody outside the partnership, for whoever wants to talk before they answer."""
    organisation = cast.organisations[HOME]
    administrators = Person.objects.filter(
        roles__kind=RoleKind.ADMINISTRATOR, roles__organisation=organisation
    )
    set_adviser(
        actor=administrators.order_by("pk")[0],
        organisation_id=organisation.pk,
        adviser_name="Ines Okoro, Riverbend Advice",
        adviser_email="ines@advice.example",
    )


def _staff(cast: Cast, staff: dict[str, Any]) -> None:
    """Administrators come first, because they give everybody else their roles."""
    for handle, row in staff.items():
        cast.people[handle] = add_person(actor=None, name=row["name"], email=f"{handle}@riverbend.example")
        add_login(actor=None, person=cast[handle], email=f"{handle}@riverbend.example", password=PASSWORD)
    by_kind = sorted(staff.items(), key=lambda item: "administrator" not in item[1].get("roles", []))
    for handle, row in by_kind:
        for kind in row.get("roles", []):
            _role(cast, cast[handle], RoleKind(kind), cast.organisations[row.get("organisation", HOME)])


def _role(
    cast: Cast, person: Person, kind: RoleKind, organisation: Organisation, project: Project | None = None
) -> None:
    """The first administrator gives a role, the second confirms it where that is asked for."""
    if kind == RoleKind.ADMINISTRATOR:
        grant_role(actor=None, person=person, kind=kind, organisation=organisation)
        return
    first, second = organisation.roles.filter(kind=RoleKind.ADMINISTRATOR).order_by("pk")[:2]
    role = grant_role(
        actor=first.person, person=person, kind=kind, organisation=organisation, project=project
    )
    if role.waits:
        confirm_role(actor=second.person, role_id=role.pk)


def _project(cast: Cast, row: dict[str, Any]) -> None:
    project = add_project(
        actor=cast["abel"],
        organisation=cast.home,
        code=row["code"],
        name=row["name"],
        purpose=row["purpose"],
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 8, 31),
        lead=cast[row["lead"]],
        administrator=cast[row["administrator"]],
    )
    cast.projects[row["code"]] = project
    for code in [HOME, *row["partners"]]:
        add_partner(actor=cast["abel"], project=project, organisation=cast.organisations[code])


def _project_roles(cast: Cast, staff: dict[str, Any]) -> None:
    for handle, row in staff.items():
        for kind, codes in row.get("projects", {}).items():
            for code in codes:
                _role(cast, cast[handle], RoleKind(kind), cast.home, cast.projects[code])


def _contributors(cast: Cast) -> None:
    for handle, row in cast.contributors.items():
        channel = Channel(row.get("channel", "email"))
        email = f"{handle}@people.example" if channel == Channel.EMAIL else ""
        person = add_person(
            actor=cast["abel"],
            name=row["name"],
            email=email,
            phone=row.get("phone", ""),
            address=row.get("address", ""),
            channel=channel,
            paper_format=PaperFormat(row.get("paper_format", "standard")),
        )
        cast.people[handle] = person
        if email:
            add_login(actor=cast["abel"], person=person, email=email, password=PASSWORD)
        for project in cast.projects.values():
            grant_role(
                actor=cast["abel"],
                person=person,
                kind=RoleKind.CONTRIBUTOR,
                organisation=cast.home,
                project=project,
            )
        link(actor=cast["abel"], organisation=cast.home, contributor=person, link_person=cast["lena"])


def offer_ways(cast: Cast) -> int:
    """Finance says how people can be paid beside the bank; returns how many ways there are."""
    story = tomllib.loads((FIXTURES / "partnership.toml").read_text(encoding="utf-8"))
    for row in story["way"]:
        offer_way(
            actor=cast["farah"],
            organisation=cast.home,
            way=Way(row["way"]),
            for_time=True,
            for_costs=row.get("for_costs", False),
            most=parse_amount(row["most"]) if "most" in row else None,
            delivery=row["delivery"],
        )
    return len(story["way"])


def agree_budgets(cast: Cast) -> None:
    """Leads propose, finance agrees: the budget is fully costed before the first activity."""
    story = tomllib.loads((FIXTURES / "partnership.toml").read_text(encoding="utf-8"))
    for row in story["project"]:
        lines = {category: parse_amount(amount) for category, amount in row["budget"].items()}
        project = cast.projects[row["code"]]
        budget = propose(actor=cast[row["lead"]], project=project, lines=lines)
        agree(actor=cast["farah"], budget_id=budget.pk)
