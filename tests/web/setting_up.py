"""What the table of access promises for the screens that set everything up, and addresses to try them at.

Riverside's records are `own`, PROJ-B's `other`, Hillside's `strange`.
"""

from collections.abc import Iterator
from typing import Final

from claims.models import Activity
from ledger.services.budgets import propose
from people.models import Link, Person, Project, Role, RoleKind
from people.services import grant_role, link
from tests.cast import Cast
from tests.claims.meetings import meeting
from tests.web.world import World

_ADMINISTRATORS = {"abel": {"own"}, "otto": {"strange"}}
_HELPERS = {"lena": {"own"}, "anil": {"own"}, "bea": {"other"}}
_KEEPERS = {**_ADMINISTRATORS, **dict.fromkeys(("fern", "farah", "ada"), {"own"})}
_INVITED = dict.fromkeys(("cora", "lena", "anil", "hana", "fern", "farah", "ada", "abel"), {"own"})
_BUDGETS = dict.fromkeys(("fern", "farah", "ada"), {"own", "other"})
_OF_ORGANISATION = (
    "people:organisation",
    "people:organisation-change",
    "people:adviser",
    "people:statement-name",
    "people:project-add",
    "people:person-add",
)
_OF_PERSON = ("people:person", "people:person-change", "people:person-invite", "people:link-add")
_OF_PROJECT = ("people:project", "people:project-change", "people:project-shares")
_OF_ACTIVITY = ("activities:activity", "activities:change", "activities:ask", "activities:cancel")

SEEN: Final[dict[str, dict[str, set[str]]]] = {
    **dict.fromkeys(
        (
            *_OF_ORGANISATION,
            *_OF_PERSON,
            *_OF_PROJECT,
            "people:person-leave",
            "people:role-grant",
            "people:role-end",
            "people:link-end",
        ),
        _ADMINISTRATORS,
    ),
    "people:role-confirm": {**_ADMINISTRATORS, "farah": {"own"}},
    **dict.fromkeys((*_OF_ACTIVITY, "activities:add"), _HELPERS),
    **dict.fromkeys(("policies:list", "policies:policy"), _KEEPERS),
    "policies:propose": {**_ADMINISTRATORS, "farah": {"own"}},
    **dict.fromkeys(
        ("what-we-pay:now", "what-we-pay:version"),
        {**_INVITED, "bea": {"own", "strange"}, "otto": {"strange"}},
    ),
    **dict.fromkeys(
        ("budgets:list", "budgets:version"),
        {"anil": {"own"}, "hana": {"own"}, "bea": {"other"}, **_BUDGETS},
    ),
    "budgets:propose": {
        "anil": {"own"},
        "bea": {"other"},
        "fern": {"own", "other"},
        "farah": {"own", "other"},
    },
}
_EVERYBODY = {"cora", "lena", "anil", "hana", "fern", "farah", "ada", "abel", "bea", "otto"}
OPENED: Final[dict[str, set[str]]] = {
    "people:organisations": {"abel", "otto"},
    "people:people": {"abel", "otto"},
    "people:roles": {"abel", "farah", "otto"},
    "activities:list": {"lena", "anil", "bea"},
    "what-we-pay:start": _EVERYBODY,
}
LEAD_ON: Final[set[str]] = {"people:organisations", "what-we-pay:start"}  # straight to the one organisation


def arguments(world: World) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """(name of the address, its arguments by whose record it is)."""
    cast = world.cast
    codes = {"own": ["riverside"], "strange": ["hillside"], "missing": ["nowhere"]}
    numbers = {"own": [cast.cora.number], "strange": [cast.olga.number], "missing": ["P999999"]}
    for name in (*_OF_ORGANISATION, "policies:list", "policies:propose", "what-we-pay:now"):
        yield name, codes
    for name in _OF_PERSON:
        yield name, numbers
    for name in ("people:person-leave", "people:role-grant"):
        yield name, {who: numbers[who] + codes[who] for who in codes}
    for name in ("policies:policy", "what-we-pay:version"):
        yield name, {who: [*codes[who], "1"] for who in codes}
    yield from _projects(cast)
    yield from _parts(cast)
    yield from _budgets(cast)
    yield from _activities(cast)


def _projects(cast: Cast) -> Iterator[tuple[str, dict[str, list[str]]]]:
    projects = {"own": ["riverside", _key(cast.project)], "strange": ["hillside", _key(cast.strange_project)]}
    mixed = {"missing": ["riverside", _key(cast.strange_project)]}
    for name in _OF_PROJECT:
        yield name, projects | mixed


def _parts(cast: Cast) -> Iterator[tuple[str, dict[str, list[str]]]]:
    roles = {"own": cast.cora.roles.get(), "strange": cast.olga.roles.get()}
    yield "people:role-end", _keys(roles)
    yield (
        "people:role-confirm",
        _keys(
            {
                "own": _waiting(cast, cast.dev, cast.project),
                "strange": _waiting(cast, cast.olga, cast.strange_project),
            }
        ),
    )
    theirs = link(actor=cast.otto, organisation=cast.hillside, contributor=cast.bea, link_person=cast.olga)
    links = {
        "own": Link.objects.get(contributor=cast.cora),
        "strange": theirs,
    }
    yield "people:link-end", {who: [each.contributor.number, _key(each)] for who, each in links.items()}


def _waiting(cast: Cast, person: Person, project: Project) -> Role:
    organisation = project.organisation
    return grant_role(actor=cast.vera, person=person, kind=RoleKind.PREPARER, organisation=organisation)


def _budgets(cast: Cast) -> Iterator[tuple[str, dict[str, list[str]]]]:
    projects = {"own": cast.project, "other": cast.other_project, "strange": cast.strange_project}
    propose(actor=cast.bea, project=cast.other_project, lines={"fees": 1})
    propose(actor=cast.olga, project=cast.strange_project, lines={"fees": 1})
    for name in ("budgets:list", "budgets:propose", "activities:add"):
        yield name, _keys(projects)
    yield "budgets:version", {who: [key, "1"] for who, [key] in _keys(projects).items()}


def _activities(cast: Cast) -> Iterator[tuple[str, dict[str, list[str]]]]:
    activities = {
        "own": meeting(cast),
        "other": meeting(cast, actor=cast.bea, project=cast.other_project),
        "strange": _strange_activity(cast),
    }
    for name in _OF_ACTIVITY:
        yield name, _keys(activities)


def _strange_activity(cast: Cast) -> Activity:
    grant_role(
        actor=cast.otto,
        person=cast.olga,
        kind=RoleKind.LINK,
        organisation=cast.hillside,
        project=cast.strange_project,
    )
    return meeting(cast, actor=cast.olga, project=cast.strange_project)


def _keys(records: dict[str, Project] | dict[str, Role] | dict[str, Activity]) -> dict[str, list[str]]:
    return {**{who: [_key(each)] for who, each in records.items()}, "missing": ["999999999"]}


def _key(record: Project | Role | Activity | Link) -> str:
    return str(record.pk)
