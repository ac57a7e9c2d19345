"""Explanations of what a month leaves open are append-only on both engines, and the guards keep them so."""

import pytest

from payments.models import Explainable, MonthNote
from tests.attempts import Attempt, here, judge, untried
from tests.cast import Cast

STAYS = ("month_note_stays",)
_COLUMNS = "organisation_id, month, item, about, words, written_by_id, written_at"
ATTEMPTS = [
    Attempt(
        "change an explanation",
        STAYS,
        ("month_note_unchanged",),
        lambda i: ["UPDATE payments_monthnote SET words = 'x'"],
    ),
    Attempt(
        "remove an explanation",
        STAYS,
        ("month_note_kept",),
        lambda i: ["DELETE FROM payments_monthnote"],
    ),
    Attempt("empty the explanations", STAYS, (), lambda i: ["TRUNCATE payments_monthnote"]),
    Attempt(
        "replace an explanation",
        (),
        ("month_note_not_replaced",),
        lambda i: [
            f"INSERT OR REPLACE INTO payments_monthnote (id, {_COLUMNS})"
            f" SELECT id, {_COLUMNS} FROM payments_monthnote"
        ],
    ),
]


@pytest.mark.parametrize("attempt", here(ATTEMPTS))
def test_the_database_refuses_to(attempt: Attempt, cast: Cast) -> None:
    MonthNote.objects.create(
        organisation=cast.riverside,
        month=202611,
        item=Explainable.SUSPENSE,
        about="0" * 64,
        words="We have asked the bank.",
        written_by=cast.fern,
    )
    judge(attempt, None)


def test_every_guard_is_tried() -> None:
    assert untried(ATTEMPTS, ("payments_monthnote",)) == set()
