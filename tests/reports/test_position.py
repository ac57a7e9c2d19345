"""Budget against spend: the books for finance, and the wall for a lead."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import ClaimLine
from common.dates import set_now
from ledger.models import AccountKind, Category
from ledger.services.accounts import account
from ledger.services.posting import Leg, post_entry
from people.models import Person, RoleKind
from people.services import add_person, grant_role
from reports.position import CategoryPosition, disagreements_with_books, for_finance, for_lead
from tests.cast import PLAN, Cast, put_in_force
from tests.claims.paper import POLICY, decided, typed

NOVEMBER = datetime(2026, 11, 20, 12, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 20, 12, tzinfo=UTC)
JANUARY = datetime(2027, 1, 20, 12, tzinfo=UTC)
SESSION = 5_500  # minor units the policy gives for two hours


@pytest.fixture(autouse=True)
def in_november(cast: Cast) -> Iterator[None]:
    with set_now(NOVEMBER):
        put_in_force(cast, POLICY)
        yield


def people(cast: Cast, number: int) -> list[Person]:
    """This many contributors of PROJ-A."""
    made = [add_person(actor=cast.abel, name=f"Person{n}", email=f"p{n}@example.org") for n in range(number)]
    for person in made:
        grant_role(
            actor=cast.abel,
            person=person,
            kind=RoleKind.CONTRIBUTOR,
            organisation=cast.riverside,
            project=cast.project,
        )
    return made


def session(cast: Cast, person: Person, answer: str = "") -> ClaimLine:
    """Two hours of this person's time, typed in and agreed."""
    handle = f"{person.number}-{ClaimLine.objects.count()}"
    [line] = typed(cast, f"{handle},1,{person.number},2026-11-10,time,session,2,hour,,,,,{answer},,")
    decided(cast, line)
    return line


def fees(rows: list[CategoryPosition]) -> CategoryPosition:
    return next(row for row in rows if row.category == Category.FEES)


def test_finance_sees_the_books(cast: Cast) -> None:
    [taken, not_taken] = people(cast, 2)
    session(cast, taken)
    session(cast, not_taken, "declined")
    typed(cast, f"W1,1,{taken.number},2026-11-10,fare,bus,,,5.00,,,R-W1,,,")
    rows = {row.category: row for row in for_finance(cast.project)}
    assert rows[Category.FEES] == CategoryPosition(
        Category.FEES, planned=PLAN[Category.FEES], owed=SESSION, cost=SESSION
    )
    assert rows[Category.FEES].left == PLAN[Category.FEES] - SESSION
    assert rows[Category.TRAVEL].claimed == 500
    assert rows[Category.TRAVEL].paid == 0


def test_this_months_time_stands_at_policy_value_for_a_lead(cast: Cast) -> None:
    for number, person in enumerate(people(cast, 5)):
        session(cast, person, "declined" if number == 0 else "")
    assert fees(for_finance(cast.project)).cost == 4 * SESSION
    assert fees(for_lead(cast.project)).cost == 5 * SESSION
    assert fees(for_lead(cast.project)).owed == 0


def test_a_month_that_is_over_counts_as_it_was_when_five_people_are_in_it(cast: Cast) -> None:
    for number, person in enumerate(people(cast, 5)):
        session(cast, person, "less:20.00" if number == 0 else "")
    with set_now(DECEMBER):
        assert fees(for_lead(cast.project)).cost == 4 * SESSION + 2_000


def test_a_month_of_four_people_waits_for_the_next(cast: Cast) -> None:
    first, *others = people(cast, 5)
    for person in others:
        session(cast, person)
    session(cast, others[0], "declined")
    with set_now(DECEMBER):
        assert fees(for_lead(cast.project)).cost == 5 * SESSION
        session(cast, first)
        assert fees(for_lead(cast.project)).cost == 6 * SESSION
    with set_now(JANUARY):
        assert fees(for_lead(cast.project)).cost == 5 * SESSION


def test_a_lead_sees_costs_as_they_are(cast: Cast) -> None:
    [person] = people(cast, 1)
    [line] = typed(cast, f"B9,1,{person.number},2026-11-10,fare,bus,,,5.00,,,R-B9,,,")
    decided(cast, line)
    travel = next(row for row in for_lead(cast.project) if row.category == Category.TRAVEL)
    assert (travel.cost, travel.owed) == (500, 500)


def test_its_cost_does_not_grow_with_the_ledger(cast: Cast) -> None:
    everyone = people(cast, 4)
    session(cast, everyone[0])
    assert cast.project.organisation.small_group == 5  # read here, not in what is counted
    with CaptureQueriesContext(connection) as few:
        for_lead(cast.project)
    for person in everyone[1:]:
        session(cast, person)
    with CaptureQueriesContext(connection) as many:
        for_lead(cast.project)
    assert len(few) == len(many) == 6


def test_a_position_below_zero_is_a_disagreement(cast: Cast) -> None:
    assert list(disagreements_with_books(cast.project)) == []
    owed = account(cast.riverside, AccountKind.OWED, cast.project, Category.TRAVEL)
    bank = account(cast.riverside, AccountKind.BANK, name="Current account")
    post_entry(
        organisation=cast.riverside,
        source="test:1",
        narrative="Money nobody was owed",
        date=NOVEMBER.date(),
        legs=[Leg(debit=owed, credit=bank, amount=100, party=cast.cora.pk)],
        actor=cast.fern,
    )
    assert list(disagreements_with_books(cast.project)) == ["The position of PROJ-A is below zero in travel."]
