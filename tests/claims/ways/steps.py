"""Steps of how people are paid, for its tests."""

from typing import Any

from claims.models import GIVEN_AWAY, NAMED, Answer, CountsAs, Instruction, Offer, Way
from claims.services.instructing import choose_way
from claims.services.offering import offer_way
from claims.services.offers import answer_offer
from common.dates import set_now
from tests.cast import Cast
from tests.payments.office import MONDAY

TOKEN = "Quillwort Lanterns"  # noqa: S105 - a charity that no other text can name
OTHERS = [way for way in Way if way != Way.BANK]


def delivery(way: Way) -> str:
    """How Riverside says that a way reaches people."""
    return f"We tell you how by telephone: {way.value}."


def switch_on(cast: Cast, *ways: Way, **more: Any) -> None:
    """Riverside can pay in these ways: all of them for time, and for costs those that reach people."""
    for way in ways:
        asked: dict[str, Any] = {
            "for_time": True,
            "for_costs": way not in GIVEN_AWAY,
            "delivery": delivery(way),
            "actor": cast.fern,
        }
        offer_way(organisation=cast.riverside, way=way, **(asked | more))


def choice(cast: Cast, way: Way, kind: CountsAs = CountsAs.FEE, **more: Any) -> Instruction:
    """Cora says how she wants to be paid, by herself unless somebody else is named."""
    named = {"named": TOKEN} if way in NAMED else {}
    asked = {"actor": cast.cora, "person": cast.cora, "organisation": cast.riverside} | named
    return choose_way(**(asked | {"kind": kind, "way": way} | more))


def takes(
    cast: Cast, offer: Offer, answer: Answer = Answer.ACCEPTED, *, minute: int = 0, **more: Any
) -> Offer:
    """Cora answers on Monday at this minute past nine."""
    with set_now(MONDAY.replace(minute=minute)):
        return answer_offer(actor=cast.cora, offer_id=offer.pk, answer=answer, **more)
