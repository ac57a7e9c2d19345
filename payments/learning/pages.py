"""What each reader may see of learning funds: one's own, and what people asked where one keeps the money."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from common.errors import NotVisible
from ledger.models import AccountKind, Transfer
from payments.models import LearningSpend
from payments.queries.runs import READERS
from people.models import FINANCE, Organisation, Person
from people.permissions import organisations_with


@dataclass(frozen=True)
class Fund:
    """Somebody's learning fund in one organisation. Minor units; `free` is what they can still ask for."""

    organisation: Organisation
    balance: int
    free: int
    asked: Sequence[LearningSpend]


def funds_of(person: Person) -> list[Fund]:
    """The learning funds of this person, also those that are empty by now. Four queries."""
    balances: dict[int, int] = defaultdict(int)
    for sign, side in ((1, "credit"), (-1, "debit")):
        moved = Transfer.objects.filter(party=person.pk, **{f"{side}__kind": AccountKind.LEARNING})
        sums = moved.order_by().values_list(f"{side}__organisation").annotate(sum=Sum("amount"))
        for organisation_id, amount in sums:
            balances[organisation_id] += sign * amount
    asked: dict[int, list[LearningSpend]] = defaultdict(list)
    for spend in person.learning_spends.order_by("-pk"):
        asked[spend.organisation_id].append(spend)
    return [
        _fund(each, balances[each.pk], asked[each.pk])
        for each in Organisation.objects.filter(pk__in=list(balances)).order_by("name", "pk")
    ]


def fund_of(person: Person, code: str) -> Fund:
    """The fund of this person in the organisation with this code. Raises NotVisible."""
    found = next((each for each in funds_of(person) if each.organisation.code == code), None)
    if found is None:
        raise NotVisible("There is no such learning fund.")
    return found


def has_fund(person: Person) -> bool:
    """Did anything ever go into a learning fund of this person?"""
    return Transfer.objects.filter(party=person.pk, credit__kind=AccountKind.LEARNING).exists()


def _fund(organisation: Organisation, balance: int, asked: Sequence[LearningSpend]) -> Fund:
    waiting = sum(spend.amount for spend in asked if spend.agreed is None)
    return Fund(organisation, balance, balance - waiting, asked)


def spends_read(person: Person) -> QuerySet[LearningSpend]:
    """What people asked for where this person keeps or checks the money; never what they asked themselves."""
    theirs = Q(organisation__in=organisations_with(person, READERS)) & ~Q(person=person)
    found = LearningSpend.objects.filter(theirs)
    return found.select_related("organisation", "person", "answered_by")


def spends_kept(person: Person) -> QuerySet[LearningSpend]:
    """The same, where this person keeps the money and so may answer."""
    return spends_read(person).filter(organisation__in=organisations_with(person, FINANCE))
