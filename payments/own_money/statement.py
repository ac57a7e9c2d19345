"""The statement of a tax year, 6 April to 5 April, by the day on which money reached somebody.

Only this person may have it: it says what they did not take of what they were offered.
"""

from collections.abc import Sequence
from datetime import datetime, time

from django.db.models import Min, Q, QuerySet, Sum

from claims.models import REFUSING, Answer, CountsAs, Offer
from common.dates import LONDON, london_day, now, tax_year, today
from common.errors import NotVisible
from common.money import money_text
from ledger.models import Category
from payments.formats.own_paper import Columns, Paper, Part
from payments.models import Payment, PaymentItem
from payments.own_money.given import given_part
from payments.own_money.miles import miles_part
from payments.own_money.paper_words import DAY_RULE, NOT_ADVICE, amounts, contacts
from payments.own_money.spans import Span, tax_year_of, tax_year_span
from payments.own_money.totals import given_away, paid_back, received
from payments.pages import TOLD
from payments.when import day_words
from payments.workflow import Method
from people.models import Organisation, Person

VOUCHERS = {CountsAs.FEE: "Vouchers for your time", CountsAs.EXPENSE: "Vouchers for your costs"}


def payers_of(person: Person) -> QuerySet[Organisation]:
    """Organisations that sent this person something, or of whose offers they did not take all; by name."""
    sent = Payment.objects.filter(person=person, status__in=TOLD).values("organisation_id")
    offered = _answered(person).values("activity__project__organisation_id")
    return Organisation.objects.filter(Q(pk__in=sent) | Q(pk__in=offered)).order_by("name", "pk")


def statement_years(person: Person) -> list[str]:
    """Tax years that may hold something for this person, the latest first; this one always."""
    this = tax_year_of(today())
    asked = _answered(person)
    first_paid = received(person).aggregate(day=Min("paid_on"))["day"]
    first_given = given_away(person).aggregate(day=Min("paid_on"))["day"]
    first_asked = asked.aggregate(at=Min("activity__starts_at"))["at"]
    days = [first_paid, first_given, london_day(first_asked) if first_asked else None]
    first = min([this, *(tax_year_of(day) for day in days if day)])
    return [tax_year(tax_year_span(year).first) for year in range(this, first - 1, -1)]


def _answered(person: Person) -> QuerySet[Offer]:
    """Offers of which the person did not take all, for what took place or will."""
    return Offer.objects.filter(
        contributor=person, answer__in=(*REFUSING, Answer.LESS), activity__cancelled_by=""
    )


def statement(person: Person, year: str, organisation_id: int | None = None) -> Paper:
    """One tax year, as in `2026-27`, of one organisation or of all. Raises NotVisible for any other."""
    payers = list(payers_of(person))
    chosen = [each for each in payers if organisation_id in (None, each.pk)]
    if year not in statement_years(person) or (organisation_id is not None and not chosen):
        raise NotVisible("There is no such statement.")
    span = tax_year_span(int(year[:4]))
    parts = [part for payer in chosen for part in _of_payer(person, payer, span, alone=len(chosen) == 1)]
    if not chosen:
        parts = [Part("Nothing here", ("No money reached you, so there is nothing to show.",))]
    facts = (
        ("For", f"{person.name}, {person.number}"),
        ("Paid by", ", ".join(each.name for each in chosen) or "Nobody"),
        ("Days", span.words),
        ("Made on", day_words(today())),
    )
    return Paper(f"Statement {year}", f"Your statement, {year}", (DAY_RULE, NOT_ADVICE), facts, tuple(parts))


def _of_payer(person: Person, payer: Organisation, span: Span, *, alone: bool) -> Sequence[Part]:
    """What one organisation paid. Ten queries, whatever their number."""
    paid = received(person).filter(organisation=payer, paid_on__range=(span.first, span.last))
    in_money, in_vouchers = paid.exclude(method=Method.VOUCHER), paid.filter(method=Method.VOUCHER)
    items = PaymentItem.objects.filter(payment__in=paid, live=True)
    parts = [
        _fees(in_money, payer.currency),
        _vouchers(in_vouchers, CountsAs.FEE, payer.currency),
        _costs(items.exclude(payment__method=Method.VOUCHER), payer.currency),
        _vouchers(in_vouchers, CountsAs.EXPENSE, payer.currency),
        miles_part(items, payer.currency),
        _paid_back(person, payer, span),
        given_part(person, payer, span),
        _not_taken(person, payer, span),
    ]
    found = [part for part in parts if part is not None]
    if not alone:
        found = [_named(part, payer) for part in found]
    return [*found, contacts(payer)]


