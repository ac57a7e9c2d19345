"""Send the e-mails that wait. No network inside a transaction: a message is taken, sent, then marked.

Two workers never take the same message. One who dies in between leaves it taken; after a quarter of an hour
it is sent again under the same Message-ID, by which a second copy can be told from a second message.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db.models import Q, QuerySet

from common.dates import now
from people.deaths import the_dead
from people.message_texts import email_body, subject, words_for
from people.models import Channel, Message, MessageKind
from people.workflow import OPEN, MessageStatus

LEASE = timedelta(minutes=15)  # far longer than sending one e-mail can take
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many e-mails went in one go, could not be sent, or still wait because there is no mail server."""

    sent: int
    failed: int
    waiting: int


def send_waiting(
    organisation_id: int | None = None, *, failed_too: bool = False, through: BaseEmailBackend | None = None
) -> Delivered:
    """Send the e-mails that wait, of one organisation or of all, each once.

    What one address refuses is marked as failed, and sent again only with `failed_too`. When there is no
    mail server everything goes on waiting. `through` is another way out than the settings name.
    """
    rows = _waiting(failed_too=failed_too)
    if organisation_id is not None:
        rows = rows.filter(organisation=organisation_id)
    post = through or get_connection()
    sent = failed = 0
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for place, key in enumerate(keys):
        if not _is_open(post):
            return Delivered(sent, failed, len(keys) - place)
        if not _take(key, failed_too=failed_too):
            continue
        went = _send(key, post)
        sent, failed = sent + went, failed + (not went)
    _close(post)
    return Delivered(sent, failed, 0)


def _waiting(*, failed_too: bool) -> QuerySet[Message]:
    """Messages to people who wish to be written to by e-mail now, whatever they wished before."""
    statuses = OPEN if failed_too else {MessageStatus.WAITING}
    free = Q(taken_at__isnull=True) | Q(taken_at__lt=now() - LEASE)
    rows = Message.objects.filter(free, status__in=statuses, person__channel=Channel.EMAIL)
    return rows.exclude(person__in=the_dead())  # nobody is written to who has died


def _take(key: int, *, failed_too: bool) -> bool:
    """Take a message for sending; False when somebody else was quicker."""
    free = _waiting(failed_too=failed_too).filter(pk=key)
    return Message.objects.filter(pk__in=free.values("pk")).update(taken_at=now()) == 1


def _send(key: int, post: BaseEmailBackend) -> bool:
    """Send one message and say what came of it. Neither address nor words reach the log."""
    message = Message.objects.select_related("person", "organisation").get(pk=key)
    try:
        post.send_messages([as_email(message)])
    except Exception as error:  # whatever a way out raises: its text may name the person, its kind does not
        log.warning("%s was not sent: %s", message, type(error).__name__)
        _close(post)
        Message.objects.filter(pk=key).update(status=MessageStatus.FAILED, taken_at=None)
        return False
    Message.objects.filter(pk=key).update(status=MessageStatus.SENT, done_at=now())
    return True


def as_email(message: Message) -> EmailMessage:
    """The e-mail, in plain text. Raises ValidationError when the address cannot be one."""
    address, organisation = message.person.email, message.organisation
    validate_email(address)
    words = words_for(
        MessageKind(message.kind),
        reference=message.reference,
        day=message.day,
        channel=Channel.EMAIL,
        organisation=organisation,
    )
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return EmailMessage(
        subject=subject(organisation),
        body=email_body(words, organisation=organisation, address=f"{settings.BASE_URL}/"),
        to=[address],
        headers={
            "Message-ID": f"<message-{message.pk}@{sender.rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",  # so that out-of-office replies stay away
        },
    )


def _is_open(post: BaseEmailBackend) -> bool:
    """One connection for all; False when there is no mail server to be had."""
    try:
        post.open()
    except OSError as error:
        log.warning("No e-mail can be sent now: %s", type(error).__name__)
        return False
    return True


def _close(post: BaseEmailBackend) -> None:
    """Hang up; after an error a fresh connection serves the next message."""
    with suppress(OSError):
        post.close()
