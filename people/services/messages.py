"""Tell people what happened, in the way they wish to hear from us."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from audit.actions import Action
from audit.services import record, step
from common.dates import now
from common.errors import NotVisible
from common.workflow import next_status
from people.message_texts import names_reference
from people.models import Message, MessageKind, Organisation, Person
from people.permissions import may_handle_messages, require
from people.queries import messages_handled
from people.tasks import deliver
from people.workflow import MESSAGE_MOVES

BATCH = 500  # rows in one statement
_HANDLE = re.compile(r"[A-Z][0-9]{6,11}")


@dataclass(frozen=True, slots=True)
class News:
    """One person to be told of one event; `source` names the event, as in claim:41:decided."""

    person_id: int
    source: str
    reference: str = ""
    day: date | None = None


def tell(
    *,
    person: Person,
    organisation: Organisation,
    kind: MessageKind,
    source: str,
    reference: str = "",
    day: date | None = None,
) -> Message:
    """Tell one person of one event, in the caller's transaction: both stand or fall together.

    A second time for the same `source` tells nobody again. Raises RuntimeError outside a transaction.
    """
    news = News(person.pk, source, reference=reference, day=day)
    tell_all(organisation=organisation, kind=kind, news=[news])
    return Message.objects.get(person=person, source=source)


def tell_all(*, organisation: Organisation, kind: MessageKind, news: Sequence[News]) -> None:
    """Tell many people, set-based: one statement for every 500, and one task for all the e-mails.

    The task is written even if nobody of them reads e-mail, so that the queue tells nobody's channel. Raises
    ValueError for a reference that is no neutral handle.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("People are told inside the transaction of what they are told about")
    for each in news:
        _refuse_odd(kind, each.reference)
    for some in _batches(news):
        known = set(
            Message.objects.filter(
                person__in={each.person_id for each in some}, source__in={each.source for each in some}
            ).values_list("person_id", "source")
        )
        Message.objects.bulk_create(
            Message(
                person_id=each.person_id,
                organisation=organisation,
                kind=kind,
                reference=each.reference,
                day=each.day,
                source=each.source,
            )
            for each in some
            if (each.person_id, each.source) not in known
        )
    if news:
        deliver.enqueue(organisation.pk)


@step(returns=Message)
def mark_told(*, actor: Person, message_id: int, key: str = "") -> Message:
    """Say that somebody was told a message by telephone, or face to face."""
    message = (
        Message.objects.select_related("organisation", "person")
        .select_for_update(of=("self",))
        .get(pk=message_id)
    )
    require(may_handle_messages(actor, message.organisation))
    if not Message.objects.filter(messages_handled(actor), pk=message.pk).exists():
        raise NotVisible("There is no such message.")
    message.status = next_status(MESSAGE_MOVES, "tell", message.status, what="a message")
    message.done_at = now()
    message.save(update_fields=["status", "done_at"])
    record(
        actor=actor,
        action=Action.MESSAGE_TOLD,
        subject=message,
        organisation_id=message.organisation_id,
        about=message.person,
        kind=message.kind,
    )
    return message


def _batches(news: Sequence[News]) -> Iterator[Sequence[News]]:
    for start in range(0, len(news), BATCH):
        yield news[start : start + BATCH]


def _refuse_odd(kind: MessageKind, reference: str) -> None:
    """A name or a title in place of a handle would end up in e-mails and on paper."""
    if not (_HANDLE.fullmatch(reference) or (reference == "" and not names_reference(kind))):
        raise ValueError(f"A message of the kind {kind} needs a neutral handle, as in C000041.")
