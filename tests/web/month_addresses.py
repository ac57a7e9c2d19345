"""Addresses of months and of postings by hand: Riverside's are `own`, Hillside's `strange`.

Olga, who keeps Hillside's money, is not among those who walk: to them its months do not exist.
"""

from typing import Final

from django.db import transaction

from ledger.models import Reopening
from ledger.services.periods import ask_to_reopen, close, lock_month
from people.models import Organisation, Person
from tests.web.world import World

_FINANCE: Final = dict.fromkeys(("fern", "farah"), {"own"})
_READERS: Final = {**_FINANCE, "ada": {"own"}}
_CLOSED, _OPEN = 202609, 202610
SEEN: Final[dict[str, dict[str, set[str]]]] = {
    "months:month": _READERS,
    "months:entry": _READERS,
    "months:close": {"farah": {"own"}},
    "months:explain": {"fern": {"own"}},
    **dict.fromkeys(
        ("months:reopen", "months:confirm", "months:withdraw", "months:open-books", "months:fund"), _FINANCE
    ),
}
OPENED: Final[dict[str, set[str]]] = {"months:list": {"fern", "farah", "ada"}}
# To a fresh proof; or, where a form without a question does what it says when it is sent, back to the month.
LEAD_ON: Final = {"months:close", "months:confirm", "months:explain", "months:withdraw"}


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of each address, by whose the record is."""
    cast = world.cast
    asked = {
        "own": _asked(cast.farah, cast.fern, cast.riverside),
        "strange": _asked(cast.olga, cast.olga, cast.hillside),
    }
    of = {"own": "riverside", "strange": "hillside", "missing": "nowhere"}
    month = {who: [code, str(_OPEN)] for who, code in of.items()}
    found = dict.fromkeys(("months:month", "months:close", "months:reopen"), month)
    found["months:explain"] = {who: [*arguments, "statements"] for who, arguments in month.items()}
    request = {who: [of[who], str(_CLOSED), str(each.pk)] for who, each in asked.items()}
    request["missing"] = ["riverside", str(_CLOSED), "999999999"]
    found |= dict.fromkeys(("months:confirm", "months:withdraw"), request)
    found |= dict.fromkeys(("months:open-books", "months:fund"), {who: [code] for who, code in of.items()})
    found["months:entry"] = {
        "own": ["riverside", "1"],
        "strange": ["hillside", "1"],
        "missing": ["riverside", "9999"],
    }
    return found


def _asked(approver: Person, asker: Person, organisation: Organisation) -> Reopening:
    """September is closed, and somebody asks for it again; October is open."""
    with transaction.atomic():
        lock_month(organisation, _OPEN)
    close(actor=approver, organisation=organisation, month=_CLOSED)
    return ask_to_reopen(actor=asker, organisation=organisation, month=_CLOSED, reason="A late invoice.")
