"""What was decided before, as far as it matters for the price of a line: caps, papers, days and miles."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from claims.models import Claim, ClaimLine, MileageDeclaration
from claims.pricing import lines as priced
from claims.pricing.vocabulary import Kind, Mode
from claims.pricing_rows import LOST, as_line
from claims.workflow import PAYABLE, ClaimStatus
from common.dates import tax_year
from people.models import Organisation

Miles = Mapping[tuple[str, str], Decimal]
SENT = frozenset({ClaimStatus.SUBMITTED, ClaimStatus.DECIDED})


@dataclass(frozen=True)
class Before:
    """Car miles that used up the tier, per (contributor, tax year), and the lines decided before."""

    miles: Miles
    already: list[priced.Decided]


def before(lines: Sequence[priced.ClaimLine], organisation: Organisation) -> Before:
    """Everything decided or declared before that can change the price of these lines."""
    return Before(miles=_miles(lines), already=_already(lines, organisation))


def claims_that_bear_on(line: ClaimLine) -> QuerySet[Claim]:
    """The line's claim, and every sent claim whose decision could change the price of this line.

    Two decisions of which one changes the price of the other have a claim in common here: locking them
    all, in order, makes one wait for the other.
    """
    theirs = Q(lines__date=line.date)
    if _is_car(line.kind, line.mode):
        theirs |= Q(lines__kind=Kind.MILEAGE, lines__mode=Mode.CAR)
    bears = Q(contributor_id=line.claim.contributor_id) & theirs
    if line.receipt not in ("", LOST):
        bears |= Q(organisation_id=line.claim.organisation_id, lines__receipt=line.receipt)
    related = Claim.objects.filter(bears, status__in=SENT).values("pk")
    return Claim.objects.filter(Q(pk=line.claim_id) | Q(pk__in=related))


def _already(lines: Sequence[priced.ClaimLine], organisation: Organisation) -> list[priced.Decided]:
    """Lines that were refused are left out: their receipt is free again."""
    papers = {line.receipt for line in lines if line.receipt}
    shares = (
        Q(claim__reference__in={line.claim for line in lines})
        | Q(claim__contributor_id__in=_people(lines), date__in={line.on for line in lines})
        | Q(receipt__in=papers)
    )
    decided = ClaimLine.objects.filter(shares, claim__organisation=organisation, status__in=PAYABLE)
    return [
        priced.Decided(line=as_line(line, currency=line.claim.currency), allowed=line.allowed or 0)
        for line in decided.select_related("claim").order_by("decided_at", "pk")
    ]


def _miles(lines: Sequence[priced.ClaimLine]) -> Miles:
    """Declared miles, and those of decided lines of any organisation; summed here, because a sum of
    decimals on SQLite is a float."""
    people = _people([line for line in lines if _is_car(line.kind, line.mode or "")])
    total: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    if not people:
        return total
    for declared in MileageDeclaration.objects.filter(contributor_id__in=people):
        total[str(declared.contributor_id), declared.tax_year] += declared.miles
    used = ClaimLine.objects.filter(
        claim__contributor_id__in=people, kind=Kind.MILEAGE, mode=Mode.CAR, status__in=PAYABLE
    )
    for person, day, miles in used.values_list("claim__contributor_id", "date", "high_rate_miles"):
        total[str(person), tax_year(day)] += miles
    return total


def _people(lines: Sequence[priced.ClaimLine]) -> set[int]:
    return {int(line.contributor) for line in lines}


def _is_car(kind: str, mode: str) -> bool:
    return kind == Kind.MILEAGE and mode == Mode.CAR
