"""A meeting that was yesterday, and browsers in which the people of the cast go through the journey."""

from datetime import timedelta
from functools import cached_property
from typing import Any

import pytest
from django.test import Client

from claims.models import Claim, Offer, RatePolicy
from claims.services.claiming import start_claim
from common.dates import now
from people.models import Person
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.people.browsers import browser
from tests.worlds import world

KEY = "0123456789abcdef" * 2


class Browser:
    """Somebody who types into forms. Each form sent has a key of its own, unless one is given."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.count = 0

    @cached_property
    def client(self) -> Client:
        return browser(self.person)

    def open(self, url: str) -> Any:
        return self.client.get(url)

    def send(self, url: str, **typed: Any) -> Any:
        """Send a form with what was typed; `on_day` stands for `on-day`."""
        self.count += 1
        data = {"key": f"{self.count:032x}"} | {
            name.replace("on_", "on-"): value for name, value in typed.items()
        }
        return self.client.post(url, data)

    def errors(self, answer: Any) -> str:
        """What the error summary says."""
        text: str = answer.content.decode()
        assert answer.status_code == 422, (answer.status_code, text[:500])
        assert "There is a problem" in text
        return text.partition("There is a problem")[2].partition("</ul>")[0]


@world
def offer(cast: Cast, policy: RatePolicy) -> Offer:
    """Cora was asked to a meeting of two hours that was yesterday."""
    return invited(cast, starts_at=now() - timedelta(days=1))[0]


@pytest.fixture
def cora_types(cast: Cast) -> Browser:
    return Browser(cast.cora)


@pytest.fixture
def lena_types(cast: Cast) -> Browser:
    return Browser(cast.lena)


@world
def draft(cast: Cast, offer: Offer) -> Claim:
    """Cora's draft for the meeting, with nothing in it."""
    return start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora, activity=offer.activity)
