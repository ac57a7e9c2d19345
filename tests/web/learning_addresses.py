"""Addresses of codes and learning funds: Cora's are `own`, Dev's `other`; nobody else has any."""

from datetime import UTC, datetime
from typing import Final

from claims.models import CountsAs, Way
from claims.services.instructing import choose_way
from claims.services.offering import offer_way
from common.dates import set_now, today
from payments.models import Payment
from payments.services import handing, learning, runs
from payments.workflow import Method
from people.models import Person
from tests.cast import Cast
from tests.payments.office import PAY_ON, hash_of, hours
from tests.web.world import World

_CORA: Final = {"cora": {"own"}}
SEEN: Final[dict[str, dict[str, set[str]]]] = {
    "payments:code": _CORA,
    "learning:ask": _CORA,
    "learning:answer": dict.fromkeys(("fern", "farah"), {"own", "other"}),
}
OPENED: Final[dict[str, set[str]]] = {
    "learning:own": {"cora", "bea"},
    "learning:asked": {"fern", "farah", "ada"},
}

SHOWN: Final = {"payments:code"}  # by a form that asks nothing


def addresses(world: World) -> dict[str, dict[str, list[str]]]:
    """The arguments of each address, by whose the record is."""
    cast = world.cast
    codes = {"own": _paid(cast, cast.cora, Way.CODE), "other": _paid(cast, cast.dev, Way.CODE)}
    _paid(cast, cast.cora, Way.LEARNING)
    _paid(cast, cast.dev, Way.LEARNING)
    asked = {
        who: learning.ask_for_learning(
            actor=person, organisation=cast.riverside, item="A course in print", amount=1000
        )
        for who, person in (("own", cast.cora), ("other", cast.dev))
    }
    missing = {"missing": ["999999999"]}
    return {
        "payments:code": missing | {who: [str(each.pk)] for who, each in codes.items()},
        "learning:ask": {"own": ["riverside"], "strange": ["hillside"], "missing": ["nowhere"]},
        "learning:answer": missing | {who: [str(each.pk)] for who, each in asked.items()},
    }


def _paid(cast: Cast, person: Person, way: Way) -> Payment:
    """Money for time that this person has by now, in a way of their own."""
    with set_now(datetime(2026, 11, 19, 9 if way == Way.CODE else 10, tzinfo=UTC)):
        offer_way(
            actor=cast.fern,
            organisation=cast.riverside,
            way=way,
            for_time=True,
            for_costs=False,
            delivery="By post.",
        )
        choose_way(actor=person, person=person, organisation=cast.riverside, kind=CountsAs.FEE, way=way)
    hours(cast, person, 2)
    run = runs.prepare_list(actor=cast.fern, organisation=cast.riverside, pay_on=PAY_ON, method=Method(way))
    runs.authorise(actor=cast.farah, run_id=run.pk, sha256=hash_of(run))
    runs.release(actor=cast.fern, run_id=run.pk)
    payment: Payment = run.payments.get(person=person)
    code = f"CODE-{payment.pk}" if way == Way.CODE else ""
    handing.hand_over(actor=cast.fern, payment_id=payment.pk, day=today(), code=code)
    return payment
