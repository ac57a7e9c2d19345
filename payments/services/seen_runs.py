"""Steps on a run from a screen: refused when the run has changed since the screen was opened.

A signature says itself which file it is for (`runs.authorise`); these three carry the version of the run.
"""

from audit.services import step
from common.errors import Stale
from payments.models import PaymentRun
from payments.services import runs
from payments.when import moment_words
from people.models import Person


@step(returns=PaymentRun)
def release(*, actor: Person, run_id: int, expected_version: int, key: str = "") -> PaymentRun:
    """Send the run that was looked at. Raises Stale when it is another one by now."""
    _refuse_changed(run_id, expected_version)
    return runs.release(actor=actor, run_id=run_id)


@step(returns=PaymentRun)
def void(*, actor: Person, run_id: int, reason: str, expected_version: int, key: str = "") -> PaymentRun:
    """Stop the run that was looked at. Raises Stale when it is another one by now."""
    _refuse_changed(run_id, expected_version)
    return runs.void(actor=actor, run_id=run_id, reason=reason)


@step(returns=PaymentRun)
def take_out(
    *, actor: Person, payment_id: int, reason: str, expected_version: int, key: str = ""
) -> PaymentRun:
    """Take a payment out of the run that was looked at. Raises Stale when it is another one by now."""
    _refuse_changed(PaymentRun.objects.only("pk").get(payments=payment_id).pk, expected_version)
    return runs.take_out(actor=actor, payment_id=payment_id, reason=reason)


def _refuse_changed(run_id: int, expected_version: int) -> None:
    """Lock the run, so that it stays the one that was looked at until the step is done."""
    run = PaymentRun.objects.select_for_update().get(pk=run_id)
    if run.version == expected_version:
        return
    newer = PaymentRun.history.filter(id=run_id, version__gt=expected_version).order_by("history_id").first()
    if newer is None:
        raise Stale("This form is not from a page of this run. Look at the run again.")
    who = Person.objects.filter(pk=newer.history_user_id).first()
    raise Stale(
        f"{who or 'Somebody'} took a payment out of this run after you opened it, at "
        f"{moment_words(newer.history_date)}. Look at the run again."
    )
