"""What the pages of months are made of, scoped by who asks."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.shortcuts import get_object_or_404
from django.urls import reverse

from ledger.models import JournalEntry, Period, Reopening, Transfer
from payments.queries.month_end import Item, checklist
from payments.queries.runs import READERS
from people.models import FINANCE, Organisation, Person
from people.permissions import organisations_with

CHECKED = 3  # open months of an organisation whose checklists the list shows; they close in their order
ROWS = 100
# The page where each item of the checklist is dealt with. What is not here is somebody else's work.
PLACES = {
    "earlier": "months:list",
    "statements": "bank:accounts",
    "lines": "bank:lines",
    "runs": "payments:runs",
    "returned": "payments:list",
    "suspense": "bank:lines",
    "reconciled": "bank:reconciliation",
    "transit": "bank:lines",
}


@dataclass(frozen=True)
class ListedItem:
    """One item of the checklist with the place where it is dealt with, or where it is explained."""

    item: Item
    place: str
    explain: str


@dataclass(frozen=True)
class ListedMonth:
    """One month; `left` says what keeps it open, None where earlier months come first."""

    period: Period
    left: list[Item] | None
    is_asked: bool


@dataclass(frozen=True)
class Books:
    """The months of one organisation, newest first. `keeps` when its reader may post."""

    organisation: Organisation
    months: list[ListedMonth]
    keeps: bool


@dataclass(frozen=True)
class MonthPage:
    """One month: its checklist while it is open, and everybody who asked to reopen it."""

    period: Period
    items: list[ListedItem]
    reopenings: list[Reopening]

    @property
    def waiting(self) -> Reopening | None:
        return next((each for each in self.reopenings if each.waits), None)

    @property
    def blocking(self) -> list[ListedItem]:
        return [each for each in self.items if each.item.blocks]

    @property
    def others(self) -> list[ListedItem]:
        return [each for each in self.items if not each.item.blocks]

    @property
    def left(self) -> int:
        return sum(each.item.keeps_open for each in self.items)


@dataclass(frozen=True)
class EntryPage:
    """One journal entry with some of its transfers, in their order, and whom each concerns."""

    entry: JournalEntry
    posted_by: str
    rows: list[tuple[Transfer, str]]
    total: int
    more: str
    is_later: bool
    reversed_by: JournalEntry | None


def organisation_of(person: Person, code: str, kinds: Iterable[str] = READERS) -> Organisation:
    """An organisation in which this person holds one of these parts, or 404."""
    return get_object_or_404(organisations_with(person, list(kinds)), code=code)  # type: ignore[arg-type]


def period_of(person: Person, code: str, month: str, kinds: Iterable[str] = READERS) -> Period:
    """A month of such an organisation that was opened, or 404."""
    rows = Period.objects.select_related("organisation", "closed_by")
    return get_object_or_404(rows, organisation=organisation_of(person, code, kinds), month=int(month))


def reopening_of(person: Person, code: str, month: str, reopening_id: str) -> Reopening:
    """A request to reopen such a month, or 404."""
    period = period_of(person, code, month, FINANCE)
    rows = Reopening.objects.select_related("asked_by", "confirmed_by", "withdrawn_by")
    found = get_object_or_404(rows, pk=int(reopening_id), period=period)
    found.period = period
    return found


def books_of(person: Person) -> list[Books]:
    """The months of every organisation whose books this person keeps or checks."""
    keeps = set(organisations_with(person, FINANCE).values_list("pk", flat=True))
    organisations = organisations_with(person, READERS).order_by("name", "pk")
    return [Books(each, _months(each), each.pk in keeps) for each in organisations]


def _months(organisation: Organisation) -> list[ListedMonth]:
    asked = Reopening.objects.filter(
        period=OuterRef("pk"), confirmed_at__isnull=True, withdrawn_at__isnull=True
    )
    periods: QuerySet[Period] = organisation.periods.select_related("closed_by").order_by("-month")
    rows = list(periods.annotate(is_asked=Exists(asked)))
    first_open = [period.month for period in reversed(rows) if not period.closed][:CHECKED]
    return [
        ListedMonth(period, _left(organisation, period.month, first_open), bool(period.is_asked))
        for period in rows
    ]


def _left(organisation: Organisation, month: int, first_open: list[int]) -> list[Item] | None:
    if month not in first_open:
        return None
    return [item for item in checklist(organisation, month) if item.keeps_open]


def month_page(period: Period) -> MonthPage:
    """One month as finance and the auditor see it."""
    rows = period.reopenings.select_related("asked_by", "confirmed_by", "withdrawn_by").order_by("-pk")
    items = [] if period.closed else checklist(period.organisation, period.month)
    return MonthPage(period, [_listed(period, item) for item in items], list(rows))


def _listed(period: Period, item: Item) -> ListedItem:
    where = [period.organisation.code, period.month, item.name]
    explain = reverse("months:explain", args=where) if item.about and item.keeps_open else ""
    return ListedItem(item, "" if item.is_done else place_of(item, period.month), explain)


def place_of(item: Item, month: int) -> str:
    """The address where an item is dealt with, or empty."""
    if item.name not in PLACES:
        return ""
    return reverse(PLACES[item.name], args=[item.key, month] if item.key else [])


def entry_page(organisation: Organisation, number: int, after: int | None) -> EntryPage:
    """One journal entry of an organisation, from the transfer after a position on, or 404."""
    entries = JournalEntry.objects.select_related("organisation", "reverses")
    entry = get_object_or_404(entries, organisation=organisation, number=number)
    start = after if after is not None and after < entry.size else 0
    transfers = entry.transfers.select_related("debit", "credit").order_by("position")
    shown = list(transfers.filter(position__gt=start)[:ROWS])
    last = shown[-1].position
    people = Person.objects.filter(pk__in={row.party or 0 for row in shown} | {entry.actor_id})
    names = dict(people.values_list("pk", "name"))
    return EntryPage(
        entry,
        posted_by=names.get(entry.actor_id, "The system"),
        rows=[(row, names.get(row.party or 0, "")) for row in shown],
        total=entry.transfers.aggregate(total=Sum("amount"))["total"],
        more=f"?after={last}" if last < entry.size else "",
        is_later=start > 0,
        reversed_by=JournalEntry.objects.filter(reverses=entry).first(),
    )
