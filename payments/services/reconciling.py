"""Say what each statement line was: a run, a payment, a return, a charge. Undone only by a reversal.

Whoever reconciles an account holds its row first: two people at the same account take turns.
"""

from django.db.models import Q, QuerySet

from audit.actions import Action
from audit.services import record, step
from common.dates import now
from common.errors import DomainError, IllegalMove, NotVisible
from common.money import money_text
from common.text import tidy
from common.workflow import next_status
from ledger.models import AccountKind
from ledger.services.accounts import account as ledger_account
from ledger.services.posting import Leg, reverse_entry
from payments import permissions
from payments.models import BankAccount, Match, MatchKind, Payment, PaymentItem, PaymentRun, StatementLine
from payments.queries.concerns import never_taken
from payments.services import telling
from payments.services.cash import not_overdrawn
from payments.services.cheques import cash_cheque, not_cashed
from payments.services.concerns.closing import came_back, match_undone
from payments.services.moving import move
from payments.services.postings import Finding, PaymentLegs, booking_day, write_matches
from payments.when import moment_words
from payments.workflow import PAYMENT_MOVES, Method, PaymentStatus, RunStatus
from people.models import Person, Project
from people.permissions import require

NOTE_LENGTH = 300
EXPLANATIONS = {
    MatchKind.CHARGE: AccountKind.CHARGES,
    MatchKind.INTEREST: AccountKind.INTEREST,
    MatchKind.FUNDING: AccountKind.FUNDING,
    MatchKind.PAYROLL: AccountKind.PAYROLL,
    MatchKind.CASH: AccountKind.CASH,
    MatchKind.CHEQUE: AccountKind.CHEQUES,
    MatchKind.CODE: AccountKind.CODES,
    MatchKind.DONATION: AccountKind.DONATIONS,
    MatchKind.GROUP: AccountKind.GROUPS,
    MatchKind.SUPPLIER: AccountKind.SUPPLIER,
    MatchKind.SUSPENSE: AccountKind.SUSPENSE,
}
# What only an organisation can have that pays, or paid, in one of these ways.
WAYS = {
    MatchKind.CASH: (Method.CASH,),
    MatchKind.CHEQUE: (Method.CHEQUE,),
    MatchKind.CODE: (Method.CODE,),
    MatchKind.DONATION: (Method.DONATION,),
    MatchKind.GROUP: (Method.GROUP,),
    MatchKind.SUPPLIER: (Method.VOUCHER, Method.LEARNING),
}


@step(returns=Match)
def match(
    *,
    actor: Person,
    line_id: int,
    run_id: int | None = None,
    payment_id: int | None = None,
    key: str = "",
) -> Match:
    """Say that a line is a whole run or one payment: the money has left, and people are paid."""
    line = _free_line(line_id)
    require(permissions.may_reconcile(actor, line.account.organisation))
    payments = _sent(line, run_id, payment_id)
    _check_amount(line, -sum(payment.amount for payment in payments))
    finding = Finding(
        line=line,
        kind=MatchKind.RUN if run_id is not None else MatchKind.PAYMENT,
        run_id=run_id,
        payment_id=payment_id,
        legs=PaymentLegs(line.account, payments).clear(payments),
    )
    [made] = write_matches(actor, line.account, [finding])
    move(payments, "confirm", paid_on=line.date)
    _record(actor, Action.STATEMENT_LINE_MATCHED, made)
    return made


@step(returns=Match)
def returned(*, actor: Person, line_id: int, payment_id: int, key: str = "") -> Match:
    """Say that a line is a payment the bank sent back: its lines are due again."""
    line = _free_line(line_id)
    require(permissions.may_correct_matches(actor, line.account.organisation))
    payment = _payment(line, payment_id)
    if payment.status == PaymentStatus.SENT:
        raise IllegalMove("Match the line with which this payment left the account first.")
    _check_amount(line, payment.amount)
    legs = PaymentLegs(line.account, [payment]).come_back(payment)
    finding = Finding(line=line, kind=MatchKind.RETURN, payment_id=payment.pk, legs=legs)
    move([payment], "return")
    payment.items.filter(live=True).update(live=False)
    [made] = write_matches(actor, line.account, [finding])
    record_return(actor, made, payment)
    return made


