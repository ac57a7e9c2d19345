"""Whether a budget covers time, and what is left of it, tells no answer: not now, later or by undoing."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from claims.models import ClaimLine, Decision, Outcome
from claims.queries.room import room_of
from claims.queries.wall import fees_as_leads_see_them
from claims.services.settling import Choice
from claims.services.trial import try_out
from claims.services.undoing import undo_decision
from common.dates import set_now
from ledger.models import Category
from ledger.services import budgets
from ledger.services.budgets import OverBudget
from people.models import Person, RoleKind
from people.services import add_person, grant_role
from tests.cast import Cast, put_in_force
from tests.claims.paper import POLICY, SESSION, decided, typed

NOVEMBER = datetime(2026, 11, 20, 12, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 20, 12, tzinfo=UTC)
JANUARY = datetime(2027, 1, 20, 12, tzinfo=UTC)
TWO_HOURS = 5_500  # minor units the policy gives
ANSWERS = ["", "declined", "less:1.00"]


@pytest.fixture(autouse=True)
def in_november(cast: Cast) -> Iterator[None]:
    with set_now(NOVEMBER):
        put_in_force(cast, POLICY)
        yield


def plan(cast: Cast, fees: int) -> None:
    proposed = budgets.propose(actor=cast.anil, project=cast.project, lines={"fees": fees})
    budgets.agree(actor=cast.farah, budget_id=proposed.pk)


def claimed(cast: Cast, number: int, answer: str, person: str = "cora") -> ClaimLine:
    row = SESSION.format(answer=answer).replace("S1,1,cora", f"S{number},1,{person}")
    [line] = typed(cast, row.replace("2026-11-10", f"2026-11-{10 + number % 10}"))
    return line


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_budget_covers_time_or_not_whatever_was_answered_before(cast: Cast, answer: str) -> None:
    plan(cast, 2 * TWO_HOURS)
    for number in (1, 2):
        decided(cast, claimed(cast, number, answer))
    assert room_of(cast.project, Category.FEES).left == 0
    with pytest.raises(OverBudget, match="does not cover this time"):
        decided(cast, claimed(cast, 3, ""))


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_check_before_sending_tells_no_answer(cast: Cast, answer: str) -> None:
    line = claimed(cast, 1, answer)
    choice = Choice(line.pk, Outcome.APPROVE)
    trial = try_out(actor=cast.anil, claim_id=line.claim_id, decisions=[choice])
    [effect] = trial.effects
    assert (effect.before.spent, effect.after.spent, effect.after.promised) == (0, TWO_HOURS, 0)
    assert trial.lines[0].allowed is None
    assert not Decision.objects.exists()


def people(cast: Cast, number: int) -> list[Person]:
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


@pytest.mark.parametrize("answer", ANSWERS)
def test_undoing_in_a_later_month_does_not_change_a_month_that_was_counted(cast: Cast, answer: str) -> None:
    """Six people: the lead knows what all six took. Were the sixth taken off it, the change would tell."""
    answers = [answer, "", "", "", "", ""]
    lines = [
        claimed(cast, number, each, person.number)
        for number, (person, each) in enumerate(zip(people(cast, 6), answers, strict=True))
    ]
    for line in lines:
        decided(cast, line)
    with set_now(DECEMBER):
        before = fees_as_leads_see_them(cast.project)
        decision = Decision.objects.get(line=lines[0])
        undo_decision(actor=cast.anil, decision_id=decision.pk, reason="The wrong day.")
        assert before - fees_as_leads_see_them(cast.project) == TWO_HOURS
    with set_now(JANUARY):
        assert before - fees_as_leads_see_them(cast.project) == TWO_HOURS


@pytest.mark.parametrize("answer", ANSWERS)
def test_somebody_whose_decision_was_undone_does_not_make_up_the_number(cast: Cast, answer: str) -> None:
    """Four people and one undone are four: their month waits, at the policy's value."""
    answers = [answer, "", "", "", "declined"]
    lines = [
        claimed(cast, number, each, person.number)
        for number, (person, each) in enumerate(zip(people(cast, 5), answers, strict=True))
    ]
    for line in lines:
        decided(cast, line)
    undo_decision(actor=cast.anil, decision_id=Decision.objects.get(line=lines[3]).pk, reason="A slip.")
    with set_now(DECEMBER):
        assert fees_as_leads_see_them(cast.project) == 4 * TWO_HOURS
