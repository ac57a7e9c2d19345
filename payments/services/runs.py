"""Payment runs: prepared, signed by another person, sent; void, or without one payee, before that."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from audit.actions import Action
from audit.services import record, step
from audit.tasks import seal_trail
from claims.models import CountsAs
from common.dates import now, today
from common.errors import DomainError, IllegalMove, Stale
from common.money import money_text
from common.text import tidy
from common.workflow import next_status
from ledger.services.counters import next_number
from ledger.services.posting import Leg, post_entry
from payments import permissions
from payments.banking_days import is_banking_day, shifted
from payments.models import BankAccount, Payment, PaymentItem, PaymentRun, Remittance
from payments.queries.due import marks_in_force
from payments.queries.sorting import gather, lines_for
from payments.services import telling
from payments.services.estates import refuse_the_dead
from payments.services.files import checked_bytes, current_file, make_file
from payments.services.moving import BATCH, move, shares_of
from payments.services.preparing import write_payments
from payments.workflow import RUN_MOVES, Method, PaymentStatus, RunStatus
from people.models import Organisation, Person
from people.permissions import require

REASON_LENGTH = 300


@step(returns=PaymentRun)
def prepare(
    *,
    actor: Person,
    organisation: Organisation,
    bank_account: BankAccount,
    pay_on: date,
    key: str = "",
) -> PaymentRun:
    """Freeze everything that is due and can be paid by bank into a run: payees, amounts, lines and file.

    `payments.queries.preview` says who is left out and why.
    """
    require(permissions.may_prepare(actor, organisation))
    _check_day(pay_on)
    if bank_account.organisation_id != organisation.pk:
        raise DomainError("This bank account belongs to another organisation.")
    return _frozen(actor, organisation, pay_on, Method.BANK, bank_account)


@step(returns=PaymentRun)
def prepare_list(
    *,
    actor: Person,
    organisation: Organisation,
    pay_on: date,
    method: Method = Method.PAYROLL,
    expected_total: int | None = None,
    key: str = "",
) -> PaymentRun:
    """Freeze what is due through payroll, or by a way that people chose, into a run with its list.

    `expected_total` (minor units) is what the preparer saw: another total raises Stale.
    """
    require(permissions.may_prepare(actor, organisation))
    if method == Method.BANK:
        raise DomainError("A run by bank names the account that it is paid from.")
    _check_day(pay_on, banks=method == Method.PAYROLL)
    run = _frozen(actor, organisation, pay_on, method, None)
    if expected_total not in (None, run.total):
        raise Stale(
            f"What is due this way changed after you looked: it is "
            f"{money_text(run.total, run.currency)} now. Look again, then prepare the run."
        )
    return run


def _frozen(
    actor: Person,
    organisation: Organisation,
    pay_on: date,
    method: Method,
    bank_account: BankAccount | None,
) -> PaymentRun:
    """The counter row of the organisation's runs is the lock: whoever prepares at the same time, or marks
    somebody for payroll, waits, and then finds the lines taken.
    """
    number = next_number(organisation, "run")
    found = gather(organisation, actor, lines_for(organisation, method), method, lock=True)
    if not found.payees:
        raise DomainError("Nothing that is due can be paid now, so there is no run to prepare.")
    run = PaymentRun.objects.create(
        organisation=organisation,
        number=number,
        method=method,
        bank_account=bank_account,
        pay_on=pay_on,
        currency=organisation.currency,
        total=found.total,
        count=found.count,
        prepared_by=actor,
    )
    write_payments(run, found.payees)
    _record(actor, Action.RUN_PREPARED, run, sha256=make_file(run).sha256, left_out=len(found.left_out))
    return run


@step(returns=PaymentRun)
def take_out(*, actor: Person, payment_id: int, reason: str, key: str = "") -> PaymentRun:
    """Take one payment out before the run is sent. The file is made again and needs a new signature."""
    run = _locked(PaymentRun.objects.only("pk").get(payments=payment_id).pk)
    require(permissions.may_prepare(actor, run.organisation))
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    run.status = next_status(RUN_MOVES, "change", run.status, what="a run")
    _end(payment)
    if run.count == 1:
        raise DomainError("This is the only payment left in the run. Void the run instead.")
    run.total -= payment.amount
    run.count -= 1
    run.version += 1
    run.authorised_by = run.authorised_at = None
    run.save()
    file = make_file(run)
    record(
        actor=actor,
        action=Action.PAYMENT_TAKEN_OUT,
        subject=payment,
        organisation_id=run.organisation_id,
        about=payment.person,
        run=run.number,
        reason=_reason(reason),
        sha256=file.sha256,
    )
    return run


@step(returns=PaymentRun)
def authorise(*, actor: Person, run_id: int, sha256: str, key: str = "") -> PaymentRun:
    """Sign a run. `sha256` is that of the file the signer saw: another file raises Stale."""
    run = _locked(run_id)
    require(permissions.may_sign(actor, run))
    refuse_the_dead(run)
    run.status = next_status(RUN_MOVES, "sign", run.status, what="a run")
    checked_bytes(run)
    if sha256 != current_file(run).sha256:
        raise Stale("The file was made again after you looked at it. Check it again, then sign.")
    _check_ways(run)
    run.authorised_by = actor
    run.authorised_at = now()
    run.save()
    _record(actor, Action.RUN_AUTHORISED, run, sha256=sha256)
    return run


@step(returns=PaymentRun)
def release(*, actor: Person, run_id: int, key: str = "") -> PaymentRun:
    """Send a signed run: its bytes are read once more, and the money is on its way in the books."""
    run = _locked(run_id)
    require(permissions.may_release(actor, run))
    refuse_the_dead(run)
    run.status = next_status(RUN_MOVES, "send", run.status, what="a run")
    checked_bytes(run)
    _check_ways(run)
    payments = list(Payment.objects.select_for_update().filter(run=run, status=PaymentStatus.PREPARED))
    shares = shares_of(payments)
    run.entry = post_entry(
        organisation=run.organisation,
        source=f"run:{run.pk}:released",
        narrative=f"Payment run {run.number} sent to {run.goes_to}",
        date=today(),
        legs=[
            Leg(debit=share.owed, credit=share.in_transit, amount=share.amount, party=share.person_id)
            for payment in payments
            for share in shares[payment.pk]
        ],
        actor=actor,
    )
    run.released_by = actor
    run.released_at = now()
    run.save()
    move(payments, "send")
    people = sorted({payment.person_id for payment in payments})
    advices = [Remittance(run=run, person_id=person) for person in people]
    telling.payments_sent(run, Remittance.objects.bulk_create(advices, BATCH))
    _record(actor, Action.RUN_RELEASED, run, sha256=current_file(run).sha256)
    seal_trail.enqueue()
    return run


@step(returns=PaymentRun)
def void(*, actor: Person, run_id: int, reason: str, key: str = "") -> PaymentRun:
    """Stop a run that was not sent. It keeps its number and its file; its lines are due again."""
    run = _locked(run_id)
    require(permissions.may_void(actor, run))
    run.status = next_status(RUN_MOVES, "void", run.status, what="a run")
    payments = list(Payment.objects.select_for_update().filter(run=run, status=PaymentStatus.PREPARED))
    move(payments, "take out")
    PaymentItem.objects.filter(payment__run=run, live=True).update(live=False)
    run.save()
    _record(actor, Action.RUN_VOIDED, run, reason=_reason(reason))
    return run


def file_bytes(run: PaymentRun) -> bytes:
    """The bytes of the file, checked against the run. Raises as `files.checked_bytes`."""
    return checked_bytes(run)


def file_name(run: PaymentRun) -> str:
    """A neutral name for the downloaded file, as in `run-12-file-1.csv`."""
    return f"run-{run.number}-file-{run.version}.csv"


@transaction.atomic
def download(*, actor: Person, run_id: int) -> bytes:
    """The bytes for the bank or payroll, for finance; each download is recorded."""
    run = _locked(run_id)
    require(permissions.may_download(actor, run))
    if run.status == RunStatus.VOID:
        raise IllegalMove(f"This run is void. Its file must not go to {run.goes_to}.")
    content = checked_bytes(run)
    _record(actor, Action.RUN_FILE_DOWNLOADED, run, sha256=current_file(run).sha256)
    return content


def _check_ways(run: PaymentRun) -> None:
    """Each payment still goes the way it would if the run were prepared now. Raises DomainError.

    A fee that the employer has to put through payroll must not leave by bank, nor the other way round.
    """
    live = run.payments.exclude(status=PaymentStatus.TAKEN_OUT)
    marked = Q(person__in=marks_in_force(run.organisation).values("person"))
    if run.method == Method.PAYROLL:
        wrong, words = live.exclude(marked), "is not paid through payroll any more"
    else:
        wrong, words = live.filter(marked, counts_as=CountsAs.FEE), "is now paid through payroll"
    if payment := wrong.select_related("person").order_by("pk").first():
        raise DomainError(f"{payment.person}, whom {payment} pays, {words}. Take {payment} out of this run.")


def _end(payment: Payment) -> None:
    """Leave a payment unpaid: its lines are due again."""
    move([payment], "take out")
    payment.items.filter(live=True).update(live=False)


def _locked(run_id: int) -> PaymentRun:
    rows = PaymentRun.objects.select_related("organisation").select_for_update(of=("self",))
    return rows.get(pk=run_id)


def _check_day(pay_on: date, *, banks: bool = True) -> None:
    if pay_on < today():
        raise DomainError("Choose a payment day from today on.")
    if banks and not is_banking_day(pay_on):
        following = shifted(pay_on, 1)
        raise DomainError(
            f"Banks do not move money on {pay_on.day} {pay_on:%B %Y}. "
            f"The next banking day is {following.day} {following:%B %Y}."
        )


def _reason(reason: str) -> str:
    text = tidy(reason)
    if not text or len(text) > REASON_LENGTH:
        raise DomainError(f"Give a reason of at most {REASON_LENGTH} characters.")
    return text


def _record(
    actor: Person,
    action: Action,
    run: PaymentRun,
    *,
    sha256: str = "",
    reason: str = "",
    left_out: int | None = None,
) -> None:
    record(
        actor=actor,
        action=action,
        subject=run,
        organisation_id=run.organisation_id,
        run=run.number,
        total=run.total,
        count=run.count,
        sha256=sha256,
        reason=reason,
        left_out=left_out,
    )
