"""Which way one person's own money goes, by what they said. For their own pages only."""

from collections import defaultdict
from datetime import date, datetime, time

from claims.models import CountsAs, Instruction, Way
from claims.ways import way_at
from common.dates import LONDON
from people.models import Person

# What the way of a claim line hangs on.
ABOUT = ("claim__organisation", "counts_as", "claim__activity", "claim__activity__starts_at", "date")


class OwnWays:
    """What somebody told every organisation about how they are paid. Two queries."""

    def __init__(self, person: Person) -> None:
        self._said: dict[tuple[int, str], list[Instruction]] = defaultdict(list)
        for each in person.instructions.defer("named"):
            self._said[each.organisation_id, each.counts_as].append(each)
        marks = person.payroll_marks.filter(until__isnull=True)
        self._payroll = set(marks.values_list("organisation_id", flat=True))

    def way(self, organisation_id: int, kind: str, activity_id: int | None, start: datetime) -> Way:
        """The way that counts for money of this kind from something that starts then.

        Time that payroll pays comes to the person whatever they said, as by bank.
        """
        if kind == CountsAs.FEE and organisation_id in self._payroll:
            return Way.BANK
        said = way_at(self._said.get((organisation_id, kind), []), activity_id, start)
        return Way(said.way) if said else Way.BANK

    def of_line(
        self, organisation_id: int, kind: str, activity_id: int | None, starts_at: datetime | None, day: date
    ) -> Way:
        """The same of a claim line, by what `ABOUT` reads; without an activity it starts with its day."""
        start = starts_at or datetime.combine(day, time.min, LONDON)
        return self.way(organisation_id, kind, activity_id, start)
