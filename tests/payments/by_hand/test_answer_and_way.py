"""What is said for one activity counts for its money alone, and the last answer counts whole."""

from datetime import timedelta
from typing import Any

import pytest

from claims.models import Answer, CountsAs, Way
from claims.services.offers import answer_offer
from claims.ways import instructions_of, named_by
from common.dates import now, set_now
from common.errors import IllegalMove
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.payments.by_hand.steps import chosen


def counting(cast: Cast, activity_id: int | None) -> tuple[str, str]:
    """The way that counts for Cora's time there, and whom it names."""
    known = instructions_of(cast.riverside, [cast.cora.pk])
    about = (cast.cora.pk, cast.riverside.pk, CountsAs.FEE)
    said = known.counting(*about, activity_id, now() + timedelta(days=7))
    return (said.way, named_by(said)) if said else ("bank", "")


def test_the_last_answer_counts_whole(ways: Cast) -> None:
    offer, _ = invited(ways)
    activity = offer.activity
    said: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"way": Way.DONATION, "named": "Friends"}, ("donation", "Friends")),
        ({"way": Way.VOUCHER}, ("voucher", "")),
        ({"answer": Answer.LESS, "less_amount": 1000}, ("bank", "")),
        ({"way": Way.GROUP, "named": "River Voices"}, ("group", "River Voices")),
        ({"answer": Answer.NOTHING}, ("bank", "")),
    ]
    for minute, (asked, expected) in enumerate(said):
        with set_now(now() + timedelta(minutes=minute)):
            answer_offer(actor=ways.cora, offer_id=offer.pk, **({"answer": Answer.ACCEPTED} | asked))
        assert counting(ways, activity.pk) == expected
        assert counting(ways, None) == ("bank", "")


def test_less_goes_the_usual_way(ways: Cast) -> None:
    chosen(ways, ways.cora, Way.DONATION)
    offer, _ = invited(ways)
    answer_offer(actor=ways.cora, offer_id=offer.pk, answer=Answer.LESS, less_amount=1000)
    assert counting(ways, offer.activity_id) == ("donation", "Friends of the Library")


def test_nothing_is_given_away_once_the_activity_has_started(ways: Cast) -> None:
    offer, _ = invited(ways)
    activity = offer.activity
    with set_now(activity.starts_at), pytest.raises(IllegalMove, match="has started"):
        answer_offer(
            actor=ways.cora, offer_id=offer.pk, answer=Answer.ACCEPTED, way=Way.DONATION, named="Friends"
        )
    assert counting(ways, activity.pk) == ("bank", "")
