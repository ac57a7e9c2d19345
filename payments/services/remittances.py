"""Open a remittance advice: the page for one person and one run, and the record that it was seen."""

from django.db import transaction

from audit.actions import Action
from audit.services import record
from payments.models import Remittance
from payments.remittances import remittance_pdf
from people.models import Person


@transaction.atomic
def open_remittance(*, actor: Person, remittance_row: Remittance) -> bytes:
    """The advice as PDF. Whoever opens it is recorded, so that the payee can see who looked.

    Only the payee reads here which charity or group they named; finance prints it for the envelope.
    Not a step: each look is one event, and nothing else changes.
    """
    is_own = actor.pk == remittance_row.person_id
    content = remittance_pdf(remittance_row.run, remittance_row.person, named=is_own)
    record(
        actor=actor,
        action=Action.REMITTANCE_SEEN,
        subject=remittance_row,
        organisation_id=remittance_row.run.organisation_id,
        about=remittance_row.person,
        number=remittance_row.number,
    )
    return content
