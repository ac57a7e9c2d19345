"""How long work says how far it is: done, and of how many."""

from collections.abc import Callable

Report = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """For whoever does not ask."""
