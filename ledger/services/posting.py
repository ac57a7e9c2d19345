"""Post to the books and reverse what was posted. Nothing else writes an entry."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from common.dates import month_key, now
from common.errors import IllegalMove
from ledger.models import NUMBERS, POSITIONS, Account, JournalEntry, Period
from ledger.services import writing
from ledger.services.writing import AlreadyPosted, PeriodClosed
from people.models import Organisation, Person

__all__ = ["AlreadyPosted", "Draft", "Leg", "PeriodClosed", "post_batch", "post_entry", "reverse_entry"]


@dataclass(frozen=True, slots=True)
class Leg:
    """`amount` minor units from the credit account to the debit account; party: whom they concern."""

    debit: Account
    credit: Account
    amount: int
    party: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be posted. `source` names what caused it, as in `claim:41:decision:2`."""

    source: str
    narrative: str
    date: date
    legs: Sequence[Leg]


def post_entry(
    *,
    organisation: Organisation,
    source: str,
    narrative: str,
    date: date,
    legs: Sequence[Leg],
    actor: Person,
) -> JournalEntry:
    """Write one entry and move the monthly totals with it, in the caller's transaction.

    Raises AlreadyPosted when this source was posted before, PeriodClosed when the month is closed,
    ValueError for an entry that no caller should ask for (no legs, an account of somebody else).
    """
    return _post(organisation, Draft(source, narrative, date, legs), actor)


def reverse_entry(*, entry: JournalEntry, reason: str, date: date, actor: Person) -> JournalEntry:
    """Undo a posting by posting its mirror image; the original stays. Raises IllegalMove the second time."""
    undone = JournalEntry.objects.filter(reverses=entry).values_list("number", flat=True).first()
    if undone is not None:
        raise IllegalMove(f"Entry {entry.number} was already reversed, by entry {undone}.")
    mirror = [
        Leg(debit=transfer.credit, credit=transfer.debit, amount=transfer.amount, party=transfer.party)
        for transfer in entry.transfers.select_related("debit", "credit").order_by("position")
    ]
    source, narrative = f"reversal:{entry.number}", f"Reversal of entry {entry.number}: {reason}"
    return _post(entry.organisation, Draft(source, narrative[:200], date, mirror), actor, reverses=entry)


def post_batch(*, organisation: Organisation, entries: Sequence[Draft], actor: Person) -> list[int]:
    """Post many entries at once, all or none; returns their numbers in order. Raises as `post_entry`."""
    _in_a_transaction()
    if not entries:
        return []
    for month in sorted({month_key(draft.date) for draft in entries}):
        place = writing.lock_place(organisation.pk, month)
        _open_month(organisation, month, place.closed)
    batch = _Rows(organisation, actor)
    for number, draft in enumerate(entries, place.last_number + 1):
        batch.add(number, draft)
    last = place.last_number + len(entries)
    writing.write_many(place.counter_id, last, batch.entries, batch.transfers, batch.totals)
    return list(range(place.last_number + 1, last + 1))


def _post(
    organisation: Organisation, draft: Draft, actor: Person, reverses: JournalEntry | None = None
) -> JournalEntry:
    _in_a_transaction()
    month = month_key(draft.date)
    place = writing.lock_place(organisation.pk, month, draft.source)
    if place.posted_as is not None:
        raise AlreadyPosted(f"This was already posted, as entry {place.posted_as}.")
    _open_month(organisation, month, place.closed)
    rows = _Rows(organisation, actor)
    rows.add(place.last_number + 1, draft, reverses)
    [entry] = rows.entries
    writing.write_one(place.counter_id, entry, rows.transfers, rows.totals)
    return JournalEntry(
        id=entry[0],
        organisation=organisation,
        number=entry[2],
        date=draft.date,
        month=month,
        narrative=draft.narrative,
        source=draft.source,
        size=entry[7],
        last_transfer_id=entry[8],
        reverses=reverses,
        actor_id=actor.pk,
        posted_at=rows.at,
    )


def _in_a_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("the books are written only inside the transaction of a step")


def _open_month(organisation: Organisation, month: int, closed: bool | None) -> None:
    """See that a month takes postings; its row is made at first use."""
    if closed:
        name = date(month // 100, month % 100, 1)
        raise PeriodClosed(f"{name:%B %Y} is closed, so nothing can be posted in it.")
    if closed is None:
        Period.objects.get_or_create(organisation=organisation, month=month)


class _Rows:
    """The rows that entries become, in the order of their columns, and what they add to each month."""

    def __init__(self, organisation: Organisation, actor: Person) -> None:
        self.organisation_id: int = organisation.pk
        self.currency = organisation.currency
        self.actor_id: int = actor.pk
        self.at: datetime = now()
        self.entries: list[tuple[Any, ...]] = []
        self.transfers: list[tuple[Any, ...]] = []
        self.debits: defaultdict[tuple[int, int], int] = defaultdict(int)
        self.credits: defaultdict[tuple[int, int], int] = defaultdict(int)
        self._known: set[int] = set()
        self._ops = connection.ops
        self._posted_at = self._ops.adapt_datetimefield_value(self.at)

    @property
    def totals(self) -> dict[tuple[int, int], tuple[int, int]]:
        return {
            place: (self.debits.get(place, 0), self.credits.get(place, 0))
            for place in self.debits.keys() | self.credits.keys()
        }

    def add(self, number: int, draft: Draft, reverses: JournalEntry | None = None) -> None:
        """Add one entry under this number. Raises ValueError when it cannot be an entry."""
        size, month = len(draft.legs), month_key(draft.date)
        if not 0 < size < POSITIONS:
            raise ValueError("an entry needs at least one transfer, and fewer than 100,000")
        entry_id = self.organisation_id * NUMBERS + number
        self.entries.append(
            (
                entry_id,
                self.organisation_id,
                number,
                self._ops.adapt_datefield_value(draft.date),
                month,
                draft.narrative,
                draft.source,
                size,
                entry_id * POSITIONS + size,
                reverses.pk if reverses else None,
                self.actor_id,
                self._posted_at,
            )
        )
        for position, leg in enumerate(draft.legs, 1):
            debit_id, credit_id = self._ours(leg.debit), self._ours(leg.credit)
            self.debits[debit_id, month] += leg.amount
            self.credits[credit_id, month] += leg.amount
            place = entry_id * POSITIONS + position
            row = (place, entry_id, position, debit_id, credit_id, leg.party, leg.amount, month)
            self.transfers.append(row)

    def _ours(self, account: Account) -> int:
        """The account's key, once it was seen to be of these books."""
        key = account.id
        if key not in self._known:
            if account.organisation_id != self.organisation_id or account.currency != self.currency:
                raise ValueError("an entry's accounts are of one organisation and its currency")
            self._known.add(key)
        return key
