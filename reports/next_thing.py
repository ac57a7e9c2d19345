"""The one thing that a contributor can do next; when there is none, what is on its way to them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse

from claims.models import OPEN_ANSWERS, Claim, ClaimLine, CountsAs, Offer
from claims.ways import paid_by_bank
from claims.workflow import ClaimStatus, LineStatus
from common.dates import london_day, now
from common.money import money_text
from payments.models import Payment, PayrollMark
from payments.own_details import has_details
from payments.own_words import amount_in, where
from payments.queries.concerns import never_taken
from payments.workflow import BY_HAND, Method, PaymentStatus
from people.models import Person

CLAIM_WITHIN = timedelta(days=90)  # after that we stop asking: not everybody who was asked was there


@dataclass(frozen=True)
class Next:
    """A heading, a sentence and one link. `is_asked` when the person has something to do."""

    title: str
    text: str
    url: str = ""
    action: str = ""
    is_asked: bool = True


def next_thing(person: Person) -> Next:
    """What comes first for this person, in the order in which waiting would cost them most."""
    for asked in _IN_ORDER:
        if (found := asked(person)) is not None:
            return found
    return Next(
        "There is nothing you need to do",
        "When we ask you to take part in something, or need something from you, it is shown here.",
        is_asked=False,
    )


def _invitation(person: Person) -> Next | None:
    open_offers = Offer.objects.filter(
        contributor=person,
        answer__in=OPEN_ANSWERS,
        amount__gt=0,
        activity__cancelled_by="",
        activity__starts_at__gt=now(),
    )
    offer = open_offers.select_related("activity").order_by("activity__starts_at", "pk").first()
    if offer is None:
        return None
    day = _long_day(london_day(offer.activity.starts_at))
    return Next(
        "Answer an invitation",
        f"“{offer.activity.title}” is on {day}. Tell us before then how much of the money for your time you "
        "want to take.",
        reverse("invitations:invitation", args=[offer.pk]),
        "Read the invitation",
    )


def _draft(person: Person) -> Next | None:
    claim = Claim.objects.filter(contributor=person, status=ClaimStatus.DRAFT).order_by("-pk").first()
    if claim is None:
        return None
    where = f"/claims/{claim.reference}/check/"
    return Next(f"Finish your claim {claim.reference}", "It is not sent yet.", where, "Carry on with it")


def _question(person: Person) -> Next | None:
    asked = ClaimLine.objects.filter(claim__contributor=person, status=LineStatus.QUERIED)
    line = asked.select_related("claim").order_by("claim_id", "position").first()
    if line is None:
        return None
    reference = line.claim.reference
    return Next(
        f"Answer our question about claim {reference}",
        "We need something from you before we can decide all of it.",
        reverse("claims:claim", args=[reference]),
        "Read the question",
    )


def _meeting(person: Person) -> Next | None:
    """Something they were asked to that is over, for which they have no claim."""
    claimed = Claim.objects.filter(contributor=person, activity__isnull=False).exclude(
        status=ClaimStatus.WITHDRAWN
    )
    over = Offer.objects.filter(
        contributor=person,
        activity__cancelled_by="",
        activity__ends_at__lte=now(),
        activity__ends_at__gt=now() - CLAIM_WITHIN,
    ).exclude(activity__in=claimed.values("activity_id"))
    offer = over.select_related("activity").order_by("activity__ends_at", "pk").first()
    if offer is None:
        return None
    day = _long_day(london_day(offer.activity.starts_at))
    return Next(
        f"Claim for “{offer.activity.title}”",
        f"It was on {day}. If you were there, claim your time and what you spent.",
        "/claims/new/",
        "Make a claim",
    )


def _returned(person: Person) -> Next | None:
    """A payment came back, and nothing was sent since."""
    payments = Payment.objects.filter(person=person).exclude(
        status__in=[PaymentStatus.PREPARED, PaymentStatus.TAKEN_OUT]
    )
    payments = payments.exclude(never_taken())  # nothing was wrong with their bank details
    newest = payments.select_related("details", "run").order_by("-run_id", "-pk").first()
    if newest is None or newest.status != PaymentStatus.RETURNED:
        return None
    if newest.method in BY_HAND:
        return Next(
            "A payment did not arrive",
            f"{_sum([newest])} did not arrive, so we still owe you this money. You can choose another way to "
            "be paid. We pay it again.",
            reverse("payments:payment", args=[newest.pk]),
            "See the payment",
            is_asked=False,
        )
    if newest.details is None or newest.details.retired_at is not None:
        return None
    return Next(
        "Check your bank details",
        "Your bank sent a payment back to us. We still owe you this money, and send it again when your "
        "details are right.",
        reverse("bank-details:overview"),
        "Check your bank details",
    )


def _details(person: Person) -> Next | None:
    """Asked for only where something goes by bank: not with somebody's pay, nor as they chose otherwise."""
    with_pay = PayrollMark.objects.filter(
        organisation=OuterRef("claim__organisation"), person=person, until__isnull=True
    )
    lines = ClaimLine.objects.filter(
        claim__contributor=person, claim__status__in=[ClaimStatus.SUBMITTED, ClaimStatus.DECIDED]
    )
    by_bank = paid_by_bank(lines.exclude(Exists(with_pay), counts_as=CountsAs.FEE))
    if not by_bank.exists() or has_details(person):
        return None
    return Next(
        "Tell us where to send your money",
        "We do not have your bank details yet.",
        reverse("bank-details:overview"),
        "Add bank details",
    )


def _on_its_way(person: Person) -> Next | None:
    rows = list(
        Payment.objects.filter(person=person, status=PaymentStatus.SENT).select_related("run").order_by("-pk")
    )
    if not rows:
        return None
    news = []
    for method in Method:
        if not (those := [each for each in rows if each.method == method]):
            continue
        if method == Method.PAYROLL:
            news.append(f"{_sum(those)} comes with your pay on {_last(those)}.")
        else:
            amount = f"{_sum(those)}{amount_in(method)}"
            news.append(f"{amount} should be {where(method)} by the end of {_last(those)}.")
    return Next(
        "Money is on its way to you",
        " ".join([*news, "There is nothing you need to do."]),
        f"{reverse('payments:list')}?view=own",
        "See what it is for",
        is_asked=False,
    )


def _sum(payments: list[Payment]) -> str:
    return money_text(sum(each.amount for each in payments), payments[0].run.currency)


def _last(payments: list[Payment]) -> str:
    return _long_day(max(each.run.pay_on for each in payments))


def _waiting(person: Person) -> Next | None:
    """The claim whose money was promised first, among those on which nothing is decided yet."""
    waiting = Claim.objects.filter(contributor=person, status=ClaimStatus.SUBMITTED)
    claim = waiting.order_by("promised_by", "pk").first()
    if claim is None or claim.promised_by is None:
        return None
    return Next(
        "There is nothing you need to do",
        f"We have your claim {claim.reference}. What we owe you for it should be with you by "
        f"{_long_day(claim.promised_by)}.",
        reverse("claims:claim", args=[claim.reference]),
        "See how it stands",
        is_asked=False,
    )


def _long_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


_IN_ORDER: tuple[Callable[[Person], Next | None], ...] = (
    _invitation,
    _draft,
    _question,
    _meeting,
    _returned,
    _details,
    _on_its_way,
    _waiting,
)
