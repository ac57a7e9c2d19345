"""What somebody received, by the day on which it reached them: added up in the database, in whole pence.

Only what was confirmed as paid counts; vouchers at face value, on the day they were handed over. Money on its
way stands apart, what came back is not here at all, and money that the person paid back never changes the day
on which they had it: it stands apart. What they gave away never reached them and is added up nowhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Case, Max, Min, Q, QuerySet, Sum, When
from django.db.models.expressions import Combinable
from django.db.models.functions import ExtractYear, TruncMonth, TruncWeek

from claims.models import GIVEN_AWAY, CountsAs
from payments.models import Payment, Repayment
from payments.own_money.spans import Asked, By, Span, month_span, span_words, tax_year_span, week_span
from payments.workflow import Method, PaymentStatus
from people.models import Person

ALL = "All organisations here"
_LINE_DAY = "match__line__date"
_ADDED = ("time", "costs", "time_back", "costs_back", "time_vouchers", "costs_vouchers")


@dataclass(frozen=True)
class Total:
    """Money of one stretch of days. Minor units; time and costs are never added to each other.

    `time_vouchers` and `costs_vouchers` say how much of `time` and `costs` came in vouchers.
    """

    span: Span
    words: str
    currency: str
    time: int = 0
    costs: int = 0
    time_back: int = 0
    costs_back: int = 0
    time_vouchers: int = 0
    costs_vouchers: int = 0

    @property
    def has_vouchers(self) -> bool:
        """Did some of it come in vouchers?"""
        return bool(self.time_vouchers or self.costs_vouchers)

    @property
    def has_back(self) -> bool:
        """Did the person pay something back in these days?"""
        return bool(self.time_back or self.costs_back)


@dataclass(frozen=True)
class Section:
    """The totals of one organisation, or of all of them; the latest days first."""

    name: str
    rows: Sequence[Total]

    @property
    def paid_back(self) -> Sequence[Total]:
        return [row for row in self.rows if row.has_back]

    @property
    def vouchers(self) -> Sequence[Total]:
        return [row for row in self.rows if row.has_vouchers]


@dataclass(frozen=True)
class OnItsWay:
    """What was sent and is not confirmed yet: it counts nowhere."""

    currency: str
    time: int
    costs: int


def received(person: Person) -> QuerySet[Payment]:
    """Payments that reached this person: not what they gave to somebody else, nor to their learning fund."""
    return _paid(person).exclude(method__in=GIVEN_AWAY)


def given_away(person: Person) -> QuerySet[Payment]:
    """Payments for this person's time that went where they said: to a charity, a group, a learning fund."""
    return _paid(person).filter(method__in=GIVEN_AWAY)


def _paid(person: Person) -> QuerySet[Payment]:
    return Payment.objects.filter(person=person, status=PaymentStatus.PAID)


def paid_back(person: Person) -> QuerySet[Repayment]:
    """Lines of our bank with which this person paid overpaid money back."""
    return Repayment.objects.filter(concern__person=person, match__undone_at__isnull=True)


def years_of(person: Person) -> Sequence[int]:
    """Calendar years in which something reached the person, the latest first."""
    ends = received(person).aggregate(first=Min("paid_on"), last=Max("paid_on"))
    if ends["first"] is None:
        return []
    return range(ends["last"].year, ends["first"].year - 1, -1)


def totals(person: Person, asked: Asked) -> Sequence[Section]:
    """All organisations together and, where there are several, each of them. Three queries."""
    return _sections(person, asked.span, asked.by)


def totals_between(person: Person, span: Span) -> Sequence[Section]:
    """The same for one stretch of days. Three queries."""
    return _sections(person, span, None)


def on_its_way(person: Person) -> Sequence[OnItsWay]:
    """Money sent to this person and not confirmed yet, by currency."""
    sent = Payment.objects.filter(person=person, status=PaymentStatus.SENT)
    rows = sent.exclude(method__in=GIVEN_AWAY)
    found: dict[str, OnItsWay] = {}
    for currency, kind, amount in rows.values_list("run__currency", "counts_as").annotate(sum=Sum("amount")):
        name = "time" if kind == CountsAs.FEE else "costs"
        found[currency] = replace(found.get(currency, OnItsWay(currency, 0, 0)), **{name: amount})
    return [found[currency] for currency in sorted(found)]


