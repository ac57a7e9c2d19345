"""Verify says so when claims, books and commitments disagree: each check has its own planted error."""

from collections.abc import Callable

import pytest
from django.db import connection

from audit import guards
from claims import verify
from claims.models import ClaimLine, RatePolicy
from claims.services.lines import NewLine, release, reserve
from tests.cast import Cast
from tests.claims.paper import BUS, decided, typed

pytestmark = pytest.mark.usefixtures("policy")
OFF = {
    "sqlite": (
        "decided_line_stays",
        "line_moves",
        "claim_moves",
        "claim_opened_again",
        "share_set_once",
        "decision_entry_set_once",
        "claim_stays_whose_it_is",
    ),
    "postgresql": ("line_moves", "claim_moves", "share_set_once", "decision_entry_set_once"),
}


def sql(statement: str) -> Callable[[ClaimLine], None]:
    def plant(line: ClaimLine) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(line=line.pk, claim=line.claim_id))

    return plant


PLANTED: dict[str, tuple[Callable[[ClaimLine], None], str]] = {
    "another amount": (
        sql("UPDATE claims_claimline SET allowed = 499 WHERE id = {line}"),
        "499 is allowed, and 500 was posted",
    ),
    "another share": (
        sql("UPDATE claims_lineshare SET amount = 499 WHERE line_id = {line}"),
        "its shares sum to 499",
    ),
    "another category": (
        sql("UPDATE claims_claimline SET category = 'care' WHERE id = {line}"),
        "and 0 was posted there",
    ),
    "another typist": (
        sql("UPDATE claims_claim SET entered_by_id = contributor_id WHERE id = {claim}"),
        "names other people than the claim",
    ),
    "their own decision": (
        sql(
            "UPDATE claims_claim SET contributor_id = (SELECT decided_by_id FROM claims_decision"
            " WHERE line_id = {line}) WHERE id = {claim}"
        ),
        "decided by whoever claimed it",
    ),
    "no decision": (
        sql("UPDATE claims_decision SET outcome = 'ask about', reason = 'x' WHERE line_id = {line}"),
        "is approved without a decision",
    ),
    "closed too early": (
        sql("UPDATE claims_claim SET status = 'decided' WHERE id = {claim}"),
        "is decided, and a line of it waits",
    ),
    "a reservation lost": (
        lambda line: release(line.claim.lines.all()),
        "no money is reserved for it",
    ),
    "a reservation kept": (
        lambda line: reserve([NewLine(line, ceiling=500)]),
        "money is still reserved for it",
    ),
}


@pytest.fixture
def line(cast: Cast, policy: RatePolicy) -> ClaimLine:
    """A decided line of a claim of which another line waits."""
    first, _ = typed(cast, BUS, BUS.replace("B1,1", "B1,2").replace("R-1", "R-2"))
    decided(cast, first)
    return first


def test_all_is_well(cast: Cast, line: ClaimLine) -> None:
    assert list(verify.problems(cast.riverside)) == []
    assert list(verify.problems(cast.hillside)) == []


@pytest.mark.parametrize("name", PLANTED)
def test_it_finds_what_was_planted(cast: Cast, line: ClaimLine, name: str) -> None:
    plant, told = PLANTED[name]
    with guards.without(*OFF[connection.vendor]):
        plant(line)
    found = list(verify.problems(cast.riverside))
    assert any(told in problem for problem in found), found
    assert list(verify.problems(cast.hillside)) == []


def test_it_finds_a_claim_left_open(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    decided(cast, line)
    with guards.without(*OFF[connection.vendor]):
        sql("UPDATE claims_claim SET status = 'submitted' WHERE id = {claim}")(line)
    [problem] = verify.problems(cast.riverside)
    assert "waits for a decision, and no line of it does" in problem
