"""What the database itself refuses about how people said they want to be paid, on both engines."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from claims.models import CountsAs, Instruction, Offer, Way, WayOffered
from claims.ways import seal_name
from common.dates import set_now
from tests.attempts import Attempt, here, judge, untried
from tests.cast import Cast
from tests.claims.test_guards import against, works_without
from tests.claims.ways.steps import choice
from tests.payments.office import MONDAY

T = "claims_instruction"
STAYS = ("instruction_stays",)
COLUMNS = (
    "person_id, organisation_id, counts_as, way, activity_id, named, wants_receipt, said_at, said_for_id"
)
GIVEN = "SELECT person_id, organisation_id, counts_as, '{way}', activity_id, {named}, {no}, {at}, NULL"


def changes(column: str) -> Callable[[Any], list[str]]:
    return lambda pk: [f"UPDATE {T} SET {column} WHERE id = {pk}"]


def late(way: str) -> Callable[[Any], list[str]]:
    """A copy of the row for the activity, said at the very moment when that starts."""
    named = (
        "NULL" if way == "learning" else ("'\\x00'::bytea" if connection.vendor == "postgresql" else "x'00'")
    )
    at = "(SELECT starts_at FROM claims_activity WHERE claims_activity.id = activity_id)"
    false = "FALSE" if connection.vendor == "postgresql" else "0"
    row = GIVEN.format(way=way, named=named, no=false, at=at)
    return lambda pk: [f"INSERT INTO {T} ({COLUMNS}) {row} FROM {T} WHERE id = {pk}"]


ATTEMPTS = [
    *(
        Attempt(f"change: {column}", STAYS, ("instruction_unchanged",), changes(column))
        for column in (
            "way = 'cash'",
            "said_for_id = person_id",
            "activity_id = NULL",
            "counts_as = 'expense'",
        )
    ),
    Attempt("remove", STAYS, ("instruction_kept",), lambda pk: [f"DELETE FROM {T} WHERE id = {pk}"]),
    Attempt(
        "replace",
        (),
        ("instruction_not_replaced",),
        lambda pk: [f"INSERT OR REPLACE INTO {T} SELECT * FROM {T} WHERE id = {pk}"],
    ),
    *(
        Attempt(
            f"give away at the start: {way}",
            ("money_is_given_away_before",),
            ("money_is_given_away_before",),
            lambda pk, way=way: late(way)(pk),  # type: ignore[misc]
        )
        for way in ("donation", "learning", "group")
    ),
]


@pytest.fixture
def said(ways: Offer, cast: Cast) -> Instruction:
    with set_now(MONDAY):
        return choice(cast, Way.VOUCHER, activity=ways.activity)


@pytest.mark.parametrize("attempt", here(ATTEMPTS))
def test_it_is_refused_by_its_guard_alone(attempt: Attempt, said: Instruction) -> None:
    judge(attempt, said.pk)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL truncates")
def test_the_table_is_never_emptied(said: Instruction) -> None:
    """Payments refer to it, so their guards would refuse too: they are off here."""
    connection.check_constraints()
    others = [name for name in against("TRUNCATE") if name not in STAYS]
    assert not works_without(others, f"TRUNCATE {T} CASCADE")
    assert works_without([*others, *STAYS], f"TRUNCATE {T} CASCADE")


def test_every_guard_of_the_table_was_tried() -> None:
    assert untried(ATTEMPTS, (T,)) == set()


@pytest.mark.parametrize("way", [Way.DONATION, Way.LEARNING, Way.GROUP])
def test_a_second_before_the_start_the_guard_lets_it_be(said: Instruction, way: Way) -> None:
    """The negative control: the guard looks at the time, and not at the way alone."""
    assert said.activity is not None
    named = None if way == Way.LEARNING else seal_name("River Voices", said.person_id)
    Instruction.objects.create(
        person=said.person,
        organisation=said.organisation,
        counts_as=CountsAs.FEE,
        way=way,
        activity=said.activity,
        named=named,
        said_at=said.activity.starts_at - timedelta(seconds=1),
    )


ODD: list[dict[str, Any]] = [
    {"way": "donation", "named": None},
    {"way": "group", "named": None},
    {"way": "cash", "named": b"x"},
    {"counts_as": "expense", "way": "donation", "named": b"x"},
    {"counts_as": "expense", "way": "learning"},
    {"counts_as": "expense", "way": "group", "named": b"x"},
    {"way": "cash", "wants_receipt": True},
    {"way": "group", "named": b"x", "wants_receipt": True},
]


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_what_contradicts_itself_is_refused(said: Instruction, odd: dict[str, Any]) -> None:
    row = {"person": said.person, "organisation": said.organisation, "counts_as": "fee", "said_at": MONDAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Instruction.objects.create(**(row | {"said_at": MONDAY + timedelta(minutes=1)} | odd))


@pytest.mark.parametrize(
    "change",
    ["way = 'bank'", "most = 0", "for_costs = for_time"],
)
def test_what_is_offered_makes_sense(said: Instruction, change: str) -> None:
    donation = WayOffered.objects.get(way=Way.DONATION)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE claims_wayoffered SET {change} WHERE id = {donation.pk}")  # noqa: S608
