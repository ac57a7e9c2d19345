"""Riverside can pay in every way; Cora is owed £12.50 of fares and £40 for time, Dev £7.30."""

from claims.models import GIVEN_AWAY, Way
from claims.services.offering import offer_way
from tests.cast import Cast
from tests.payments.conftest import account, due, monday
from tests.worlds import world

__all__ = ["account", "due", "monday"]


@world
def ways(due: Cast) -> Cast:
    """Every way is switched on."""
    for way in [each for each in Way if each != Way.BANK]:
        offer_way(
            actor=due.fern,
            organisation=due.riverside,
            way=way,
            for_time=True,
            for_costs=way not in GIVEN_AWAY,
            delivery=f"We tell you how: {way.label}.",
        )
    return due
