"""Pass on that somebody wishes to talk first: to the adviser, outside our records, and to nobody here."""

import logging
from base64 import b64decode, b64encode
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from claims.models import Answer, Offer
from common.dates import london_day, now
from common.encryption import KeyRing
from people.message_texts import subject
from people.models import Channel, Person

AGAIN = timedelta(minutes=15)  # after a mail server that could not be reached
ASKS, NOT = b"asks", b"none"  # of one length, so that the queue does not tell them apart
log = logging.getLogger(__name__)


def after_answer(offer: Offer, *, asks: bool) -> None:
    """Put into the queue what follows any answer; only the worker learns whether that is anything."""
    from claims.tasks import pass_on  # which itself calls this module

    ring: KeyRing = settings.ENCRYPTION_KEYS
    sealed = ring.seal(ASKS if asks else NOT, _context(offer.pk))
    pass_on.enqueue(offer.pk, b64encode(sealed).decode())


def pass_on(offer_id: int, sealed: str) -> None:
    """Write to the adviser if the person asked for it and still wishes it. Tried again until the activity."""
    ring: KeyRing = settings.ENCRYPTION_KEYS
    if ring.open(b64decode(sealed), _context(offer_id)) != ASKS:
        return
    offers = Offer.objects.select_related("activity__project__organisation", "contributor")
    offer = offers.get(pk=offer_id)
    organisation = offer.activity.project.organisation
    if offer.answer != Answer.TALK or not organisation.adviser_email or now() >= offer.activity.starts_at:
        return
    try:
        _letter(offer).send()
    except (SMTPException, OSError):
        from claims.tasks import pass_on as task

        log.warning("The mail server cannot be reached; a letter waits")
        task.using(run_after=now() + AGAIN).enqueue(offer_id, sealed)


def _letter(offer: Offer) -> EmailMessage:
    organisation, person = offer.activity.project.organisation, offer.contributor
    day = london_day(offer.activity.starts_at)
    paragraphs = [
        f"Hello {organisation.adviser_name},",
        f"Somebody who takes part in the work of {organisation.name} would like to talk to you in "
        f"confidence. Please get in touch with them before {day.day} {day:%B %Y}.",
        "\n".join([f"Name: {person.name}", *_ways(person)]),
        "They were told that we pass on their name and how to reach them, and nothing else, and that you do "
        "not tell us what you talk about. Please do not answer this e-mail.",
    ]
    return EmailMessage(
        subject=subject(organisation),
        body="\n\n".join(paragraphs),
        to=[organisation.adviser_email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _ways(person: Person) -> list[str]:
    """How to reach somebody: the way that they chose, or every way we know when that one is missing."""
    known = {Channel.EMAIL: person.email, Channel.PHONE: person.phone, Channel.POST: person.address}
    chosen = Channel(person.channel)
    ways = {chosen: known[chosen]} if known[chosen] else known
    return [f"{way.label}: {text}" for way, text in ways.items() if text] or ["How to reach them: not known"]


def _context(offer_id: int) -> str:
    return f"after_answer:{offer_id}"
