"""Addresses of concerns: Cora's are `own`, Dev's `other`; somebody nobody else knows has died: `dead`."""

from typing import Final

from payments.models import Concern, ConcernKind
from payments.services.concerns import died
from people.models import Person, RoleKind
from people.services import add_person
from tests.cast import Cast, give_role
from tests.web.world import World

_BOTH: Final = {"own", "other"}
_FINANCE: Final = ("fern", "farah")
_WORK: Final[dict[str, set[str]]] = dict.fromkeys(_FINANCE, _BOTH)
_DEAD: Final[dict[str, set[str]]] = dict.fromkeys(_FINANCE, {"dead"})
SEEN: Final[dict[str, dict[str, set[str]]]] = {
    "concerns:concern": {
        "cora": {"own"},
        "abel": {"dead"},
        **dict.fromkeys((*_FINANCE, "ada"), {*_BOTH, "dead"}),
    },
    "concerns:not-arrived": {"cora": {"own"}, **_WORK},
    "concerns:not-arrived-for": {"lena": {"own"}},
    "concerns:overpaid": _WORK,
    "concerns:died": {"abel": _BOTH, "otto": {"strange"}, **_WORK},
    "concerns:note": dict.fromkeys(_FINANCE, {*_BOTH, "dead"}),
    "concerns:payment": _WORK,
    "concerns:arrived": {"cora": {"own"}, **_WORK},
    "concerns:never-taken": _WORK,
    "concerns:write-off": {"farah": {"own"}},
    "concerns:repayment": {"fern": {"own"}},
    "concerns:estate": {"fern": {"dead"}},
    "concerns:estate-check": _DEAD,
    "concerns:settled": _DEAD,
    "concerns:mistake": {"abel": {"dead"}, **_DEAD},
    "concerns:agree": {"abel": {"dead"}, **_DEAD},
    "concerns:decline": {"abel": {"dead"}, **_DEAD},
}
OPENED: Final[dict[str, set[str]]] = {"concerns:list": {"fern", "farah", "ada"}}
LEAD_ON: Final = {"concerns:estate", "concerns:estate-check"}  # to a fresh proof


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of each address, by whose the record is."""
    cast = world.cast
    dead = _dead(cast)
    concerns = {
        "own": _missed(world, cast.cora),
        "other": _missed(world, cast.dev),
        "dead": dead,
    }
    too_much = Concern.objects.create(
        organisation=cast.riverside,
        kind=ConcernKind.OVERPAID,
        person=cast.cora,
        payment=world.payment,
        opened_by=cast.fern,
    )
    people = {"own": cast.cora, "other": cast.dev, "strange": cast.olga}
    found = {name: {who: [str(each.pk)] for who, each in concerns.items()} for name in SEEN}
    for name in ("concerns:not-arrived", "concerns:overpaid"):
        found[name] = {"own": [str(world.payment.pk)], "other": [str(world.devs_payment.pk)]}
    for name in ("concerns:not-arrived-for", "concerns:died"):
        found[name] = {who: [each.number] for who, each in people.items()} | {"missing": ["P999999"]}
    for name in ("concerns:write-off", "concerns:repayment"):
        found[name]["own"] = [str(too_much.pk)]
    return {name: {"missing": ["999999999"]} | of for name, of in found.items()}


def _missed(world: World, person: Person) -> Concern:
    payment = world.payment if person == world.cast.cora else world.devs_payment
    return Concern.objects.create(
        organisation=world.cast.riverside,
        kind=ConcernKind.NOT_ARRIVED,
        person=person,
        payment=payment,
        opened_by=person,
    )


def _dead(cast: Cast) -> Concern:
    """Dora has died; her estate's account waits to be verified, and Fern asks whether it is a mistake."""
    dora = add_person(actor=cast.abel, name="Dora Dead", email="dora@example.org")
    give_role(
        actor=cast.abel,
        person=dora,
        kind=RoleKind.CONTRIBUTOR,
        organisation=cast.riverside,
        project=cast.project,
    )
    concern = died.record_death(actor=cast.fern, person=dora, died_on=None, told_by="Her brother.")
    died.enter_estate(
        actor=cast.fern,
        concern_id=concern.pk,
        care_of="Her brother",
        address="",
        seen="The will, at our desk.",
        account_name="Estate of D Dead",
        sort_code="107999",
        account_number="88837491",
    )
    died.ask_undo(actor=cast.fern, concern_id=concern.pk, words="Her sister rang.")
    return concern
