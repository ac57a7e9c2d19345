"""A Monday with something to see on every page, and browsers signed in as anybody of the cast."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from people.models import Person, User
from tests.cast import Cast
from tests.databases import in_made
from tests.payments.conftest import account, monday
from tests.web.world import World, make_world

__all__ = ["account", "monday"]

SignIn = Callable[[Person | None], Client]


@pytest.fixture
def world(monday: None, cast: Cast) -> Iterator[World]:
    """Claims in every state, a sent run, and a stranger's organisation with records of its own."""
    with in_made("world", lambda: make_world(cast)) as found:
        yield found


@pytest.fixture
def signed_in() -> SignIn:
    """A browser in which this person is signed in; nobody is, for None."""

    def start(person: Person | None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(User.objects.get(person=person))
        return client

    return start
