"""Prove that runs, payments, files, books and statements still say the same. Reads only.

Everything is compared set by set; each sentence that comes out is something a person must look into.
"""

import hashlib
from collections.abc import Iterator

from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from claims.models import LineShare
from claims.workflow import PAYABLE
from common.encryption import CannotOpen
from ledger.models import Account, AccountKind, AccountMonth, Transfer
from payments import signed_months, verify_by_hand, verify_concerns
from payments.formats.bank_csv import BankFileError
from payments.formats.pay_list import PayListError
from payments.models import (
    BankAccount,
    ItemShare,
    Match,
    MatchKind,
    Payment,
    PaymentItem,
    PaymentRun,
    PayrollConfirmation,
    RunFile,
)
from payments.queries.concerns import never_taken
from payments.secrets import open_file
from payments.services.files import read_file
from payments.workflow import BY_HAND, LIVE, Method, PaymentStatus, RunStatus
from people.models import Organisation

LEFT = frozenset({PaymentStatus.SENT, PaymentStatus.PAID})  # what is owed no more


def problems(organisation: Organisation) -> Iterator[str]:
    """Every disagreement in the organisation's payments, in words; nothing when all is well."""
    yield from _runs(organisation)
    yield from _files(organisation)
    yield from _items(organisation)
    yield from _confirmations(organisation)
    yield from _in_transit(organisation)
    yield from _owed(organisation)
    yield from _bank(organisation)
    yield from signed_months.problems(organisation)
    yield from _payroll(organisation)
    yield from verify_concerns.problems(organisation)
    yield from verify_by_hand.problems(organisation)


def _total(field: str, **of: object) -> Coalesce:
    return Coalesce(Sum(field, **of), Value(0), output_field=BigIntegerField())  # type: ignore[arg-type]


def _runs(organisation: Organisation) -> Iterator[str]:
    """Totals of runs, their payments, their lines and their postings."""
    in_run = Payment.objects.filter(run=OuterRef("pk")).exclude(status=PaymentStatus.TAKEN_OUT)
    posted = Transfer.objects.filter(entry=OuterRef("entry_id")).order_by().values("entry")
    runs = PaymentRun.objects.filter(organisation=organisation).exclude(status=RunStatus.VOID)
    paid = in_run.order_by().values("run")
    rows = runs.annotate(
        paid=Subquery(paid.annotate(sum=Sum("amount")).values("sum")),
        payees=Subquery(paid.annotate(count=Count("pk")).values("count")),
        moved=Subquery(posted.annotate(sum=Sum("amount")).values("sum")),
    )
    for run in rows.order_by("pk"):
        if (run.paid, run.payees) != (run.total, run.count):
            yield (
                f"{run}: its file is for {run.count} payments of {run.total}, "
                f"but it holds {run.payees} of {run.paid}."
            )
        if run.status == RunStatus.SENT and run.moved != run.total:
            yield f"{run}: {run.total} was sent, but {run.moved} is in the books."


def _files(organisation: Organisation) -> Iterator[str]:
    """The current file of each run, opened and read again."""
    files = RunFile.objects.filter(run__organisation=organisation, version=F("run__version"))
    for file in files.select_related("run").order_by("pk").iterator(chunk_size=1):
        try:
            content = open_file(file)
            if hashlib.sha256(content).hexdigest() != file.sha256:
                yield f"{file.run}: its file is not the one that was made."
            read_file(file.run, content, file)
        except (CannotOpen, BankFileError, PayListError) as error:
            yield f"{file.run}: its file does not hold: {error}"
    missing = PaymentRun.objects.filter(organisation=organisation).exclude(pk__in=files.values("run_id"))
    for run in missing.order_by("pk"):
        yield f"{run}: its file is missing."


def _items(organisation: Organisation) -> Iterator[str]:
    """Payments are the sum of their lines, lines of their shares; and live with their payment."""
    payments = Payment.objects.filter(organisation=organisation)
    for payment in payments.annotate(sum=_total("items__amount")).exclude(sum=F("amount")).order_by("pk"):
        yield f"Payment {payment} pays {payment.amount}, but its claim lines come to {payment.sum}."
    items = PaymentItem.objects.filter(payment__organisation=organisation)
    for item in items.annotate(sum=_total("shares__amount")).exclude(sum=F("amount")).order_by("pk"):
        yield f"{item} is {item.amount}, but its accounts carry {item.sum}."
    paying = Q(payment__status__in=LIVE)
    allowed = Q(line__status__in=sorted(PAYABLE), line__allowed__gte=F("amount"))
    for undecided in items.filter(live=True).exclude(allowed).order_by("pk"):
        yield f"{undecided} pays what no decision allows."
    for wrong in items.filter(Q(live=True) & ~paying | Q(live=False) & paying).select_related("payment"):
        yield f"{wrong} is {'live' if wrong.live else 'not live'}, but its payment is {wrong.payment.status}."


def _confirmations(organisation: Organisation) -> Iterator[str]:
    """Nobody is told that they were paid, or that it came back, unless the bank or payroll has said so."""
    standing = Match.objects.filter(undone_at__isnull=True)
    own = Exists(standing.filter(kind=MatchKind.PAYMENT, payment=OuterRef("pk")))
    whole = Exists(standing.filter(kind=MatchKind.RUN, run=OuterRef("run_id")))
    back = Exists(standing.filter(kind=MatchKind.RETURN, payment=OuterRef("pk")))
    payments = Payment.objects.filter(organisation=organisation).order_by("pk")
    left = Q(status__in=[PaymentStatus.PAID, PaymentStatus.RETURNED])
    confirmed = Exists(PayrollConfirmation.objects.filter(run=OuterRef("run_id"), undone_at__isnull=True))
    payroll = Q(run__method=Method.PAYROLL)
    for payment in payments.filter(payroll & ((left & ~confirmed) | (~left & confirmed))).exclude(
        status=PaymentStatus.TAKEN_OUT
    ):
        yield f"Payment {payment} is {payment.status}, which is not what payroll said."
    # What two persons said, or who handed it over, the bank does not say.
    told = payments.exclude(never_taken()).exclude(method__in=BY_HAND)
    for payment in told.filter(left & ~payroll & ~own & ~whole):
        yield f"Payment {payment} is {payment.status}, but no statement line says so."
    for payment in told.filter(Q(status=PaymentStatus.RETURNED) & ~back):
        yield f"Payment {payment} is returned, but no statement line says so."
    for payment in payments.filter(~left & (own | back)):
        yield f"A statement line is matched to payment {payment}, which is {payment.status}."