@step(returns=Match)
def explain(
    *,
    actor: Person,
    line_id: int,
    kind: MatchKind,
    note: str,
    project: Project | None = None,
    key: str = "",
) -> Match:
    """Say that a line is a bank charge, funding (of a project, if known), a cheque, and so on.

    A cheque must be out for exactly this amount; its number tells it from others of the same amount.
    """
    line = _free_line(line_id)
    organisation = line.account.organisation
    require(permissions.may_reconcile(actor, organisation))
    _check_kind(line, kind, project)
    against = ledger_account(organisation, EXPLANATIONS[kind], project)
    bank = ledger_account(organisation, AccountKind.BANK, name=line.account.name)
    if kind == MatchKind.CHEQUE:
        cash_cheque(line, note)
    leg = (
        Leg(debit=bank, credit=against, amount=line.amount)
        if line.amount > 0
        else Leg(debit=against, credit=bank, amount=-line.amount)
    )
    finding = Finding(line=line, kind=kind, legs=[leg], note=_note(note))
    with not_overdrawn(organisation, kind):
        [made] = write_matches(actor, line.account, [finding])
    _record(actor, Action.STATEMENT_LINE_EXPLAINED, made)
    return made


def _check_kind(line: StatementLine, kind: MatchKind, project: Project | None) -> None:
    organisation = line.account.organisation
    if kind not in EXPLANATIONS:
        raise DomainError("Match this line with a run or a payment instead.")
    if kind in WAYS and not organisation.ways.filter(way__in=WAYS[kind]).exists():
        raise DomainError(f"{organisation} has not switched this way of paying on.")
    if kind == MatchKind.FUNDING and line.amount < 0:
        raise DomainError("Funding comes into the account; this line went out of it.")
    if project is not None and (kind != MatchKind.FUNDING or project.organisation != organisation):
        raise DomainError("Only funding is for a project, and the project must be your organisation's.")


@step(returns=Match)
def undo(*, actor: Person, match_id: int, reason: str, key: str = "") -> Match:
    """Undo a match that was wrong: its posting is reversed, its payments stand where they stood before."""
    account_id = StatementLine.objects.values_list("account_id", flat=True).get(matches=match_id)
    account = _locked_account(account_id)
    require(permissions.may_correct_matches(actor, account.organisation))
    rows = Match.objects.select_related("entry", "line", "undone_by").select_for_update(of=("self",))
    made = rows.get(pk=match_id)
    if made.undone_at is not None:
        raise IllegalMove(
            f"This match was already undone, by {made.undone_by} at {moment_words(made.undone_at)}."
        )
    text = _note(reason)
    if made.kind == MatchKind.RETURN:
        _pay_again(Payment.objects.select_for_update().get(matches=made))
    else:
        move(_confirmed_by(made), "undo", paid_on=None)
    not_cashed(made)
    with not_overdrawn(account.organisation, made.kind):
        reverse_entry(entry=made.entry, reason=text, date=booking_day(account, made.entry.date), actor=actor)
    made.undone_by = actor
    made.undone_at = now()
    made.save(update_fields=["undone_by", "undone_at"])
    match_undone(actor, made)
    _record(actor, Action.STATEMENT_LINE_UNDONE, made, reason=text)
    return made


def _confirmed_by(made: Match) -> list[Payment]:
    """The payments that this match confirmed, locked. Raises IllegalMove when one was returned since."""
    rows = Payment.objects.select_for_update(of=("self",)).order_by("pk")
    if made.kind == MatchKind.PAYMENT:
        return list(rows.filter(matches=made))
    if made.kind != MatchKind.RUN:
        return []
    own = Match.objects.filter(kind=MatchKind.PAYMENT, undone_at__isnull=True, payment__run__matches=made)
    others = Q(status=PaymentStatus.TAKEN_OUT) | Q(pk__in=own.values("payment_id")) | never_taken()
    return list(rows.filter(run__matches=made).exclude(others))


