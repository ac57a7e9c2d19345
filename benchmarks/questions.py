"""What parts somebody holds: asked by Django as ever, by a question put together once, by the bare driver.

    python -m benchmarks.questions

Runs on the engine of DATABASE_URL, in a test database of its own; the three take turns.
"""

import os
from collections.abc import Callable
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import setup_databases, setup_test_environment, teardown_databases  # noqa: E402

from people.permissions import HELD, held, roles_of  # noqa: E402
from tests.cast import build, load  # noqa: E402

TURNS, TIMES = 7, 300


def seconds(ask: Callable[[], object]) -> float:
    begun = perf_counter()
    for _ in range(TIMES):
        ask()
    return (perf_counter() - begun) / TIMES


def main() -> None:
    setup_test_environment(debug=False)
    config = setup_databases(verbosity=0, interactive=False)
    try:
        build()
        fern = load().fern
        rows = roles_of(fern).values_list(*HELD)
        sql, given = rows.query.sql_with_params()
        cursor = connection.connection.cursor()
        if connection.vendor == "sqlite":
            sql = sql.replace("%s", "?")
        ways: dict[str, Callable[[], object]] = {
            "the bare driver": lambda: cursor.execute(sql, given).fetchall(),
            "put together once": lambda: held(fern),
            "by Django": lambda: list(roles_of(fern).values_list(*HELD)),
        }
        best = dict.fromkeys(ways, float("inf"))
        for _ in range(TURNS):
            for name, ask in ways.items():
                best[name] = min(best[name], seconds(ask))
        bare = best["the bare driver"]
        for name, took in best.items():
            print(
                f"{connection.vendor}, {name}: {took * 1e6:.0f} microseconds, {took / bare:.1f} of the driver"
            )
    finally:
        teardown_databases(config, verbosity=0)


if __name__ == "__main__":
    main()
