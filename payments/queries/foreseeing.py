"""What a run would come to if it were prepared now, for pages: its payments are counted, not held."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q, Sum

from claims.models import CountsAs, Instruction, Way
from common.dates import now
from payments.models import BankDetails
from payments.queries.due import LeftOut, due_lines, marks_in_force
from payments.queries.sorting import gather
from people.deaths import the_dead
from people.models import Organisation, Person


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How many payments of how much (minor units) a run would make, and whom it would leave out."""

    count: int
    total: int
    left_out: tuple[LeftOut, ...]


def foresee(organisation: Organisation, preparer: Person) -> Foreseen:
    """What `preview` says of a bank run prepared by this person, without its payments.

    Only the lines of people whom the run may leave out are read, and sorted as the run would sort them; the
    database counts the others. A fixed number of queries.
    """
    lines, in_doubt = due_lines(organisation), _in_doubt(organisation, preparer)
    sure = lines.order_by()
    for doubt in in_doubt:
        sure = sure.exclude(doubt)
    of_kind = {
        str(kind): Count("claim__contributor", distinct=True, filter=Q(counts_as=kind)) for kind in CountsAs
    }
    counted = sure.aggregate(sum=Sum("allowed"), **of_kind)
    found = gather(organisation, preparer, lines.filter(reduce(or_, in_doubt)))
    return Foreseen(
        count=found.count + sum(counted[kind] for kind in of_kind),
        total=found.total + (counted["sum"] or 0),
        left_out=found.left_out,
    )


def _in_doubt(organisation: Organisation, preparer: Person) -> list[Q]:
    """Everything for which `gather` may leave somebody out; it may be more, and must not be less."""
    usable = BankDetails.objects.filter(
        ~Q(entered_by=preparer),
        person=OuterRef("claim__contributor"),
        retired_at__isnull=True,
        usable_from__lte=now(),
    )
    by_payroll = marks_in_force(organisation).values("person")
    chose_otherwise = Instruction.objects.filter(organisation=organisation).exclude(way=Way.BANK)
    return [
        Q(~Exists(usable)),
        Q(counts_as=CountsAs.FEE, claim__contributor__in=by_payroll),
        Q(claim__contributor=preparer),
        Q(claim__contributor__in=the_dead()),
        Q(claim__contributor__in=chose_otherwise.values("person")),
    ]
