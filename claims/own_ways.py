"""How somebody is paid, in words for their own pages alone, and what everybody can choose from."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from claims.models import CountsAs, Instruction, Way, WayOffered
from claims.ways import Instructions, in_order, named_by
from common.dates import now
from common.errors import NotVisible
from people.models import Organisation, Person, RoleKind

HOW = {
    Way.BANK: "by bank transfer",
    Way.VOUCHER: "as a voucher or gift card",
    Way.CASH: "in cash",
    Way.CHEQUE: "by cheque",
    Way.CODE: "as a cash-out code",
    Way.DONATION: "as a donation to a charity I name",
    Way.LEARNING: "into a learning or training fund",
    Way.GROUP: "to a group or organisation I name",
}
BANK_HINT = "It goes to the account that you tell us."


@dataclass(frozen=True)
class Choosable:
    """A way that everybody can choose here, and how it reaches people."""

    way: Way
    hint: str

    @property
    def how(self) -> str:
        """“as a voucher or gift card”, after “All of it”."""
        return HOW[self.way]

    @property
    def title(self) -> str:
        """“Voucher or gift card”, by itself."""
        words = {
            Way.DONATION: "Donation to a charity I name",
            Way.GROUP: "Payment to a group or organisation I name",
        }
        return words.get(self.way, self.way.label)


BANK = Choosable(Way.BANK, BANK_HINT)


@dataclass(frozen=True)
class Paid:
    """How money of one kind comes to somebody. For their own pages alone."""

    way: Way = Way.BANK
    named: str = ""
    wants_receipt: bool = False
    is_said: bool = False

    @property
    def words(self) -> str:
        """“in cash”, “to Friends of the Library”."""
        return f"to {self.named}" if self.named else HOW[self.way]


@dataclass(frozen=True)
class Standing:
    """How somebody is usually paid by one organisation, for their time or for costs."""

    organisation: Organisation
    kind: CountsAs
    paid: Paid
    ways: tuple[Choosable, ...]

    @property
    def can_change(self) -> bool:
        """Where there is something else to choose, or to go back to."""
        return len(self.ways) > 1 or self.paid.way != Way.BANK


class Offered:
    """What organisations can do, in one query however many they are."""

    def __init__(self, organisations: Collection[int]) -> None:
        self._rows: dict[int, list[WayOffered]] = defaultdict(list)
        for each in WayOffered.objects.filter(organisation__in=organisations):
            self._rows[each.organisation_id].append(each)

    def of(self, organisation_id: int, kind: CountsAs, amount: int | None = None) -> tuple[Choosable, ...]:
        """Bank transfer first, then the others in the order of all. `amount`: as in `ways_of`."""
        rows = self._rows.get(organisation_id, [])
        switched = [each for each in rows if (each.for_time if kind == CountsAs.FEE else each.for_costs)]
        others = (Choosable(Way(each.way), each.delivery) for each in in_order(switched, amount))
        return (BANK, *others)


class Said:
    """How people are paid by organisations, as they said it, in one query however many they are."""

    def __init__(self, people: Collection[int], organisations: Collection[int]) -> None:
        rows = Instruction.objects.filter(person__in=people, organisation__in=organisations)
        self._said = Instructions(rows)

    def paid(
        self, person_id: int, organisation_id: int, kind: CountsAs, activity_id: int | None, start: datetime
    ) -> Paid:
        """How money of this kind is paid for one activity, or usually. Raises CannotOpen."""
        counting = self._said.counting(person_id, organisation_id, kind, activity_id, start)
        if counting is None:
            return Paid()
        return Paid(Way(counting.way), named_by(counting), counting.wants_receipt, is_said=True)

    def says_for(self, person_id: int, organisation_id: int, kind: CountsAs, activity_id: int) -> bool:
        """Whether they said something for this activity, and not only what is usual."""
        said = self._said.said(person_id, organisation_id, kind)
        return any(each.activity_id == activity_id for each in said)


def own_standing(person: Person) -> list[Standing]:
    """How the person is usually paid by each organisation where they contribute: for time, then for costs."""
    roles = person.roles.filter(kind=RoleKind.CONTRIBUTOR)
    where: Sequence[Organisation] = list(
        Organisation.objects.filter(pk__in=roles.values("organisation")).order_by("name", "pk")
    )
    keys = [each.pk for each in where]
    offered, said, moment = Offered(keys), Said([person.pk], keys), now()
    return [
        Standing(each, kind, said.paid(person.pk, each.pk, kind, None, moment), offered.of(each.pk, kind))
        for each in where
        for kind in (CountsAs.FEE, CountsAs.EXPENSE)
    ]


def own_standing_of(person: Person, organisation_id: int, kind: CountsAs) -> Standing:
    """The same for one organisation and kind. Raises NotVisible where the person does not contribute."""
    for each in own_standing(person):
        if (each.organisation.pk, each.kind) == (organisation_id, kind):
            return each
    raise NotVisible("There is no such page.")
