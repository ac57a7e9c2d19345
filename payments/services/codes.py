"""The codes of a payment that was handed over, for whoever reads them to somebody without a login."""

from django.db import transaction

from audit.actions import Action
from audit.services import record
from common.errors import DomainError, IllegalMove
from payments import permissions
from payments.models import HandOver
from payments.secrets import open_code, open_voucher
from people.models import Person
from people.permissions import require


@transaction.atomic
def open_codes(*, actor: Person, hand_over_id: int) -> list[str]:
    """The codes in the clear; each look is written down in the trail of the person paid, a reload too.

    Only for whoever has no login to read them themselves, and only until they are collected or come back.
    """
    rows = HandOver.objects.select_related("payment__person", "organisation")
    made = rows.select_for_update(of=("self",)).get(pk=hand_over_id)
    require(permissions.may_hand_over(actor, made.payment))
    if made.ended:
        raise IllegalMove(f"This does not count any more: {made.get_ended_display()}.")
    if made.collected_on is not None:
        raise IllegalMove("This is written down as collected, so nobody here needs the codes any more.")
    if made.payment.person.logins.exists():
        raise DomainError(f"{made.payment.person} has a login and reads the codes there.")
    record(
        actor=actor,
        action=Action.HAND_OVER_CODES,
        subject=made,
        organisation_id=made.organisation_id,
        about=made.payment.person,
        payment=made.payment.reference,
    )
    return _codes_of(made)


def _codes_of(made: HandOver) -> list[str]:
    codes = [open_code(bytes(made.code), made.payment_id)] if made.code is not None else []
    for voucher in made.vouchers.order_by("batch_id", "position"):
        if voucher.code is not None:
            codes.append(open_voucher(bytes(voucher.code), voucher.batch_id, voucher.position))
    return codes
