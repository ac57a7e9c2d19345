"""Warn somebody at the e-mail address they had before, in case it was not they who changed something.

The address leaves our records with the change, so it waits in the queue sealed, and is gone when it is read.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from enum import StrEnum

from django.conf import settings
from django.core.mail import EmailMessage

from common.encryption import KeyRing
from people.message_texts import TEXTS, Words, email_body, subject
from people.models import MessageKind, Organisation, Person

CHANGED = "Somebody gave us a new e-mail address for you. From now on we write to the new one."
IF_NOT_YOU = (
    "If it was you, you need not do anything. If it was not, tell us at once, so that nobody else reads what "
    "we write to you."
)


class Warn(StrEnum):
    """What somebody is warned of at the address from before."""

    NEW_ADDRESS = "new_address"
    NEW_BANK_DETAILS = "new_bank_details"


_DETAILS = TEXTS[MessageKind.BANK_DETAILS_CHANGED]
WORDS: Mapping[Warn, tuple[str, ...]] = {
    Warn.NEW_ADDRESS: (CHANGED, IF_NOT_YOU),
    Warn.NEW_BANK_DETAILS: (_DETAILS.news, _DETAILS.email),
}


def sealed_address(person: Person, address: str) -> str:
    """An address for the queue: it opens only as this person's."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    return b64encode(ring.seal(address.encode(), _context(person.pk))).decode()


def send_warning(person_id: int, sealed: str, warn: str = Warn.NEW_ADDRESS) -> None:
    """Send the warning from the organisation that has known the person longest. Raises CannotOpen."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    address = ring.open(b64decode(sealed), _context(person_id)).decode()
    known = Organisation.objects.filter(roles__person=person_id).order_by("roles__pk").first()
    if known is None:
        return
    words = Words(
        paragraphs=WORDS[Warn(warn)],
        contacts=(("Who to ask", known.help_contact), ("If you want support", known.support_contact)),
    )
    EmailMessage(
        subject=subject(known),
        body=email_body(words, organisation=known, address=f"{settings.BASE_URL}/"),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()


def _context(person_id: int) -> str:
    return f"old_email:{person_id}"
