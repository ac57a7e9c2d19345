"""The people every test knows, made through the real services once per test run.

Cora and Dev contribute; Lena helps Cora; Anil leads PROJ-A; Hana holds its budget; Fern prepares and
Farah approves for finance; Ada audits; Abel administers. Bea leads PROJ-B, which is none of Anil's
business. Otto administers another organisation and is a stranger here; Olga keeps its money. Vera is the
second administrator of both: she confirms what Abel and Otto give.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from claims.models import RatePolicy
from claims.services.policies import confirm_policy, import_policy
from common.dates import set_now
from ledger.models import Account, Budget, Category
from ledger.services import accounts, budgets
from people.models import Organisation, Person, Project, Role, RoleKind
from people.services import (
    add_login,
    add_organisation,
    add_person,
    add_project,
    confirm_role,
    grant_role,
    link,
)

START: Final = datetime(2025, 4, 7, 9, 0, tzinfo=UTC)  # when everybody here began
NAMES: Final = (
    "Abel Administrator",
    "Cora Contributor",
    "Dev Contributor",
    "Lena Link",
    "Anil Lead",
    "Bea Lead",
    "Hana Holder",
    "Fern Finance",
    "Farah Finance",
    "Ada Auditor",
    "Otto Outsider",
    "Vera Second",
    "Olga Outsider",
)
PLAN: Final = {  # minor units
    Category.FEES: 500_000,
    Category.TRAVEL: 100_000,
    Category.CARE: 60_000,
    Category.ACCESS: 40_000,
    Category.SUBSISTENCE: 30_000,
    Category.OTHER: 20_000,
}


@dataclass(frozen=True)
class Cast:
    """Everybody and everything, read afresh for each test."""

    cora: Person
    dev: Person
    lena: Person
    anil: Person
    bea: Person
    hana: Person
    fern: Person
    farah: Person
    ada: Person
    abel: Person
    otto: Person
    vera: Person
    olga: Person
    riverside: Organisation
    hillside: Organisation
    project: Project
    other_project: Project
    strange_project: Project
    bank: Account
    budget: Budget


def load() -> Cast:
    """The cast as it stands in the database."""
    people = {person.email.split("@")[0]: person for person in Person.objects.order_by("pk")[: len(NAMES)]}
    organisations = {each.code: each for each in Organisation.objects.all()}
    projects = {each.code: each for each in Project.objects.select_related("organisation")}
    return Cast(
        **people,
        riverside=organisations["riverside"],
        hillside=organisations["hillside"],
        project=projects["PROJ-A"],
        other_project=projects["PROJ-B"],
        strange_project=projects["PROJ-X"],
        bank=Account.objects.get(code="bank:Current account"),
        budget=Budget.objects.get(project=projects["PROJ-A"]),
    )


def build() -> None:
    """Make the cast, in a database that has nothing in it yet."""
    with set_now(START):
        people = {name.split()[0].lower(): _person(name) for name in NAMES}
        riverside = _organisation("riverside", "Riverside Council", [people["abel"], people["vera"]])
        hillside = _organisation("hillside", "Hillside Trust", [people["otto"], people["vera"]])
        project = _project(riverside, "PROJ-A", people["abel"], people["anil"])
        _project(riverside, "PROJ-B", people["abel"], people["bea"])
        _project(hillside, "PROJ-X", people["otto"], people["otto"])
        _roles(people, riverside, project)
        give_role(actor=people["otto"], person=people["olga"], kind=RoleKind.APPROVER, organisation=hillside)
        accounts.bank_ledger_account(riverside, "Current account")
        plan = {str(category): planned for category, planned in PLAN.items()}
        budget = budgets.propose(actor=people["anil"], project=project, lines=plan)
        budgets.agree(actor=people["farah"], budget_id=budget.pk)


def _person(name: str) -> Person:
    email = f"{name.split()[0].lower()}@example.org"
    person = add_person(actor=None, name=name, email=email)
    add_login(actor=None, person=person, email=email)
    return person


def _organisation(code: str, name: str, administrators: list[Person]) -> Organisation:
    organisation = add_organisation(
        actor=administrators[0],
        code=code,
        name=name,
        statement_name=name,
        help_contact="The help desk, 0113 496 0000",
        appeal_contact="The review panel, review@example.org",
        support_contact="Listening line, 0113 496 0001",
    )
    for person in administrators:
        grant_role(actor=None, person=person, kind=RoleKind.ADMINISTRATOR, organisation=organisation)
    return organisation


def _project(organisation: Organisation, code: str, administrator: Person, lead: Person) -> Project:
    project = add_project(
        actor=administrator,
        organisation=organisation,
        code=code,
        name=f"Project {code[-1]}",
        purpose="Shape the service with the people who use it.",
        starts_on=date(2025, 4, 7),
        ends_on=date(2028, 3, 31),
        lead=lead,
        administrator=administrator,
    )
    if lead != administrator:  # nobody gives themselves a role
        grant_role(
            actor=administrator, person=lead, kind=RoleKind.LEAD, organisation=organisation, project=project
        )
    return project


def _roles(people: dict[str, Person], riverside: Organisation, project: Project) -> None:
    in_project = {
        "cora": RoleKind.CONTRIBUTOR,
        "dev": RoleKind.CONTRIBUTOR,
        "lena": RoleKind.LINK,
        "hana": RoleKind.HOLDER,
    }
    in_organisation = {
        "fern": RoleKind.PREPARER,
        "farah": RoleKind.APPROVER,
        "ada": RoleKind.AUDITOR,
    }
    abel = people["abel"]
    for name, kind in in_project.items():
        give_role(actor=abel, person=people[name], kind=kind, organisation=riverside, project=project)
    for name, kind in in_organisation.items():
        give_role(actor=abel, person=people[name], kind=kind, organisation=riverside)
    link(actor=abel, organisation=riverside, contributor=people["cora"], link_person=people["lena"])


def give_role(
    *,
    actor: Person,
    person: Person,
    kind: RoleKind,
    organisation: Organisation,
    project: Project | None = None,
) -> Role:
    """A role that counts: where a second person has to confirm it, Vera does."""
    role = grant_role(actor=actor, person=person, kind=kind, organisation=organisation, project=project)
    if not role.waits:
        return role
    if not person.logins.exists():
        add_login(actor=None, person=person, email=f"{person.number.lower()}@example.org")
    return confirm_role(actor=Person.objects.get(email="vera@example.org"), role_id=role.pk)


def put_in_force(cast: Cast, text: str, organisation: Organisation | None = None) -> RatePolicy:
    """A policy in force, proposed by one person and confirmed by another; for Riverside unless told."""
    strange = organisation == cast.hillside
    proposed = import_policy(
        actor=cast.otto if strange else cast.farah, organisation=organisation or cast.riverside, text=text
    )
    return confirm_policy(actor=cast.olga if strange else cast.fern, policy_id=proposed.pk)
