"""Who can be paid now and how much at once, by bank and by every other way; and why somebody is left out."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count

from claims.models import NAMED, CountsAs, Instruction, WayOffered
from claims.ways import named_by
from common.dates import london_day, now
from common.money import money_text
from payments.models import BankDetails
from payments.queries.due import DueLine, LeftOut, Payee, PreparedRun
from payments.queries.estates import estates_of
from payments.workflow import Method
from people.deaths import the_dead
from people.models import Person

PAYS_YOU = "This pays you, so somebody else has to prepare it."
NEXT_RUN = "Part of this goes to somebody else whom they named. It is in the next run."
KEYS = 10_000  # in one statement; SQLite takes at most 32,766
SEALED = ("account_name", "sort_code", "account_number", "roll_number")

# By person: their lines, each with what they said about it.
Asked = Mapping[int, Sequence[tuple[DueLine, Instruction | None]]]


class Known:
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


def through_payroll(by_person: Asked, known: Known, preparer: Person) -> PreparedRun:
    """Money for time of people on the payroll: payroll knows where it goes."""
    payees: list[Payee] = []
    left_out: list[LeftOut] = []
    for key in sorted(by_person):
        person, lines = known.people[key], tuple(line for line, _ in by_person[key])
        payee = Payee(person, CountsAs.FEE, None, shares_account=False, lines=lines)
        if person == preparer:
            left_out.append(LeftOut(person, payee.amount, PAYS_YOU))
        else:
            payees.append(payee)
    return PreparedRun(tuple(payees), tuple(left_out))


def by_way(by_person: Asked, known: Known, preparer: Person, offered: WayOffered) -> PreparedRun:
    """Money that somebody hands over, or pays to whom they named: a payment for each person and kind."""
    payees: list[Payee] = []
    left_out: list[LeftOut] = []
    for key in sorted(by_person):
        person = known.people[key]
        if person == preparer:
            left_out.append(LeftOut(person, sum(line.amount for line, _ in by_person[key]), PAYS_YOU))
            continue
        for kind in (CountsAs.EXPENSE, CountsAs.FEE):
            asked = [each for each in by_person[key] if each[0].counts_as == kind]
            payee, rest, why = _one_payment(person, kind, asked, offered)
            payees += [payee] if payee else []
            left_out += [LeftOut(person, rest, why)] if rest else []
    return PreparedRun(tuple(payees), tuple(left_out))


def _one_payment(
    person: Person, kind: CountsAs, asked: Sequence[tuple[DueLine, Instruction | None]], offered: WayOffered
) -> tuple[Payee | None, int, str]:
    """As many lines as one payment takes; how much (minor units) is left for another, and why."""
    named = next((said for _, said in asked if said and offered.way in NAMED), None)
    to = named_by(named) if named else ""
    same = [line for line, said in asked if not named or (said and named_by(said) == to)]
    taken: list[DueLine] = []
    for line in same:
        if offered.most is None or sum(each.amount for each in taken) + line.amount <= offered.most:
            taken.append(line)
    rest = sum(line.amount for line, _ in asked) - sum(line.amount for line in taken)
    payee = Payee(person, kind, None, shares_account=False, lines=tuple(taken), instruction=named)
    above = [line for line in same if line not in taken]
    why = _too_much(offered, above) if above else NEXT_RUN
    return (payee if taken else None), rest, why


def _too_much(offered: WayOffered, left: Sequence[DueLine]) -> str:
    """What is above the limit by itself no later run can pay either."""
    most = offered.most or 0
    limit = money_text(most, offered.organisation.currency)
    words = f"One payment by {Method(offered.way).label.lower()} is at most {limit}."
    alone = any(line.amount > most for line in left)
    return f"{words} {'Ask them to choose another way.' if alone else 'The rest is in the next run.'}"


def by_bank(by_person: Asked, known: Known, preparer: Person) -> PreparedRun:
    payees: list[Payee] = []
    left_out: list[LeftOut] = []
    for person_id in sorted(by_person):
        person, theirs = known.people[person_id], [line for line, _ in by_person[person_id]]
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
