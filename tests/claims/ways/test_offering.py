"""Which ways of paying an organisation can do: finance says it, for what, up to how much, and how."""

import pytest

from audit.models import Event
from claims.models import GIVEN_AWAY, CountsAs, Offer, Way, WayOffered
from claims.services.offering import CONTROLS, DELIVERY_LENGTH
from claims.ways import ways_of
from common.errors import DomainError, NotPermitted
from tests.cast import Cast
from tests.claims.ways.steps import OTHERS, choice, switch_on


def test_every_way_but_the_bank_has_an_account_of_its_own() -> None:
    assert set(CONTROLS) == set(OTHERS)
    assert len(set(CONTROLS.values())) == len(OTHERS)


def test_everybody_reads_the_same_order_whatever_was_switched_on_first(cast: Cast) -> None:
    switch_on(cast, *reversed(OTHERS))
    assert ways_of(cast.riverside, CountsAs.FEE) == list(Way)
    assert ways_of(cast.riverside, CountsAs.EXPENSE) == [way for way in Way if way not in GIVEN_AWAY]
    assert ways_of(cast.hillside, CountsAs.FEE) == [Way.BANK]


@pytest.mark.parametrize("name", ["fern", "farah"])
def test_finance_offers_and_the_trail_keeps_it(cast: Cast, name: str) -> None:
    switch_on(cast, Way.CASH, actor=getattr(cast, name))
    assert Event.objects.filter(action="way:offered", actor_id=getattr(cast, name).pk).count() == 1


@pytest.mark.parametrize("name", ["cora", "lena", "anil", "hana", "ada", "abel", "olga", "otto"])
def test_nobody_else_does(cast: Cast, name: str) -> None:
    with pytest.raises(NotPermitted):
        switch_on(cast, Way.CASH, actor=getattr(cast, name))
    assert not WayOffered.objects.exists()


@pytest.mark.parametrize(
    ("way", "more"),
    [
        (Way.BANK, {}),
        *((way, {"for_costs": True}) for way in GIVEN_AWAY),
        (Way.CASH, {"most": 0}),
        (Way.CASH, {"most": -1}),
        (Way.CASH, {"delivery": " "}),
        (Way.CASH, {"delivery": "x" * (DELIVERY_LENGTH + 1)}),
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, way: Way, more: dict[str, object]) -> None:
    with pytest.raises(DomainError):
        switch_on(cast, way, **more)
    assert not WayOffered.objects.exists()


def test_switching_off_is_for_new_choices_and_what_was_chosen_stands(ways: Offer, cast: Cast) -> None:
    made = choice(cast, Way.CASH)
    switch_on(cast, Way.CASH, for_time=False, for_costs=False)
    assert WayOffered.objects.filter(way=Way.CASH).count() == 1
    assert Way.CASH not in ways_of(cast.riverside, CountsAs.FEE)
    made.refresh_from_db()
    with pytest.raises(DomainError, match="does not offer this way"):
        choice(cast, Way.CASH)
