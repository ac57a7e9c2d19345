"""What the database refuses to do to prepared files, by raw SQL; each refusal is the guard's."""

from dataclasses import dataclass
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from common.workflow import pairs
from people.models import PreparedFile, PreparedPart
from people.services import prepared_files
from people.workflow import FILE_MOVES, FileStatus
from tests.attempts import Attempt, here, judge, untried
from tests.cast import Cast
from tests.people.files.conftest import asked, made

MOVES_GUARD = ("prepared_file_moves",)
ASKED = (MOVES_GUARD, ("prepared_file_stays_what_it_is",))
FINISHED = (MOVES_GUARD, ("prepared_file_stays_finished",))
PART = ("prepared_part_comes_and_goes",)


@dataclass(frozen=True)
class Ids:
    ready: int
    working: int
    waiting: int
    failed: int
    person: int
    other: int
    organisation: int


@pytest.fixture
def ids(cast: Cast) -> Ids:
    ready, working = made(cast), asked(cast)
    prepared_files.begin(working.pk)
    waiting, failed = (asked(cast, days=f"2026-0{n}-01/2026-0{n}-02") for n in (1, 2))
    prepared_files.give_up(failed.pk, "No.")
    keys = (each.pk for each in (ready, working, waiting, failed, cast.fern, cast.farah, cast.riverside))
    return Ids(*keys)


def update(changes: str, key: int) -> list[str]:
    return [f"UPDATE people_preparedfile SET {changes} WHERE id = {key}"]


def new_file(i: Ids, key: str) -> list[str]:
    return [
        "INSERT OR REPLACE INTO people_preparedfile (id, person_id, organisation_id, kind, days, status,"
        " done, total, asked_at, failure, sha256, size)"
        f" VALUES ({key}, {i.person}, {i.organisation}, 'workbook', '2026-01-01/2026-01-02', 'waiting',"
        " 0, 0, '2026-11-23 09:00:00', '', '', 0)"
    ]


def new_part(file: int, position: int, *, verb: str = "INSERT") -> list[str]:
    nothing = "X'00'" if connection.vendor == "sqlite" else "'\\x00'::bytea"
    return [
        f"{verb} INTO people_preparedpart (file_id, position, sealed) VALUES ({file}, {position}, {nothing})"
    ]


def until_when(i: Ids) -> list[str]:
    return update("expires_at = '2036-11-23 09:00:00'", i.ready)


ATTEMPTS = [
    Attempt("make it somebody else's", *ASKED, lambda i: update(f"person_id = {i.other}", i.ready)),
    Attempt("ask for other days", *ASKED, lambda i: update("days = ''", i.working)),
    Attempt("keep it for longer", *FINISHED, until_when),
    Attempt("change a result", *FINISHED, lambda i: update("found = '{}'", i.ready)),
    Attempt("change a fingerprint", *FINISHED, lambda i: update("sha256 = 'x'", i.ready)),
    Attempt("change a failed file", *FINISHED, lambda i: update("failure = 'x'", i.failed)),
    Attempt(
        "finish what nobody began",
        MOVES_GUARD,
        MOVES_GUARD,
        lambda i: update(
            "status = 'ready', ready_at = asked_at, expires_at = asked_at, sha256 = 'x', size = 1", i.waiting
        ),
    ),
    Attempt(
        "remove a file",
        ("prepared_file_kept",),
        ("prepared_file_kept",),
        lambda i: [f"DELETE FROM people_preparedfile WHERE id = {i.waiting}"],
    ),
    Attempt(
        "replace a file",
        (),
        ("prepared_file_not_replaced",),
        lambda i: new_file(i, str(i.waiting)),
    ),
    Attempt("replace a request", (), ("prepared_file_not_replaced",), lambda i: new_file(i, "NULL")),
    Attempt(
        "add to a finished file",
        PART,
        ("prepared_part_comes_while_worked_on",),
        lambda i: new_part(i.ready, 1),
    ),
    Attempt(
        "replace a part",
        (),
        ("prepared_part_not_replaced", "prepared_part_comes_while_worked_on"),
        lambda i: new_part(i.ready, 0, verb="INSERT OR REPLACE"),
    ),
    Attempt(
        "change a part",
        ("prepared_part_unchanged",),
        ("prepared_part_unchanged",),
        lambda i: ["UPDATE people_preparedpart SET position = 7"],
    ),
    Attempt(
        "remove a part of a file that is there",
        PART,
        ("prepared_part_goes_with_its_file",),
        lambda i: [f"DELETE FROM people_preparedpart WHERE file_id = {i.ready}"],
    ),
]


@pytest.mark.parametrize("attempt", here(ATTEMPTS))
def test_the_database_refuses_to(attempt: Attempt, ids: Ids) -> None:
    judge(attempt, ids)


def test_every_guard_of_prepared_files_is_tried() -> None:
    assert untried(ATTEMPTS, ("people_prepared",)) == set()


SETS = {
    "waiting": "",
    "working": "",
    "failed": ", failure = 'x'",
    "ready": ", ready_at = asked_at, expires_at = asked_at, sha256 = 'x', size = 1",
    "gone": ", ready_at = asked_at, expires_at = asked_at, sha256 = 'x', size = 1",
}


@pytest.mark.parametrize(("old", "new"), list(product(["waiting", "working"], sorted(FileStatus))))
def test_the_database_allows_the_moves_of_the_table_and_no_others(old: str, new: str, ids: Ids) -> None:
    refused = False
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(update(f"status = '{new}'{SETS[new]}", getattr(ids, old))[0])
    except IntegrityError:
        refused = True
    assert refused is (old != new and (old, new) not in pairs(FILE_MOVES))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("a_finished_file_says_what_it_is", "status = 'ready', expires_at = asked_at"),
        ("a_finished_file_says_until_when", "status = 'ready', ready_at = asked_at, sha256 = 'x', size = 1"),
        ("a_file_that_failed_says_why", "status = 'failed'"),
    ],
)
def test_a_file_that_ended_says_so(name: str, changes: str, ids: Ids) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(update(changes, ids.working)[0])


def test_nobody_waits_for_the_same_file_twice(ids: Ids) -> None:
    again = PreparedFile.objects.get(pk=ids.waiting)
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_there_is_one_part_for_each_place(ids: Ids) -> None:
    part = PreparedPart(file_id=ids.working, position=0, sealed=b"x")
    part.save()
    part.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        part.save(force_insert=True)
