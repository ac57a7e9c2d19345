"""What somebody who signs a payment run has to know: what is unusual in it, and who may sign or send it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from claims.models import NAMED
from claims.ways import named_by
from common.dates import now, today
from common.errors import IllegalMove
from common.money import money_text
from payments.formats.signing_sheet import KIND_WORDS, Instead, KindTotal, Noted, SigningSheet, Unusual
from payments.models import Acting, BankDetails, Payment, PaymentItem, PaymentRun, RunFile
from payments.permissions import may_sign
from payments.queries.runs import runs_visible_to
from payments.when import moment_words
from payments.workflow import PaymentStatus, RunStatus
from people.models import FINANCE, Person, Role, RoleKind
from people.permissions import COUNTING, in_force, organisations_with

MOST_LARGEST = 10
SOMEBODY_NAMED = "Charities and groups that people named"


@dataclass(frozen=True, slots=True)
class _Row:
    """One payment of the run. Minor units."""

    pk: int
    reference: str
    person_id: int
    name: str
    kind: str
    amount: int
    details_id: int | None
    digits: str
    account: str  # the keyed fingerprint, never shown
    acting: str


@dataclass(frozen=True, slots=True)
class _Past:
    """What was sent before: the details last used of each person, and their usual amount of each kind."""

    details: Mapping[int, int | None]
    usual: Mapping[tuple[int, str], int]
    shared: frozenset[str]


def sheet_of(run: PaymentRun, *, named: bool = True) -> SigningSheet:
    """What stands on the signing sheet of a run, in a fixed number of queries.

    Raises IllegalMove for a void run: there is nothing to sign. "Before" is before the signature, so that the
    sheet of a signed run says for ever what its signer saw.
    """
    if run.status == RunStatus.VOID:
        raise IllegalMove("This run is void, so there is nothing to sign.")
    rows = _rows(run)
    file = RunFile.objects.filter(run=run, version=run.version).values_list("sha256", flat=True).first()
    return SigningSheet(
        organisation=run.organisation.name,
        number=run.number,
        version=run.version,
        pay_on=run.pay_on,
        paid_how=run.paid_how,
        currency=run.currency,
        count=run.count,
        total=run.total,
        kinds=tuple(_kinds(rows)),
        sha256=file or "",
        prepared=_by(run.prepared_by, run.prepared_at),
        signed=_by(run.authorised_by, run.authorised_at),
        sent=_by(run.released_by, run.released_at),
        noted=tuple(_noted(rows, _past(run), run)),
        instead=tuple(_instead(run, named=named)),
    )


def _rows(run: PaymentRun) -> list[_Row]:
    found = (
        _paid_in(run)
        .order_by("pk")
        .values_list(
            "pk",
            "reference",
            "person_id",
            "person__name",
            "counts_as",
            "amount",
            "details_id",
            "details__last_digits",
            "details__fingerprint",
            "details__acting",
        )
    )
    return [_Row(*row[:7], digits=row[7] or "", account=row[8] or "", acting=row[9] or "") for row in found]


def _paid_in(run: PaymentRun) -> QuerySet[Payment]:
    return Payment.objects.filter(run=run).exclude(status=PaymentStatus.TAKEN_OUT)


def _kinds(rows: Sequence[_Row]) -> Iterable[KindTotal]:
    for kind, words in KIND_WORDS.items():
        amounts = [row.amount for row in rows if row.kind == kind]
        if amounts:
            yield KindTotal(words, len(amounts), sum(amounts))


def _instead(run: PaymentRun, *, named: bool) -> Iterable[Instead]:
    """The charities and groups that a run pays; by name for finance alone, whose signer checks each."""
    paid: dict[str, list[int]] = defaultdict(list)
    if run.method in NAMED:
        for payment in _paid_in(run).select_related("instruction"):
            if payment.instruction is not None:
                name = named_by(payment.instruction) if named else SOMEBODY_NAMED
                paid[name].append(payment.amount)
    return [Instead(name, len(paid[name]), sum(paid[name])) for name in sorted(paid, key=str.casefold)]


def _past(run: PaymentRun) -> _Past:
    """Of this organisation only: what others pay somebody is none of the signer's business."""
    earlier = Payment.objects.filter(
        organisation=run.organisation,
        run__released_at__lte=run.authorised_at or now(),
        person__in=_paid_in(run).order_by().values("person"),
    ).exclude(run=run)
    last = earlier.order_by().values("person").annotate(last=Max("pk")).values("last")
    sums = earlier.order_by().values_list("person_id", "counts_as").annotate(Sum("amount"), Count("pk"))
    in_run = BankDetails.objects.filter(payments__in=_paid_in(run).order_by()).values("fingerprint")
    current = BankDetails.objects.filter(retired_at__isnull=True, fingerprint__in=in_run)
    shared = current.order_by().values("fingerprint").annotate(people=Count("person", distinct=True))
    return _Past(
        details=dict(Payment.objects.filter(pk__in=last).values_list("person_id", "details_id")),
        usual={(person, kind): total // count for person, kind, total, count in sums},
        shared=frozenset(shared.filter(people__gt=1).values_list("fingerprint", flat=True)),
    )


def _noted(rows: Sequence[_Row], past: _Past, run: PaymentRun) -> list[Noted]:
    """Payments worth a second look: those with most reasons first, then the largest."""
    few = min(MOST_LARGEST, max(1, -(-len(rows) // 10)))
    largest = {row.pk for row in sorted(rows, key=lambda row: (-row.amount, row.pk))[:few]}
    together: dict[str, dict[int, str]] = defaultdict(dict)
    for row in rows:
        together[row.account][row.person_id] = row.name
    found: list[Noted] = []
    for row in rows:
        reasons = dict(_history_reasons(row, past, run.currency))
        if row.account:
            reasons |= dict(_account_reasons(row, together[row.account], past))
        if row.pk in largest:
            reasons[Unusual.LARGEST] = Unusual.LARGEST.value
        if reasons:
            found.append(_note(row, reasons, run))
    return sorted(found, key=lambda each: (-len(each.why), -each.amount, each.payment_id))


def _history_reasons(row: _Row, past: _Past, currency: str) -> Iterable[tuple[Unusual, str]]:
    if row.person_id not in past.details:
        yield Unusual.NEW, Unusual.NEW.value
        return
    before = past.details[row.person_id]
    if row.details_id is not None and before is not None and before != row.details_id:
        yield Unusual.CHANGED, Unusual.CHANGED.value
    usual = past.usual.get((row.person_id, row.kind))
    if usual is not None and row.amount > 2 * usual:
        yield Unusual.MORE, f"More than double their usual {money_text(usual, currency)}"


def _account_reasons(row: _Row, holders: Mapping[int, str], past: _Past) -> Iterable[tuple[Unusual, str]]:
    """Kindly: families and carers often share an account. The signer only has to know."""
    if row.acting:
        yield Unusual.ACTING, f"Goes to their {Acting(row.acting).label}"
    others = sorted(name for person, name in holders.items() if person != row.person_id)
    if others:
        yield Unusual.SHARED, f"Goes to the same account as {', '.join(others)}"
    elif row.account in past.shared:
        yield Unusual.SHARED, "Somebody who is not in this run has the same account"


def _note(row: _Row, reasons: Mapping[Unusual, str], run: PaymentRun) -> Noted:
    ordered = [why for why in Unusual if why in reasons]
    return Noted(
        payment_id=row.pk,
        reference=row.reference,
        payee=row.name,
        kind=KIND_WORDS[row.kind],
        account=f"account ending {row.digits}" if row.details_id else run.paid_how,
        amount=row.amount,
        why=tuple(ordered),
        reasons=tuple(reasons[why] for why in ordered),
    )


def _by(who: Person | None, at: datetime | None) -> str:
    if who is None or at is None:
        return ""
    return f"{who}, {moment_words(at)}"


def runs_waiting_for(person: Person) -> QuerySet[PaymentRun]:
    """The runs that this person may sign or send now: `may_sign` and `may_release` as one query."""
    pays_me = _paid_here().filter(person=person)
    paid = PaymentItem.objects.filter(payment__run=OuterRef("pk"))
    items = paid.exclude(payment__status=PaymentStatus.TAKEN_OUT)  # not by `live`, as in may_sign
    hand_in_it = items.filter(Q(line__decided_by=person) | Q(line__claim__entered_by=person))
    entered = _paid_here().filter(details__entered_by=person)
    taken_out = Payment.history.filter(
        run_id=OuterRef("pk"), status=PaymentStatus.TAKEN_OUT, history_user_id=person.pk
    )
    to_sign = (
        Q(status=RunStatus.PREPARED, organisation__in=organisations_with(person, [RoleKind.APPROVER]))
        & ~Q(prepared_by=person)
        & ~Exists(hand_in_it)
        & ~Exists(entered)
        & ~Exists(taken_out)
    )
    to_send = Q(status=RunStatus.AUTHORISED, organisation__in=organisations_with(person, FINANCE))
    return runs_visible_to(person).filter(~Exists(pays_me), to_sign | to_send)


def _paid_here() -> QuerySet[Payment]:
    return Payment.objects.filter(run=OuterRef("pk")).exclude(status=PaymentStatus.TAKEN_OUT)


def signers_of(run: PaymentRun) -> list[str]:
    """Who may sign this run, by name, so that whoever prepared it knows whom to ask."""
    approvers = Role.objects.filter(
        in_force(today()),
        COUNTING,
        kind=RoleKind.APPROVER,
        organisation=run.organisation,
    )
    people = Person.objects.filter(pk__in=approvers.values("person_id")).order_by("name", "pk")
    return [person.name for person in people if may_sign(person, run) is None]
