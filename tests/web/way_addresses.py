"""Addresses of how somebody is usually paid. Cora contributes in Riverside, Bea in Hillside alone."""

from typing import Final

from tests.web.world import World

SEEN: Final[dict[str, dict[str, set[str]]]] = {
    "paid:change": {"cora": {"own", "costs"}, "bea": {"strange"}},
}
OPENED: Final[dict[str, set[str]]] = {"paid:overview": {"cora", "bea"}}


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of the address, by whose organisation it is."""
    ours, theirs = str(world.cast.riverside.pk), str(world.cast.hillside.pk)
    return {
        "paid:change": {
            "own": [ours, "time"],
            "costs": [ours, "costs"],
            "strange": [theirs, "time"],
            "missing": ["999999999", "time"],
        }
    }
