"""Addresses of the guidance register: Riverside's is `own`, Hillside's `strange`."""

from datetime import date
from typing import Final

from guidance.services import enter_figure, propose_text, shown
from people.models import Organisation, Person
from tests.web.world import World

_KEEPERS: Final = {"abel": {"own"}, "otto": {"strange"}}
SEEN: Final[dict[str, dict[str, set[str]]]] = {
    **dict.fromkeys(
        (
            "guidance:register",
            "guidance:text",
            "guidance:propose",
            "guidance:review",
            "guidance:figure",
            "guidance:figure-add",
        ),
        _KEEPERS,
    ),
    "guidance:shown": {"cora": {"own"}, "dev": {"other"}},
}
_EVERYBODY = {"cora", "lena", "anil", "hana", "fern", "farah", "ada", "abel", "bea", "otto"}
OPENED: Final[dict[str, set[str]]] = {"guidance:help": _EVERYBODY}


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of each address, by whose the record is."""
    cast = world.cast
    codes = {"own": "riverside", "strange": "hillside", "missing": "nowhere"}
    figures = {
        "own": _figure(cast.abel, cast.riverside),
        "strange": _figure(cast.otto, cast.hillside),
        "missing": "999999999",
    }
    for actor, organisation in ((cast.abel, cast.riverside), (cast.otto, cast.hillside)):
        propose_text(
            actor=actor,
            organisation=organisation,
            topic="money",
            title="Money",
            body="Words.",
            sources=[{"name": "A", "url": "https://example.org/", "read_on": "2026-11-20"}],
            review_on=date(2027, 4, 6),
        )
    rows = {
        "own": str(shown(cast.cora, cast.project, [], organisation=cast.riverside).pk),
        "other": str(shown(cast.dev, cast.project, [], organisation=cast.riverside).pk),
        "missing": "999999999",
    }
    return {
        "guidance:register": {who: [code] for who, code in codes.items()},
        "guidance:figure-add": {who: [code] for who, code in codes.items()},
        "guidance:propose": {who: [code, "money"] for who, code in codes.items()},
        "guidance:text": {who: [code, "money", "1"] for who, code in codes.items()},
        "guidance:review": {who: [code, "money", "1"] for who, code in codes.items()},
        "guidance:figure": {who: [codes[who], key] for who, key in figures.items()},
        "guidance:shown": {who: [key] for who, key in rows.items()},
    }


def _figure(actor: Person, organisation: Organisation) -> str:
    figure = enter_figure(
        actor=actor,
        organisation=organisation,
        name="A limit",
        starts_on=date(2026, 4, 6),
        ends_on=date(2027, 4, 5),
        amount=1,
        unit="week",
        source="A",
        url="https://example.org/",
        read_on=date(2026, 11, 20),
    )
    return str(figure.pk)
