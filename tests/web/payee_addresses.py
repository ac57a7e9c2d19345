"""Addresses of payees: Cora's details wait (`own`), as do Dev's (`other`) and those of a stranger's payee."""

from typing import Final

from payments.models import BankDetails
from payments.services import details
from people.models import Person, RoleKind
from people.services import add_person, grant_role
from tests.cast import Cast
from tests.web.world import World

_FINANCE: Final = ("fern", "farah")
_RIVERSIDE: Final = {"own", "other"}
_CHECKED: Final = {name: _RIVERSIDE for name in _FINANCE}
SEEN: Final[dict[str, dict[str, set[str]]]] = {
    "payees:payee": {name: _RIVERSIDE for name in (*_FINANCE, "ada")},
    "payees:enter": {"fern": _RIVERSIDE},
    "payees:verify": _CHECKED,
    "payees:reveal": _CHECKED,
    "payees:refuse": _CHECKED,
}
OPENED: Final[dict[str, set[str]]] = {
    "search": {"cora", "lena", "anil", "hana", "fern", "farah", "ada", "abel", "bea", "otto"},
    "payees:list": {*_FINANCE, "ada"},
}
LEAD_ON: Final = {"payees:enter", "payees:verify", "payees:reveal", "payees:refuse"}  # to a fresh proof


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of each address, by whose the record is."""
    cast = world.cast
    people = {"own": cast.cora, "other": cast.dev, "strange": _stranger(cast)}
    waiting = {who: _waiting(person) for who, person in people.items()}
    one = {who: [person.number] for who, person in people.items()} | {"missing": ["P999999"]}
    rows = {who: [people[who].number, str(row.pk)] for who, row in waiting.items()}
    rows |= {"missing": [cast.cora.number, "999999999"]}
    return {name: rows if name in _CHECKED_PAGES else one for name in SEEN}


_CHECKED_PAGES: Final = ("payees:verify", "payees:reveal", "payees:refuse")


def _stranger(cast: Cast) -> Person:
    """Somebody whom Hillside alone knows."""
    person = add_person(actor=None, name="Sid Stranger", email="sid@example.org")
    grant_role(
        actor=cast.otto,
        person=person,
        kind=RoleKind.CONTRIBUTOR,
        organisation=cast.hillside,
        project=cast.strange_project,
    )
    return person


def _waiting(person: Person) -> BankDetails:
    return details.enter(
        actor=person, person=person, account_name="A Person", sort_code="089999", account_number="66374958"
    )
