"""The addresses of deciding: Cora's paid claim is `own`, Dev's `other`, Bea's in Hillside `strange`."""

from typing import Final

from claims.models import Claim, Decision, Receipt
from claims.services.receipts import add_receipt
from tests.claims.receipts.samples import jpeg
from tests.web.world import World

_RIVERSIDE: Final = {"own", "other"}
_DECIDERS: Final = dict.fromkeys(("anil", "hana"), _RIVERSIDE)
SEEN: Final[dict[str, dict[str, set[str]]]] = {
    "deciding:decide": _DECIDERS,
    "deciding:undo": _DECIDERS,
    "receipts:receipt": {"cora": {"own"}, "lena": {"own"}, "anil": {"own"}, "hana": {"own"}},
}


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of each address, by whose the record is. Nothing is due on the claim of the receipt."""
    claims = {"own": world.paid, "other": world.devs, "strange": world.strange}
    undo = {who: [each.reference, _decision(each)] for who, each in claims.items()}
    return {
        "deciding:decide": {who: [each.reference] for who, each in claims.items()} | {"missing": ["C999999"]},
        "deciding:undo": undo | {"missing": ["C999999", "999999999"]},
        "receipts:receipt": {"own": [_receipt(world).handle], "missing": ["UP999999"]},
    }


def _decision(claim: Claim) -> str:
    return str(Decision.objects.filter(line__claim=claim).values_list("pk", flat=True).first() or 0)


def _receipt(world: World) -> Receipt:
    """The same file gives the same receipt, so it may be asked for twice."""
    cora = world.cast.cora
    return add_receipt(
        actor=cora,
        contributor=cora,
        organisation=world.cast.riverside,
        content=jpeg(),
        claim=world.waiting,
    )
