"""People who wish to hear from us by post, in large print, and by telephone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pytest

from common.dates import set_now
from people.models import Channel, Message, PaperFormat, Person, RoleKind
from people.services import add_person, grant_role, link
from people.services.delivering import send_waiting
from tests.cast import Cast
from tests.worlds import world

MONDAY: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def monday() -> Iterator[None]:
    with set_now(MONDAY):
        yield


@world
def quiet(monday: None, cast: Cast) -> Cast:
    """Monday 23 November 2026, with everything that was to be said before already said."""
    send_waiting()
    return cast


def _contributor(cast: Cast, name: str, channel: Channel, *, large: bool = False) -> Person:
    person = add_person(
        actor=cast.abel,
        name=name,
        phone="0113 496 0123",
        address="7 Mill Lane\nRiverbend\nRB1 2AB",
        channel=channel,
        paper_format=PaperFormat.LARGE if large else PaperFormat.STANDARD,
    )
    grant_role(
        actor=cast.abel,
        person=person,
        kind=RoleKind.CONTRIBUTOR,
        organisation=cast.riverside,
        project=cast.project,
    )
    link(actor=cast.abel, organisation=cast.riverside, contributor=person, link_person=cast.lena)
    return person


@world
def pat(quiet: Cast) -> Person:
    """Pat gets letters."""
    return _contributor(quiet, "Pat Post", Channel.POST)


@world
def lola(quiet: Cast) -> Person:
    """Lola gets letters in large print."""
    return _contributor(quiet, "Lola Large", Channel.POST, large=True)


@world
def phil(quiet: Cast) -> Person:
    """Phil is rung."""
    return _contributor(quiet, "Phil Phone", Channel.PHONE)


def of(person: Person, source: str) -> Message:
    """The message to a person about one event, as it stands now."""
    return Message.objects.get(person=person, source=source)
