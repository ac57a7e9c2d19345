"""Overpaid money that comes back: a line of the bank, in as many parts as suit the person."""

from audit.actions import Action
from audit.services import step
from common.errors import DomainError, IllegalMove
from common.money import money_text, split
from ledger.services.accounts import bank_ledger_account
from ledger.services.posting import Leg
from payments import concern_permissions as permissions
from payments.models import BankAccount, ConcernOutcome, MatchKind, Repayment, StatementLine
from payments.services.concerns import telling
from payments.services.concerns.closing import close, keep, locked
from payments.services.concerns.overpaying import outstanding, refuse_not_standing
from payments.services.postings import Finding, write_matches
from people.models import Person
from people.permissions import require


@step(returns=Repayment)
def record_repayment(*, actor: Person, concern_id: int, line_id: int, key: str = "") -> Repayment:
    """Say that a line of the bank is overpaid money coming back. Dr bank Cr overpaid.

    The last part closes the concern. Raises DomainError for more than is still to come.
    """
    account_id = StatementLine.objects.values_list("account_id", flat=True).get(pk=line_id)
    rows = BankAccount.objects.select_related("organisation").select_for_update(of=("self",), no_key=True)
    account = rows.get(pk=account_id)
    concern = locked(concern_id)
    require(permissions.may_take_repayment(actor, concern))
    refuse_not_standing(concern)
    line = StatementLine.objects.get(pk=line_id)
    if account.organisation_id != concern.organisation_id:
        raise DomainError("Choose a line of your organisation's own account.")
    if known := line.matches.filter(undone_at__isnull=True).first():
        raise IllegalMove(f"This line is already matched, as: {known.get_kind_display()}.")
    if concern.proposals.filter(agreed__isnull=True).exists():
        raise IllegalMove("A second person was asked to write this off. Wait for their answer first.")
    left = outstanding(concern)
    total = sum(amount for _, amount in left)
    if not 0 < line.amount <= total:
        raise DomainError(f"{money_text(total, account.organisation.currency)} is still to come, not more.")
    bank = bank_ledger_account(account.organisation, account.name)
    parts = split(line.amount, [amount for _, amount in left])
    legs = [
        Leg(debit=bank, credit=place, amount=part, party=concern.person_id)
        for (place, _), part in zip(left, parts, strict=True)
        if part
    ]
    [made] = write_matches(actor, account, [Finding(line=line, kind=MatchKind.REPAYMENT, legs=legs)])
    repayment = Repayment.objects.create(concern=concern, match=made)
    keep(actor, Action.REPAYMENT_RECORDED, concern, amount=line.amount)
    if line.amount == total:
        close(actor, concern, ConcernOutcome.REPAID)
        telling.cleared_up(concern)
    return repayment
