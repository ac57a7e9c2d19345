"""Somebody looks at the code that was sent to them: from then on it counts as collected."""

from audit.actions import Action
from audit.services import record, step
from common.dates import now, today
from common.errors import NotVisible
from payments.models import HandOver, Payment
from people.models import Person


@step(returns=HandOver)
def fetch_code(*, actor: Person, hand_over_id: int, key: str = "") -> HandOver:
    """The person's own code is shown to them. The first time is written down; it moves no money.

    Nobody else may: to everybody else it does not exist. Raises NotVisible.
    """
    mine = HandOver.objects.filter(payment__person=actor, ended="")
    payment_id = mine.filter(pk=hand_over_id).values_list("payment_id", flat=True).first()
    if payment_id is None:
        raise NotVisible("There is no such code.")
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    made = mine.filter(pk=hand_over_id).first()
    if made is None:  # taken back while we waited
        raise NotVisible("There is no such code.")
    if made.seen_at is None:
        made.seen_at = now()
        made.save(update_fields=["seen_at"])
    if made.collected_on is not None:
        return made
    made.collected_on = today()
    made.save(update_fields=["collected_on"])
    record(
        actor=actor,
        action=Action.HAND_OVER_COLLECTED,
        subject=made,
        organisation_id=made.organisation_id,
        about=actor,
        payment=payment.reference,
        amount=payment.amount,
        reason="",
    )
    return made
