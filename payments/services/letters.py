"""That somebody made a letter for themselves: when, and nothing of what stands on it."""

from django.db import transaction

from audit.actions import Action
from audit.services import record
from people.models import Person


@transaction.atomic
def note_letter(*, actor: Person) -> None:
    """Not a step: each letter is one event. It names no organisation, so that no trail of one shows it."""
    record(actor=actor, action=Action.LETTER_MADE, subject=actor, about=actor)
