"""Tell somebody: the message stands or falls with what it is about, and comes once."""

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries

from people.models import Message, MessageKind, Person
from people.services.messages import BATCH, News, tell, tell_all
from people.workflow import MessageStatus
from tests.cast import Cast

DECIDED = MessageKind.CLAIM_DECIDED


def say(cast: Cast, person: Person, source: str = "claim:1:decided") -> Message:
    return tell(person=person, organisation=cast.riverside, kind=DECIDED, source=source, reference="C000001")


def tasks() -> int:
    return DBTaskResult.objects.count()


def test_a_message_waits_and_a_task_will_send_it(quiet: Cast) -> None:
    before = tasks()
    message = say(quiet, quiet.cora)
    assert message.status == MessageStatus.WAITING
    assert (message.kind, message.reference) == (DECIDED, "C000001")
    assert tasks() == before + 1


@pytest.mark.usefixtures("committed_db")
def test_what_is_rolled_back_tells_nobody_and_leaves_no_task(quiet: Cast) -> None:
    messages, before = Message.objects.count(), tasks()

    def step_that_fails() -> None:
        say(quiet, quiet.cora)
        assert tasks() == before + 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        step_that_fails()
    assert (Message.objects.count(), tasks()) == (messages, before)


@pytest.mark.usefixtures("committed_db")
def test_it_refuses_to_tell_outside_a_transaction(quiet: Cast) -> None:
    messages = Message.objects.count()
    with pytest.raises(RuntimeError, match="inside the transaction"):
        say(quiet, quiet.cora)
    assert Message.objects.count() == messages


def test_the_same_event_tells_nobody_twice(quiet: Cast) -> None:
    first = say(quiet, quiet.cora)
    assert say(quiet, quiet.cora) == first
    assert say(quiet, quiet.dev) != first
    assert say(quiet, quiet.cora, "claim:2:decided") != first


@pytest.mark.parametrize("reference", ["Cora", "Project A", "C1", "c000001", ""])
def test_it_refuses_a_reference_that_is_no_neutral_handle(reference: str, quiet: Cast) -> None:
    with pytest.raises(ValueError, match="neutral handle"):
        tell(person=quiet.cora, organisation=quiet.riverside, kind=DECIDED, source="x", reference=reference)
    assert not Message.objects.filter(source="x").exists()


def test_many_are_told_with_one_task_and_a_few_statements(
    quiet: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = [
        Person(number=f"X{n:06d}", name="Somebody", email=f"x{n}@example.org") for n in range(BATCH + 1)
    ]
    Person.objects.bulk_create(people)
    news = [News(each.pk, "run:1:sent", reference="R000001") for each in people]
    before = tasks()
    with django_assert_max_num_queries(20):
        tell_all(organisation=quiet.riverside, kind=MessageKind.PAYMENT_SENT, news=news)
    assert Message.objects.filter(source="run:1:sent").count() == BATCH + 1
    assert tasks() == before + 1


def test_nobody_to_tell_makes_no_task(quiet: Cast) -> None:
    before = tasks()
    tell_all(organisation=quiet.riverside, kind=MessageKind.PAYMENT_SENT, news=[])
    assert tasks() == before
