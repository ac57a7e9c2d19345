"""The reference register in Riverside: Abel proposes it, Vera checks it, the doubtful figures wait."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from claims.models import RatePolicy
from guidance.models import Text
from guidance.services import propose_text
from guidance.services.importing import Taken, import_register
from people.models import Person, User
from tests.cast import Cast, put_in_force
from tests.claims.paper import POLICY
from tests.databases import in_made
from tests.worlds import world

REFERENCE = (Path(settings.BASE_DIR) / "fixtures" / "reference" / "guidance.toml").read_text(encoding="utf-8")
SOURCES = [{"name": "A guide", "url": "https://example.org/guide", "read_on": "2026-11-20"}]


@pytest.fixture
def taken(cast: Cast) -> Iterator[Taken]:
    """The whole reference file, checked. What else a test makes is made after it."""
    given: dict[str, Any] = {
        "actor": cast.abel,
        "organisation": cast.riverside,
        "content": REFERENCE,
        "second": cast.vera,
    }
    with in_made("register", lambda: import_register(**given)) as found:
        yield found


@world
def policy(cast: Cast) -> RatePolicy:
    """The example policy, in force for Riverside."""
    return put_in_force(cast, POLICY)


def proposed(cast: Cast, **changes: Any) -> Text:
    """One text that Abel wrote."""
    asked: dict[str, Any] = {
        "actor": cast.abel,
        "organisation": cast.riverside,
        "topic": "money",
        "title": "Money",
        "body": "One paragraph.\n\n- a dash\n- and another",
        "sources": SOURCES,
        "review_on": date(2027, 4, 6),
    }
    return propose_text(**asked | changes)


def at(person: Person) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(User.objects.get(person=person))
    return client
