"""Sign the reconciliation of a month: one person as prepared, another as checked. Then it is frozen."""

from audit.actions import Action
from audit.services import record, step
from common.dates import now
from common.errors import DomainError, IllegalMove, Stale
from common.text import tidy
from payments import permissions
from payments.formats.reconciliation_data import canonical, hash_of
from payments.models import BankAccount, SignedReconciliation
from payments.queries.reconciling import not_ready, reconciliation
from payments.when import is_month, last_day, moment_words, month_words
from people.models import Person
from people.permissions import require

NOTE_LENGTH = 300


@step(returns=SignedReconciliation)
def prepare_reconciliation(
    *, actor: Person, bank_account: BankAccount, month: int, sha256: str, note: str = "", key: str = ""
) -> SignedReconciliation:
    """Sign the figures of a month as prepared. `sha256` is of the figures that the person saw.

    Signed again when the figures changed before anybody checked them. A difference needs a note.
    """
    account = _held(bank_account.pk)
    require(permissions.may_reconcile(actor, account.organisation))
    if not is_month(month):
        raise DomainError("Enter a month, like 202611 for November 2026.")
    known = account.reconciliations.select_related("prepared_by", "checked_by").filter(month=month).first()
    _refuse_checked(known)
    if reason := not_ready(account, month):
        raise IllegalMove(reason)
    figures, difference = _figures(account, month)
    if hash_of(figures) != sha256:
        raise Stale("The figures changed while you looked at them. Look again before you sign.")
    text = _note(note, difference)
    if known is not None and (known.sha256, known.note) == (sha256, text):
        raise IllegalMove(
            f"{known.prepared_by} signed these figures as prepared, at {moment_words(known.prepared_at)}."
        )
    signed = known or SignedReconciliation(organisation=account.organisation, account=account, month=month)
    signed.figures, signed.sha256 = figures, sha256
    signed.difference, signed.note = difference, text
    signed.prepared_by, signed.prepared_at = actor, now()
    signed.save()
    _record(actor, Action.RECONCILIATION_PREPARED, signed)
    return signed


@step(returns=SignedReconciliation)
def check_reconciliation(
    *, actor: Person, reconciliation_id: int, sha256: str, key: str = ""
) -> SignedReconciliation:
    """Sign a prepared reconciliation as checked: from now on its figures never change.

    `sha256` is of the figures that the person saw; they must still be what bank and books say.
    """
    account_id = SignedReconciliation.objects.values_list("account_id", flat=True).get(pk=reconciliation_id)
    account = _held(account_id)
    rows = SignedReconciliation.objects.select_related("prepared_by", "checked_by")
    signed = rows.select_for_update(of=("self",)).get(pk=reconciliation_id)
    require(permissions.may_check_reconciliation(actor, signed))
    _refuse_checked(signed)
    if reason := not_ready(account, signed.month):
        raise IllegalMove(reason)
    if signed.sha256 != sha256 or _figures(account, signed.month)[0] != signed.figures:
        raise Stale(
            f"The figures of {month_words(signed.month)} changed after they were signed as prepared. "
            "They have to be prepared again."
        )
    signed.checked_by, signed.checked_at = actor, now()
    signed.save(update_fields=["checked_by", "checked_at"])
    _record(actor, Action.RECONCILIATION_CHECKED, signed)
    return signed


@step(returns=BankAccount)
def take_away(
    *, actor: Person, bank_account: BankAccount, month: int, kind: str, key: str = ""
) -> BankAccount:
    """Record that somebody took the reconciliation of a month away as a file (`PDF` or `XLSX`)."""
    require(permissions.may_audit(actor, bank_account.organisation))
    record(
        actor=actor,
        action=Action.RECONCILIATION_EXPORTED,
        subject=bank_account,
        organisation_id=bank_account.organisation_id,
        account=bank_account.name,
        month=month,
        kind=kind,
    )
    return bank_account


def _held(account_id: int) -> BankAccount:
    """The account, locked as matching locks it: nobody matches a line while figures are signed."""
    rows = BankAccount.objects.select_related("organisation").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=account_id)


def _figures(account: BankAccount, month: int) -> tuple[str, int]:
    """The canonical figures as they stand now, and the difference they leave. `not_ready` has passed."""
    found = reconciliation(account, last_day(month))
    organisation = account.organisation
    figures = canonical(
        found, organisation=organisation.code, account=account.name, currency=organisation.currency
    )
    return figures, found.difference or 0


def _refuse_checked(signed: SignedReconciliation | None) -> None:
    if signed is not None and signed.checked_at is not None:
        raise IllegalMove(
            f"{month_words(signed.month)} is signed: prepared by {signed.prepared_by}, checked by "
            f"{signed.checked_by} at {moment_words(signed.checked_at)}."
        )


def _note(note: str, difference: int) -> str:
    text = tidy(note)
    if difference and not text:
        raise DomainError("Bank and books differ. Say what explains the difference.")
    if len(text) > NOTE_LENGTH:
        raise DomainError(f"Explain the difference in at most {NOTE_LENGTH} characters.")
    return text if difference else ""


def _record(actor: Person, action: Action, signed: SignedReconciliation) -> None:
    record(
        actor=actor,
        action=action,
        subject=signed,
        organisation_id=signed.organisation_id,
        account=signed.account.name,
        month=signed.month,
        sha256=signed.sha256,
        difference=signed.difference,
        note=signed.note,
    )
