"""Browsers for the tests of screens: signed in, and with a fresh proof of who is at the screen."""

import re
import time
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from people.models import Person, User

_PROVEN_FOR = "account_authentication_methods_user"
_KEY = re.compile(r'name="key" value="([0-9a-f]{32})"')


def browser(person: Person) -> Client:
    """A browser in which this person signed in long ago."""
    client = Client()
    client.force_login(User.objects.get(person=person))
    return client


def proven(person: Person, *, seconds_ago: float = 1) -> Client:
    """A browser in which this person has just shown who they are."""
    client = browser(person)
    prove(client, person, seconds_ago=seconds_ago)
    return client


def prove(client: Client, person: Person, *, seconds_ago: float) -> None:
    """Write down in the session when the last proof was given, as allauth does."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "code", "at": time.time() - seconds_ago}]
    session[_PROVEN_FOR] = str(User.objects.get(person=person).pk)
    session.save()


def key_of(client: Client, path: str) -> str:
    """The idempotency key that the form at this address was shown with."""
    found = _KEY.search(client.get(path).content.decode())
    assert found is not None, path
    return found[1]


def send(client: Client, path: str, **typed: str) -> Any:
    """Open the form at an address and send it filled in."""
    return client.post(path, {"key": key_of(client, path)} | typed)


def errors_of(answer: Any) -> list[str]:
    """What the error summary of a page says."""
    found: list[str] = re.findall(r'<li>\s*<a href="#id_[^"]*">(.*?)</a>', answer.content.decode(), re.DOTALL)
    return [each.strip() for each in found]
