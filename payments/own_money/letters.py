"""Letters that people make themselves. Nothing of them is kept, and we send them to nobody.

A letter says what our records hold, in the words of whoever reads it for the first time. It names no other
payment scheme, draws no conclusion and gives no advice.
"""

from collections.abc import Sequence
from datetime import datetime, time

from django.db.models import Q, QuerySet, Sum, TextChoices

from claims.models import Activity, CountsAs
from common.dates import LONDON, london_day, today
from common.errors import NotVisible
from common.money import money_text
from ledger.models import Category
from payments.formats.own_paper import Columns, Paper, Part
from payments.models import PaymentItem
from payments.own_money.paper_words import amounts, contacts
from payments.own_money.spans import Span
from payments.own_money.statement import payers_of
from payments.own_money.totals import paid_back, received
from payments.when import day_words
from payments.workflow import Method
from people.models import Organisation, Person, RoleKind


class LetterKind(TextChoices):
    """What a letter is about."""

    INVOLVEMENT = "involvement", "What I take part in"
    PAYMENTS = "payments", "What I was paid"
    COSTS = "costs", "Only what I got back for my costs"
    PAID_BACK = "paid_back", "What I paid back"


FACE_VALUE = "Vouchers are not cash. They count at face value: what they are worth in the shop."
_TITLES = {
    LetterKind.INVOLVEMENT: "About taking part",
    LetterKind.PAYMENTS: "Payments received",
    LetterKind.COSTS: "Money back for costs",
    LetterKind.PAID_BACK: "Money paid back",
}


def organisations_of(person: Person) -> QuerySet[Organisation]:
    """Organisations that a letter can be about: the person takes part there, or was sent money by them."""
    part = person.roles.filter(kind=RoleKind.CONTRIBUTOR, since__lte=today()).values("organisation_id")
    keys = Q(pk__in=part) | Q(pk__in=payers_of(person).values("pk"))
    return Organisation.objects.filter(keys).order_by("name", "pk")


def letter(person: Person, kind: LetterKind, organisation_id: int, span: Span) -> Paper:
    """One letter about the person themselves. Raises NotVisible for an organisation they have no part in."""
    organisation = organisations_of(person).filter(pk=organisation_id).first()
    if organisation is None:
        raise NotVisible("There is no such organisation.")
    parts = _PARTS[kind](person, organisation, span)
    facts = (
        ("About", f"{person.name}, {person.number}"),
        ("Organisation", organisation.name),
        ("Days", span.words),
        ("Made on", day_words(today())),
    )
    opening = (
        f"{person.name} made this letter from the records of {organisation.name}. "
        f"You can check it with {organisation.name}."
    )
    return Paper("Letter", _TITLES[kind], (opening,), facts, (*parts, contacts(organisation)))


def _involvement(person: Person, organisation: Organisation, span: Span) -> Sequence[Part]:
    """What the person was asked to, with the purpose of each project; nothing of money that was offered."""
    first = datetime.combine(span.first, time.min, LONDON)
    last = datetime.combine(span.last, time.max, LONDON)
    found = Activity.objects.filter(
        offers__contributor=person,
        project__organisation=organisation,
        cancelled_by="",
        starts_at__range=(first, last),
    )
    rows = list(found.select_related("project").order_by("project__name", "project_id", "starts_at", "pk"))
    words = (
        f"{organisation.name} asks people who know its services from their own lives to help to shape them. "
        f"{person.name} is asked as one of them. It is not a job."
    )
    projects = list(dict.fromkeys(row.project for row in rows))
    parts = [Part("What this is", (words,))]
    for project in projects:
        dates = tuple(
            (activity.title, day_words(london_day(activity.starts_at)))
            for activity in rows
            if activity.project == project
        )
        parts.append(
            Part(project.name, tuple(project.purpose.splitlines()), Columns(("Asked to", "Day"), dates))
        )
    return parts if rows else [*parts, Part("In these days", ("There was nothing in these days.",))]


