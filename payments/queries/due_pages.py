"""What an organisation owes, in pages of people and kinds, longest promised first. One query for a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from common.dates import today
from payments.queries.due import LeftOut, due_lines
from payments.workflow import PaymentStatus
from people.models import Organisation

ROWS = 50


@dataclass(frozen=True, slots=True)
class Owed:
    """What one person is owed of one kind and no run pays yet. Minor units.

    `days_late` is 0 when the promise still holds. `why_not` is why a run would leave them out, or empty.
    """

    person_id: int
    name: str
    number: str
    counts_as: str
    amount: int
    lines: int
    promised_by: date | None
    days_late: int
    came_back: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class Owing:
    """What is due altogether. Minor units; `late` counts people who were promised their money earlier."""

    total: int
    lines: int
    people: int
    late: int
    late_total: int


@dataclass(frozen=True, slots=True)
class OwedPage:
    """One page of the list; the addresses beside it are empty at its ends."""

    rows: tuple[Owed, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LeftOutFor:
    """Everybody whom a run would leave out for one reason. Minor units."""

    reason: str
    people: tuple[tuple[str, int], ...]
    total: int


def owing(organisation: Organisation) -> Owing:
    """Totals of what is due. One query."""
    late = Q(claim__promised_by__lt=today())
    found = (
        due_lines(organisation)
        .order_by()
        .aggregate(
            total=Sum("allowed"),
            lines=Count("pk"),
            people=Count("claim__contributor", distinct=True),
            late=Count("claim__contributor", distinct=True, filter=late),
            late_total=Sum("allowed", filter=late),
        )
    )
    return Owing(**{name: value or 0 for name, value in found.items()})


def owed_page(
    organisation: Organisation, number: int, left_out: Sequence[LeftOut], *, keep: str = ""
) -> OwedPage:
    """The page with this number, from 1. Two queries, however much is due.

    The list is grouped, so each page counts all of it: ten thousand lines take some hundredths of a second.
    """
    first = (number - 1) * ROWS
    found = list(_grouped(organisation)[first : first + ROWS + 1])
    back = _came_back(organisation, [row["claim__contributor_id"] for row in found[:ROWS]])
    reasons = {each.person.pk: each.reason for each in left_out}
    return OwedPage(
        rows=tuple(_row(row, back, reasons) for row in found[:ROWS]),
        before=f"?{keep}page={number - 1}" if number > 1 else "",
        after=f"?{keep}page={number + 1}" if len(found) > ROWS else "",
    )


def _grouped(organisation: Organisation) -> QuerySet[Any, Any]:
    return (
        due_lines(organisation)
        .order_by()
        .values(
            "claim__contributor_id", "claim__contributor__name", "claim__contributor__number", "counts_as"
        )
        .annotate(amount=Sum("allowed"), lines=Count("pk"), promised_by=Min("claim__promised_by"))
        .order_by(F("promised_by").asc(nulls_last=True), "claim__contributor_id", "counts_as")
    )


def _came_back(organisation: Organisation, people: Iterable[int]) -> set[tuple[int, str]]:
    """Who is owed, of which kind, what the bank sent back."""
    returned = due_lines(organisation).filter(
        claim__contributor__in=list(people), payment_items__payment__status=PaymentStatus.RETURNED
    )
    return set(returned.order_by().values_list("claim__contributor_id", "counts_as").distinct())


def _row(row: dict[str, Any], back: set[tuple[int, str]], reasons: dict[int, str]) -> Owed:
    person, promised = row["claim__contributor_id"], row["promised_by"]
    return Owed(
        person_id=person,
        name=row["claim__contributor__name"],
        number=row["claim__contributor__number"],
        counts_as=row["counts_as"],
        amount=row["amount"],
        lines=row["lines"],
        promised_by=promised,
        days_late=max(0, (today() - promised).days) if promised else 0,
        came_back=(person, row["counts_as"]) in back,
        why_not=reasons.get(person, ""),
    )


def left_out_by_reason(left_out: Iterable[LeftOut]) -> list[LeftOutFor]:
    """Whom a run would leave out, by reason, most people first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for each in left_out:
        found.setdefault(each.reason, []).append((each.person.name, each.amount))
    rows = [
        LeftOutFor(reason, tuple(sorted(people)), sum(amount for _, amount in people))
        for reason, people in found.items()
    ]
    return sorted(rows, key=lambda row: (-len(row.people), row.reason))


def asked_page(text: str) -> int:
    """The page that an address asks for; the first one for anything that is no number of a page."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1
