"""Proposing and agreeing budgets, promising money, and refusing what a budget does not cover."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.actions import Action
from audit.models import Event
from common.errors import DomainError, IllegalMove, NotPermitted
from ledger.models import AccountKind, Budget, BudgetStatus, Commitment, Stage
from ledger.queries import open_commitments, planned, position
from ledger.services import periods
from ledger.services.accounts import account, bank_ledger_account
from ledger.services.budgets import OverBudget, agree, check_spending, propose
from ledger.services.commitments import close_commitments, move_commitment, open_commitment
from ledger.services.opening import fund, open_books
from ledger.services.posting import AlreadyPosted, reverse_entry
from tests.cast import PLAN, Cast
from tests.ledger.books import NOVEMBER, owe


def fits(cast: Cast, amount: int, own_source: str = "") -> bool:
    try:
        check_spending(project=cast.project, category="travel", amount=amount, own_source=own_source)
    except OverBudget:
        return False
    return True


def promise(cast: Cast, source: str, amount: int, stage: Stage = Stage.COMMITTED) -> Commitment:
    return open_commitment(project=cast.project, category="travel", stage=stage, amount=amount, source=source)


def test_an_agreed_budget_replaces_the_one_before(cast: Cast) -> None:
    proposal = propose(actor=cast.anil, project=cast.project, lines={"travel": 200_000, "fees": 0})
    assert planned(cast.project) == PLAN
    agreed = agree(actor=cast.farah, budget_id=proposal.pk)

    assert (agreed.version, agreed.status, agreed.agreed_by) == (2, BudgetStatus.AGREED, cast.farah)
    assert planned(cast.project) == {"travel": 200_000, "fees": 0}
    assert Budget.objects.get(pk=cast.budget.pk).status == BudgetStatus.REPLACED
    assert Event.objects.latest("pk").action == Action.BUDGET_AGREED


def test_a_budget_is_agreed_once(cast: Cast) -> None:
    proposal = propose(actor=cast.anil, project=cast.project, lines={"travel": 5})
    agree(actor=cast.farah, budget_id=proposal.pk)
    for budget in (proposal, cast.budget):
        with pytest.raises(IllegalMove, match="Cannot agree a budget that is"):
            agree(actor=cast.farah, budget_id=budget.pk)


@pytest.mark.parametrize("name", ["cora", "lena", "bea", "hana", "ada", "abel", "otto"])
def test_only_the_lead_or_finance_proposes_and_only_finance_agrees(cast: Cast, name: str) -> None:
    actor, proposal = (
        getattr(cast, name),
        propose(actor=cast.anil, project=cast.project, lines={"travel": 5}),
    )
    with pytest.raises(NotPermitted):
        propose(actor=actor, project=cast.project, lines={"travel": 5})
    for nobody in (actor, cast.anil):
        with pytest.raises(NotPermitted):
            agree(actor=nobody, budget_id=proposal.pk)
    assert Budget.objects.count() == 2


def test_finance_does_not_agree_what_it_proposed_itself(cast: Cast) -> None:
    proposal = propose(actor=cast.fern, project=cast.project, lines={"travel": 5})
    with pytest.raises(NotPermitted, match="Somebody else"):
        agree(actor=cast.fern, budget_id=proposal.pk)
    assert agree(actor=cast.farah, budget_id=proposal.pk).agreed_by == cast.farah


def test_a_budget_needs_a_category(cast: Cast) -> None:
    with pytest.raises(DomainError, match="at least one category"):
        propose(actor=cast.anil, project=cast.project, lines={})


def test_spending_fits_to_the_penny_and_not_one_more(cast: Cast) -> None:
    assert fits(cast, 100_000)
    assert not fits(cast, 100_001)


def test_what_is_spent_promised_and_claimed_is_no_longer_there(cast: Cast) -> None:
    owe(cast, "claim:1", 10_000)
    promise(cast, "offer:1", 20_000)
    promise(cast, "line:1", 30_000, Stage.CLAIMED)
    assert fits(cast, 40_000)
    assert not fits(cast, 40_001)
    assert fits(cast, 70_000, own_source="line:1")  # its own reservation is what it replaces
    with pytest.raises(OverBudget, match=r"Travel in Project A has £400\.00 left; £400\.01 was asked for\."):
        check_spending(project=cast.project, category="travel", amount=40_001, own_source="")


def test_a_reversal_gives_the_money_back(cast: Cast) -> None:
    entry = owe(cast, "claim:1", 100_000)
    assert not fits(cast, 1)
    reverse_entry(entry=entry, reason="typed twice", date=NOVEMBER, actor=cast.fern)
    assert fits(cast, 100_000)


def test_without_an_agreed_budget_nothing_may_be_spent(cast: Cast) -> None:
    with pytest.raises(OverBudget, match="Project B has no agreed budget for travel"):
        check_spending(project=cast.other_project, category="travel", amount=1, own_source="")


def test_a_commitment_is_closed_and_never_edited(cast: Cast) -> None:
    first = promise(cast, "offer:1", 500)
    second = move_commitment(
        source="offer:1", project=cast.project, category="travel", amount=450, stage=Stage.CLAIMED
    )
    first.refresh_from_db()
    assert first.closed_at is not None
    assert (first.stage, first.amount) == (Stage.COMMITTED, 500)
    assert open_commitments(cast.project) == {("travel", Stage.CLAIMED): 450}
    assert close_commitments("offer:1") == 1
    assert close_commitments("offer:1") == 0
    second.refresh_from_db()
    assert second.closed_at is not None


def test_a_source_has_one_open_commitment_per_category(cast: Cast) -> None:
    promise(cast, "offer:1", 500)
    with pytest.raises(IntegrityError), transaction.atomic():
        promise(cast, "offer:1", 500)
    open_commitment(project=cast.project, category="fees", stage=Stage.COMMITTED, amount=9, source="offer:1")
    assert close_commitments("offer:1") == 2


def test_the_position_adds_up(cast: Cast) -> None:
    owe(cast, "claim:1", 10_000)
    promise(cast, "offer:1", 20_000)
    travel = next(row for row in position(cast.project) if row.category == "travel")
    assert (travel.planned, travel.owed, travel.committed, travel.paid) == (100_000, 10_000, 20_000, 0)
    assert travel.left == 70_000
    assert [row.left for row in position(cast.project, until=202610) if row.category == "travel"] == [80_000]


def test_books_are_opened_once_per_account(cast: Cast) -> None:
    entry = open_books(
        actor=cast.fern,
        organisation=cast.riverside,
        account=cast.bank,
        amount=5_000,
        date=NOVEMBER,
        narrative="Brought forward",
    )
    assert entry.number == 1
    with pytest.raises(AlreadyPosted):
        open_books(
            actor=cast.fern,
            organisation=cast.riverside,
            account=cast.bank,
            amount=5_000,
            date=NOVEMBER,
            narrative="Brought forward",
        )


def test_a_project_is_funded_more_than_once(cast: Cast) -> None:
    sources = [
        fund(
            actor=cast.fern,
            project=cast.project,
            account=cast.bank,
            amount=5_000,
            date=NOVEMBER,
            narrative="Grant",
        ).source
        for _ in range(2)
    ]
    assert sources == ["funding:1", "funding:2"]


@pytest.mark.parametrize("name", ["cora", "anil", "hana", "ada", "abel", "otto"])
def test_only_finance_keeps_the_books(cast: Cast, name: str) -> None:
    actor = getattr(cast, name)
    money: dict[str, Any] = {
        "actor": actor,
        "account": cast.bank,
        "amount": 5,
        "date": NOVEMBER,
        "narrative": "No",
    }
    with pytest.raises(NotPermitted):
        open_books(organisation=cast.riverside, **money)
    with pytest.raises(NotPermitted):
        fund(project=cast.project, **money)
    with pytest.raises(NotPermitted):
        periods.close(actor=actor, organisation=cast.riverside, month=202611)


def test_an_account_belongs_to_the_organisation_of_its_project(cast: Cast) -> None:
    assert bank_ledger_account(cast.riverside, "Current account") == cast.bank
    with pytest.raises(ValueError, match="another organisation"):
        account(cast.hillside, AccountKind.COST, cast.project, "travel")


@pytest.mark.parametrize("month", [0, 2026, 202600, 202613, 300001, 20261101])
def test_a_month_that_is_none_is_refused(cast: Cast, month: int) -> None:
    with pytest.raises(DomainError, match="Enter a month"):
        periods.close(actor=cast.farah, organisation=cast.riverside, month=month)
