"""The addresses of the claim journey, who sees which records there, and which pages only lead on."""

from typing import Final

from claims.models import Outcome
from people.models import Person
from tests.claims.paper import decided
from tests.web.world import World

# Cora's draft is `own`, Dev's claim `other`, Bea's in Hillside `strange`: who made a claim may change it.
_MAKERS: Final = {"cora": {"own"}, "bea": {"strange"}}
_HELPED: Final = {"lena": {"own"}}
_OF_A_CLAIM: Final = ("time", "hours", "cost", "travel", "more-time", "check", "sent", "withdraw")
_OF_A_LINE: Final = ("line", "remove", "receipt", "post", "lost")
SEEN: Final[dict[str, dict[str, set[str]]]] = {
    **{f"journey:{name}": _MAKERS for name in (*_OF_A_CLAIM, *_OF_A_LINE, "details")},
    "journey:answer": {"cora": {"own"}},
    **{f"journey:{name}": _HELPED for name in ("start-for", "other-for", "miles-for")},
}
OPENED: Final[dict[str, set[str]]] = {
    "journey:start": {"cora", "bea"},
    "journey:other": {"cora", "bea"},
    "journey:miles": {"cora", "bea"},
    "journey:choose": {"lena"},
}
# There is no activity to confirm the time of, nothing to choose from, or nothing sent yet.
LEAD_ON: Final = {
    "journey:start",
    "journey:start-for",
    "journey:time",
    "journey:hours",
    "journey:sent",
    "journey:post",
}


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of each address, by whose the record is."""
    claims = {
        "own": world.draft.reference,
        "other": world.devs.reference,
        "strange": world.strange.reference,
        "missing": "C999999",
    }
    found = {f"journey:{name}": {who: [claim] for who, claim in claims.items()} for name in _OF_A_CLAIM}
    for name in _OF_A_LINE:
        found[f"journey:{name}"] = {who: [claim, "1"] for who, claim in claims.items()}
    found["journey:details"] = {who: [claim, "bus"] for who, claim in claims.items()}
    decided(world.cast, world.waiting.lines.earliest("position"), Outcome.ASK, reason="Where to?")
    found["journey:answer"] = found["journey:line"] | {"own": [world.waiting.reference, "1"]}
    helped = {"own": _number(world.cast.cora), "other": _number(world.cast.dev), "missing": ["P999999"]}
    return found | {f"journey:{name}": helped for name in ("start-for", "other-for", "miles-for")}


def _number(person: Person) -> list[str]:
    return [person.number]
