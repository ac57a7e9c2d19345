"""Two leads send decisions at the same second: budgets are locked in one order, so neither waits for ever."""

from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection

from claims import verify
from claims.models import Claim, ClaimLine, Outcome
from claims.services.deciding import decide_claim
from claims.services.settling import Choice
from claims.services.verdicts import weigh
from people.models import Person, RoleKind
from tests.cast import Cast, give_role
from tests.claims.paper import typed
from tests.databases import in_threads

pytestmark = [
    pytest.mark.usefixtures("committed_db", "policy"),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite lets one writer in at a time"),
]
FARE = "{claim},{line},{who},2026-11-10,fare,bus,,,5.00,,,R-{claim}-F,,,"
CARE = "{claim},{line},{who},2026-11-10,care,child,2,hour,20.00,,,R-{claim}-C,,,"


@pytest.fixture
def crossed(cast: Cast) -> list[list[ClaimLine]]:
    """Cora's claim is for a fare and then for care, Dev's for care and then for a fare."""
    first = [FARE.format(claim="X1", line=1, who="cora"), CARE.format(claim="X1", line=2, who="cora")]
    second = [CARE.format(claim="X2", line=1, who="dev"), FARE.format(claim="X2", line=2, who="dev")]
    return [typed(cast, *first), typed(cast, *second)]


@pytest.fixture
def leads(cast: Cast) -> list[Person]:
    """Anil and Bea, who both lead the project."""
    give_role(
        actor=cast.abel,
        person=cast.bea,
        kind=RoleKind.LEAD,
        organisation=cast.riverside,
        project=cast.project,
    )
    return [cast.anil, cast.bea]


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both stop before each line, long enough for the other to take its first lock."""

    def slowly(*args: Any, **kwargs: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
        return weigh(*args, **kwargs)

    monkeypatch.setattr("claims.services.settling.weigh", slowly)


def sent(lead: Person, lines: list[ClaimLine]) -> Claim:
    decisions = [Choice(line.pk, Outcome.APPROVE) for line in lines]
    return decide_claim(actor=lead, claim_id=lines[0].claim_id, decisions=decisions)


def both(leads: list[Person], crossed: list[list[ClaimLine]]) -> list[Claim | Exception]:
    pairs = zip(leads, crossed, strict=True)
    return in_threads([partial(sent, lead, lines) for lead, lines in pairs])


def test_budgets_in_another_order_do_not_lock_each_other_out(
    cast: Cast, leads: list[Person], crossed: list[list[ClaimLine]]
) -> None:
    results = both(leads, crossed)
    assert not [result for result in results if isinstance(result, Exception)]
    assert list(verify.problems(cast.riverside)) == []


def test_without_the_lock_on_all_of_them_one_of_two_would_fail(
    leads: list[Person], crossed: list[list[ClaimLine]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.services.deciding.lock_budgets", lambda lines: None)
    results = both(leads, crossed)
    assert sum(isinstance(result, OperationalError) for result in results) == 1, results
