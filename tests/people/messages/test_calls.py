"""Ring people who wish for it, and those who cannot be reached otherwise."""

import pytest

from audit.models import Event
from common.errors import IllegalMove, NotPermitted, NotVisible
from people.models import Message, MessageKind, Person
from people.queries import Call, calls_to, people_to_ring
from people.services.delivering import send_waiting
from people.services.messages import mark_told, tell
from people.workflow import MESSAGE_MOVES, MessageStatus
from tests.cast import Cast
from tests.people.messages.conftest import MONDAY
from tests.worlds import world


def say(cast: Cast, person: Person, kind: MessageKind = MessageKind.LINE_QUERIED) -> Message:
    return tell(
        person=person, organisation=cast.riverside, kind=kind, source=f"test:{kind}", reference="C000041"
    )


def calls(actor: Person) -> list[Call]:
    return calls_to(actor, people_to_ring(actor))


def said_by(actor: Person) -> list[int]:
    """The messages that this person finds on their list."""
    return [saying.message_id for call in calls(actor) for saying in call.sayings]


@world
def call(quiet: Cast, phil: Person) -> Message:
    """A question that somebody has to ask Phil."""
    for message in Message.objects.filter(person=phil):
        mark_told(actor=quiet.abel, message_id=message.pk)
    return say(quiet, phil)


def test_the_list_says_whom_to_ring_why_and_what_to_say(call: Message, quiet: Cast) -> None:
    [row] = calls(quiet.lena)
    [saying] = row.sayings
    assert (saying.message_id, row.name, row.phone) == (call.pk, "Phil Phone", "0113 496 0123")
    assert (row.why, row.since) == ("Wishes to be rung.", MONDAY.date())
    assert "Do not leave a message." in row.before
    assert "C000041" in saying.words.paragraphs[0]


def test_one_call_says_everything_and_whoever_waits_longest_comes_first(
    call: Message, quiet: Cast, pat: Person
) -> None:
    Person.objects.filter(pk=pat.pk).update(address="")
    later = say(quiet, call.person, MessageKind.CLAIM_DECIDED)
    [phil, other] = calls(quiet.abel)
    assert [saying.message_id for saying in phil.sayings] == [call.pk, later.pk]
    assert other.name == "Pat Post"


def test_whoever_was_told_is_off_the_list_and_it_is_recorded(call: Message, quiet: Cast) -> None:
    told = mark_told(actor=quiet.lena, message_id=call.pk)
    assert (told.status, told.done_at) == (MessageStatus.TOLD, MONDAY)
    assert calls(quiet.lena) == []
    event = Event.objects.get(action="message:told", subject_id=call.pk)
    assert (event.actor_id, event.about_id) == (quiet.lena.pk, call.person_id)


def test_an_e_mail_that_failed_is_on_the_list(quiet: Cast) -> None:
    message = say(quiet, quiet.cora)
    assert calls(quiet.abel) == []
    Person.objects.filter(pk=quiet.cora.pk).update(email="nobody")
    send_waiting()
    [row] = calls(quiet.abel)
    assert (said_by(quiet.abel), row.why) == ([message.pk], "The e-mail could not be sent.")


def test_a_letter_without_an_address_is_on_the_list(quiet: Cast, pat: Person) -> None:
    assert calls(quiet.abel) == []
    Person.objects.filter(pk=pat.pk).update(address="")
    assert {row.why for row in calls(quiet.abel)} == {"There is no address for the letter."}


def test_finance_rings_about_payments_and_nobody_else_does(call: Message, quiet: Cast, phil: Person) -> None:
    sent = say(quiet, phil, MessageKind.PAYMENT_SENT)
    assert said_by(quiet.fern) == [sent.pk]
    for other in (quiet.abel, quiet.lena):
        assert said_by(other) == [call.pk]
        with pytest.raises(NotVisible):
            mark_told(actor=other, message_id=sent.pk)


@pytest.mark.parametrize("name", ["anil", "ada", "hana", "cora", "otto"])
def test_it_refuses_people_with_other_parts(name: str, call: Message, quiet: Cast) -> None:
    assert calls(getattr(quiet, name)) == []
    with pytest.raises(NotPermitted):
        mark_told(actor=getattr(quiet, name), message_id=call.pk)
    call.refresh_from_db()
    assert call.status == MessageStatus.WAITING


@pytest.mark.parametrize("status", sorted(set(MessageStatus) - MESSAGE_MOVES["tell"][0]))
def test_it_refuses_a_message_that_went(status: str, call: Message, quiet: Cast, pat: Person) -> None:
    if status == MessageStatus.PRINTED:
        from people.services.print_packs import print_letters

        print_letters(actor=quiet.abel, organisation=quiet.riverside)
        call = Message.objects.filter(person=pat).latest("pk")
    else:
        Message.objects.filter(pk=call.pk).update(status=status, done_at=MONDAY)
    with pytest.raises(IllegalMove):
        mark_told(actor=quiet.abel, message_id=call.pk)
