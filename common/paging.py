"""Pages of a list by key, newest first: the hundredth page costs what the first one costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

ROWS = 50
LARGEST_KEY = 2**63 - 1
NEWEST: Mapping[str, str] = MappingProxyType({})  # what asks for the first page
M = TypeVar("M", bound="Model")
R = TypeVar("R", covariant=True)
S = TypeVar("S")


@dataclass(frozen=True)
class Page(Generic[R]):
    """One page of rows; `older` and `newer` are the addresses of the pages beside it, or empty."""

    rows: Sequence[R]
    older: str
    newer: str

    def showing(self, rows: Sequence[S]) -> "Page[S]":
        """The same page with what is shown of each row, such as a dataclass for one audience."""
        return Page(rows, older=self.older, newer=self.newer)


def page_of(rows: "QuerySet[M]", asked: Mapping[str, str], *, keep: str = "", size: int = ROWS) -> Page[M]:
    """The page that `?before=KEY` or `?after=KEY` asks for; anything else gives the newest page.

    `keep` is what the addresses of other pages must repeat, as in `view=own&`.
    """
    before, after = asked_key(asked, "before"), asked_key(asked, "after")
    if after is not None and before is None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        shown, more_older, more_newer = found[:size][::-1], True, len(found) > size
    else:
        narrowed = rows if before is None else rows.filter(pk__lt=before)
        found = list(narrowed.order_by("-pk")[: size + 1])
        shown, more_older, more_newer = found[:size], len(found) > size, before is not None
    if not shown:
        return Page([], older="", newer=f"?{keep}" if before is not None else "")
    return Page(
        shown,
        older=f"?{keep}before={shown[-1].pk}" if more_older else "",
        newer=f"?{keep}after={shown[0].pk}" if more_newer else "",
    )


def asked_key(asked: Mapping[str, str], name: str) -> int | None:
    """A key as typed into an address, or None when it is missing or could not be one."""
    text = asked.get(name, "")
    if not (text.isascii() and text.isdigit()) or len(text) > 19:
        return None
    return min(int(text), LARGEST_KEY)
