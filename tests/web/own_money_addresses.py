"""Addresses of one's own view of one's money. What Riverside sent Cora is `own`; Bea was sent nothing."""

from typing import Final

from tests.web.world import World

_CORA: Final = {"cora": {"own"}}
_BOTH: Final = {"cora": {"own"}, "bea": {"own"}}  # everybody has a statement of all, if an empty one
SEEN: Final[dict[str, dict[str, set[str]]]] = {
    "own-money:statement": _BOTH,
    "own-money:statement-file": _BOTH,
    "own-money:statement-of": _CORA,
    "own-money:statement-file-of": _CORA,
}
OPENED: Final[dict[str, set[str]]] = {
    "own-money:totals": {"cora", "bea"},
    "own-money:statements": {"cora", "bea"},
    "own-money:letters": {"cora", "bea"},
}


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of each address, by whose the record is."""
    ours, theirs = str(world.cast.riverside.pk), str(world.cast.hillside.pk)
    payers = {"own": ours, "strange": theirs, "missing": "999999999"}
    years = {"own": "2026-27", "missing": "2019-20"}
    return {
        "own-money:statement": {who: [year] for who, year in years.items()},
        "own-money:statement-file": {who: [year, "large"] for who, year in years.items()},
        "own-money:statement-of": {who: ["2026-27", key] for who, key in payers.items()},
        "own-money:statement-file-of": {who: ["2026-27", key, "standard"] for who, key in payers.items()},
    }
