"""No run that was prepared before we heard of a death pays the account of whoever died."""

from common.errors import IllegalMove
from payments.models import PaymentRun
from payments.workflow import PaymentStatus
from people.deaths import the_dead


def refuse_the_dead(run: PaymentRun) -> None:
    """Raise IllegalMove, naming whom, while the run would pay the own account of somebody who has died."""
    paid = run.payments.exclude(status=PaymentStatus.TAKEN_OUT).filter(person__in=the_dead())
    dead = paid.filter(details__estate__isnull=True).select_related("person").order_by("pk").first()
    if dead is not None:
        raise IllegalMove(
            f"{dead.person} has died since this run was prepared. Take payment {dead.reference} out of it; "
            "what is owed then goes to the estate."
        )
