"""Who keeps the register, and who may check what somebody else wrote."""

from guidance.models import Figure, Text
from people.models import Organisation, Person
from people.permissions import Reason, may_administer


def may_keep(actor: Person, organisation: Organisation) -> Reason:
    """Administrators write the texts and enter the figures of their organisation."""
    return may_administer(actor, organisation)


def may_check_text(actor: Person, text: Text) -> Reason:
    """Another administrator than the one who wrote it."""
    if text.written_by_id == actor.pk:
        return "Somebody else has to check what you wrote."
    return may_administer(actor, text.organisation)


def may_check_figure(actor: Person, figure: Figure) -> Reason:
    """Another administrator than the one who entered it."""
    if figure.entered_by_id == actor.pk:
        return "Somebody else has to check what you entered."
    return may_administer(actor, figure.organisation)
