"""Questions about concerns, for other queries and for pages."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, Sum

from ledger.models import Transfer
from payments.models import Concern, ConcernKind, ConcernOutcome, Proposal, ProposalKind
from payments.workflow import ConcernStatus
from people.models import Organisation, Person


@dataclass(frozen=True)
class ToComeBack:
    """What is still to come back of an overpayment. Minor units."""

    concern_id: int
    person: str
    left: int


def overpaid() -> Q:
    """Payments of which part is or may be overpaid, for a query over payments."""
    found = Concern.objects.filter(kind=ConcernKind.OVERPAID).exclude(outcome=ConcernOutcome.NOT_SO)
    return Q(pk__in=found.values("payment_id"))


def never_taken() -> Q:
    """Payments that two persons said the bank never took, for a query over payments."""
    agreed = Proposal.objects.filter(kind=ProposalKind.NEVER_TAKEN, agreed=True)
    return Q(pk__in=agreed.values("concern__payment_id"))


def to_come_back(organisation: Organisation, reader: Person, at_least: int) -> Sequence[ToComeBack]:
    """Open overpayments that two persons agreed on, of which at least so much is still to come; by name.

    Not what the reader was paid. Four queries, whatever their number.
    """
    agreed = Proposal.objects.filter(kind=ProposalKind.OVERPAID, agreed=True)
    rows = Concern.objects.filter(
        organisation=organisation,
        kind=ConcernKind.OVERPAID,
        status=ConcernStatus.OPEN,
        pk__in=agreed.values("concern_id"),
    ).exclude(person=reader)
    names = dict(rows.order_by("person__name", "pk").values_list("pk", "person__name"))
    proposal, match = "entry__proposal__", "entry__match__"
    parts = (
        (1, f"{proposal}concern", {f"{proposal}kind": ProposalKind.OVERPAID}),
        (-1, f"{proposal}concern", {f"{proposal}kind": ProposalKind.WRITE_OFF}),
        (-1, f"{match}repayment__concern", {f"{match}undone_at__isnull": True}),
    )
    left: dict[int, int] = defaultdict(int)
    for sign, concern, narrowed in parts:
        sums = Transfer.objects.filter(**{f"{concern}__in": list(names)}, **narrowed).order_by()
        for key, total in sums.values_list(concern).annotate(Sum("amount")):
            left[key] += sign * total
    return [ToComeBack(key, name, left[key]) for key, name in names.items() if left[key] >= at_least]
