"""Prove that what is overpaid in the books is what two persons agreed, less what came back."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Sum, When

from ledger.models import AccountKind, Transfer
from payments.models import Concern, Match, MatchKind, Payment, Proposal, ProposalKind
from payments.queries.concerns import overpaid
from payments.workflow import PaymentStatus
from people.models import Organisation


def problems(organisation: Organisation) -> Iterator[str]:
    """Every disagreement about concerns in words; nothing when all is well."""
    yield from _overpaid(organisation)
    yield from _proposals(organisation)
    yield from _statuses(organisation)


def _overpaid(organisation: Organisation) -> Iterator[str]:
    """What each person is to pay back in the books is agreed, less repaid, less written off."""
    books, expected = _books(organisation), _expected(organisation)
    for party in sorted(books.keys() | expected.keys(), key=lambda key: key or 0):
        if books.get(party, 0) != expected.get(party, 0):
            yield (
                f"Person {party} was overpaid {books.get(party, 0)} in the books, "
                f"but what was agreed and came back says {expected.get(party, 0)}."
            )


def _books(organisation: Organisation) -> dict[int | None, int]:
    debit = Q(debit__organisation=organisation, debit__kind=AccountKind.OVERPAID)
    credit = Q(credit__organisation=organisation, credit__kind=AccountKind.OVERPAID)
    signed = Case(When(debit, then=F("amount")), default=-F("amount"), output_field=BigIntegerField())
    rows = Transfer.objects.filter(debit | credit).values("party").annotate(sum=Sum(signed)).order_by()
    return {row["party"]: row["sum"] for row in rows if row["sum"]}


def _expected(organisation: Organisation) -> dict[int | None, int]:
    found: dict[int | None, int] = defaultdict(int)
    agreed = Concern.objects.filter(
        organisation=organisation, proposals__kind=ProposalKind.OVERPAID, proposals__agreed=True
    )
    for row in _sums(agreed.values("person_id"), "overpayment__amount"):
        found[row["person_id"]] += row["sum"]
    back = Match.objects.filter(
        organisation=organisation, kind=MatchKind.REPAYMENT, undone_at__isnull=True
    ).values("repayment__concern__person_id")
    for row in _sums(back, "line__amount"):
        found[row["repayment__concern__person_id"]] -= row["sum"]
    off = Proposal.objects.filter(
        concern__organisation=organisation, kind=ProposalKind.WRITE_OFF, agreed=True
    ).values("concern__person_id")
    for row in _sums(off, "entry__transfers__amount"):
        found[row["concern__person_id"]] -= row["sum"]
    return found


def _sums(rows: QuerySet[Any, Any], field: str) -> QuerySet[Any, Any]:
    """One row for each person."""
    found: QuerySet[Any, Any] = rows.annotate(sum=Sum(field)).order_by()
    return found


def _proposals(organisation: Organisation) -> Iterator[str]:
    """Whatever was agreed about money is in the books, and nothing else is."""
    agreed = Proposal.objects.filter(concern__organisation=organisation, agreed=True)
    for proposal in agreed.exclude(kind=ProposalKind.UNDO_DEATH).filter(entry__isnull=True).order_by("pk"):
        yield f"{proposal} was agreed, but is not in the books."


def _statuses(organisation: Organisation) -> Iterator[str]:
    """What is overpaid belongs to a payment that stays paid; what was never taken is owed again."""
    payments = Payment.objects.filter(organisation=organisation).order_by("pk")
    for payment in payments.filter(overpaid()).exclude(status=PaymentStatus.PAID):
        yield f"Part of payment {payment} is overpaid, but it is {payment.status}."
    taken = Proposal.objects.filter(
        concern__organisation=organisation, kind=ProposalKind.NEVER_TAKEN, agreed=True
    ).exclude(concern__payment__status=PaymentStatus.RETURNED)
    for proposal in taken.select_related("concern__payment").order_by("pk"):
        yield f"{proposal} was agreed, but payment {proposal.concern.payment} is not owed again."
