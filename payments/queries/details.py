"""Bank details that wait, and people who are owed money and have none, for whoever keeps the money.

The first list does not grow with the years: one row at most for each person waits. The second looks through
what is due and in no run yet.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Exists, Min, Model, OuterRef, Q, QuerySet, Sum

from claims.models import Claim, ClaimLine
from claims.ways import paid_by_bank
from common.dates import london_day, now, today
from common.paging import ROWS, Page, asked_key
from payments import permissions
from payments.models import BankDetails
from payments.queries.due import due_lines
from payments.queries.runs import READERS
from people.models import Person, Role, RoleKind
from people.permissions import organisations_with

M = TypeVar("M", bound=Model)
_CURRENT = Q(retired_at__isnull=True)
_WAITING = _CURRENT & Q(verified_at__isnull=True)


@dataclass(frozen=True)
class WaitingRow:
    """Bank details that wait to be checked, and why the reader may not do it, if so."""

    name: str
    number: str
    last_digits: str
    entered_by: str
    entered_at: datetime
    age_days: int
    is_change: bool
    why_not: str


@dataclass(frozen=True)
class MissingRow:
    """Somebody who is owed money and whom no run can pay now. Amounts are minor units with their currency.

    `usable_from` is when their changed details can be used; None where there are none at all.
    """

    name: str
    number: str
    due: Sequence[tuple[int, str]]
    promised_by: date | None
    is_late: bool
    usable_from: datetime | None


def payees_of(person: Person, kinds: Sequence[RoleKind] = READERS) -> QuerySet[Person]:
    """People who work with an organisation where this person holds one of these parts."""
    ours = organisations_with(person, kinds).values("pk")
    roles = Role.objects.filter(person=OuterRef("pk"), organisation__in=ours)
    claims = Claim.objects.filter(contributor=OuterRef("pk"), organisation__in=ours)
    return Person.objects.filter(Exists(roles) | Exists(claims))


def details_waiting(person: Person, named: str = "") -> QuerySet[BankDetails]:
    """Details that wait to be checked, of people this person keeps or checks the money of."""
    theirs = payees_of(person).filter(_named(named)).values("pk")
    verified = BankDetails.objects.filter(person=OuterRef("person"), verified_at__isnull=False)
    found = BankDetails.objects.filter(_WAITING, person__in=theirs).annotate(is_change=Exists(verified))
    return found.select_related("person", "entered_by")


def waiting_page(reader: Person, asked: Mapping[str, str], named: str = "") -> Page[WaitingRow]:
    """One page of them, oldest first. The number of questions does not grow with the rows."""
    page = page_up(details_waiting(reader, named), "entered_at", asked)
    return page.showing([_waiting_row(details, reader) for details in page.rows])


def missing_page(reader: Person, asked: Mapping[str, str], named: str = "") -> Page[MissingRow]:
    """One page of people to whom money is due and who have no usable details, those known longest first."""
    ours = list(organisations_with(reader, READERS))
    if not ours:
        return Page([], older="", newer="")
    lines = paid_by_bank(reduce(or_, [due_lines(organisation) for organisation in ours]))
    current = BankDetails.objects.filter(_CURRENT, person=OuterRef("pk"))
    settled = current.filter(Q(usable_from__lte=now()) | Q(verified_at__isnull=True))
    owed = lines.order_by().values("claim__contributor_id")
    people = Person.objects.filter(~Exists(settled), _named(named), pk__in=owed)
    page = page_up(people, "pk", asked, prefix="due-")
    rests = BankDetails.objects.filter(_CURRENT, person__in=page.rows)
    usable = dict(rests.values_list("person_id", "usable_from"))
    return page.showing(_missing_rows(page.rows, lines, usable))


def page_up(
    rows: QuerySet[M], order: str, asked: Mapping[str, str], *, prefix: str = "", size: int = ROWS
) -> Page[M]:
    """As `common.paging.page_of`, lowest first, by a field and then by key.

    The key in the address names the row to go on from, also when that row is in the list no more.
    """
    after, before = asked_key(asked, f"{prefix}after"), asked_key(asked, f"{prefix}before")
    key = after if after is not None else before
    at = rows.model._default_manager.filter(pk=key).values_list(order, flat=True).first() if key else None
    back = at is not None and after is None
    if at is not None:
        beyond = "lt" if back else "gt"
        rows = rows.filter(Q(**{f"{order}__{beyond}": at}) | Q(**{order: at, f"pk__{beyond}": key}))
    sign = "-" if back else ""
    found = list(rows.order_by(f"{sign}{order}", f"{sign}pk")[: size + 1])
    shown, more = (found[:size][::-1] if back else found[:size]), len(found) > size
    return Page(
        shown,
        older=f"?{prefix}before={shown[0].pk}" if shown and (more if back else at is not None) else "",
        newer=f"?{prefix}after={shown[-1].pk}" if shown and (back or more) else "",
    )


def _named(asked: str) -> Q:
    """People whose name or number holds what was asked for."""
    return Q(name__icontains=asked) | Q(number__iendswith=asked) if asked else Q()


def _waiting_row(details: BankDetails, reader: Person) -> WaitingRow:
    return WaitingRow(
        name=details.person.name,
        number=details.person.number,
        last_digits=details.last_digits,
        entered_by=details.entered_by.name,
        entered_at=details.entered_at,
        age_days=(today() - london_day(details.entered_at)).days,
        is_change=bool(getattr(details, "is_change", False)),
        why_not=permissions.has_hand_in(reader, details) or "",
    )


def _missing_rows(
    people: Sequence[Person], lines: QuerySet[ClaimLine], usable: Mapping[int, datetime | None]
) -> list[MissingRow]:
    sums = (
        lines.filter(claim__contributor__in=people)
        .order_by()
        .values("claim__contributor_id", "claim__currency")
        .annotate(amount=Sum("allowed"), promised=Min("claim__promised_by"))
    )
    due: dict[int, list[tuple[int, str]]] = defaultdict(list)
    promised: dict[int, list[date]] = defaultdict(list)
    for row in sums:
        due[row["claim__contributor_id"]].append((row["amount"], row["claim__currency"]))
        if row["promised"]:
            promised[row["claim__contributor_id"]].append(row["promised"])
    return [
        _missing_row(person, due[person.pk], min(promised[person.pk], default=None), usable.get(person.pk))
        for person in people
    ]


def _missing_row(
    person: Person, due: Sequence[tuple[int, str]], promised_by: date | None, usable_from: datetime | None
) -> MissingRow:
    return MissingRow(
        name=person.name,
        number=person.number,
        due=due,
        promised_by=promised_by,
        is_late=promised_by is not None and promised_by < today(),
        usable_from=usable_from,
    )