def _payments(person: Person, organisation: Organisation, span: Span) -> Sequence[Part]:
    return [
        _paid(person, organisation, span, CountsAs.FEE, "Money for time"),
        _paid(person, organisation, span, CountsAs.EXPENSE, "Money back for costs"),
    ]


def _paid(person: Person, organisation: Organisation, span: Span, kind: CountsAs, heading: str) -> Part:
    """One line for each payment, on the day it reached the person."""
    rows = received(person).filter(
        organisation=organisation, counts_as=kind, paid_on__range=(span.first, span.last)
    )
    found = list(rows.order_by("paid_on", "pk").values_list("paid_on", "reference", "method", "amount"))
    if not found:
        return Part(heading, ("None in these days.",))
    texts = [
        (day_words(day) if day else "", f"{reference}, vouchers" if method == Method.VOUCHER else reference)
        for day, reference, method, _ in found
    ]
    words = (FACE_VALUE,) if any(method == Method.VOUCHER for _, _, method, _ in found) else ()
    minors = [amount for *_, amount in found]
    head = ("Day received", "Reference", "Amount")
    return Part(heading, words, amounts(head, texts, minors, organisation.currency, heading))


def _costs(person: Person, organisation: Organisation, span: Span) -> Sequence[Part]:
    paid = received(person).filter(
        organisation=organisation, counts_as=CountsAs.EXPENSE, paid_on__range=(span.first, span.last)
    )
    items = PaymentItem.objects.filter(payment__in=paid, live=True).order_by()
    sums = dict(items.values_list("line__category").annotate(sum=Sum("amount")))
    words = (
        "This is money that was spent to take part and was paid back. "
        "This letter is about costs alone. It does not say whether money for time was paid."
    )
    if not sums:
        return [Part("Money back for costs", (words, "None in these days."))]
    kinds = [category for category in Category if category in sums]
    texts = [(str(category.label),) for category in kinds]
    minors = [sums[category] for category in kinds]
    columns = amounts(("What for", "Amount"), texts, minors, organisation.currency, "Money back for costs")
    vouchers = paid.filter(method=Method.VOUCHER).aggregate(sum=Sum("amount"))["sum"] or 0
    said = f"{money_text(vouchers, organisation.currency)} of it came in vouchers. {FACE_VALUE}"
    return [Part("Money back for costs", (words, said) if vouchers else (words,), columns)]


def _paid_back(person: Person, organisation: Organisation, span: Span) -> Sequence[Part]:
    """The payment keeps its day and amount: that money was had then, whatever came later."""
    overpayment = "concern__overpayment__"
    payment = f"{overpayment}item__payment__"
    rows = paid_back(person).filter(
        concern__organisation=organisation, match__line__date__range=(span.first, span.last)
    )
    found = rows.order_by("match__line__date", "pk").values_list(
        "match__line__date",
        f"{payment}counts_as",
        f"{payment}paid_on",
        f"{payment}reference",
        "match__line__amount",
    )
    texts = [
        (day_words(day), _KIND_WORDS[CountsAs(kind)], f"{reference}, received on {day_words(paid_on)}")
        for day, kind, paid_on, reference, _ in found
    ]
    words = (
        f"{organisation.name} paid too much by mistake. {person.name} paid this back on the days below. "
        "The payments themselves stay as they were on the day they were received."
    )
    if not texts:
        return [Part("Money paid back", ("None in these days.",))]
    head = ("Day paid back", "Part of", "Of which payment", "Amount")
    minors = [amount for *_, amount in found]
    return [Part("Money paid back", (words,), amounts(head, texts, minors, organisation.currency))]


_KIND_WORDS = {CountsAs.FEE: "Money for time", CountsAs.EXPENSE: "Money back for costs"}
_PARTS = {
    LetterKind.INVOLVEMENT: _involvement,
    LetterKind.PAYMENTS: _payments,
    LetterKind.COSTS: _costs,
    LetterKind.PAID_BACK: _paid_back,
}
