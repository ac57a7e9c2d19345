"""Prove that what was handed over, the stock that is left and their control accounts agree. Reads only."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat

from ledger.models import AccountKind, AccountMonth, JournalEntry
from payments.models import (
    CashCount,
    Ended,
    HandOver,
    LearningSpend,
    Match,
    MatchKind,
    Payment,
    Voucher,
    VoucherBatch,
)
from payments.workflow import BY_HAND, Method, PaymentStatus
from people.models import Organisation

# Control accounts that only hand-overs and the bank's lines move.
CARRIED = {
    Method.CHEQUE: (AccountKind.CHEQUES, MatchKind.CHEQUE),
    Method.CODE: (AccountKind.CODES, MatchKind.CODE),
    Method.DONATION: (AccountKind.DONATIONS, MatchKind.DONATION),
    Method.GROUP: (AccountKind.GROUPS, MatchKind.GROUP),
}


def problems(organisation: Organisation) -> Iterator[str]:
    """Every disagreement about what is paid by hand, in words; nothing when all is well."""
    yield from _statuses(organisation)
    yield from _vouchers(organisation)
    for kind, expected, said in _expected(organisation):
        if (books := _books(organisation, kind)) != expected:
            yield f"{kind.label} holds {books}, but {said} say {expected}."


def _statuses(organisation: Organisation) -> Iterator[str]:
    """Nobody is told that they have something, or that it came back, unless somebody wrote that down."""
    made = HandOver.objects.filter(payment=OuterRef("pk"))
    never = JournalEntry.objects.filter(
        organisation=organisation,
        source=Concat(
            Value("payment:"),
            Cast(OuterRef("pk"), CharField()),
            Value(":not_handed_over"),
            output_field=CharField(),
        ),
    )
    standing, back = Exists(made.filter(ended="")), made.exclude(ended="").exclude(ended=Ended.MISTAKE)
    payments = Payment.objects.filter(organisation=organisation, method__in=BY_HAND).order_by("pk")
    paid, returned = Q(status=PaymentStatus.PAID), Q(status=PaymentStatus.RETURNED)
    wrong = (paid & ~standing) | (~paid & standing) | (returned & ~Exists(back) & ~Exists(never))
    for payment in payments.filter(wrong):
        yield f"Payment {payment} is {payment.status}, which is not what was handed over."


def _vouchers(organisation: Organisation) -> Iterator[str]:
    """The vouchers with a payment come to exactly what it pays."""
    rows = HandOver.objects.filter(organisation=organisation, ended="", payment__method=Method.VOUCHER)
    for made in rows.annotate(sum=_total("vouchers__batch__face_value")).exclude(sum=F("payment__amount")):
        yield f"{made} holds vouchers of {made.sum}, which is not what its payment pays."


def _expected(organisation: Organisation) -> Iterator[tuple[AccountKind, int, str]]:
    """Each control account: credits less debits, and what says so. Minor units."""
    stock = Voucher.objects.filter(
        batch__organisation=organisation, hand_over__isnull=True, written_off_at__isnull=True
    )
    yield AccountKind.VOUCHERS, -_sum(stock, "batch__face_value"), "the vouchers in stock"
    counts = CashCount.objects.filter(organisation=organisation)
    lost = HandOver.objects.filter(organisation=organisation, is_lost=True, payment__method=Method.CASH)
    cash = _paid(organisation, Method.CASH) + _shown(organisation, MatchKind.CASH)
    cash += _sum(lost, "payment__amount") + _sum(counts, "expected") - _sum(counts, "counted")
    yield AccountKind.CASH, cash, "the cash handed over, counted and fetched"
    for method, (kind, shown) in CARRIED.items():
        yield kind, _paid(organisation, method) + _shown(organisation, shown), "hand-overs and the bank"
    agreed = _sum(LearningSpend.objects.filter(organisation=organisation, agreed=True), "amount")
    yield AccountKind.LEARNING, _paid(organisation, Method.LEARNING) - agreed, "what went in and was spent"
    bought = sum(
        batch.face_value * batch.count + batch.charge
        for batch in VoucherBatch.objects.filter(organisation=organisation).iterator(chunk_size=1_000)
    )
    supplied = bought + agreed + _shown(organisation, MatchKind.SUPPLIER)
    yield AccountKind.SUPPLIER, supplied, "what was bought and what the bank shows"


def _paid(organisation: Organisation, method: Method) -> int:
    paid = Payment.objects.filter(organisation=organisation, method=method, status=PaymentStatus.PAID)
    return _sum(paid, "amount")


def _shown(organisation: Organisation, kind: MatchKind) -> int:
    """What statement lines of a kind came to; money out is negative."""
    return _sum(
        Match.objects.filter(organisation=organisation, kind=kind, undone_at__isnull=True), "line__amount"
    )


def _books(organisation: Organisation, kind: AccountKind) -> int:
    months = AccountMonth.objects.filter(account__organisation=organisation, account__kind=kind)
    return int(months.aggregate(sum=_total("credits"))["sum"] - months.aggregate(sum=_total("debits"))["sum"])


def _sum(rows: QuerySet[Any], field: str) -> int:
    return int(rows.aggregate(sum=_total(field))["sum"])


def _total(field: str) -> Coalesce:
    return Coalesce(Sum(field), Value(0), output_field=BigIntegerField())
