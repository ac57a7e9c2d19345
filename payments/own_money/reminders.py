"""Whether money for time that somebody looks at would pass what they want to be told before.

Computed for whoever is signed in, while they look at it, and for nobody else: from what reached them, what is
on its way or waits, and what they did not say no to. When money will come is a promise, so this is about the
latest day of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from claims.models import GIVEN_AWAY, REFUSING, Answer, Claim, ClaimLine, CountsAs, Offer
from claims.repricing import SENT
from claims.workflow import PAYABLE, UNDECIDED, ClaimStatus
from common.dates import london_day, month_key, now, today
from payments.models import PaymentItem
from payments.own_money.private import Kept, kept_by
from payments.own_money.spans import Span, month_span, week_span
from payments.own_money.totals import received
from payments.queries.own_ways import ABOUT, OwnWays
from payments.when import month_words
from payments.workflow import PaymentStatus
from people.models import Person
from people.standing import person_of


@dataclass(frozen=True)
class Reminder:
    """Money for time could come to `total` in some days, which is more than `limit`. Minor units."""

    words: str
    total: int = field(repr=False)
    limit: int = field(repr=False)
    currency: str


@dataclass(frozen=True)
class Coming:
    """Money for time that should come by a day. Minor units."""

    key: str
    day: date
    amount: int


@sensitive_variables()
def offer_reminders(request: HttpRequest, offer_id: int) -> list[Reminder]:
    """For one invitation of whoever is signed in; nothing for anybody else's."""
    kept, person = kept_by(request), person_of(request)
    return _passed(person, kept, f"offer:{offer_id}") if not kept.is_empty else []


@sensitive_variables()
def claim_reminders(request: HttpRequest, claim_id: int) -> list[Reminder]:
    """For one claim of whoever is signed in; nothing for anybody else's."""
    kept, person = kept_by(request), person_of(request)
    return _passed(person, kept, f"claim:{claim_id}") if not kept.is_empty else []


@sensitive_variables()
def _passed(person: Person, kept: Kept, key: str) -> list[Reminder]:
    """What would be passed with the money of this key in it. Six queries, and one for each limit."""
    said = OwnWays(person)
    coming = [*_claimed(person, said), *_offered(person, said)]
    looked_at = next((each for each in coming if each.key == key), None)
    if looked_at is None or not looked_at.amount:
        return []
    found = []
    for span, words, limit in _limits(kept, looked_at.day):
        expected = sum(each.amount for each in coming if each.day in span)
        if (total := expected + _received(person, span)) > limit:
            found.append(Reminder(words, total, limit, settings.DEFAULT_CURRENCY))
    return found


@sensitive_variables()
def _limits(kept: Kept, day: date) -> list[tuple[Span, str, int]]:
    """The stretches of days around a day for which the person keeps a limit."""
    week, month = week_span(day), month_span(day)
    found = []
    if kept.week is not None:
        found.append((week, f"the week {week.words}", kept.week))
    if kept.month is not None:
        found.append((month, month_words(month_key(day)), kept.month))
    if kept.days is not None and kept.span is not None and day in kept.span:
        found.append((kept.span, f"your own days, {kept.span.words}", kept.days))
    return found


def _received(person: Person, span: Span) -> int:
    paid = received(person).filter(
        counts_as=CountsAs.FEE,
        paid_on__range=(span.first, span.last),
        run__currency=settings.DEFAULT_CURRENCY,
    )
    return paid.aggregate(sum=Sum("amount"))["sum"] or 0


def _claimed(person: Person, said: OwnWays) -> Iterator[Coming]:
    """Money for time that is claimed and has not reached the person, claim by claim.

    What they give away never comes to them, so it is not here.
    """
    items = PaymentItem.objects.filter(
        line=OuterRef("pk"), live=True, payment__status__in=(PaymentStatus.SENT, PaymentStatus.PAID)
    )
    lines = (
        ClaimLine.objects.filter(
            claim__contributor=person,
            claim__currency=settings.DEFAULT_CURRENCY,
            claim__status__in=(ClaimStatus.DRAFT, *SENT),
            counts_as=CountsAs.FEE,
            status__in=PAYABLE | UNDECIDED,
        )
        .annotate(
            pay_on=Subquery(items.values("payment__run__pay_on")[:1]),
            method=Subquery(items.values("payment__method")[:1]),
        )
        .exclude(Exists(items.filter(payment__status=PaymentStatus.PAID)))
    )
    claim = "claim__promised_by", "claim__organisation__days_to_pay"
    rows = lines.annotate(sum=Coalesce(F("allowed"), F("estimate")))
    found: dict[int, Coming] = {}
    for claim_id, promised, days_to_pay, method, pay_on, amount, *about in rows.values_list(
        "claim_id", *claim, "method", "pay_on", "sum", *ABOUT
    ):
        if (method or said.of_line(*about)) in GIVEN_AWAY:
            continue
        day = max(pay_on or promised or today() + timedelta(days=days_to_pay), today())
        known = found.get(claim_id)
        found[claim_id] = Coming(
            f"claim:{claim_id}",
            max(day, known.day) if known else day,
            amount + (known.amount if known else 0),
        )
    yield from found.values()


def _offered(person: Person, said: OwnWays) -> Iterator[Coming]:
    """Money for time that was offered, not turned down or given away, and not claimed yet.

    Nothing said is all of it.
    """
    claims = Claim.objects.filter(
        Q(status__in=SENT) | Q(status=ClaimStatus.DRAFT),
        activity=OuterRef("activity"),
        contributor=person,
    )
    offers = Offer.objects.filter(
        ~Exists(claims),
        contributor=person,
        amount__gt=0,
        activity__cancelled_by="",
        activity__project__organisation__currency=settings.DEFAULT_CURRENCY,
    ).exclude(answer__in=REFUSING)
    organisation = "activity__project__organisation"
    rows = offers.values_list("pk", "amount", "answer", "less_amount", "activity__ends_at").annotate(
        days=F(f"{organisation}__days_to_pay"),
        organisation=F(organisation),
        activity_key=F("activity"),
        start=F("activity__starts_at"),
    )
    for pk, amount, answer, less, ends_at, days_to_pay, organisation_id, activity_id, starts_at in rows:
        if said.way(organisation_id, CountsAs.FEE, activity_id, starts_at) in GIVEN_AWAY:
            continue
        day = london_day(max(ends_at, now())) + timedelta(days=days_to_pay)
        yield Coming(f"offer:{pk}", day, less or 0 if answer == Answer.LESS else amount)