def _balances(organisation: Organisation, kind: AccountKind) -> dict[int, int]:
    """Credits less debits of each account of a kind, where they differ."""
    months = AccountMonth.objects.filter(account__organisation=organisation, account__kind=kind)
    sums = months.values("account_id").annotate(balance=Sum(F("credits") - F("debits"))).order_by()
    return {row["account_id"]: row["balance"] for row in sums if row["balance"]}


def _in_transit(organisation: Organisation) -> Iterator[str]:
    """What is in transit in the books is what was sent and not yet confirmed."""
    sent = ItemShare.objects.filter(
        item__payment__organisation=organisation, item__payment__status=PaymentStatus.SENT
    )
    rows = sent.values("in_transit_id").annotate(sum=Sum("amount")).order_by()
    expected = {row["in_transit_id"]: row["sum"] for row in rows}
    yield from _differences(_balances(organisation, AccountKind.IN_TRANSIT), expected)


def _differences(books: dict[int, int], expected: dict[int, int]) -> Iterator[str]:
    codes = Account.objects.in_bulk(books.keys() | expected.keys())
    for key in sorted(codes):
        if books.get(key, 0) != expected.get(key, 0):
            yield f"{codes[key]} holds {books.get(key, 0)}, but payments say {expected.get(key, 0)}."


def _owed(organisation: Organisation) -> Iterator[str]:
    """What each person is owed in the books is what was allowed less what has left."""
    credit = Q(credit__organisation=organisation, credit__kind=AccountKind.OWED)
    debit = Q(debit__organisation=organisation, debit__kind=AccountKind.OWED)
    signed = Case(When(credit, then=F("amount")), default=-F("amount"), output_field=BigIntegerField())
    rows = Transfer.objects.filter(credit | debit).values("party").annotate(sum=Sum(signed)).order_by()
    books = {row["party"]: row["sum"] for row in rows if row["sum"]}
    allowed = LineShare.objects.filter(
        line__claim__organisation=organisation, line__status__in=sorted(PAYABLE)
    ).values("line__claim__contributor_id")
    expected: dict[int | None, int] = {}
    for row in allowed.annotate(sum=Sum("amount")).order_by():
        expected[row["line__claim__contributor_id"]] = row["sum"]
    left = ItemShare.objects.filter(
        item__payment__organisation=organisation, item__payment__status__in=LEFT
    ).values("item__payment__person_id")
    for paid in left.annotate(sum=Sum("amount")).order_by():
        person = paid["item__payment__person_id"]
        expected[person] = expected.get(person, 0) - paid["sum"]
    for party in sorted(books.keys() | expected.keys(), key=lambda key: key or 0):
        if books.get(party, 0) != expected.get(party, 0):
            yield (
                f"Person {party} is owed {books.get(party, 0)} in the books, "
                f"but decisions and payments say {expected.get(party, 0)}."
            )


def _bank(organisation: Organisation) -> Iterator[str]:
    """The bank accounts move only by statement lines, opening balances and funding."""
    for bank in BankAccount.objects.filter(organisation=organisation).order_by("pk"):
        account = Account.objects.filter(organisation=organisation, code=f"bank:{bank.name}").first()
        if account is None:
            yield f"{bank} has no account in the books."
            continue
        matched = Match.objects.filter(line__account=bank, undone_at__isnull=True)
        lines = matched.aggregate(sum=_total("line__amount"))["sum"]
        books = _moved(account)
        if books != lines:
            yield f"{account} moved by {books}, but its matched statement lines come to {lines}."


def _payroll(organisation: Organisation) -> Iterator[str]:
    """Payroll clearing moves only by runs that payroll confirmed and by statement lines of what it took."""
    confirmed = Payment.objects.filter(
        organisation=organisation, run__method=Method.PAYROLL, status=PaymentStatus.PAID
    ).aggregate(sum=_total("amount"))["sum"]
    taken = Match.objects.filter(
        organisation=organisation, kind=MatchKind.PAYROLL, undone_at__isnull=True
    ).aggregate(sum=_total("line__amount"))["sum"]
    books = sum(_balances(organisation, AccountKind.PAYROLL).values())
    if books != confirmed + taken:
        yield f"Payroll clearing holds {books}, but payroll paid {confirmed} and its statement lines {taken}."


def _moved(account: Account) -> int:
    """Debits less credits, without opening balances and funding that were recorded by hand."""
    by_hand = Q(entry__source__startswith="opening:") | Q(entry__source__startswith="funding:")
    reversed_by_hand = Q(entry__reverses__source__startswith="opening:") | Q(
        entry__reverses__source__startswith="funding:"
    )
    moves = Transfer.objects.exclude(by_hand).exclude(reversed_by_hand)
    debits = moves.filter(debit=account).aggregate(sum=_total("amount"))["sum"]
    credits = moves.filter(credit=account).aggregate(sum=_total("amount"))["sum"]
    return int(debits - credits)
