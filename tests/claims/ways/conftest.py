"""Riverside can pay in every way; Cora is asked to a session of two hours, for £55.00, next Monday at 9am."""

from claims.models import Offer, RatePolicy
from common.dates import set_now
from people.services import set_adviser
from tests.cast import Cast
from tests.claims.conftest import policy
from tests.claims.meetings import invited
from tests.claims.ways.steps import OTHERS, switch_on
from tests.payments.office import MONDAY
from tests.worlds import world

__all__ = ["policy"]


@world
def offer(policy: RatePolicy, cast: Cast) -> Offer:
    with set_now(MONDAY):
        return invited(cast)[0]


@world
def ways(offer: Offer, cast: Cast) -> Offer:
    """The same offer, once every way is switched on, and there is somebody to talk to first."""
    with set_now(MONDAY):
        set_adviser(
            actor=cast.abel,
            organisation_id=cast.riverside.pk,
            adviser_name="Ines Independent",
            adviser_email="advice@advice.example",
        )
        switch_on(cast, *OTHERS)
    return offer
