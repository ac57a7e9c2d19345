"""How far a story has come: money sent and missed, paid and too much, owed to somebody who died."""

from datetime import date, datetime
from typing import Final

from common.dates import _set_now
from payments.models import BankAccount, Concern, PaymentItem, PaymentRun, Proposal
from payments.services import reconciling, runs
from payments.services.concerns import answering, arriving, died, overpaying
from payments.services.concerns.overpaying import outstanding
from payments.verify import problems
from reports.position import for_finance
from tests.cast import Cast
from tests.payments.office import MONDAY, PAY_ON, hash_of, imported, sent

FRIDAY: Final = MONDAY.replace(day=27)  # the day after the promised day
SEEN: Final = "The grant of probate, at our desk."


def at(moment: datetime) -> None:
    """Move the clock of a test; the fixture `monday` puts it back."""
    _set_now.set(moment)


def missed(cast: Cast, account: BankAccount, pence: int = 1250) -> Concern:
    """Cora's fare was sent; the day after its day she says that it did not arrive."""
    run = sent(cast, account)
    at(FRIDAY)
    payment = run.payments.get(person=cast.cora, amount=pence)
    return arriving.say_not_arrived(actor=cast.cora, payment_id=payment.pk)


def quiet_statement(cast: Cast, account: BankAccount, day: date = PAY_ON) -> None:
    """A statement of the day that does not show the payment."""
    imported(cast, account, [(day, "CARD MACHINE", -100)])


def asked_never_taken(cast: Cast, account: BankAccount) -> Proposal:
    concern = missed(cast, account)
    quiet_statement(cast, account)
    return arriving.ask_never_taken(
        actor=cast.fern, concern_id=concern.pk, words="The bank has no record of it."
    )


def never_taken(cast: Cast, account: BankAccount) -> Concern:
    return answering.agree(actor=cast.farah, proposal_id=asked_never_taken(cast, account).pk).concern


def sent_again(cast: Cast, account: BankAccount) -> PaymentRun:
    """A run of what is due now, for the Monday after."""
    run = runs.prepare(
        actor=cast.fern, organisation=cast.riverside, bank_account=account, pay_on=date(2026, 11, 30)
    )
    runs.authorise(actor=cast.farah, run_id=run.pk, sha256=hash_of(run))
    return runs.release(actor=cast.fern, run_id=run.pk)


def paid(cast: Cast, account: BankAccount) -> PaymentRun:
    """Everything that was due was sent, and the bank says so."""
    run = sent(cast, account)
    imported(cast, account, [(PAY_ON, "BACS", -run.total)])
    reconciling.match(actor=cast.fern, line_id=account.lines.get().pk, run_id=run.pk)
    return run


def coras_fare() -> PaymentItem:
    return PaymentItem.objects.get(payment__amount=1250, live=True)


def asked_overpaid(cast: Cast, account: BankAccount, pence: int = 250) -> Proposal:
    paid(cast, account)
    return overpaying.ask_overpaid(
        actor=cast.fern, item_id=coras_fare().pk, amount=pence, reason="We read £10.00 as £12.50."
    )


def overpaid(cast: Cast, account: BankAccount, pence: int = 250) -> Concern:
    return answering.agree(actor=cast.farah, proposal_id=asked_overpaid(cast, account, pence).pk).concern


def dead(cast: Cast) -> Concern:
    return died.record_death(
        actor=cast.fern, person=cast.cora, died_on=date(2026, 11, 20), told_by="Her sister rang us."
    )


def estate(cast: Cast, concern: Concern) -> int:
    """The account of Cora's estate, entered by Fern; returns its key."""
    made = died.enter_estate(
        actor=cast.fern,
        concern_id=concern.pk,
        care_of="Carl Contributor",
        address="1 Elm Row\nRiverside",
        seen=SEEN,
        account_name="Estate of C Contributor",
        sort_code="107999",
        account_number="88837491",
    )
    return made.details_id


def left(concern: Concern) -> int:
    """What has not come back, in minor units."""
    return sum(amount for _, amount in outstanding(concern))


def paid_for(cast: Cast, category: str) -> int:
    return next(row.paid for row in for_finance(cast.project) if row.category == category)


def whole(cast: Cast) -> None:
    """Books, payments and what was agreed say the same."""
    assert list(problems(cast.riverside)) == []
