"""Two approvers at once: one line is decided once, one paper is paid once, one budget is spent once."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from audit import guards
from claims import verify
from claims.models import ClaimLine, Decision
from claims.services.verdicts import weigh
from common.errors import IllegalMove
from ledger.models import Transfer
from ledger.services import budgets
from ledger.services.commitments import close_commitments
from people.models import Person, RoleKind
from people.services import grant_role
from tests.cast import Cast
from tests.claims.paper import BUS, decided, typed
from tests.databases import in_threads

pytestmark = [
    pytest.mark.usefixtures("committed_db", "policy"),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite lets one writer in at a time"),
]
GUARDS = ("line_moves",)
ONCE = "a_line_is_decided_once", "one_decision_per_number"


@pytest.fixture
def leads(cast: Cast) -> list[Person]:
    """Four people who may decide."""
    people = [cast.anil, cast.bea, cast.fern, cast.ada]
    for person in people[1:]:
        grant_role(
            actor=cast.abel,
            person=person,
            kind=RoleKind.LEAD,
            organisation=cast.riverside,
            project=cast.project,
        )
    return people


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: decide without locking first, and long enough to be overtaken."""
    monkeypatch.setattr("claims.services.settling.lock", lambda claims: claims)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows.all())

    def slowly(*args: Any, **kwargs: Any) -> Any:
        result = weigh(*args, **kwargs)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
        return result

    monkeypatch.setattr("claims.services.settling.weigh", slowly)


def owed() -> int:
    return sum(Transfer.objects.filter(credit__kind="owed").values_list("amount", flat=True))


def all_decide(cast: Cast, leads: list[Person], lines: list[ClaimLine]) -> list[Decision | Exception]:
    return in_threads(
        [
            partial(decided, cast, line, actor=lead)
            for lead, line in zip(leads, lines * len(leads), strict=False)
        ]
    )


def test_one_line_is_decided_once(cast: Cast, leads: list[Person]) -> None:
    lines = typed(cast, BUS)
    results = all_decide(cast, leads, lines)
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert sum(isinstance(result, IllegalMove) for result in results) == 3
    assert owed() == 500
    assert list(verify.problems(cast.riverside)) == []


@pytest.mark.usefixtures("unlocked")
def test_without_the_lock_the_constraint_still_decides_it_once(cast: Cast, leads: list[Person]) -> None:
    lines = typed(cast, BUS)
    results = all_decide(cast, leads, lines)
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert any(isinstance(result, IntegrityError) for result in results)
    assert owed() == 500


@pytest.fixture
def unconstrained(cast: Cast) -> Iterator[None]:
    """Constraints and guards off: what they are worth shows."""
    with connection.schema_editor() as editor:
        for constraint in Decision._meta.constraints:
            if constraint.name in ONCE:
                editor.remove_constraint(Decision, constraint)
    with guards.without(*GUARDS):
        yield


@pytest.mark.usefixtures("unlocked", "unconstrained")
def test_without_lock_and_constraint_it_would_be_owed_twice(cast: Cast, leads: list[Person]) -> None:
    with guards.without("share_set_once"):
        results = all_decide(cast, leads, typed(cast, BUS))
    assert sum(isinstance(result, Decision) for result in results) > 1
    assert owed() > 500


def test_one_paper_on_two_claims_is_paid_once(cast: Cast, leads: list[Person]) -> None:
    lines = typed(cast, BUS, BUS.replace("B1,1,cora", "B2,1,dev"))
    results = all_decide(cast, leads[:2], lines)
    assert all(isinstance(result, Decision) for result in results)
    assert owed() == 500


@pytest.mark.usefixtures("unlocked")
def test_without_the_lock_one_paper_would_be_paid_twice(cast: Cast, leads: list[Person]) -> None:
    lines = typed(cast, BUS, BUS.replace("B1,1,cora", "B2,1,dev"))
    all_decide(cast, leads[:2], lines)
    assert owed() == 1000


def test_two_that_fit_the_budget_only_one_by_one(cast: Cast, leads: list[Person]) -> None:
    lines = typed(cast, BUS, BUS.replace("B1,1,cora", "B2,1,dev").replace("R-1", "R-2"))
    # The other line's reservation counts against the first: withdraw them, as for spending unforeseen.
    for line in lines:
        close_commitments(f"line:{line.pk}")
    low = budgets.propose(actor=cast.anil, project=cast.project, lines={"travel": 700})
    budgets.agree(actor=cast.farah, budget_id=low.pk)
    results = all_decide(cast, leads[:2], lines)
    assert sum(isinstance(result, budgets.OverBudget) for result in results) == 1
    assert owed() == 500
