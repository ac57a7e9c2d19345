"""What the bank says, what the books say, every item that stands between them, and what was signed."""

from datetime import date
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Concat

from common.dates import month_key, today
from ledger.models import AccountMonth, Transfer
from ledger.services.accounts import bank_ledger_account
from payments.formats.reconciliation_data import InTransit, Reconciliation, UnmatchedLine
from payments.models import (
    BankAccount,
    Match,
    MatchKind,
    Payment,
    SignedReconciliation,
    StatementLine,
)
from payments.queries.short_statements import is_explained
from payments.when import day_words, last_day, month_words
from payments.workflow import PaymentStatus
from people.models import Organisation

__all__ = ["InTransit", "Reconciliation", "UnmatchedLine"]

IN_TRANSIT = ("reference", "run__number", "run__pay_on", "amount")


def reconciliation(bank_account: BankAccount, until: date) -> Reconciliation:
    """The reconciliation of an account at the end of a day. Eight queries, whatever its size."""
    books, bank = books_balance(bank_account, until), bank_balance(bank_account, until)
    unmatched = _as_lines(unmatched_lines(bank_account, until))
    between = sum(line.amount for line in unmatched)
    sent = in_transit(bank_account, until)
    return Reconciliation(
        until=until,
        books=books,
        bank=bank,
        unmatched=unmatched,
        in_transit=tuple(InTransit(*row) for row in sent.order_by("pk").values_list("pk", *IN_TRANSIT)),
        difference=None if bank is None else bank - books - between,
        not_known=_as_lines(bank_account.lines.filter(_in_books(until, kind=MatchKind.SUSPENSE))),
    )


def _as_lines(lines: QuerySet[StatementLine]) -> tuple[UnmatchedLine, ...]:
    booked = Match.objects.filter(line=OuterRef("pk"), undone_at__isnull=True)
    dated = lines.annotate(booked_on=Subquery(booked.values("entry__date")[:1])).order_by("date", "pk")
    rows = dated.values_list("pk", "date", "description", "amount", "booked_on")
    return tuple(UnmatchedLine(*row) for row in rows)


def _standing(until: date) -> Q:
    """Matches that stood in the books at the end of a day; the books forget nothing, so it can be told."""
    undone_later = Q(undone_at__isnull=True) | Q(entry__reversed_by__date__gt=until)
    return undone_later & Q(entry__date__lte=until)


def _in_books(until: date, **of: Any) -> Exists:
    return Exists(Match.objects.filter(_standing(until), line=OuterRef("pk"), **of))


def unmatched_lines(bank_account: BankAccount, until: date) -> QuerySet[StatementLine]:
    """Lines up to a day that nobody has matched or explained in the books by then."""
    return bank_account.lines.filter(~_in_books(until), date__lte=until).order_by("date", "pk")


def waiting_lines(bank_account: BankAccount, until: date) -> QuerySet[StatementLine]:
    """Lines up to a day of which nobody has said what they were, to this hour."""
    said = Match.objects.filter(line=OuterRef("pk"), undone_at__isnull=True)
    return bank_account.lines.filter(~Exists(said), date__lte=until)


def not_ready(bank_account: BankAccount, month: int) -> str:
    """Why the reconciliation of a month cannot be signed yet; empty when it can be.

    Nothing is signed that may still grow: the month is over, the bank has told of all of it (or somebody
    explained in the month why it has not), and every line is in the books, if only as not known yet.
    """
    end = last_day(month)
    if today() <= end:
        return f"{month_words(month)} is not over yet."
    reached = bank_account.statements.aggregate(last=Max("last_day"))["last"]
    if reached is None:
        return "No statement of this account was imported yet."
    if reached < end and not is_explained(bank_account.organisation, month):
        return (
            f"The statements go to {day_words(reached)}. "
            f"Import one that reaches {day_words(end)} or goes past it, "
            f"or explain on the page of the month why there is none."
        )
    if not bank_account.statements.filter(closing_balance__isnull=False).exists():
        return (
            "No statement tells a balance. Name the column of the balance, then import the statement again."
        )
    if count := waiting_lines(bank_account, end).count():
        wait = "1 line waits" if count == 1 else f"{count} lines wait"
        return f"{wait} up to {day_words(end)}. Say what each was; “not known yet” is an answer too."
    return ""


def signed_reconciliation(account: BankAccount, month: int) -> SignedReconciliation | None:
    """The reconciliation of a month that two persons signed; None while it lacks a signature."""
    found = account.reconciliations.filter(month=month, checked_at__isnull=False)
    return found.select_related("prepared_by", "checked_by").first()


def unsigned_accounts(organisation: Organisation, month: int) -> QuerySet[BankAccount]:
    """Bank accounts in use by the end of a month that two persons have not signed for it."""
    signed = SignedReconciliation.objects.filter(
        account=OuterRef("pk"), month=month, checked_at__isnull=False
    )
    lines = StatementLine.objects.filter(account=OuterRef("pk"), date__lte=last_day(month))
    moved = AccountMonth.objects.filter(
        account__organisation=organisation,
        account__code=Concat(Value("bank:"), OuterRef("name")),
        month__lte=month,
    )
    used = organisation.bank_accounts.filter(Exists(lines) | Exists(moved))
    return used.filter(~Exists(signed)).order_by("name")


def books_balance(bank_account: BankAccount, until: date) -> int:
    """Balance of the bank account in the books: whole months from their totals, the last by transfer."""
    account = bank_ledger_account(bank_account.organisation, bank_account.name)
    month = month_key(until)
    before = AccountMonth.objects.filter(account=account, month__lt=month)
    sums = before.aggregate(debits=Sum("debits"), credits=Sum("credits"))
    within = Q(month=month, entry__date__lte=until)
    debits = Transfer.objects.filter(within, debit=account).aggregate(total=Sum("amount"))["total"]
    credits = Transfer.objects.filter(within, credit=account).aggregate(total=Sum("amount"))["total"]
    return (sums["debits"] or 0) - (sums["credits"] or 0) + (debits or 0) - (credits or 0)


def bank_balance(bank_account: BankAccount, until: date) -> int | None:
    """Balance the bank gives at the end of a day, from the latest statement that tells one."""
    told = bank_account.statements.filter(closing_balance__isnull=False)
    latest = told.order_by("-last_day", "-pk").first()
    if latest is None or latest.closing_balance is None:
        return None
    after, other = bank_account.lines.filter(date__gt=until), bank_account.lines.filter(date__lte=until)
    too_late = after.filter(date__lte=latest.last_day).aggregate(total=Sum("amount"))["total"] or 0
    since = other.filter(date__gt=latest.last_day).aggregate(total=Sum("amount"))["total"] or 0
    return latest.closing_balance - too_late + since


def in_transit(bank_account: BankAccount, until: date) -> QuerySet[Payment]:
    """Payments sent by that day whose money the books did not yet show as gone.

    Read from the matches that stood that day, not from how payments stand now: a month that was signed
    must read the same after one of its matches was undone.
    """
    standing = Match.objects.filter(_standing(until))
    own = standing.filter(kind=MatchKind.PAYMENT, payment=OuterRef("pk"))
    whole = standing.filter(kind=MatchKind.RUN, run=OuterRef("run_id"))
    sent = Payment.objects.filter(run__bank_account=bank_account, run__entry__date__lte=until)
    return sent.exclude(status=PaymentStatus.TAKEN_OUT).filter(~Exists(own), ~Exists(whole))
