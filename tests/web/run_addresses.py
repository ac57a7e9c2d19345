"""Addresses of the runs desk. Riverside's run is `own`: one that waits for a signature, and the sent one."""

from typing import Final

from tests.cast import Cast
from tests.payments.office import fare, prepared
from tests.web.world import World

_PREPARER, _APPROVER = {"fern"}, {"farah"}
_FINANCE = _PREPARER | _APPROVER
_WHO: Final[dict[str, set[str]]] = {
    "runs:prepare": _PREPARER,
    "runs:sheet": _FINANCE | {"ada"},
    "runs:sheet-pdf": _FINANCE | {"ada"},
    "runs:sign": _APPROVER,
    "runs:release": _FINANCE,
    "runs:void": _APPROVER,
    "runs:take-out": _PREPARER,
    "runs:file": _FINANCE,
    "runs:letters": _FINANCE,
    "runs:pages": _FINANCE,
}
SEEN: Final[dict[str, dict[str, set[str]]]] = {
    name: dict.fromkeys(sorted(actors), {"own"}) for name, actors in _WHO.items()
}
OPENED: Final[dict[str, set[str]]] = {"runs:due": _FINANCE | {"ada"}}
# To a fresh proof, or back to a run that is not signed yet and so cannot be sent.
LEAD_ON: Final = {"runs:sign", "runs:release", "runs:file"}


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of each address, by whose the record is."""
    waiting = _waiting(world.cast, world)
    of_sent = [str(world.run.pk)]
    found = {
        name: {"own": [waiting], "missing": ["999999999"]}
        for name in ("runs:sheet", "runs:sheet-pdf", "runs:sign", "runs:release", "runs:void", "runs:file")
    }
    payment = world.cast.dev.payments.latest("pk")
    return found | {
        "runs:prepare": {"own": ["riverside"], "strange": ["hillside"], "missing": ["nowhere"]},
        "runs:take-out": {"own": [str(payment.pk)], "missing": ["999999999"]},
        "runs:letters": {"own": of_sent, "missing": ["999999999"]},
        "runs:pages": {"own": [*of_sent, "all", "1"], "missing": ["999999999", "all", "1"]},
    }


def _waiting(cast: Cast, world: World) -> str:
    """A run of two payments that waits for a signature."""
    fare(cast, cast.cora, 300)
    fare(cast, cast.dev, 200)
    return str(prepared(cast, world.account).pk)
