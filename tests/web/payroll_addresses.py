"""Addresses of payroll: what Riverside's finance keeps is `own`; there is nothing of Hillside's."""

from typing import Final

from common.dates import today
from payments.services import payroll, runs
from tests.payments.office import PAY_ON, hash_of, hours
from tests.web.world import World

_FINANCE: Final = {"fern": {"own"}, "farah": {"own"}}
SEEN: Final[dict[str, dict[str, set[str]]]] = {
    "payroll:mark": _FINANCE,
    "payroll:prepare": {"fern": {"own"}},
    "payroll:end": _FINANCE,
    "payroll:confirm": _FINANCE,
    "payroll:undo": _FINANCE,
}
OPENED: Final[dict[str, set[str]]] = {"payroll:overview": {"fern", "farah", "ada"}}


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of each address, by whose the record is."""
    cast = world.cast
    mark = payroll.mark(actor=cast.fern, organisation=cast.riverside, person=cast.dev)
    paid, waiting = _sent(world), _sent(world)
    confirmed = payroll.confirm_payroll(actor=cast.fern, run_id=paid, day=today())
    codes = {"own": ["riverside"], "strange": ["hillside"], "missing": ["nowhere"]}
    keys = {"payroll:end": mark.pk, "payroll:confirm": waiting, "payroll:undo": confirmed.pk}
    of_keys = {name: {"own": [str(key)], "missing": ["999999999"]} for name, key in keys.items()}
    # A run that went by bank is no run of payroll.
    of_keys["payroll:confirm"]["other"] = [str(world.run.pk)]
    return {"payroll:mark": codes, "payroll:prepare": codes, **of_keys}


def _sent(world: World) -> int:
    cast = world.cast
    hours(cast, cast.dev, 1)
    run = runs.prepare_list(actor=cast.fern, organisation=cast.riverside, pay_on=PAY_ON)
    runs.authorise(actor=cast.farah, run_id=run.pk, sha256=hash_of(run))
    return runs.release(actor=cast.fern, run_id=run.pk).pk
