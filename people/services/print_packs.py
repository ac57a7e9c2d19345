"""Print the letters that wait, as one file for the printer."""

from collections.abc import Iterable

from django.db import transaction

from audit.actions import Action
from audit.services import record, step
from common.dates import london_day, now
from common.errors import DomainError, NotVisible
from common.pdf.look import Size
from people.formats.letter import Letter, letters_pdf
from people.message_texts import words_for
from people.models import LARGE_PRINT, Channel, Message, MessageKind, Organisation, Person, PrintPack
from people.permissions import may_handle_messages, require
from people.queries import letters_waiting, packs_visible_to
from people.workflow import MessageStatus

LARGEST_PACK = 500  # letters: what one person puts into envelopes, and what a page waits for


@step(returns=PrintPack)
def print_letters(*, actor: Person, organisation: Organisation, key: str = "") -> PrintPack:
    """Put the letters that wait into a pack, oldest first, at most 500; `open_pack` gives its pages.

    Only the letters that the actor may handle. Raises DomainError when there is none.
    """
    require(may_handle_messages(actor, organisation))
    waiting = letters_waiting(actor, organisation).select_for_update(of=("self",)).order_by("pk")
    letters = list(waiting[:LARGEST_PACK])
    if not letters:
        raise DomainError("There are no letters to print now.")
    pack = PrintPack.objects.create(organisation=organisation, made_by=actor, count=len(letters))
    printed = Message.objects.filter(pk__in=[letter.pk for letter in letters])
    printed.update(status=MessageStatus.PRINTED, done_at=now(), pack=pack)
    _record(actor, Action.LETTERS_PRINTED, pack)
    return pack


@transaction.atomic
def open_pack(*, actor: Person, pack_id: int) -> bytes:
    """The pages of a pack as PDF, made afresh each time with the address and the size of print of today.

    Not a step: each look is one event, and nothing else changes. Raises NotVisible.
    """
    pack = packs_visible_to(actor).filter(pk=pack_id).first()
    if pack is None:
        raise NotVisible("There is no such print pack.")
    _record(actor, Action.LETTERS_OPENED, pack)
    messages = pack.messages.select_related("person", "organisation").order_by("person_id", "pk")
    return letters_pdf(list(_letters(messages)))


def _letters(messages: Iterable[Message]) -> Iterable[tuple[Letter, Size]]:
    for message in messages:
        person, organisation = message.person, message.organisation
        words = words_for(
            MessageKind(message.kind),
            reference=message.reference,
            day=message.day,
            channel=Channel.POST,
            organisation=organisation,
        )
        letter = Letter(
            sender=organisation.name,
            name=person.name,
            address=tuple(line.strip() for line in person.address.splitlines() if line.strip()),
            number=message.number,
            written_on=london_day(message.created_at),
            paragraphs=words.paragraphs,
            contacts=words.contacts,
        )
        yield letter, Size.LARGE if person.paper_format in LARGE_PRINT else Size.STANDARD


def _record(actor: Person, action: Action, pack: PrintPack) -> None:
    record(actor=actor, action=action, subject=pack, organisation_id=pack.organisation_id, letters=pack.count)
