"""What is left to do before a month can be closed: a list of small questions, each with its answer.

Amounts are minor units. Claims that still wait show no amount: finance does not see what is not decided.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from claims.models import Activity, Claim, Offer
from claims.workflow import UNDECIDED, ClaimStatus
from common.dates import LONDON, last_day, month_name, today
from ledger.models import Commitment, Period, Stage
from ledger.queries import trial_balance
from payments.models import Explainable, Match, MatchKind, MonthNote, Payment
from payments.queries.reconciling import unsigned_accounts
from payments.queries.short_statements import digest, short_accounts
from payments.queries.waiting import handed_back, returned_waiting, waiting_lines
from payments.workflow import BY_HAND, PaymentStatus, RunStatus
from people.models import Organisation


@dataclass(frozen=True)
class Month:
    """The month that is asked about."""

    organisation: Organisation
    key: int

    @property
    def last(self) -> date:
        return last_day(self.key)

    @property
    def over(self) -> datetime:
        """Midnight in London at its end: not the same hour in UTC in summer and in winter."""
        return datetime.combine(self.last + timedelta(days=1), time.min, LONDON)


@dataclass(frozen=True)
class Item:
    """One line of the checklist. `left` counts `unit`s that are still to be done; none means done."""

    name: str
    title: str
    unit: str
    left: int
    amount: int | None = None
    blocks: bool = True
    about: str = ""  # which rows an explanation would be about; empty where none will do
    note: MonthNote | None = None
    key: int = 0  # of the first record it is about, where that record has a page

    @property
    def is_done(self) -> bool:
        return self.left == 0 or self.note is not None

    @property
    def keeps_open(self) -> bool:
        """Does the month have to stay open for this?"""
        return self.blocks and not self.is_done

    @property
    def says(self) -> str:
        """What is left, as in `2 statement lines left`."""
        many = f"{self.unit[:-1]}ies" if self.unit.endswith("y") else f"{self.unit}s"
        return f"{self.left} {self.unit if self.left == 1 else many} left"


def _over(month: Month) -> Item:
    left = 0 if today() > month.last else 1
    return Item("over", f"{month_name(month.key)} is over", "month", left)


def _statements(month: Month) -> Item:
    """Every account in use has statements up to the last day."""
    keys = list(short_accounts(month.organisation, month.key).values_list("pk", flat=True))
    title = f"Statements of every account are here up to {month.last.day} {month.last:%B}"
    return Item(Explainable.STATEMENTS, title, "account", len(keys), about=digest(keys))


def _lines(month: Month) -> Item:
    lines = waiting_lines(month.organisation).filter(date__lte=month.last)
    keys = list(lines.values_list("amount", flat=True))
    total = sum(abs(amount) for amount in keys)
    return Item("lines", "Every statement line is matched or explained", "statement line", len(keys), total)


def _runs(month: Month) -> Item:
    half_way = month.organisation.runs.filter(
        status__in=[RunStatus.PREPARED, RunStatus.AUTHORISED], pay_on__lte=month.last
    )
    totals = list(half_way.values_list("total", flat=True))
    return Item("runs", "No payment run is half way", "payment run", len(totals), sum(totals))


def _returned(month: Month) -> Item:
    back = Match.objects.filter(
        kind=MatchKind.RETURN, payment=OuterRef("pk"), undone_at__isnull=True, line__date__lte=month.last
    )
    by_hand = handed_back().filter(payment=OuterRef("pk"), ended_at__lt=month.over)
    came_back = returned_waiting(month.organisation).filter(Exists(back) | Exists(by_hand))
    rows = list(came_back.order_by("pk").values_list("pk", "amount"))
    return Item(
        Explainable.RETURNED,
        "Payments that came back are dealt with",
        "payment",
        len(rows),
        sum(amount for _, amount in rows),
        about=digest(key for key, _ in rows),
    )


def _suspense(month: Month) -> Item:
    unknown = Match.objects.filter(
        organisation=month.organisation,
        kind=MatchKind.SUSPENSE,
        undone_at__isnull=True,
        entry__date__lte=month.last,
    )
    rows = list(unknown.order_by("pk").values_list("pk", "line__amount"))
    return Item(
        Explainable.SUSPENSE,
        "Nothing is in suspense, or it is explained",
        "statement line",
        len(rows),
        sum(abs(amount) for _, amount in rows),
        about=digest(key for key, _ in rows),
    )


def _reconciled(month: Month) -> Item:
    keys = list(unsigned_accounts(month.organisation, month.key).values_list("pk", flat=True))
    title = "The reconciliation of every bank account is signed by two people"
    return Item("reconciled", title, "reconciliation", len(keys), key=keys[0] if keys else 0)


def _earlier(month: Month) -> Item:
    earlier = Period.objects.filter(organisation=month.organisation, month__lt=month.key, closed=False)
    return Item("earlier", "Earlier months are closed", "earlier month", earlier.count())


def _balance(month: Month) -> Item:
    found = trial_balance(month.organisation, month.key)
    off = abs(found.debits - found.credits)
    return Item("balance", "Debits and credits of all accounts are equal", "difference", int(off > 0), off)


def _claims(month: Month) -> Item:
    waiting = Claim.objects.filter(
        organisation=month.organisation,
        status=ClaimStatus.SUBMITTED,
        lines__status__in=sorted(UNDECIDED),
        lines__date__lte=month.last,
    )
    count = waiting.distinct().count()
    return Item("claims", "Claims of the month are decided", "claim", count, blocks=False)


def _time(month: Month) -> Item:
    """Activities whose time is promised and not yet claimed, whatever was answered: no answer shows."""
    promised = Commitment.objects.filter(
        source=OuterRef("source"), stage=Stage.COMMITTED, closed_at__isnull=True
    )
    offers = Offer.objects.annotate(source=Concat(Value("offer:"), Cast("pk", CharField())))
    open_offers = offers.filter(Exists(promised), activity=OuterRef("pk"))
    held = Activity.objects.filter(
        Exists(open_offers),
        project__organisation=month.organisation,
        cancelled_by="",
        ends_at__lt=month.over,
    )
    return Item("time", "Time of the month is claimed", "activity", held.count(), blocks=False)


def _transit(month: Month) -> Item:
    totals = list(_sent(month).exclude(method__in=BY_HAND).values_list("amount", flat=True))
    title = "Payments have arrived at the bank"
    return Item("transit", title, "payment", len(totals), sum(totals), blocks=False)


def _in_hand(month: Month) -> Item:
    """What was sent to be handed over, or to be paid to somebody whom people named, and was not yet."""
    totals = list(_sent(month).filter(method__in=BY_HAND).values_list("amount", flat=True))
    title = "Payments by voucher, cash and other ways are handed over"
    return Item("in_hand", title, "payment", len(totals), sum(totals), blocks=False)


def _sent(month: Month) -> QuerySet[Payment]:
    return Payment.objects.filter(
        organisation=month.organisation, status=PaymentStatus.SENT, run__entry__date__lte=month.last
    )


# The order of the page.
CHECKS: tuple[Callable[[Month], Item], ...] = (
    _over,
    _earlier,
    _statements,
    _lines,
    _runs,
    _returned,
    _suspense,
    _reconciled,
    _balance,
    _claims,
    _time,
    _transit,
    _in_hand,
)


def checklist(organisation: Organisation, month: int) -> list[Item]:
    """Everything a month is asked before it closes. A fixed number of queries, whatever its size."""
    notes = {
        (note.item, note.about): note
        for note in MonthNote.objects.filter(organisation=organisation, month=month)
        .select_related("written_by")
        .order_by("pk")
    }
    items = (check(Month(organisation, month)) for check in CHECKS)
    return [replace(item, note=notes.get((item.name, item.about)) if item.left else None) for item in items]
