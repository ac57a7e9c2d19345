"""Close a month of the books; reopen it when one person asks for it and another confirms."""

from audit.actions import Action
from audit.services import record, step
from common.dates import now
from common.errors import DomainError, IllegalMove
from common.text import tidy
from ledger import permissions
from ledger.models import Period, Reopening
from ledger.said import said
from ledger.services.counters import locked
from people.models import Organisation, Person
from people.permissions import require

REASON_LENGTH = 300


@step(returns=Period)
def close(*, actor: Person, organisation: Organisation, month: int, key: str = "") -> Period:
    """Close a month (as in 202611) to every posting. Waits for postings that are under way.

    Whether it is ready to be closed is asked by `payments.services.months.close_month`, which screens call.
    """
    require(permissions.may_close(actor, organisation))
    period = lock_month(organisation, month)
    if period.closed:
        raise IllegalMove(f"This month is closed already: {said(period.closed_by, period.closed_at)}.")
    period.closed = True
    period.closed_by = actor
    period.closed_at = now()
    period.times_closed += 1
    period.save(update_fields=["closed", "closed_by", "closed_at", "times_closed"])
    record(
        actor=actor,
        action=Action.PERIOD_CLOSED,
        subject=period,
        organisation_id=organisation.pk,
        month=month,
    )
    return period


@step(returns=Reopening)
def ask_to_reopen(
    *, actor: Person, organisation: Organisation, month: int, reason: str, key: str = ""
) -> Reopening:
    """Ask for a closed month to be opened again, and say why. It stays closed until another confirms."""
    require(permissions.may_ask_to_reopen(actor, organisation))
    period = lock_month(organisation, month)
    if not period.closed:
        raise IllegalMove("This month is open already.")
    if (known := period.reopenings.filter(confirmed_at=None, withdrawn_at=None).first()) is not None:
        first = said(known.asked_by, known.asked_at)
        raise IllegalMove(f"It was asked for already, and waits for a second person: {first}.")
    asked = Reopening.objects.create(
        period=period, closing=period.times_closed, reason=_reason(reason), asked_by=actor
    )
    _record(actor, Action.REOPENING_ASKED, asked, reason=asked.reason)
    return asked


@step(returns=Reopening)
def confirm_reopening(*, actor: Person, reopening_id: int, key: str = "") -> Reopening:
    """Open a closed month again, as the second person: postings are taken in it from now on."""
    asked, period = _asked(reopening_id)
    require(permissions.may_confirm_reopening(actor, asked.asked_by, period.organisation))
    _still_waits(asked)
    asked.confirmed_by = actor
    asked.confirmed_at = now()
    asked.save(update_fields=["confirmed_by", "confirmed_at"])
    period.closed = False
    period.closed_by = period.closed_at = None
    period.save(update_fields=["closed", "closed_by", "closed_at"])
    record(
        actor=actor,
        action=Action.PERIOD_REOPENED,
        subject=period,
        organisation_id=period.organisation_id,
        month=period.month,
        asked_by=asked.asked_by_id,
        reason=asked.reason,
    )
    return asked


@step(returns=Reopening)
def withdraw_reopening(*, actor: Person, reopening_id: int, key: str = "") -> Reopening:
    """Leave a month closed that somebody asked to have reopened: they thought again, or finance says no."""
    asked, period = _asked(reopening_id)
    require(permissions.may_withdraw_reopening(actor, period.organisation))
    _still_waits(asked)
    asked.withdrawn_by = actor
    asked.withdrawn_at = now()
    asked.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _record(actor, Action.REOPENING_WITHDRAWN, asked, reason=asked.reason)
    return asked


def lock_month(organisation: Organisation, month: int) -> Period:
    """The month's row, behind the same lock that postings take, so that none is half way."""
    if not (200001 <= month <= 299912 and 1 <= month % 100 <= 12):
        raise DomainError("Enter a month, like 202611 for November 2026.")
    locked(organisation, "entry")
    period, _ = Period.objects.get_or_create(organisation=organisation, month=month)
    return Period.objects.select_for_update().get(pk=period.pk)


def _asked(reopening_id: int) -> tuple[Reopening, Period]:
    """A request and its month, both locked, the month first."""
    period = Period.objects.select_related("organisation").get(reopenings=reopening_id)
    held = lock_month(period.organisation, period.month)
    rows = Reopening.objects.select_related("asked_by").select_for_update(of=("self",))
    return rows.get(pk=reopening_id), held


def _still_waits(asked: Reopening) -> None:
    if asked.confirmed_at is not None:
        raise IllegalMove(f"This month was reopened already: {said(asked.confirmed_by, asked.confirmed_at)}.")
    if asked.withdrawn_at is not None:
        first = said(asked.withdrawn_by, asked.withdrawn_at)
        raise IllegalMove(f"This was withdrawn already, and the month stays closed: {first}.")


def _reason(reason: str) -> str:
    text = tidy(reason)
    if not text or len(text) > REASON_LENGTH:
        raise DomainError(f"Give a reason of at most {REASON_LENGTH} characters.")
    return text


def _record(actor: Person, action: Action, asked: Reopening, *, reason: str) -> None:
    record(
        actor=actor,
        action=action,
        subject=asked,
        organisation_id=asked.period.organisation_id,
        month=asked.period.month,
        reason=reason,
    )
