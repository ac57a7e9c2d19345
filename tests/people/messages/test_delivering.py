"""Send the e-mails that wait: each once, and none is lost when the mail server is not there."""

from collections.abc import Sequence
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from common.dates import now, set_now
from people.models import Channel, Message, MessageKind, Person
from people.services import delivering
from people.services.delivering import LEASE, send_waiting
from people.services.messages import tell
from people.tasks import deliver
from people.workflow import MessageStatus
from tests.cast import Cast
from tests.people.messages.conftest import MONDAY

SOURCE = "claim:1:decided"


@pytest.fixture
def message(quiet: Cast) -> Message:
    mail.outbox.clear()
    return _tell(quiet, quiet.cora)


def _tell(cast: Cast, person: Person, source: str = SOURCE) -> Message:
    return tell(
        person=person,
        organisation=cast.riverside,
        kind=MessageKind.CLAIM_DECIDED,
        source=source,
        reference="C000001",
    )


class NoServer(BaseEmailBackend):
    def open(self) -> bool:
        raise ConnectionRefusedError("no server at cora@example.org")


class Refuses(BaseEmailBackend):
    """Refuses one address and takes the others."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.taken = address, list[str]()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if email_messages[0].to == [self.address]:
            raise OSError(f"550 {self.address} is unknown here")
        self.taken += email_messages[0].to
        return 1


def test_the_task_sends_a_message_once(message: Message, quiet: Cast) -> None:
    deliver.func(quiet.riverside.pk)
    deliver.func(quiet.riverside.pk)
    assert [each.to for each in mail.outbox] == [["cora@example.org"]]
    message.refresh_from_db()
    assert (message.status, message.done_at) == (MessageStatus.SENT, MONDAY)


@pytest.mark.usefixtures("committed_db")
def test_the_worker_finds_the_task_and_sends(quiet: Cast) -> None:
    mail.outbox.clear()
    with transaction.atomic():
        _tell(quiet, quiet.cora)
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    assert [each.to for each in mail.outbox] == [["cora@example.org"]]
    assert not DBTaskResult.objects.failed().exists()


def test_it_sends_only_what_the_organisation_says(message: Message, quiet: Cast) -> None:
    send_waiting(quiet.hillside.pk)
    assert mail.outbox == []
    send_waiting(quiet.riverside.pk)
    assert len(mail.outbox) == 1


def test_a_message_that_another_worker_took_is_left_alone(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = delivering._take

    def slower(key: int, *, failed_too: bool) -> bool:
        assert theirs(key, failed_too=failed_too)
        return theirs(key, failed_too=failed_too)

    monkeypatch.setattr(delivering, "_take", slower)
    assert send_waiting().sent == 0
    assert mail.outbox == []


def test_a_worker_that_died_is_followed_by_another_after_a_while(message: Message) -> None:
    assert delivering._take(message.pk, failed_too=False)
    assert send_waiting().sent == 0
    with set_now(MONDAY + LEASE):
        assert send_waiting().sent == 0
    with set_now(MONDAY + LEASE + timedelta(seconds=1)):
        assert send_waiting().sent == 1


def test_a_second_copy_carries_the_same_message_id(message: Message) -> None:
    first, second = (delivering.as_email(message).message()["Message-ID"] for _ in range(2))
    assert first == second == f"<message-{message.pk}@example.org>"


def test_without_a_mail_server_everything_goes_on_waiting(
    message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    done = send_waiting(through=NoServer())
    assert (done.sent, done.failed, done.waiting) == (0, 0, 1)
    message.refresh_from_db()
    assert (message.status, message.taken_at) == (MessageStatus.WAITING, None)
    assert "ConnectionRefusedError" in caplog.text
    assert "cora" not in caplog.text


def test_what_one_address_refuses_is_marked_and_the_others_are_sent(
    message: Message, quiet: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    _tell(quiet, quiet.dev)
    way_out = Refuses("cora@example.org")
    done = send_waiting(through=way_out)
    assert (done.sent, done.failed) == (1, 1)
    assert way_out.taken == ["dev@example.org"]
    message.refresh_from_db()
    assert (message.status, message.done_at) == (MessageStatus.FAILED, None)
    assert f"{message} was not sent: OSError" in caplog.text
    assert "cora" not in caplog.text


def test_what_failed_is_sent_again_by_the_command_and_not_by_the_task(message: Message, quiet: Cast) -> None:
    send_waiting(through=Refuses("cora@example.org"))
    deliver.func(quiet.riverside.pk)
    assert mail.outbox == []
    said = StringIO()
    call_command("send_messages", stdout=said)
    assert [each.to for each in mail.outbox] == [["cora@example.org"]]
    assert said.getvalue() == "1 sent, 0 could not be sent, 0 still wait.\n"


@pytest.mark.parametrize(
    "address", ["nobody", "a@example.org\nBcc: b@example.org", "a@example.org,b@example.org"]
)
def test_an_address_that_cannot_be_one_is_never_written_to(
    address: str, message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    Person.objects.filter(pk=message.person_id).update(email=address)
    assert send_waiting().failed == 1
    assert mail.outbox == []
    assert address not in caplog.text


def test_somebody_who_no_longer_wishes_for_e_mail_gets_none(message: Message) -> None:
    Person.objects.filter(pk=message.person_id).update(channel=Channel.POST)
    assert send_waiting(failed_too=True).sent == 0
    Person.objects.filter(pk=message.person_id).update(channel=Channel.EMAIL)
    assert send_waiting().sent == 1


def test_nobody_who_asked_for_post_or_telephone_gets_an_e_mail(
    pat: Person, phil: Person, quiet: Cast
) -> None:
    mail.outbox.clear()
    _tell(quiet, pat)
    _tell(quiet, phil)
    assert send_waiting(failed_too=True) == delivering.Delivered(0, 0, 0)
    assert mail.outbox == []
    assert now() == MONDAY
