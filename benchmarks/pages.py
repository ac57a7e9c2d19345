"""Open every page of finance, the auditor and the start with few lines and with many, and compare.

    python -m benchmarks.pages [few] [many]

Runs on the engine of DATABASE_URL, in a test database of its own. So many lines are due, and as many stand in
each of three runs. Queries must be the same, whatever the number of lines; `tests/web/test_many_lines.py`
asserts it for ten and a thousand. A page's time is compared with its own time with few lines.
"""

import os
import platform
import statistics
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import setup_databases, setup_test_environment, teardown_databases  # noqa: E402

from common.dates import set_now  # noqa: E402
from tests.cast import build, load  # noqa: E402
from tests.payments.office import MONDAY  # noqa: E402
from tests.web.many_lines import Visit, fill, opened  # noqa: E402
from tests.web.world import World, make_world  # noqa: E402

SLOWEST = 10
Visits = dict[str, Visit]


def visits(world: World, lines: int) -> Visits:
    """Every page with this many lines, after which they are gone again."""
    with transaction.atomic():
        full = fill(world, lines=lines)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        found = {str(page): visit for page, visit in opened(full)}
        transaction.set_rollback(True)
    return found


def report(few: Visits, many: Visits, lines: tuple[int, int]) -> None:
    grown = {page: (few[page].queries, many[page].queries) for page in many}
    grown = {page: counts for page, counts in grown.items() if counts[0] != counts[1]}
    middle = [statistics.median(each.seconds for each in found.values()) * 1000 for found in (few, many)]
    print(f"{len(many)} pages; at most {max(each.queries for each in many.values())} queries")
    print(f"other numbers of queries with {lines[1]} lines than with {lines[0]}: {grown or 'none'}")
    print(f"the page in the middle: {middle[0]:.0f} ms and {middle[1]:.0f} ms")
    for page in sorted(many, key=lambda page: -many[page].seconds)[:SLOWEST]:
        before, after = few[page], many[page]
        ratio = after.seconds / before.seconds
        print(f"  {page}: {after.seconds * 1000:.0f} ms, {after.queries} queries, {ratio:.1f} of itself")


def main(few: int, many: int) -> None:
    setup_test_environment(debug=False)
    config = setup_databases(verbosity=0, interactive=False)
    try:
        build()
        print(f"Python {platform.python_version()}, {connection.vendor}")
        with set_now(MONDAY):
            world = make_world(load())
            visits(world, few)  # so that templates are compiled and connections warm
            report(visits(world, few), visits(world, many), (few, many))
    finally:
        teardown_databases(config, verbosity=0)


if __name__ == "__main__":
    given = dict(enumerate(map(int, sys.argv[1:])))
    main(few=given.get(0, 10), many=given.get(1, 10_000))
