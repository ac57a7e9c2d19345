"""The codes of a payment that was handed over, for whoever reads them to somebody without a login."""

from collections.abc import Sequence

from django.db import transaction

from audit.actions import Action
from audit.services import record
from common.dates import now
from payments import permissions
from payments.models import HandOver
from payments.queries.own_codes import Code, codes_of
from people.models import Person
from people.permissions import require


@transaction.atomic
def open_codes(*, actor: Person, hand_over_id: int) -> Sequence[Code]:
    """The codes in the clear; each look is written down in the trail of the person paid, a reload too.

    It is no step: the same form again is another look, and is kept as one. Raises NotPermitted.
    """
    rows = HandOver.objects.select_related("payment__person", "payment__organisation", "organisation")
    made = rows.select_for_update(of=("self",)).get(pk=hand_over_id)
    require(permissions.may_read_codes(actor, made))
    if made.seen_at is None:
        made.seen_at = now()
        made.save(update_fields=["seen_at"])
    record(
        actor=actor,
        action=Action.HAND_OVER_CODES,
        subject=made,
        organisation_id=made.organisation_id,
        about=made.payment.person,
        payment=made.payment.reference,
    )
    return codes_of(made)
