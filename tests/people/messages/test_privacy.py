"""What strangers may see of a message says nothing: subject, headers, queue, log, database, links."""

import json
import logging
import re

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django_tasks_db.models import DBTaskResult

from people.models import MessageKind
from people.services.delivering import send_waiting
from people.services.messages import tell
from tests.cast import Cast

PERSONAL = re.compile(r"cora|contributor|project|C000041|invit|claim|payment|decided|0113", re.IGNORECASE)


@pytest.fixture(params=sorted(MessageKind))
def sent(request: pytest.FixtureRequest, quiet: Cast) -> mail.EmailMessage:
    """A message of each kind to Cora, as it left."""
    mail.outbox.clear()
    tell(
        person=quiet.cora,
        organisation=quiet.riverside,
        kind=request.param,
        source="event:1",
        reference="C000041",
    )
    send_waiting()
    [email] = mail.outbox
    return email


def test_the_subject_is_the_same_for_every_kind(sent: mail.EmailMessage) -> None:
    assert sent.subject == "A message from Riverside Council"


def test_the_headers_name_nobody_but_the_address_it_goes_to(sent: mail.EmailMessage) -> None:
    headers = dict(sent.message().items())
    assert headers.pop("To") == "cora@example.org"
    assert PERSONAL.search(headers.pop("From").replace("payments@", "")) is None
    assert PERSONAL.search(json.dumps(headers)) is None
    assert set(headers) == {
        "Subject", "Date", "Message-ID", "Auto-Submitted",
        "Content-Type", "MIME-Version", "Content-Transfer-Encoding",
    }  # fmt: skip


def test_it_is_plain_text_and_nothing_else(sent: mail.EmailMessage) -> None:
    assert sent.message().get_content_type() == "text/plain"
    assert not sent.attachments


def test_the_only_link_is_our_front_page(sent: mail.EmailMessage) -> None:
    assert re.findall(r"\S*://\S*", str(sent.body)) == [f"{settings.BASE_URL}/"]


def test_the_body_names_neither_the_person_nor_what_they_take_part_in(
    sent: mail.EmailMessage, quiet: Cast
) -> None:
    for private in (quiet.cora.name, quiet.project.name, quiet.project.code, quiet.cora.number, "£"):
        assert private not in sent.body


def test_the_queue_holds_the_key_of_the_organisation_and_nothing_else(quiet: Cast) -> None:
    tell(
        person=quiet.cora,
        organisation=quiet.riverside,
        kind=MessageKind.CLAIM_DECIDED,
        source="event:1",
        reference="C000041",
    )
    task = DBTaskResult.objects.latest("enqueued_at")
    assert task.args_kwargs == {"args": [quiet.riverside.pk], "kwargs": {}}


def test_the_log_says_nothing_of_a_message_that_went(quiet: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    tell(
        person=quiet.cora,
        organisation=quiet.riverside,
        kind=MessageKind.CLAIM_DECIDED,
        source="event:1",
        reference="C000041",
    )
    send_waiting()
    assert PERSONAL.search(caplog.text) is None


def test_the_database_keeps_no_words_of_a_message(quiet: Cast) -> None:
    with connection.cursor() as cursor:
        columns = {
            each.name for each in connection.introspection.get_table_description(cursor, "people_message")
        }
    assert columns == {
        "id", "person_id", "organisation_id", "kind", "reference", "day", "source",
        "status", "created_at", "taken_at", "done_at", "pack_id",
    }  # fmt: skip
