"""What the database refuses about undoing, also by raw SQL: the step is possible, and nothing beside it."""

from dataclasses import dataclass

import pytest
from django.db import IntegrityError, connection, transaction

from claims.models import Decision, Outcome, Undoing
from claims.services.undoing import undo_decision
from tests.attempts import Attempt, here, judge
from tests.cast import Cast
from tests.claims.paper import BUS, decided, typed
from tests.worlds import world

pytestmark = pytest.mark.usefixtures("policy")
STAYS = ("undoing_stays",), ("undoing_unchanged",)


@dataclass(frozen=True)
class Ids:
    """A decided line, one whose decision was undone, and a claim of which all is decided."""

    line: int
    claim: int
    decision: int
    posted: int
    undone_line: int
    undoing: int
    anil: int
    cora: int
    lena: int
    project: int


@world
def ids(cast: Cast) -> Ids:
    line, other = typed(cast, BUS, BUS.replace("B1", "B2").replace("R-1", "R-2"))
    decision = decided(cast, line)
    undone = decided(cast, other)
    undoing = undo_decision(actor=cast.anil, decision_id=undone.pk, reason="A slip.")
    assert decision.entry is not None
    return Ids(
        line=line.pk,
        claim=line.claim_id,
        decision=decision.pk,
        posted=decision.entry.pk,
        undone_line=other.pk,
        undoing=undoing.pk,
        anil=cast.anil.pk,
        cora=cast.cora.pk,
        lena=cast.lena.pk,
        project=cast.project.pk,
    )


def opened(ids: Ids, extra: str = "") -> str:
    return (
        "UPDATE claims_claimline SET status = 'open', reason = '', allowed = NULL, decided_by_id = NULL, "
        f"decided_at = NULL, high_rate_miles = 0{extra} WHERE id = {ids.line}"
    )


def undoing(ids: Ids, *, by: int, entry: str = "NULL", contributor: int | None = None) -> str:
    return (
        "INSERT INTO claims_undoing (decision_id, reason, contributor_id, entered_by_id, undone_by_id, "
        f"undone_at, entry_id) VALUES ({ids.decision}, 'x', {contributor or ids.cora}, {ids.lena}, {by}, "
        f"'2026-11-23 09:00:00+00:00', {entry})"
    )


def again(ids: Ids, of_round: int) -> str:
    """A second decision on the line, as if the first did not stand."""
    return (
        "INSERT INTO claims_decision (line_id, number, round, outcome, reason, over_budget_reason, "
        f"contributor_id, entered_by_id, decided_by_id, decided_at) VALUES ({ids.line}, 2, {of_round}, "
        f"'approve', '', '', {ids.cora}, {ids.lena}, {ids.anil}, '2026-11-23 09:00:00+00:00')"
    )


ATTEMPTS = [
    Attempt(
        "open a line whose decision stands", ("line_moves",), ("line_opened_again",), lambda i: [opened(i)]
    ),
    Attempt(
        "open a line as another one",
        ("line_moves",),
        ("line_opened_again",),
        lambda i: [opened(i, ", category = 'care'")],
    ),
    Attempt(
        "open a claim of which nothing waits",
        ("claim_moves",),
        ("claim_opened_again",),
        lambda i: [f"UPDATE claims_claim SET status = 'submitted' WHERE id = {i.claim}"],
    ),
    Attempt(
        "empty the shares of a decided line",
        ("share_set_once",),
        ("share_set_once",),
        lambda i: [f"UPDATE claims_lineshare SET amount = 0, policy_amount = 0 WHERE line_id = {i.line}"],
    ),
    Attempt(
        "decide in a round that has not come",
        ("decision_in_its_round",),
        ("decision_in_its_round",),
        lambda i: [again(i, 1)],
    ),
    Attempt(
        "undo without reversing what was posted",
        ("undoing_fits",),
        ("undoing_fits",),
        lambda i: [undoing(i, by=i.anil)],
    ),
    Attempt(
        "undo with an entry that reverses nothing",
        ("undoing_fits",),
        ("undoing_fits",),
        lambda i: [undoing(i, by=i.anil, entry=str(i.posted))],
    ),
    Attempt("change an undoing", *STAYS, lambda i: ["UPDATE claims_undoing SET reason = 'y'"]),
    Attempt(
        "remove an undoing",
        ("undoing_stays", "undone_share_stays"),
        ("undoing_kept", "undone_share_kept"),
        lambda i: ["DELETE FROM claims_undoneshare", "DELETE FROM claims_undoing"],
    ),
    Attempt(
        "replace an undoing",
        (),
        ("undoing_not_replaced", "undoing_fits"),
        lambda i: ["INSERT OR REPLACE INTO claims_undoing SELECT * FROM claims_undoing"],
    ),
    Attempt(
        "change what was undone",
        ("undone_share_stays",),
        ("undone_share_unchanged",),
        lambda i: ["UPDATE claims_undoneshare SET amount = 1"],
    ),
    Attempt(
        "keep another share than there was",
        ("undone_share_fits",),
        ("undone_share_fits",),
        lambda i: [
            "INSERT INTO claims_undoneshare (undoing_id, project_id, amount, policy_amount) "
            f"VALUES ({i.undoing}, {i.project + 1}, 7, 7)"
        ],
    ),
    Attempt(
        "replace what was undone",
        (),
        ("undone_share_not_replaced", "undone_share_fits"),
        lambda i: ["INSERT OR REPLACE INTO claims_undoneshare SELECT * FROM claims_undoneshare"],
    ),
]


@pytest.mark.parametrize("attempt", here(ATTEMPTS))
def test_it_is_refused_by_its_guard(attempt: Attempt, ids: Ids) -> None:
    judge(attempt, ids)


def test_two_decisions_of_one_round_are_refused_by_the_constraint(cast: Cast) -> None:
    [line] = typed(cast, BUS)
    first = decided(cast, line)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            line=line,
            number=2,
            round=first.round,
            outcome=Outcome.APPROVE,
            contributor=cast.cora,
            entered_by=cast.lena,
            decided_by=cast.anil,
            decided_at=first.decided_at,
        )


def test_nobody_undoes_by_raw_sql_what_is_theirs(cast: Cast, ids: Ids) -> None:
    for person in (ids.cora, ids.lena):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(undoing(ids, by=person))
    assert Undoing.objects.count() == 1