def _named(part: Part, payer: Organisation) -> Part:
    return Part(f"{part.heading}: {payer.name}", part.paragraphs, part.columns, part.facts)


def _fees(paid: QuerySet[Payment], currency: str) -> Part:
    rows = list(paid.filter(counts_as=CountsAs.FEE).order_by("paid_on", "pk"))
    if not rows:
        return Part("Money for your time", ("None reached you in these days.",))
    words = ["This is the whole amount, before any tax."]
    if any(row.method == Method.PAYROLL for row in rows):
        words.append("Some of it came with your pay. Your payslip says what was taken off.")
    texts = [(day_words(row.paid_on), row.reference) for row in rows if row.paid_on]
    head = ("Day paid", "Our reference", "Amount")
    total = "Money for your time"
    minors = [row.amount for row in rows]
    return Part("Money for your time", tuple(words), amounts(head, texts, minors, currency, total))


def _vouchers(paid: QuerySet[Payment], kind: CountsAs, currency: str) -> Part | None:
    """Vouchers are no cash: they stand apart, at face value, on the day they were handed over."""
    rows = list(paid.filter(counts_as=kind).order_by("paid_on", "pk"))
    if not rows:
        return None
    heading = VOUCHERS[kind]
    words = "This is not cash. We count each voucher at its face value: what it is worth in the shop."
    texts = [(day_words(row.paid_on), row.reference) for row in rows if row.paid_on]
    head = ("Day handed over", "Our reference", "Face value")
    return Part(heading, (words,), amounts(head, texts, [row.amount for row in rows], currency, heading))


def _costs(items: QuerySet[PaymentItem], currency: str) -> Part:
    found = items.filter(payment__counts_as=CountsAs.EXPENSE).order_by().values_list("line__category")
    sums = dict(found.annotate(sum=Sum("amount")))
    heading = "Money back for your costs"
    if not sums:
        return Part(heading, ("None reached you in these days.",))
    kinds = [category for category in Category if category in sums]
    texts = [(str(category.label),) for category in kinds]
    return Part(
        heading, (), amounts(("What for", "Amount"), texts, [sums[each] for each in kinds], currency, heading)
    )


def _paid_back(person: Person, payer: Organisation, span: Span) -> Part | None:
    rows = paid_back(person).filter(
        concern__organisation=payer, match__line__date__range=(span.first, span.last)
    )
    kind = "concern__overpayment__item__payment__counts_as"
    found = list(
        rows.order_by("match__line__date", "pk").values_list("match__line__date", kind, "match__line__amount")
    )
    if not found:
        return None
    texts = [(day_words(day), str(CountsAs(counts_as).label)) for day, counts_as, _ in found]
    columns = amounts(("Day", "From", "Amount"), texts, [amount for *_, amount in found], payer.currency)
    words = "We paid you too much, and you paid this back. We do not take it off the amounts above."
    return Part("Money you paid back", (words,), columns)


def _not_taken(person: Person, payer: Organisation, span: Span) -> Part | None:
    """Offers that were answered with less or nothing, for what took place; never added up."""
    first, last = (
        datetime.combine(span.first, time.min, LONDON),
        datetime.combine(span.last, time.max, LONDON),
    )
    offers = (
        _answered(person)
        .filter(activity__project__organisation=payer, activity__starts_at__range=(first, min(last, now())))
        .order_by("activity__starts_at", "pk")
    )
    rows = tuple(
        (
            day_words(london_day(offer.activity.starts_at)),
            money_text(offer.amount, payer.currency),
            money_text(offer.amount - (offer.less_amount or 0), payer.currency),
        )
        for offer in offers.select_related("activity")
    )
    if not rows:
        return None
    words = (
        "You chose this before the day. Nobody paid it to you. It is not added up and not part of the "
        "amounts above."
    )
    head = ("Day of the activity", "We offered", "You did not take")
    return Part("Money for your time that you did not take", (words,), Columns(head, rows))
