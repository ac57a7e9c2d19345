"""Payroll: whose money for time goes through it, and that it has paid a run.

One person of finance is enough for either: a mark only changes who carries a signed payment out, and a
confirmation only says what payroll did. Both can be taken back and neither moves money out of the bank.
"""

from datetime import date

from audit.actions import Action
from audit.services import record, step
from claims.models import Claim
from common.dates import london_day, now, today
from common.errors import DomainError, IllegalMove, NotVisible
from common.text import tidy
from ledger.models import AccountKind
from ledger.services.accounts import account
from ledger.services.counters import locked
from ledger.services.posting import Leg, post_entry, reverse_entry
from payments import permissions
from payments.models import Payment, PaymentRun, PayrollConfirmation, PayrollMark
from payments.services import telling
from payments.services.moving import move, posting_day, shares_of
from payments.workflow import Method, PaymentStatus, RunStatus
from people.models import Organisation, Person, Role, RoleKind
from people.permissions import require

REASON_LENGTH = 300


@step(returns=PayrollMark)
def mark(*, actor: Person, organisation: Organisation, person: Person, key: str = "") -> PayrollMark:
    """Pay this person's time through payroll from now on. Their costs still go by bank.

    The counter row of runs is held, so that no run is prepared while it changes what a run pays.
    """
    locked(organisation, "run")
    require(permissions.may_mark_payroll(actor, organisation, person))
    if not _is_known(organisation, person):
        raise NotVisible("There is nobody with this number here.")
    if standing := organisation.payroll_marks.filter(person=person, until__isnull=True).first():
        raise IllegalMove(
            f"{person} is paid through payroll already: {standing.marked_by} said so on "
            f"{_long_day(standing.since)}."
        )
    made = PayrollMark.objects.create(organisation=organisation, person=person, marked_by=actor)
    _record_mark(actor, Action.PAYROLL_MARKED, made)
    return made


@step(returns=PayrollMark)
def end_mark(*, actor: Person, mark_id: int, key: str = "") -> PayrollMark:
    """Pay this person's time by bank again from now on."""
    organisation = Organisation.objects.get(payroll_marks=mark_id)
    locked(organisation, "run")
    found = PayrollMark.objects.select_for_update().get(pk=mark_id)
    require(permissions.may_mark_payroll(actor, organisation, found.person))
    if found.until is not None:
        raise IllegalMove(f"{found.ended_by} ended this already, on {_long_day(found.until)}.")
    found.until, found.ended_by = today(), actor
    found.save()
    _record_mark(actor, Action.PAYROLL_ENDED, found)
    return found


@step(returns=PayrollConfirmation)
def confirm_payroll(*, actor: Person, run_id: int, day: date, key: str = "") -> PayrollConfirmation:
    """Payroll has paid this run, on this day: people are paid, and what payroll took is still to show.

    Dr in transit Cr payroll. The recharge on the bank's statement is explained against payroll.
    """
    run = _locked(run_id)
    require(permissions.may_confirm_payroll(actor, run))
    if standing := run.confirmations.filter(undone_at__isnull=True).first():
        raise IllegalMove(
            f"{standing.confirmed_by} said already that payroll paid this on {_long_day(standing.day)}."
        )
    payments = _payments(run, PaymentStatus.SENT)
    if run.status != RunStatus.SENT or run.released_at is None or not payments:
        raise IllegalMove("This run was not sent to payroll, so payroll cannot have paid it.")
    if not london_day(run.released_at) <= day <= today():
        raise DomainError("The day must be between the day the run was sent to payroll and today.")
    clearing, shares = account(run.organisation, AccountKind.PAYROLL), shares_of(payments)
    entry = post_entry(
        organisation=run.organisation,
        source=f"run:{run.pk}:payroll:{run.confirmations.count() + 1}",
        narrative=f"Payment run {run.number} paid by payroll",
        date=posting_day(run.organisation, day),
        legs=[
            Leg(debit=share.in_transit, credit=clearing, amount=share.amount, party=share.person_id)
            for payment in payments
            for share in shares[payment.pk]
        ],
        actor=actor,
    )
    move(payments, "confirm", paid_on=day)
    made = PayrollConfirmation.objects.create(run=run, day=day, entry=entry, confirmed_by=actor)
    _record_run(actor, Action.PAYROLL_CONFIRMED, run)
    return made


@step(returns=PayrollConfirmation)
def undo_confirmation(
    *, actor: Person, confirmation_id: int, reason: str, key: str = ""
) -> PayrollConfirmation:
    """Payroll has not paid this run after all: its posting is reversed, its money is in transit again."""
    run = _locked(PaymentRun.objects.only("pk").get(confirmations=confirmation_id).pk)
    require(permissions.may_confirm_payroll(actor, run))
    made = PayrollConfirmation.objects.select_for_update().get(pk=confirmation_id)
    if made.undone_at is not None:
        raise IllegalMove(f"{made.undone_by} undid this already, on {_long_day(london_day(made.undone_at))}.")
    text = tidy(reason)
    if not text or len(text) > REASON_LENGTH:
        raise DomainError(f"Say why in at most {REASON_LENGTH} characters.")
    move(_payments(run, PaymentStatus.PAID), "undo", paid_on=None)
    reverse_entry(entry=made.entry, reason=text, date=today(), actor=actor)
    made.undone_by, made.undone_at = actor, now()
    made.save(update_fields=["undone_by", "undone_at"])
    _record_run(actor, Action.PAYROLL_UNDONE, run, reason=text)
    return made


def _is_known(organisation: Organisation, person: Person) -> bool:
    """Does this person claim from the organisation, or are they there to do so?"""
    there = Role.objects.filter(organisation=organisation, person=person, kind=RoleKind.CONTRIBUTOR)
    return there.exists() or Claim.objects.filter(organisation=organisation, contributor=person).exists()


def _locked(run_id: int) -> PaymentRun:
    rows = PaymentRun.objects.select_related("organisation").select_for_update(of=("self",))
    return rows.get(pk=run_id, method=Method.PAYROLL)


def _payments(run: PaymentRun, status: PaymentStatus) -> list[Payment]:
    return list(Payment.objects.select_for_update().filter(run=run, status=status).order_by("pk"))


def _long_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _record_mark(actor: Person, action: Action, made: PayrollMark) -> None:
    record(
        actor=actor,
        action=action,
        subject=made,
        organisation_id=made.organisation_id,
        about=made.person,
    )
    telling.payroll_changed(made)


def _record_run(actor: Person, action: Action, run: PaymentRun, reason: str = "") -> None:
    record(
        actor=actor,
        action=action,
        subject=run,
        organisation_id=run.organisation_id,
        run=run.number,
        total=run.total,
        count=run.count,
        reason=reason,
    )
