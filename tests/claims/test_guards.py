"""What the database itself refuses about claims, also by raw SQL, on both engines."""

from collections.abc import Callable
from itertools import product

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from audit import guards
from claims.models import (
    Answer,
    Claim,
    ClaimLine,
    Decision,
    FeeAnswer,
    LineShare,
    Offer,
    Outcome,
    Rate,
    RatePolicy,
    UsualAnswer,
)
from claims.services.offers import set_usual_answer
from claims.workflow import CLAIM_MOVES, LINE_MOVES, ClaimStatus, LineStatus
from common.dates import now
from common.workflow import pairs
from tests.cast import Cast
from tests.claims.paper import BUS, SESSION, decided, typed
from tests.claims.test_activities import added, offered
from tests.worlds import world

pytestmark = pytest.mark.usefixtures("policy")
KEPT = [Claim, ClaimLine, Decision, FeeAnswer, LineShare, Offer, Rate, RatePolicy, UsualAnswer]


def run(sql: str, *values: str | int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def refused(sql: str, *values: str | int) -> bool:
    try:
        run(sql, *values)
    except DatabaseError:
        return True
    return False


@world
def line(cast: Cast, policy: RatePolicy) -> ClaimLine:
    """A decided line of time; its claim still waits, for the bus."""
    time, _ = typed(cast, SESSION.format(answer="less:20.00"), BUS.replace("B1,1", "S1,2"))
    decided(cast, time)
    time.refresh_from_db()
    return time


@pytest.mark.parametrize(
    ("table", "statuses", "moves", "guard"),
    [
        ("claims_claim", list(ClaimStatus), CLAIM_MOVES, "claim_moves"),
        ("claims_claimline", list(LineStatus), LINE_MOVES, "line_moves"),
    ],
    ids=["claims", "lines"],
)
def test_statuses_move_only_as_the_workflow_says(
    cast: Cast, table: str, statuses: list[str], moves: dict[str, tuple[frozenset[str], str]], guard: str
) -> None:
    [line] = typed(cast, BUS)
    pk = line.claim_id if table == "claims_claim" else line.pk
    moved = set()
    for old, new in product(map(str, statuses), map(str, statuses)):
        with guards.without(*OFF[connection.vendor]):
            assert not refused(*put(table, pk, old))
        if old != new and not refused(*put(table, pk, new)):
            moved.add((old, new))
    assert moved == {(str(old), str(new)) for old, new in pairs(moves)}


OFF = {
    "sqlite": (
        "claim_moves",
        "claim_opened_again",
        "line_moves",
        "line_opened_again",
        "decided_line_stays",
        "paid_line_stays",
    ),
    "postgresql": ("claim_moves", "line_moves", "paid_line_stays"),
}


def put(table: str, pk: int, status: str) -> tuple[str, str, int]:
    """A change of status; for a line with the reason and the amount that constraints ask for."""
    extra = ""
    if table == "claims_claimline":
        why = "" if status == "open" else "why"
        extra = f", reason = '{why}', allowed = {'NULL' if status in ('open', 'queried', 'withdrawn') else 0}"
    return f"UPDATE {table} SET status = %s{extra} WHERE id = %s", status, pk


@pytest.mark.parametrize(
    "column",
    [
        "allowed = 1",
        "category = 'care'",
        "counts_as = 'expense'",
        "spent = 9",
        "quantity = 9",
        "reason = 'x'",
    ],
)
def test_a_decided_line_never_changes(line: ClaimLine, column: str) -> None:
    change = f"UPDATE claims_claimline SET {column} WHERE id = %s"
    assert refused(change, line.pk)
    guard = "decided_line_stays" if connection.vendor == "sqlite" else "line_moves"
    with guards.without(guard):
        assert not refused(change, line.pk)


def test_what_belongs_to_a_sent_claim_is_never_removed(line: ClaimLine) -> None:
    for table, column in (
        ("claims_feeanswer", "line_id"),
        ("claims_lineshare", "line_id"),
        ("claims_claimline", "id"),
    ):
        assert refused(f"DELETE FROM {table} WHERE {column} = %s", line.pk), table
    with guards.without("answer_kept"):
        assert not refused("DELETE FROM claims_feeanswer WHERE line_id = %s", line.pk)
    assert refused("DELETE FROM claims_claim WHERE id = %s", line.claim_id)


CHANGES: list[tuple[type[Model], str, tuple[str, ...]]] = [
    (Claim, "entered_by_id = contributor_id", ("claim_stays_whose_it_is", "claim_moves")),
    (Claim, "reference = 'C9'", ("claim_stays_whose_it_is", "claim_moves")),
    (LineShare, "amount = 1", ("share_set_once", "share_set_once")),
    (FeeAnswer, "answer = 'declined', less_amount = NULL", ("answer_unchanged", "answer_stays")),
    (Decision, "reason = 'another'", ("decision_entry_set_once", "decision_entry_set_once")),
    (Decision, "entry_id = NULL", ("decision_entry_set_once", "decision_entry_set_once")),
    (RatePolicy, "late_cancellation_share = 0", ("policy_unchanged", "policy_stays")),
    (Rate, "amount = 9", ("rate_unchanged", "rate_stays")),
    (Offer, "amount = 9", ("offer_answered", "offer_answered")),
    (Offer, "answer = 'unanswered', answered_at = NULL", ("offer_answered", "offer_answered")),
    (UsualAnswer, "answer = 'accepted'", ("usual_answer_unchanged", "usual_answer_stays")),
]


@pytest.mark.parametrize(
    ("model", "change", "names"), CHANGES, ids=[f"{m.__name__}: {c}" for m, c, _ in CHANGES]
)
@pytest.mark.usefixtures("line", "offer")
def test_a_change_is_refused_by_its_guard(model: type[Model], change: str, names: tuple[str, str]) -> None:
    sql = f"UPDATE {model._meta.db_table} SET {change}"
    assert refused(sql)
    with guards.without(names[connection.vendor == "postgresql"]):
        assert not refused(sql)


@world
def offer(cast: Cast, policy: RatePolicy) -> Offer:
    set_usual_answer(actor=cast.cora, answer=Answer.DECLINED)
    return offered(cast, added(cast), Answer.ACCEPTED)


def against(verb: str, table: str = "") -> list[str]:
    """The guards that fire on this verb, of one table or of all."""
    found = [each for each in guards.expected(connection.vendor) if table in ("", each.table)]
    return [each.name for each in found if verb in each.sql.split(" ON ")[0]]


def works_without(names: list[str], sql: str) -> bool:
    """The control: without these guards the statement goes through. Nothing of it stays."""
    with transaction.atomic(), guards.without(*names):
        done = not refused(sql)
        transaction.set_rollback(True)
    return done


@pytest.mark.parametrize(
    "model", [Claim, ClaimLine, LineShare, Decision, RatePolicy, Rate, Offer, UsualAnswer]
)
@pytest.mark.usefixtures("line", "offer")
def test_rows_are_never_removed(model: type[Model]) -> None:
    table = model._meta.db_table
    assert refused(f"DELETE FROM {table}")
    assert works_without(against("DELETE", table), f"DELETE FROM {table}")


@pytest.mark.parametrize("model", KEPT)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL truncates")
@pytest.mark.usefixtures("line", "offer")
def test_tables_are_never_emptied(model: type[Model]) -> None:
    connection.check_constraints()  # a table with keys still to be checked cannot be truncated anyway
    assert refused(f"TRUNCATE {model._meta.db_table} CASCADE")
    assert works_without(against("TRUNCATE"), f"TRUNCATE {model._meta.db_table} CASCADE")


@pytest.mark.parametrize("model", KEPT)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite replaces")
@pytest.mark.usefixtures("line", "offer")
def test_rows_are_never_replaced(model: type[Model]) -> None:
    run("PRAGMA recursive_triggers = OFF")
    table = model._meta.db_table
    assert refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert works_without(against("INSERT", table), f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.parametrize("who", ["the contributor", "who typed it", "somebody else's claim"])
def test_a_decision_names_the_people_of_its_claim(cast: Cast, who: str) -> None:
    [line] = typed(cast, BUS)
    people = {"contributor": cast.cora, "entered_by": cast.lena, "decided_by": cast.anil}
    people |= {
        "the contributor": {"decided_by": cast.cora, "contributor": cast.dev},
        "who typed it": {"decided_by": cast.lena, "entered_by": cast.dev},
        "somebody else's claim": {"contributor": cast.dev},
    }[who]

    def decide() -> Decision:
        with transaction.atomic():
            return Decision.objects.create(
                line=line, number=1, outcome=Outcome.APPROVE, decided_at=now(), **people
            )

    assert raises(decide)
    with guards.without("decision_names_the_claim"):
        assert not raises(decide)


def raises(function: Callable[[], object]) -> bool:
    try:
        function()
    except DatabaseError:
        return True
    return False


def test_every_guard_of_claims_is_in_place(cast: Cast) -> None:
    assert guards.disagreements() == []
