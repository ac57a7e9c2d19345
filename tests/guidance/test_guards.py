"""What the database refuses to do to the register, by raw SQL; each refusal is a guard's."""

from dataclasses import dataclass

import pytest

from guidance.models import Figure, Shown, Text
from guidance.services import check_figure, check_text, shown
from tests.attempts import Attempt, here, judge, untried
from tests.cast import Cast
from tests.guidance.conftest import proposed
from tests.guidance.test_figures import entered


@dataclass(frozen=True)
class Ids:
    text: int
    figure: int
    shown: int
    vera: int
    organisation: int


@pytest.fixture
def ids(cast: Cast) -> Ids:
    text, figure = proposed(cast), entered(cast)
    check_text(actor=cast.vera, text_id=text.pk)
    check_figure(actor=cast.vera, figure_id=figure.pk)
    row = shown(cast.cora, cast.project, [text], organisation=cast.riverside)
    return Ids(text.pk, figure.pk, row.pk, cast.vera.pk, cast.riverside.pk)


def update(table: str, changes: str) -> list[str]:
    return [f"UPDATE guidance_{table} SET {changes}"]


def attempts_on(table: str, word: str, columns: str) -> list[Attempt]:
    stays, kept = (f"guidance_{table}_stays",), (f"guidance_{table}_kept",)
    replaced = (f"guidance_{table}_not_replaced", f"guidance_{table}_kept")
    once = (f"guidance_{table}_checked_once",)
    return [
        Attempt(f"reword a {table}", stays, stays, lambda i: update(table, word)),
        Attempt(
            f"say a {table} was written by somebody else",
            stays,
            stays,
            lambda i: update(table, f"{columns} = NULL"),
        ),
        Attempt(
            f"uncheck a {table}",
            stays,
            once,
            lambda i: update(table, "checked_by_id = NULL, checked_at = NULL"),
        ),
        Attempt(f"remove a {table}", kept, kept, lambda i: [f"DELETE FROM guidance_{table}"]),
        Attempt(
            f"replace a {table}",
            (),
            replaced[:1],
            lambda i: [f"INSERT OR REPLACE INTO guidance_{table} SELECT * FROM guidance_{table}"],
        ),
    ]


SHOWN = ("guidance_shown_stays",)
ATTEMPTS = [
    *attempts_on("text", "body = 'x'", "written_by_id"),
    *attempts_on("figure", "amount = 1", "entered_by_id"),
    Attempt(
        "change what was shown", SHOWN, ("guidance_shown_unchanged",), lambda i: update("shown", "note = 'x'")
    ),
    Attempt(
        "forget what was shown", SHOWN, ("guidance_shown_kept",), lambda i: ["DELETE FROM guidance_shown"]
    ),
    Attempt(
        "replace what was shown",
        (),
        ("guidance_shown_not_replaced",),
        lambda i: ["INSERT OR REPLACE INTO guidance_shown SELECT * FROM guidance_shown"],
    ),
]


@pytest.mark.parametrize("attempt", here(ATTEMPTS))
def test_the_database_refuses_to(attempt: Attempt, ids: Ids) -> None:
    judge(attempt, ids)


def test_every_guard_of_guidance_is_tried(ids: Ids) -> None:
    assert untried(ATTEMPTS, ("guidance_",)) == set()
    assert (Text.objects.count(), Figure.objects.count(), Shown.objects.count()) == (1, 1, 1)
