"""What waits for somebody in a finance office: lines, returned payments, runs. For checklists and desks."""

from dataclasses import dataclass

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, Sum, Value, When

from claims.workflow import PAYABLE
from payments.models import Ended, HandOver, Match, Payment, PaymentItem, PaymentRun, StatementLine
from payments.workflow import BY_HAND, PaymentStatus, RunStatus
from people.models import Organisation, Person


def waiting_lines(organisation: Organisation) -> QuerySet[StatementLine]:
    """Statement lines that nobody has matched or explained yet, of all accounts."""
    known = Match.objects.filter(line=OuterRef("pk"), undone_at__isnull=True)
    return StatementLine.objects.filter(~Exists(known), account__organisation=organisation)


def returned_waiting(organisation: Organisation) -> QuerySet[Payment]:
    """Payments that came back and with which nobody has dealt.

    Dealt with is money that was put into another payment, or that has another account to go to. Money that
    was handed over has no account: it waits until it is in another payment.
    """
    again = PaymentItem.objects.filter(line=OuterRef("line"), live=True)
    unpaid = PaymentItem.objects.filter(
        ~Exists(again), payment=OuterRef("pk"), line__status__in=sorted(PAYABLE)
    )
    came_back = Payment.objects.filter(organisation=organisation, status=PaymentStatus.RETURNED)
    return came_back.filter(Exists(unpaid), details__retired_at__isnull=True)


def handed_back() -> QuerySet[HandOver]:
    """What was handed over and did not reach the person; a mistake undone was never handed over."""
    return HandOver.objects.exclude(ended="").exclude(ended=Ended.MISTAKE)


@dataclass(frozen=True)
class ToHandOver:
    """Payments of a sent run not handed over yet: how many, how much (minor units), how many one's own."""

    run: PaymentRun
    count: int
    amount: int
    own: int


def to_hand_over(organisation: Organisation, person: Person) -> list[ToHandOver]:
    """Runs that were sent and are not handed over to the last payment, first day to pay first."""
    left = Q(payments__status=PaymentStatus.SENT)
    runs = PaymentRun.objects.filter(organisation=organisation, method__in=BY_HAND, status=RunStatus.SENT)
    counted = runs.annotate(
        waiting=Count("payments", filter=left),
        waiting_amount=Sum("payments__amount", filter=left),
        own=Count("payments", filter=left & Q(payments__person=person)),
    )
    return [
        ToHandOver(run, run.waiting, run.waiting_amount, run.own)
        for run in counted.filter(waiting__gt=0).order_by("pay_on", "pk")
    ]


def runs_under_way(organisation: Organisation, person: Person) -> QuerySet[PaymentRun]:
    """Runs that wait for a signature or to be sent, oldest first.

    `pays_them` and `had_a_hand` say in the same query what `permissions.may_sign` and `may_release` ask run
    by run, but for the roles; a test compares them.
    """
    live = Payment.objects.filter(~Q(status=PaymentStatus.TAKEN_OUT), run=OuterRef("pk"))
    paid = PaymentItem.objects.filter(payment__run=OuterRef("pk"))
    items = paid.exclude(payment__status=PaymentStatus.TAKEN_OUT)  # not by `live`, as in may_sign
    taken_out = Payment.history.filter(
        run_id=OuterRef("pk"), status=PaymentStatus.TAKEN_OUT, history_user_id=person.pk
    )
    theirs = (
        Q(prepared_by=person)
        | Exists(taken_out)
        | Exists(items.filter(Q(line__decided_by=person) | Q(line__claim__entered_by=person)))
        | Exists(live.filter(details__entered_by=person))
    )
    runs = PaymentRun.objects.filter(
        organisation=organisation, status__in=[RunStatus.PREPARED, RunStatus.AUTHORISED]
    )
    return runs.annotate(
        pays_them=Exists(live.filter(person=person)),
        had_a_hand=Case(When(theirs, then=Value(True)), default=Value(False), output_field=BooleanField()),
    ).order_by("pk")