def _sections(person: Person, span: Span | None, by: By | None) -> Sequence[Section]:
    paid = received(person).filter(_within(span, "paid_on"))
    back = paid_back(person).filter(_within(span, _LINE_DAY))
    rows: list[tuple[str, Total]] = []
    for row in _added_up(paid, by, "paid_on", "amount", "", "run__currency"):
        rows.append(_part(row, span, by, {CountsAs.FEE: "time", CountsAs.EXPENSE: "costs"}))
    vouchers = paid.filter(method=Method.VOUCHER)
    for row in _added_up(vouchers, by, "paid_on", "amount", "", "run__currency"):
        rows.append(_part(row, span, by, {CountsAs.FEE: "time_vouchers", CountsAs.EXPENSE: "costs_vouchers"}))
    payment = "concern__overpayment__item__payment__"
    currency = "concern__organisation__currency"
    for row in _added_up(back, by, _LINE_DAY, "match__line__amount", payment, currency, "concern__"):
        rows.append(_part(row, span, by, {CountsAs.FEE: "time_back", CountsAs.EXPENSE: "costs_back"}))
    names = sorted({name for name, _ in rows})
    each = [Section(name, _merged(row for of, row in rows if of == name)) for name in names]
    return [Section(ALL, _merged(row for _, row in rows)), *(each if len(each) > 1 else [])]


def _within(span: Span | None, day: str) -> Q:
    return Q(**{f"{day}__range": (span.first, span.last)}) if span else Q()


def _added_up(
    rows: QuerySet[Any], by: By | None, day: str, amount: str, payment: str, currency: str, owner: str = ""
) -> Iterable[tuple[Any, ...]]:
    """One row for each stretch of days, organisation, currency and kind, however many payments there are."""
    unit = {"unit": _unit(by, day)} if by else {}
    # The key of the organisation is grouped by too: two may have one name.
    names = (f"{owner}organisation_id", f"{owner}organisation__name", currency, f"{payment}counts_as")
    found = rows.order_by().annotate(**unit).values_list(*unit, *names).annotate(sum=Sum(amount))
    return found if by else ((None, *row) for row in found)


def _unit(by: By, day: str) -> Combinable:
    if by is By.MONTH:
        return TruncMonth(day)
    if by is By.WEEK:
        return TruncWeek(day)
    early = Q(**{f"{day}__month__lt": 4}) | Q(**{f"{day}__month": 4, f"{day}__day__lt": 6})
    return Case(When(early, then=ExtractYear(day) - 1), default=ExtractYear(day))


def _part(
    row: tuple[Any, ...], span: Span | None, by: By | None, names: dict[CountsAs, str]
) -> tuple[str, Total]:
    unit, _, organisation, currency, kind, amount = row
    days = span if by is None else _span(by, unit)
    if days is None:
        raise ValueError("Totals that are not cut need a stretch of days.")
    words = span_words(by, days) if by else days.words
    return organisation, replace(Total(days, words, currency), **{names[CountsAs(kind)]: amount})


def _span(by: By, unit: int | date) -> Span:
    if isinstance(unit, int):
        return tax_year_span(unit)
    return month_span(unit) if by is By.MONTH else week_span(unit)


def _merged(rows: Iterable[Total]) -> Sequence[Total]:
    """One row for each stretch of days and currency, the latest first."""
    found: dict[tuple[Span, str], Total] = {}
    for row in rows:
        known = found.get((row.span, row.currency), Total(row.span, row.words, row.currency))
        added = {name: getattr(known, name) + getattr(row, name) for name in _ADDED}
        found[row.span, row.currency] = replace(known, **added)
    return [found[key] for key in sorted(found, key=lambda key: (key[0], key[1]), reverse=True)]
