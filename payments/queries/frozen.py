"""What was frozen with a run for some of its people: what their remittance advices are written from."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Min

from claims.models import ClaimLine, CountsAs, WayOffered
from claims.workflow import LineStatus
from payments.models import EstateDetails, Payment, PaymentItem, PaymentRun
from payments.workflow import BY_HAND, PaymentStatus
from people.models import Person


def delivery_of(run: PaymentRun) -> str:
    """How the way of a run reaches people, as the organisation said it when the run was prepared.

    Read from the history of the way: what finance says of it later changes no advice.
    """
    if run.method not in BY_HAND:
        return ""
    said = WayOffered.history.filter(
        organisation_id=run.organisation_id, way=run.method, history_date__lte=run.prepared_at
    )
    found = said.order_by("-history_date", "-history_id").values_list("delivery", flat=True).first()
    return str(found or "")


class Frozen:
    """Payments with their lines, what was refused beside them, and estates; for all people together.

    A fixed number of queries. `payments` is by person and kind, `items` by payment, `numbers` by person;
    `delivery` is how the way of the run reached people; `named`: whether to say whom they named.
    """

    def __init__(self, run: PaymentRun, people: Sequence[Person], *, named: bool = True) -> None:
        self.named, self.delivery, self.payer = named, delivery_of(run), run.organisation.name
        keys = [person.pk for person in people]
        paid = run.payments.exclude(status=PaymentStatus.TAKEN_OUT).filter(person__in=keys)
        found = list(paid.select_related("details", "instruction"))
        self.payments: dict[int, dict[str, Payment]] = defaultdict(dict)
        for payment in found:
            self.payments[payment.person_id][payment.counts_as] = payment
        rows = run.remittances.filter(person__in=keys)
        self.numbers = {row.person_id: row.number for row in rows}
        self.items: dict[int, list[PaymentItem]] = defaultdict(list)
        items = PaymentItem.objects.filter(payment__in=found).select_related("line__claim")
        for item in items.order_by("line__date", "line__claim_id", "line__position"):
            self.items[item.payment_id].append(item)
        self._refused, self._told = self._refusals(run)
        self._estates = {
            each.details_id: each
            for each in EstateDetails.objects.filter(details__in=[payment.details_id for payment in found])
        }

    def refused(self, payment: Payment) -> list[ClaimLine]:
        """Refused costs of the claims paid here, unless an earlier payment has told of them already."""
        claims = {item.line.claim_id for item in self.items[payment.pk]}
        new = {claim for claim in claims if self._told[claim] >= payment.pk}
        return [line for line in self._refused if line.claim_id in new]

    def estate(self, payments: Iterable[Payment]) -> EstateDetails | None:
        """The estate that was paid, if one was; it stands with the account, so the advice never changes."""
        found = [self._estates[each.details_id] for each in payments if each.details_id in self._estates]
        return min(found, key=lambda estate: estate.pk, default=None)

    def _refusals(self, run: PaymentRun) -> tuple[list[ClaimLine], dict[int, int]]:
        """Refused costs of the claims paid here; and for each claim, the payment that told of it first."""
        claims = {item.line.claim_id for items in self.items.values() for item in items}
        costs = ClaimLine.objects.filter(claim__in=claims, counts_as=CountsAs.EXPENSE)
        refused = costs.filter(
            status=LineStatus.REFUSED,
            decided_at__lte=run.prepared_at,  # the advice never changes after the run is made
        )
        told = PaymentItem.objects.filter(line__in=costs).exclude(payment__status=PaymentStatus.TAKEN_OUT)
        first = told.order_by().values_list("line__claim_id").annotate(Min("payment_id"))
        return list(refused.select_related("claim").order_by("date", "claim_id", "position")), dict(first)
