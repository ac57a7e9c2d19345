"""A workflow is a table; a move it does not allow is refused in words."""

import pytest

from common.errors import IllegalMove
from common.workflow import Moves, next_status, pairs

MOVES: Moves = {
    "send": (frozenset({"draft", "sent"}), "sent"),
    "pay": (frozenset({"sent"}), "paid"),
}


def test_it_leads_where_the_table_says() -> None:
    assert next_status(MOVES, "pay", "sent") == "paid"


def test_it_refuses_any_other_start_in_words() -> None:
    with pytest.raises(IllegalMove, match="Cannot pay a claim that is draft."):
        next_status(MOVES, "pay", "draft", what="a claim")


def test_the_pairs_are_what_a_database_guard_allows() -> None:
    assert pairs(MOVES) == {("draft", "sent"), ("sent", "paid")}
