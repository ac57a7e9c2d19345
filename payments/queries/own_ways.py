"""Which way one person's own money goes, by what they said. For their own pages only."""

from datetime import date, datetime

from claims.models import CountsAs, Way
from claims.ways import Instructions, start_of
from people.models import Person

# What the way of a claim line hangs on.
ABOUT = ("claim__organisation", "counts_as", "claim__activity", "claim__activity__starts_at", "date")


class OwnWays:
    """What somebody told every organisation about how they are paid. Two queries."""

    def __init__(self, person: Person) -> None:
        self._person = person.pk
        self._said = Instructions(person.instructions.defer("named"))
        marks = person.payroll_marks.filter(until__isnull=True)
        self._payroll = set(marks.values_list("organisation_id", flat=True))

    def way(self, organisation_id: int, kind: str, activity_id: int | None, start: datetime) -> Way:
        """The way that counts for money of this kind from something that starts then.

        Time that payroll pays comes to the person whatever they said, as by bank.
        """
        if kind == CountsAs.FEE and organisation_id in self._payroll:
            return Way.BANK
        said = self._said.counting(self._person, organisation_id, kind, activity_id, start)
        return Way(said.way) if said else Way.BANK

    def of_line(
        self, organisation_id: int, kind: str, activity_id: int | None, starts_at: datetime | None, day: date
    ) -> Way:
        """The same of a claim line, by what `ABOUT` reads."""
        return self.way(organisation_id, kind, activity_id, start_of(starts_at, day))
