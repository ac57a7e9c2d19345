"""Two requests, two workers, at the same second: one file, made once, and the constraint or lock is why."""

import pytest
from django.db import connection

from people.models import FileKind, PreparedFile
from people.services import prepared_files
from reports.exports.asking import ask_for_file
from tests.cast import Cast
from tests.databases import in_threads
from tests.payments.test_races import a_moment_before, outcomes, without_locks

pytestmark = [
    pytest.mark.usefixtures("committed_db"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def asked_twice(cast: Cast) -> list[PreparedFile | Exception]:
    return in_threads(
        [
            lambda: ask_for_file(actor=cast.fern, organisation=cast.riverside, kind=FileKind.JOURNAL)
            for _ in range(2)
        ]
    )


def test_the_same_request_at_once_is_one_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_moment_before(monkeypatch, prepared_files, "look_after"):
        first, second = asked_twice(cast)
    assert first == second
    assert PreparedFile.objects.count() == 1


def test_without_the_constraint_it_would_be_two(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX nobody_waits_for_the_same_file_twice")
    with a_moment_before(monkeypatch, PreparedFile.objects, "create"):
        asked_twice(cast)
    assert PreparedFile.objects.count() == 2


def test_of_two_workers_one_begins(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    file = ask_for_file(actor=cast.fern, organisation=cast.riverside, kind=FileKind.JOURNAL)
    with a_moment_before(monkeypatch, prepared_files, "may_have_file"):
        begun, refused = outcomes(*[lambda: prepared_files.begin(file.pk)] * 2)
    assert (len([each for each in begun if each]), refused) == (1, [])


def test_without_the_lock_both_would_begin(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    file = ask_for_file(actor=cast.fern, organisation=cast.riverside, kind=FileKind.JOURNAL)
    with without_locks(monkeypatch), a_moment_before(monkeypatch, prepared_files, "may_have_file"):
        begun, _ = outcomes(*[lambda: prepared_files.begin(file.pk)] * 2)
    assert len([each for each in begun if each]) == 2
