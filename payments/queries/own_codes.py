"""Codes of vouchers and cash-out codes, for the person they were sent to and for nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.views.decorators.debug import sensitive_variables

from common.errors import NotVisible
from payments.models import HandOver
from payments.secrets import open_code, open_voucher
from people.models import Person


@dataclass(frozen=True)
class Code:
    """One code. Minor units; it does not show when the object is printed or logged."""

    text: str = field(repr=False)
    amount: int
    expires_on: date | None = None


def has_codes(made: HandOver) -> bool:
    """Is there a code to show? Cards that name no code have none."""
    return made.code is not None or made.vouchers.filter(code__isnull=False).exists()


def own_hand_over(person: Person, payment_id: int) -> HandOver:
    """The hand-over with codes of a payment to this person that still counts. Raises NotVisible."""
    mine = HandOver.objects.filter(payment=payment_id, payment__person=person, ended="")
    found = mine.select_related("payment__run").first()
    if found is None or not has_codes(found):
        raise NotVisible("There is no such code.")
    return found


@sensitive_variables()
def codes_of(made: HandOver) -> Sequence[Code]:
    """The codes in the clear, in the order of the vouchers. Two queries at most. Raises CannotOpen."""
    if made.code is not None:
        return [Code(open_code(bytes(made.code), made.payment_id), made.payment.amount)]
    vouchers = made.vouchers.filter(code__isnull=False).select_related("batch").order_by("batch", "position")
    return [
        Code(
            open_voucher(bytes(each.code), each.batch_id, each.position),
            each.batch.face_value,
            each.batch.expires_on,
        )
        for each in vouchers
        if each.code is not None  # always so, but for the type
    ]
