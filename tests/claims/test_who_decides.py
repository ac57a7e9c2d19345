"""Nobody decides what is theirs, what they typed, or what they benefit from; over budget, only a holder."""

import pytest

from audit.models import Event
from claims.models import Decision, Outcome
from claims.workflow import LineStatus
from common.errors import NotPermitted, NotVisible
from ledger.models import Commitment
from ledger.services import budgets
from ledger.services.budgets import OverBudget
from people.models import Person, RoleKind
from people.services import add_login, grant_role, link
from tests.cast import Cast
from tests.claims.paper import BUS, SESSION, decided, typed

pytestmark = pytest.mark.usefixtures("policy")


def lead(cast: Cast, person: Person) -> None:
    """Give somebody the role of lead, so that nothing but separation can refuse them."""
    grant_role(
        actor=cast.abel,
        person=person,
        kind=RoleKind.LEAD,
        organisation=cast.riverside,
        project=cast.project,
    )


@pytest.mark.parametrize(
    ("name", "why"), [("cora", "your own claim"), ("lena", "you typed in")], ids=["theirs", "typed"]
)
def test_a_lead_does_not_decide_what_is_theirs_or_what_they_typed(cast: Cast, name: str, why: str) -> None:
    [line] = typed(cast, BUS)
    person: Person = getattr(cast, name)
    lead(cast, person)
    with pytest.raises(NotPermitted, match=why):
        decided(cast, line, actor=person)
    assert not Decision.objects.exists()


def test_a_second_login_changes_nothing(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    lead(cast, cast.cora)
    second = add_login(actor=cast.abel, person=cast.cora, email="cora.at.work@example.org")
    with pytest.raises(NotPermitted, match="your own claim"):
        decided(cast, line, actor=Person.objects.get(logins=second))


def test_a_lead_who_helps_the_contributor_does_not_decide(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    link(actor=cast.abel, organisation=cast.riverside, contributor=cast.cora, link_person=cast.anil)
    with pytest.raises(NotPermitted, match="help this person"):
        decided(cast, line)


def test_a_lead_who_shared_the_taxi_does_not_decide(cast: Cast) -> None:
    theirs, other, mine = typed(
        cast, BUS, BUS.replace("B1,1", "B1,2").replace("R-1", "R-7"), BUS.replace("B1,1,cora", "B9,1,dev")
    )
    lead(cast, cast.dev)
    with pytest.raises(NotPermitted, match="same receipt"):
        decided(cast, theirs, actor=cast.dev)
    decided(cast, other, actor=cast.dev)  # another paper of the same claim is none of theirs
    assert mine.status == LineStatus.OPEN


@pytest.mark.parametrize("name", ["dev", "fern", "farah", "ada", "abel", "bea", "otto"])
def test_for_people_without_a_part_in_it_there_is_no_such_line(cast: Cast, name: str) -> None:
    [line] = typed(cast, BUS)
    with pytest.raises(NotVisible):
        decided(cast, line, actor=getattr(cast, name))


def test_it_takes_a_lead_of_every_project_that_carries_the_line(cast: Cast) -> None:
    [line] = typed(cast, BUS + "PROJ-A:2;PROJ-B:1")
    for one in (cast.anil, cast.bea):
        with pytest.raises(NotPermitted, match="every project"):
            decided(cast, line, actor=one)


def test_a_role_that_ended_decides_nothing(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    for role in cast.anil.roles.all():
        role.until = role.since
        role.save()
    with pytest.raises(NotVisible):
        decided(cast, line)


def low_budget(cast: Cast, category: str) -> None:
    proposed = budgets.propose(actor=cast.anil, project=cast.project, lines={category: 499})
    budgets.agree(actor=cast.farah, budget_id=proposed.pk)


def test_over_the_budget_only_a_holder_decides_and_says_why(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    low_budget(cast, "travel")
    for over in ("", "We promised."):
        with pytest.raises(OverBudget, match="£4.99"):
            decided(cast, line, over_budget_reason=over)  # Anil leads, and holds no budget
    with pytest.raises(NotPermitted, match="Only a lead"):
        decided(cast, line, actor=cast.hana)
    decision = decided(cast, line, actor=cast.hana, over_budget_reason="We promised.")
    assert decision.over_budget_reason == "We promised."
    assert Event.objects.filter(action="budget:overridden", actor_id=cast.hana.pk).exists()


def test_a_holder_does_not_stand_in_for_the_lead_within_the_budget(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    with pytest.raises(NotPermitted, match="Only a lead"):
        decided(cast, line, actor=cast.hana, over_budget_reason="Just so.")


def test_a_reason_that_was_not_needed_is_not_kept(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    assert decided(cast, line, over_budget_reason="Just in case.").over_budget_reason == ""


@pytest.mark.parametrize("answer", ["", "declined", "less:1.00"])
def test_the_budget_answers_alike_whatever_the_contributor_answered(cast: Cast, answer: str) -> None:
    [line] = typed(cast, SESSION.format(answer=answer))
    low_budget(cast, "fees")
    with pytest.raises(OverBudget) as refused:
        decided(cast, line)
    assert str(refused.value) == (
        "The budget of Project A does not cover this time. "
        "A budget holder of the project can decide this with a reason."
    )


def test_a_refusal_needs_no_budget(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    low_budget(cast, "travel")
    decided(cast, line, Outcome.REFUSE, reason="This was for another day.")
    assert not Commitment.objects.filter(closed_at__isnull=True).exists()
