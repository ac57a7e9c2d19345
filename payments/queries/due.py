"""What is due to whom, who can be paid now, and who is left out of a run and why."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, F, Min, OuterRef, QuerySet, Sum

from claims.models import ClaimLine, CountsAs
from claims.workflow import PAYABLE
from common.dates import london_day, now
from payments.models import BankDetails, PaymentItem, PayrollMark
from payments.queries.estates import estates_of
from payments.workflow import Method
from people.deaths import the_dead
from people.models import Organisation, Person

PAYS_YOU = "This pays you, so somebody else has to prepare it."
BY_PAYROLL = "Their money for time is paid through payroll."
KEYS = 10_000  # in one statement; SQLite takes at most 32,766
SEALED = ("account_name", "sort_code", "account_number", "roll_number")


@dataclass(frozen=True)
class DueRow:
    """What one contributor is owed and no run pays yet, of one kind. Minor units."""

    person_id: int
    name: str
    counts_as: str
    amount: int
    lines: int
    promised_by: date | None


@dataclass(frozen=True)
class DueLine:
    """A decided line that no run pays yet. Minor units."""

    line_id: int
    person_id: int
    counts_as: str
    category: str
    amount: int


@dataclass(frozen=True)
class Payee:
    """One payment that a run would make: one person, one kind. Minor units. No details: payroll pays."""

    person: Person
    counts_as: CountsAs
    details: BankDetails | None = field(repr=False)
    shares_account: bool
    lines: tuple[DueLine, ...]

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True)
class LeftOut:
    """Somebody to whom money is due that a run cannot pay now. Minor units."""

    person: Person
    amount: int
    reason: str


@dataclass(frozen=True)
class PreparedRun:
    """What a run would pay if it were prepared now, and whom it would leave out."""

    payees: tuple[Payee, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def count(self) -> int:
        return len(self.payees)

    @property
    def total(self) -> int:
        """Minor units."""
        return sum(payee.amount for payee in self.payees)


def due_lines(organisation: Organisation) -> QuerySet[ClaimLine]:
    """Decided lines that allow something and are in no live payment, in the order they are locked."""
    live = PaymentItem.objects.filter(line=OuterRef("pk"), live=True)
    return ClaimLine.objects.filter(
        ~Exists(live), claim__organisation=organisation, status__in=sorted(PAYABLE), allowed__gt=0
    ).order_by("claim_id", "pk")


def payroll_lines(organisation: Organisation) -> QuerySet[ClaimLine]:
    """Those of the due lines that a payroll run pays: time of people who are paid through payroll."""
    marked = marks_in_force(organisation).values("person")
    return due_lines(organisation).filter(counts_as=CountsAs.FEE, claim__contributor__in=marked)


def marks_in_force(organisation: Organisation) -> QuerySet[PayrollMark]:
    """Whose time this organisation pays through payroll now; what it owes the dead goes to their estate."""
    marks = PayrollMark.objects.filter(organisation=organisation, until__isnull=True)
    return marks.exclude(person__in=the_dead())


def due(organisation: Organisation) -> list[DueRow]:
    """What is due, by contributor and kind; the longest promised first. One query."""
    rows = (
        due_lines(organisation)
        .order_by()
        .values("claim__contributor_id", "claim__contributor__name", "counts_as")
        .annotate(amount=Sum("allowed"), lines=Count("pk"), promised_by=Min("claim__promised_by"))
    )
    found = [
        DueRow(
            person_id=row["claim__contributor_id"],
            name=row["claim__contributor__name"],
            counts_as=row["counts_as"],
            amount=row["amount"],
            lines=row["lines"],
            promised_by=row["promised_by"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (row.promised_by or date.max, row.person_id, row.counts_as))


def lines_for(organisation: Organisation, method: Method) -> QuerySet[ClaimLine]:
    """The due lines that a run of this kind looks at; a bank run also says what it leaves to payroll."""
    return payroll_lines(organisation) if method == Method.PAYROLL else due_lines(organisation)


def preview(organisation: Organisation, preparer: Person, method: Method = Method.BANK) -> PreparedRun:
    """What a run prepared by this person now would pay, and whom it would leave out and why."""
    return gather(organisation, preparer, lines_for(organisation, method), method)


def gather(
    organisation: Organisation,
    preparer: Person,
    lines: QuerySet[ClaimLine],
    method: Method = Method.BANK,
    *,
    lock: bool = False,
) -> PreparedRun:
    """Sort due lines into payments and people left out; `lock` holds them until the transaction ends.

    A fixed number of queries for every ten thousand people.
    """
    marked = set(marks_in_force(organisation).values_list("person", flat=True))
    by_bank: dict[int, list[DueLine]] = defaultdict(list)
    by_payroll: dict[int, list[DueLine]] = defaultdict(list)
    for line in _read(lines, lock=lock):
        to_payroll = line.counts_as == CountsAs.FEE and line.person_id in marked
        (by_payroll if to_payroll else by_bank)[line.person_id].append(line)
    known = _Known([*by_bank.keys() | by_payroll.keys()])
    if method == Method.PAYROLL:
        return _through_payroll(by_payroll, known, preparer)
    left_to_payroll = [
        LeftOut(known.people[key], sum(line.amount for line in by_payroll[key]), BY_PAYROLL)
        for key in sorted(by_payroll)
    ]
    found = _by_bank(by_bank, known, preparer)
    return PreparedRun(found.payees, (*found.left_out, *left_to_payroll))


def _read(lines: QuerySet[ClaimLine], *, lock: bool) -> Iterable[DueLine]:
    rows = lines.annotate(payee=F("claim__contributor_id")).only("counts_as", "category", "allowed")
    for line in rows.select_for_update(of=("self",)) if lock else rows:
        yield DueLine(line.pk, line.payee, line.counts_as, line.category, line.allowed or 0)


def _through_payroll(by_person: dict[int, list[DueLine]], known: "_Known", preparer: Person) -> PreparedRun:
    """Money for time of people on the payroll: payroll knows where it goes."""
    payees: list[Payee] = []
    left_out: list[LeftOut] = []
    for key in sorted(by_person):
        person = known.people[key]
        payee = Payee(person, CountsAs.FEE, None, shares_account=False, lines=tuple(by_person[key]))
        if person == preparer:
            left_out.append(LeftOut(person, payee.amount, PAYS_YOU))
        else:
            payees.append(payee)
    return PreparedRun(tuple(payees), tuple(left_out))


def _by_bank(by_person: dict[int, list[DueLine]], known: "_Known", preparer: Person) -> PreparedRun:
    payees: list[Payee] = []
    left_out: list[LeftOut] = []
    for person_id in sorted(by_person):
        person, theirs = known.people[person_id], by_person[person_id]
        details = known.details.get(person_id)
        if reason := why_not_to_the_dead(person, known.dead, known.estates, details) or _why_not(
            person, details, preparer
        ):
            left_out.append(LeftOut(person, sum(line.amount for line in theirs), reason))
        elif details is not None:
            payees.extend(_payments(person, details, details.fingerprint in known.shared, theirs))
    return PreparedRun(tuple(payees), tuple(left_out))


def why_not_to_the_dead(
    person: Person, dead: set[int], estates: set[int], details: BankDetails | None
) -> str:
    """What is owed to somebody who has died goes to their estate, and to no other account."""
    if person.pk not in dead or (details is not None and details.pk in estates):
        return ""
    return f"{person} has died. This goes to the estate, once its account is entered and verified."


def _payments(
    person: Person, details: BankDetails, shares_account: bool, lines: list[DueLine]
) -> Iterable[Payee]:
    """Money for time and money back for costs never share a payment."""
    for kind in (CountsAs.EXPENSE, CountsAs.FEE):
        if own := tuple(line for line in lines if line.counts_as == kind):
            yield Payee(person, kind, details, shares_account, own)


class _Known:
    """What is known of these people: their accounts, who shares them, and who of them has died.

    Without the sealed fields of the accounts: whom a run pays is told without opening any.
    """

    def __init__(self, keys: Sequence[int]) -> None:
        self.people: dict[int, Person] = {}
        self.details: dict[int, BankDetails] = {}  # the account in use, or the one that waits to be verified
        self.shared: set[str] = set()
        self.dead: set[int] = set()
        for start in range(0, len(keys), KEYS):
            self._read(keys[start : start + KEYS])
        self.estates = estates_of(self.dead)

    def _read(self, keys: Sequence[int]) -> None:
        self.people |= {person.pk: person for person in Person.objects.filter(pk__in=keys)}
        self.dead |= set(the_dead().filter(person__in=keys))
        current = BankDetails.objects.filter(retired_at__isnull=True)
        theirs = current.filter(person__in=keys)
        for each in theirs.defer(*SEALED).order_by("person_id", "entered_at"):
            if each.person_id not in self.details or each.verified_at is not None:
                self.details[each.person_id] = each
        holders = current.filter(fingerprint__in=theirs.values("fingerprint")).order_by()
        counted = holders.values("fingerprint").annotate(people=Count("person", distinct=True))
        self.shared |= set(counted.filter(people__gt=1).values_list("fingerprint", flat=True))


def _why_not(person: Person, details: BankDetails | None, preparer: Person) -> str:
    """Why this person cannot be paid in a run of this preparer; empty when they can."""
    if details is None:
        return "They have not given bank details yet."
    if details.usable_from is None:
        return "Their bank details wait for somebody in finance to verify them."
    if details.usable_from > now():
        day = london_day(details.usable_from)
        return f"Their bank details were changed and can be used from {day.day} {day:%B %Y}."
    if person == preparer:
        return PAYS_YOU
    if details.entered_by_id == preparer.pk:
        return "You entered their bank details, so somebody else has to prepare this."
    return ""
