"""The worked claims end to end: typed in from paper, decided, owed, and verified."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from django.core.management import call_command

from claims import verify
from claims.models import ClaimLine, LineShare, Outcome
from claims.services.deciding import decide
from common.money import decimal_text
from ledger.models import Category, Transfer
from ledger.services import budgets
from people.models import Channel, RoleKind
from people.services import add_person, grant_role
from tests.cast import Cast
from tests.claims.paper import decided

NAMES = ("Amira", "Ben", "Carys", "Erin", "Idris", "Farid", "Gwen", "Hari")


@pytest.fixture
def riverbend(cast: Cast, demo: Path) -> None:
    """Eight contributors, budgets that suffice, a lead of both projects, and the policy from its file."""
    for name in NAMES:
        person = add_person(actor=cast.abel, name=f"{name} Example", channel=Channel.POST)
        grant_role(
            actor=cast.abel,
            person=person,
            kind=RoleKind.CONTRIBUTOR,
            organisation=cast.riverside,
            project=cast.project,
        )
    grant_role(
        actor=cast.abel,
        person=cast.anil,
        kind=RoleKind.LEAD,
        organisation=cast.riverside,
        project=cast.other_project,
    )
    plan = {str(category): 100_000 for category in Category}
    for project, lead in ((cast.project, cast.anil), (cast.other_project, cast.bea)):
        proposed = budgets.propose(actor=lead, project=project, lines=plan)
        budgets.agree(actor=cast.farah, budget_id=proposed.pk)
    call_command(
        "import_policy",
        demo / "policy.toml",
        organisation="riverside",
        email="farah@example.org",
        second="fern@example.org",
    )


def imported(demo: Path) -> None:
    call_command(
        "import_claims",
        demo / "claims.csv",
        organisation="riverside",
        project="PROJ-A",
        email="lena@example.org",
        declarations=demo / "declarations.csv",
    )


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


@pytest.mark.usefixtures("riverbend")
def test_estimates_are_the_amounts_computed_by_hand(demo: Path) -> None:
    imported(demo)
    found = {(line.claim.handle, line.handle): line for line in ClaimLine.objects.select_related("claim")}
    for row in rows(demo / "expected.csv"):
        line = found[row["claim"], row["line"]]
        assert (decimal_text(line.estimate), line.counts_as) == (row["allowed"], row["counts_as"]), row


@pytest.mark.usefixtures("riverbend")
def test_decided_one_by_one_they_owe_the_amounts_computed_by_hand(cast: Cast, demo: Path) -> None:
    imported(demo)
    lines = list(ClaimLine.objects.select_related("claim").order_by("claim__pk", "position"))
    for line in lines:
        decided(cast, line)
    found = {(line.claim.handle, line.handle): line for line in ClaimLine.objects.select_related("claim")}
    owed: dict[int, int] = defaultdict(int)
    for row in rows(demo / "expected.csv"):
        line = found[row["claim"], row["line"]]
        assert decimal_text(line.allowed or 0) == row["allowed"], row
        owed[line.claim.contributor_id] += line.allowed or 0
    for row in rows(demo / "expected_shares.csv"):
        share = LineShare.objects.get(line=found[row["claim"], row["line"]], project__code=row["project"])
        assert decimal_text(share.amount) == row["amount"]
    posted: dict[int, int] = defaultdict(int)
    for party, amount in Transfer.objects.filter(credit__kind="owed").values_list("party", "amount"):
        posted[party or 0] += amount
    assert posted == {person: amount for person, amount in owed.items() if amount}
    assert list(verify.problems(cast.riverside)) == []


@pytest.mark.usefixtures("riverbend")
def test_importing_them_again_adds_nothing(demo: Path) -> None:
    imported(demo)
    before = list(ClaimLine.objects.order_by("pk").values())
    imported(demo)
    assert list(ClaimLine.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("riverbend")
def test_a_budget_holder_goes_over_the_budget_with_a_reason(cast: Cast, demo: Path) -> None:
    imported(demo)
    low = budgets.propose(actor=cast.anil, project=cast.project, lines={"care": 5_000})
    budgets.agree(actor=cast.farah, budget_id=low.pk)
    line = ClaimLine.objects.get(claim__handle="C3", handle="1")
    with pytest.raises(budgets.OverBudget, match="budget holder"):
        decided(cast, line)
    decision = decide(
        actor=cast.hana,
        line_id=line.pk,
        outcome=Outcome.APPROVE,
        over_budget_reason="Care was promised in writing.",
    )
    assert decision.over_budget_reason == "Care was promised in writing."
    assert list(verify.problems(cast.riverside)) == []
