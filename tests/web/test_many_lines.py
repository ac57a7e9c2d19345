"""Every page of the finance desk, the auditor and the start asks as much for a thousand lines as for ten.

`benchmarks/pages.py` opens the same pages with ten thousand, and says how long each takes.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from payments.queries import due_pages
from people.models import Person
from tests.web.many_lines import Page, fill, opened
from tests.web.world import World

FEW, MANY = 10, 1_000
# One person's look at each of a hundred advices is written down: on SQLite in two statements, not in one.
ALLOWED = {} if connection.vendor == "postgresql" else {"runs:pages on its way": 1, "runs:pages paid": 1}


def asked(world: World, lines: int, chosen: Callable[[Page], bool] = lambda _: True) -> dict[str, int]:
    """Queries of every page with this many lines, after which they are gone again."""
    with transaction.atomic():
        found = {str(page): visit.queries for page, visit in opened(fill(world, lines=lines), chosen)}
        transaction.set_rollback(True)
    return found


def grown(few: dict[str, int], many: dict[str, int]) -> dict[str, tuple[int, int]]:
    """The pages that ask more, or less, where there are more lines."""
    return {page: (few[page], many[page]) for page in few if few[page] != many[page]}


@pytest.mark.usefixtures("walking")
def test_no_page_asks_more_for_more_lines(world: World) -> None:
    few, many = asked(world, FEW), asked(world, MANY)
    assert few.keys() == many.keys()
    assert len(few) > 250
    more = grown(few, many)
    allowed = {page: ALLOWED.get(page.partition(" ")[2], 0) for page in more}
    assert {page: many - few - allowed[page] for page, (few, many) in more.items()} == dict.fromkeys(more, 0)
    assert max(many.values()) <= 48  # who asks is looked up besides


def test_a_query_for_each_row_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = due_pages._row

    def row_with_a_query(row: dict[str, Any], *known: Any) -> Any:
        assert Person.objects.filter(pk=row["claim__contributor_id"]).exists()
        return real(row, *known)

    monkeypatch.setattr(due_pages, "_row", row_with_a_query)
    few, many = (asked(world, lines, lambda page: page.name == "runs:due") for lines in (5, 20))
    assert set(grown(few, many)) == {"fern runs:due", "farah runs:due", "ada runs:due"}
