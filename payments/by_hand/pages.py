"""What finance and the auditor read about what is paid by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum

from claims.models import Way, WayOffered
from common.dates import today
from ledger.models import AccountMonth
from payments.models import CashCount, HandOver, Payment, Voucher, VoucherBatch
from payments.queries.runs import READERS
from payments.queries.sorting import due_ways
from payments.services.stock import in_stock
from payments.workflow import BY_HAND, Method, PaymentStatus
from people.models import FINANCE, Organisation, Person, RoleKind
from people.permissions import organisations_with

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Stock:
    """The vouchers in the drawer. Minor units; `soon` expire within 30 days, `expired` are of no use."""

    count: int
    value: int
    soon: int
    expired: int


@dataclass(frozen=True)
class WayCard:
    """How one way of paying stands in one organisation. Minor units.

    `held` is debits less credits of its control account; `stock` and `last_count` only where there are such.
    """

    way: WayOffered
    people: int
    due: int
    waiting: int
    waiting_total: int
    held: int
    stock: Stock | None = None
    last_count: CashCount | None = None

    @property
    def out(self) -> int:
        """What has left us and the bank, or the supplier, has not shown yet; below nothing it is with us."""
        return -self.held


@dataclass(frozen=True)
class Office:
    """The ways of one organisation, and what this person may do there."""

    organisation: Organisation
    cards: list[WayCard]
    may_prepare: bool
    keeps: bool


def offices(person: Person) -> list[Office]:
    """The organisations that this person reads for; a fixed number of queries for each, nearly always one."""
    preparing = set(organisations_with(person, [RoleKind.PREPARER]))
    keeping = set(organisations_with(person, FINANCE))
    return [
        Office(each, _cards(each), each in preparing, each in keeping)
        for each in organisations_with(person, READERS).order_by("name")
    ]


def _cards(organisation: Organisation) -> list[WayCard]:
    known = {each.way: each for each in organisation.ways.all()}
    if not known:
        return []
    due, waiting, books = due_ways(organisation), _waiting(organisation), _held(known)
    cards = []
    for way in (each for each in Way if each in known):
        people, total = due.get(Method(way), (0, 0))
        count, sum_ = waiting.get(way, (0, 0))
        cards.append(
            WayCard(
                way=known[way],
                people=people,
                due=total,
                waiting=count,
                waiting_total=sum_,
                held=books.get(known[way].control_id, 0),
                stock=stock_of(organisation) if way == Way.VOUCHER else None,
                last_count=counts(organisation).first() if way == Way.CASH else None,
            )
        )
    return cards


def _waiting(organisation: Organisation) -> dict[str, tuple[int, int]]:
    rows = Payment.objects.filter(
        organisation=organisation, method__in=BY_HAND, status=PaymentStatus.SENT
    ).order_by()
    found = rows.values("method").annotate(count=Count("pk"), sum=Sum("amount"))
    return {row["method"]: (row["count"], row["sum"]) for row in found}


def _held(known: Mapping[str, WayOffered]) -> dict[int, int]:
    months = AccountMonth.objects.filter(account__in=[each.control_id for each in known.values()]).order_by()
    sums = months.values("account_id").annotate(sum=Sum(F("debits") - F("credits")))
    return {row["account_id"]: row["sum"] for row in sums}


def stock_of(organisation: Organisation) -> Stock:
    """How many vouchers are in the drawer, what they are worth, and how many of them go off."""
    expired = Q(batch__expires_on__lt=today())
    soon = Q(batch__expires_on__range=(today(), today() + SOON))
    found = (
        in_stock(organisation, usable=False)
        .order_by()
        .aggregate(
            count=Count("pk", filter=~expired | Q(batch__expires_on__isnull=True)),
            value=Sum("batch__face_value"),
            soon=Count("pk", filter=soon),
            expired=Count("pk", filter=expired),
        )
    )
    return Stock(found["count"], found["value"] or 0, found["soon"], found["expired"])


def counts(organisation: Organisation) -> QuerySet[CashCount]:
    """Counts of the cash box, newest first."""
    return organisation.cash_counts.select_related("counted_by", "witness").order_by("-pk")


def batches(organisation: Organisation) -> QuerySet[VoucherBatch]:
    """What was bought, each with how many of it are where: `left`, `out` and `gone`."""
    spoilt = Q(vouchers__written_off_at__isnull=False)
    given = Q(vouchers__hand_over__isnull=False)
    return organisation.voucher_batches.select_related("bought_by").annotate(
        left=Count("vouchers", filter=~given & ~spoilt),
        out=Count("vouchers", filter=given & ~spoilt),
        gone=Count("vouchers", filter=spoilt),
    )


def batches_kept(person: Person) -> QuerySet[VoucherBatch]:
    """Batches of organisations whose money this person keeps."""
    kept = VoucherBatch.objects.filter(organisation__in=organisations_with(person, FINANCE))
    return kept.select_related("organisation", "bought_by")


def waiting(organisation: Organisation, method: Method) -> QuerySet[Payment]:
    """Payments of this way that were sent and nobody has handed over yet."""
    rows = Payment.objects.filter(organisation=organisation, method=method, status=PaymentStatus.SENT)
    return rows.select_related("person", "run")


def payments_kept(person: Person) -> QuerySet[Payment]:
    """Payments by hand that were sent, of organisations whose money this person keeps."""
    kept = Payment.objects.filter(organisation__in=organisations_with(person, FINANCE), method__in=BY_HAND)
    sent = kept.exclude(status__in=[PaymentStatus.PREPARED, PaymentStatus.TAKEN_OUT])
    return sent.select_related("organisation", "person", "run", "instruction")


def handed(organisation: Organisation, method: Method) -> QuerySet[HandOver]:
    """What was handed over of this way, with what became of it."""
    rows = HandOver.objects.filter(organisation=organisation, payment__method=method)
    return rows.select_related("payment__person", "given_by")


def hand_overs_read(person: Person) -> QuerySet[HandOver]:
    """Hand-overs of organisations that this person reads for."""
    return _hand_overs(organisations_with(person, READERS))


def hand_overs_kept(person: Person) -> QuerySet[HandOver]:
    """Hand-overs of organisations whose money this person keeps."""
    return _hand_overs(organisations_with(person, FINANCE))


def _hand_overs(organisations: QuerySet[Organisation]) -> QuerySet[HandOver]:
    rows = HandOver.objects.filter(organisation__in=organisations)
    return rows.select_related(
        "organisation", "payment__person", "payment__run", "payment__instruction", "given_by", "ended_by"
    )


def vouchers_with(made: HandOver) -> list[tuple[int, str, date | None, int]]:
    """How many vouchers of which value (minor units), supplier and last day went with it; never a code."""
    return _told(Voucher.objects.filter(hand_over=made))


def told(keys: list[int]) -> list[tuple[int, str, date | None, int]]:
    """The same, of vouchers by their keys."""
    return _told(Voucher.objects.filter(pk__in=keys))


def _told(vouchers: QuerySet[Voucher]) -> list[tuple[int, str, date | None, int]]:
    rows = vouchers.order_by().values("batch__face_value", "batch__supplier", "batch__expires_on")
    counted = rows.annotate(count=Count("pk")).order_by("-batch__face_value", "batch__supplier")
    return [
        (row["batch__face_value"], row["batch__supplier"], row["batch__expires_on"], row["count"])
        for row in counted
    ]


def values_there(organisation: Organisation) -> list[tuple[int, int]]:
    """Which values (minor units) are in stock and can be handed over, and how many of each."""
    rows = in_stock(organisation).order_by().values("batch__face_value")
    counted = rows.annotate(count=Count("pk")).order_by("-batch__face_value")
    return [(row["batch__face_value"], row["count"]) for row in counted]
