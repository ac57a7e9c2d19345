"""Worlds: what many tests begin with, made once for each worker and then stood on.

A world is a fixture that writes. Where the test really commits, it is made there each time.
"""

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from tests.databases import in_made

REAL_COMMITS = ("committed_db", "empty_db")


def world(make: Callable[..., Any]) -> Any:
    """The fixture of this name: what `make` did and gave. Worlds may stand on worlds."""
    name = f"{make.__module__}.{make.__qualname__}"

    def fixture(request: pytest.FixtureRequest, **given: Any) -> Iterator[Any]:
        if any(each in request.fixturenames for each in REAL_COMMITS):
            yield make(**given)
            return
        with in_made(name, partial(make, **given)) as found:
            yield found

    wanted = inspect.signature(make)
    mine = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY)
    fixture.__signature__ = wanted.replace(  # type: ignore[attr-defined]  # how pytest learns what is wanted
        parameters=[*(each.replace(kind=mine.kind) for each in wanted.parameters.values()), mine]
    )
    fixture.__name__, fixture.__doc__ = make.__name__, make.__doc__
    return pytest.fixture(fixture)
