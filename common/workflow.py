"""A workflow is a table: move -> (statuses it may start from, status it leads to)."""

from collections.abc import Mapping

from common.errors import IllegalMove

Moves = Mapping[str, tuple[frozenset[str], str]]


def next_status(moves: Moves, move: str, current: str, *, what: str = "something") -> str:
    """Return the status that `move` leads to, or raise IllegalMove in words for the person."""
    allowed_from, target = moves[move]
    if current not in allowed_from:
        raise IllegalMove(f"Cannot {move} {what} that is {current}.")
    return target


def pairs(moves: Moves) -> frozenset[tuple[str, str]]:
    """Every (old, new) pair of statuses the table allows; database triggers hold the same set."""
    return frozenset((old, new) for starts, new in moves.values() for old in starts if old != new)
