"""Addresses of what is paid by hand: what Riverside's finance keeps is `own`."""

from typing import Final

from claims.models import CountsAs, Way
from claims.services.instructing import choose_way
from claims.services.offering import offer_way
from common.dates import today
from payments.models import Payment
from payments.services import handing, runs, stock
from payments.workflow import Method
from tests.payments.office import PAY_ON, fare, hash_of
from tests.web.world import World

_FINANCE: Final = {"fern": {"own"}, "farah": {"own"}}
_READERS: Final = {**_FINANCE, "ada": {"own"}}
_OF_ORGANISATIONS: Final = {
    "ways": _READERS,
    "stock": _READERS,
    "counts": _READERS,
    "buy": _FINANCE,
    "count": _FINANCE,
}
_OF_WAYS: Final = {
    "way": _FINANCE,
    "prepare": {"fern": {"own"}},
    "waiting": _READERS,
    "handed": _READERS,
}
_OF_RECORDS: Final = {
    "hand-over": _FINANCE,
    "not": _FINANCE,
    "one": _READERS,
    "collected": _FINANCE,
    "back": _FINANCE,
    "undo": _FINANCE,
    "codes": _FINANCE,
    "write-off": _FINANCE,
}
SEEN: Final[dict[str, dict[str, set[str]]]] = {
    f"by-hand:{name}": who for name, who in {**_OF_ORGANISATIONS, **_OF_WAYS, **_OF_RECORDS}.items()
}
OPENED: Final[dict[str, set[str]]] = {"by-hand:overview": {"fern", "farah", "ada"}}
LEAD_ON: Final[set[str]] = {"by-hand:codes"}


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of each address, by whose the record is."""
    cast = world.cast
    for way in (Way.VOUCHER, Way.CASH, Way.CHEQUE):
        offer_way(
            actor=cast.fern,
            organisation=cast.riverside,
            way=way,
            for_time=True,
            for_costs=True,
            delivery="By post.",
        )
    batch = stock.buy_vouchers(
        actor=cast.farah,
        organisation=cast.riverside,
        supplier="High Street Vouchers",
        face_value=500,
        count=4,
        charge=0,
        bought_on=today(),
    )
    choose_way(
        actor=cast.dev,
        person=cast.dev,
        organisation=cast.riverside,
        kind=CountsAs.EXPENSE,
        way=Way.VOUCHER,
    )
    given, waiting = _sent(world), _sent(world)
    made = handing.hand_over(actor=cast.fern, payment_id=given.pk, day=today())
    found = {
        f"by-hand:{name}": {"own": ["riverside"], "strange": ["hillside"], "missing": ["nowhere"]}
        for name in _OF_ORGANISATIONS
    }
    for name in _OF_WAYS:
        of = {"own": "riverside", "strange": "hillside", "missing": "nowhere"}
        found[f"by-hand:{name}"] = {who: [code, "voucher"] for who, code in of.items()}
    keys = {name: made.pk for name in ("one", "collected", "back", "undo", "codes")}
    keys |= {"hand-over": waiting.pk, "not": waiting.pk, "write-off": batch.pk}
    for name, key in keys.items():
        found[f"by-hand:{name}"] = {"own": [str(key)], "missing": ["999999999"]}
    found["by-hand:hand-over"]["other"] = [str(world.payment.pk)]  # a payment that went by bank
    return found


def _sent(world: World) -> Payment:
    cast = world.cast
    fare(cast, cast.dev, 500)
    run = runs.prepare_list(
        actor=cast.fern, organisation=cast.riverside, pay_on=PAY_ON, method=Method.VOUCHER
    )
    runs.authorise(actor=cast.farah, run_id=run.pk, sha256=hash_of(run))
    return runs.release(actor=cast.fern, run_id=run.pk).payments.get()
