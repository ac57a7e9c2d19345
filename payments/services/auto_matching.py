"""Match a whole statement in one go: by reference, by the total of a run, and returned payments."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from audit.actions import Action
from audit.services import record, step
from payments import permissions
from payments.matching import Found, Line, Sent, Total, find, reference_in
from payments.models import (
    BankAccount,
    Match,
    MatchKind,
    Payment,
    PaymentItem,
    PaymentRun,
    Statement,
    StatementLine,
)
from payments.queries.concerns import overpaid
from payments.services.concerns.late_lines import park_late_lines
from payments.services.moving import BATCH, move
from payments.services.postings import Finding, PaymentLegs, write_matches
from payments.services.reconciling import record_return
from payments.workflow import PaymentStatus, RunStatus
from people.models import Person
from people.permissions import require


@step(returns=Statement)
def match_statement(*, actor: Person, statement: Statement, key: str = "") -> Statement:
    """Match every line of a statement that can mean only one thing; the others wait for a person.

    Safe to repeat: matched lines are passed over. One entry of the books for each line, in one batch.
    """
    rows = BankAccount.objects.select_related("organisation").select_for_update(of=("self",), no_key=True)
    account = rows.get(pk=statement.account_id)
    require(permissions.may_reconcile(actor, account.organisation))
    lines = {line.pk: line for line in _open_lines(statement)}
    parked = park_late_lines(actor, account, list(lines.values()))
    lines = {key: line for key, line in lines.items() if key not in parked}
    payments = _candidates(account, lines.values())
    found = find(
        [Line(line.pk, line.date, line.amount, _text(line)) for line in lines.values()],
        [
            Sent(payment.pk, payment.run_id, payment.reference, payment.amount, _is_paid(payment))
            for payment in payments.values()
        ],
        _totals(payments.values()),
    )
    if found.payments or found.runs or found.returns:
        _write(actor, account, found, lines, payments)
    record(
        actor=actor,
        action=Action.STATEMENT_LINE_MATCHED,
        subject=statement,
        organisation_id=account.organisation_id,
        payments=len(found.payments),
        runs=len(found.runs),
        returns=len(found.returns),
        left=len(lines) - len(found.payments) - len(found.runs) - len(found.returns),
    )
    return statement


def _open_lines(statement: Statement) -> Iterable[StatementLine]:
    matched = statement.lines.filter(matches__undone_at__isnull=True, matches__isnull=False)
    return statement.lines.exclude(pk__in=matched.values("pk")).order_by("date", "pk")


def _candidates(account: BankAccount, lines: Iterable[StatementLine]) -> dict[int, Payment]:
    """Payments on their way, and those already paid whose reference a line of money back names; locked."""
    named = {reference_in(_text(line)) for line in lines if line.amount > 0}
    references = sorted(reference for reference in named if reference)
    rows = Payment.objects.filter(run__bank_account=account).select_related("run", "person")
    locked = rows.select_for_update(of=("self",)).order_by("pk")
    found = {payment.pk: payment for payment in locked.filter(status=PaymentStatus.SENT)}
    for start in range(0, len(references), BATCH):
        paid = locked.filter(status=PaymentStatus.PAID, reference__in=references[start : start + BATCH])
        paid = paid.exclude(overpaid())  # what came back of those is for a person to say
        found |= {payment.pk: payment for payment in paid}
    return found


def _text(line: StatementLine) -> str:
    return f"{line.reference} {line.description}"


def _is_paid(payment: Payment) -> bool:
    return payment.status == PaymentStatus.PAID


def _totals(payments: Iterable[Payment]) -> list[Total]:
    """Runs of which no payment is confirmed yet: all their money may have left as one line."""
    runs: dict[int, PaymentRun] = {}
    on_their_way: dict[int, int] = defaultdict(int)
    for payment in payments:
        runs[payment.run_id] = payment.run
        on_their_way[payment.run_id] += 0 if _is_paid(payment) else payment.amount
    return [
        Total(key, run.pay_on, run.total)
        for key, run in runs.items()
        if run.status == RunStatus.SENT and on_their_way[key] == run.total
    ]


def _write(
    actor: Person,
    account: BankAccount,
    found: Found,
    lines: dict[int, StatementLine],
    payments: dict[int, Payment],
) -> None:
    """Post and keep all findings in one batch, then move the payments, day by day of the bank."""
    of_run: dict[int, list[Payment]] = defaultdict(list)
    for payment in payments.values():
        of_run[payment.run_id].append(payment)
    legs = PaymentLegs(account, list(payments.values()))
    findings: list[Finding] = []
    by_day: dict[date, list[Payment]] = defaultdict(list)
    for key, paid in found.payments:
        cleared = [payments[paid]]
        by_day[lines[key].date].extend(cleared)
        findings.append(
            Finding(line=lines[key], kind=MatchKind.PAYMENT, payment_id=paid, legs=legs.clear(cleared))
        )
    for key, run in found.runs:
        by_day[lines[key].date].extend(of_run[run])
        findings.append(
            Finding(line=lines[key], kind=MatchKind.RUN, run_id=run, legs=legs.clear(of_run[run]))
        )
    findings += [
        Finding(line=lines[key], kind=MatchKind.RETURN, payment_id=back, legs=legs.come_back(payments[back]))
        for key, back in found.returns
    ]
    matches = write_matches(actor, account, findings)
    for day in sorted(by_day):
        move(by_day[day], "confirm", paid_on=day)
    _write_returns(actor, matches, payments)


def _write_returns(actor: Person, matches: Sequence[Match], payments: dict[int, Payment]) -> None:
    """Payments that came back are no longer live: their lines are due again."""
    returns = [
        (made, payments[made.payment_id])
        for made in matches
        if made.kind == MatchKind.RETURN and made.payment_id
    ]
    move([payment for _, payment in returns], "return")
    keys = [payment.pk for _, payment in returns]
    for start in range(0, len(keys), BATCH):
        items = PaymentItem.objects.filter(payment__in=keys[start : start + BATCH], live=True)
        items.update(live=False)
    for made, payment in returns:
        record_return(actor, made, payment)