def _pay_again(payment: Payment) -> None:
    """Undo a return. Refused when a newer run already pays one of its lines."""
    lines = payment.items.values("line_id")
    newer = PaymentItem.objects.filter(line__in=lines, live=True).select_related("payment").first()
    if newer is not None:
        raise IllegalMove(
            f"This money is already in a newer payment, {newer.payment.reference}. Take that one out first."
        )
    move([payment], "undo the return of")
    payment.items.update(live=True)


def _sent(line: StatementLine, run_id: int | None, payment_id: int | None) -> list[Payment]:
    """The payments on their way that a line is said to be, locked."""
    if payment_id is not None and run_id is None:
        payment = _payment(line, payment_id)
        next_status(PAYMENT_MOVES, "confirm", payment.status, what="a payment")
        return [payment]
    if run_id is None or payment_id is not None:
        raise DomainError("Choose one run or one payment.")
    run = PaymentRun.objects.select_for_update().filter(pk=run_id, bank_account=line.account_id).first()
    if run is None:
        raise NotVisible("There is no such run of this account.")
    payments = list(_payments(line).filter(run=run, status=PaymentStatus.SENT))
    if run.status != RunStatus.SENT or not payments:
        raise IllegalMove("This run has no payments on their way to the bank.")
    return payments


def _payment(line: StatementLine, payment_id: int) -> Payment:
    found = _payments(line).filter(pk=payment_id).first()
    if found is None:
        raise NotVisible("There is no such payment of this account.")
    return found


def _payments(line: StatementLine) -> QuerySet[Payment]:
    rows = Payment.objects.filter(run__bank_account=line.account_id).order_by("pk")
    return rows.select_for_update(of=("self",))


def _free_line(line_id: int) -> StatementLine:
    """The line, with its bank account held. Raises IllegalMove when it is already accounted for."""
    account_id = StatementLine.objects.values_list("account_id", flat=True).get(pk=line_id)
    account = _locked_account(account_id)
    line = StatementLine.objects.get(pk=line_id)
    line.account = account
    if known := line.matches.filter(undone_at__isnull=True).select_related("matched_by").first():
        raise IllegalMove(
            f"This line is already matched, as: {known.get_kind_display()}. "
            f"{known.matched_by} said so at {moment_words(known.matched_at)}."
        )
    return line


def _locked_account(account_id: int) -> BankAccount:
    rows = BankAccount.objects.select_related("organisation").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=account_id)


def _check_amount(line: StatementLine, amount: int) -> None:
    if line.amount != amount:
        currency = line.account.organisation.currency
        raise DomainError(
            f"The line is {money_text(line.amount, currency)} and what you chose is "
            f"{money_text(amount, currency)}. They must be the same."
        )


def _note(note: str) -> str:
    text = tidy(note)
    if not text or len(text) > NOTE_LENGTH:
        raise DomainError(f"Say why in at most {NOTE_LENGTH} characters.")
    return text


def record_return(actor: Person, made: Match, payment: Payment) -> None:
    """Keep in the trail of the person that the bank sent their payment back, and tell them."""
    record(
        actor=actor,
        action=Action.PAYMENT_RETURNED,
        subject=payment,
        organisation_id=made.organisation_id,
        about=payment.person,
        amount=payment.amount,
        line=made.line_id,
    )
    telling.payment_returned(payment)
    came_back(actor, payment)


def _record(actor: Person, action: Action, made: Match, reason: str = "") -> None:
    record(
        actor=actor,
        action=action,
        subject=made,
        organisation_id=made.organisation_id,
        about=made.payment.person if made.payment else None,
        kind=str(made.kind),
        amount=made.line.amount,
        reason=reason,
    )
