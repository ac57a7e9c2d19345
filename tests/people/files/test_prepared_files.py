"""A file is asked for, made once, sealed for one person, fetched while they may, and gone after a day."""

import io
from datetime import timedelta

import pytest
from django.db import transaction

from audit.actions import Action
from audit.models import Event
from common.dates import now, set_now, today
from common.encryption import CannotOpen
from common.errors import DomainError, NotPermitted, NotVisible
from people.file_queries import files_read
from people.models import FileKind, Organisation, Person, PreparedFile, PreparedPart, RoleKind
from people.services import end_role, prepared_files
from people.services.prepared_files import KEPT_FOR, PATIENCE, SILENCE, NoLongerWanted
from people.standing import Standing
from people.workflow import UNDER_WAY, FileStatus
from tests.cast import Cast
from tests.payments.office import MONDAY
from tests.people.files.conftest import CONTENT, DAYS, asked, made

ENDED = sorted(set(FileStatus) - UNDER_WAY)


def fetched(person: Person, file: PreparedFile) -> bytes:
    return b"".join(
        prepared_files.content_of(prepared_files.fetch(standing=Standing(person), file_id=file.pk))
    )


def in_status(cast: Cast, status: FileStatus) -> PreparedFile:
    """A file in this status, brought there by the services."""
    if status in (FileStatus.READY, FileStatus.GONE):
        file = made(cast)
        if status == FileStatus.GONE:
            with set_now(now() + KEPT_FOR):
                prepared_files.look_after()
    else:
        file = asked(cast)
        if status != FileStatus.WAITING:
            prepared_files.begin(file.pk)
        if status == FileStatus.FAILED:
            prepared_files.give_up(file.pk, "No.")
    file.refresh_from_db()
    assert file.status == status
    return file


# Asking


def test_a_request_waits_and_is_written_down(cast: Cast) -> None:
    file = asked(cast)
    assert (file.status, file.person, file.days, file.asked_at) == ("waiting", cast.fern, DAYS, MONDAY)
    event = Event.objects.latest("pk")
    assert (event.action, event.actor_id, event.subject_id) == (Action.FILE_ASKED, cast.fern.pk, file.pk)


def test_the_same_request_while_one_is_under_way_is_that_one(cast: Cast) -> None:
    first, again = asked(cast), asked(cast)
    prepared_files.begin(first.pk)
    assert first == again == asked(cast)
    assert asked(cast, days="2026-10-01/2026-10-31") != first
    assert Event.objects.filter(action=Action.FILE_ASKED).count() == 2


@pytest.mark.parametrize("status", ENDED)
def test_once_it_ended_the_same_request_makes_a_new_one(status: FileStatus, cast: Cast) -> None:
    assert in_status(cast, status) != asked(cast)


@pytest.mark.parametrize("name", ["cora", "lena", "anil", "hana", "abel", "otto", "olga"])
def test_nobody_else_may_ask(name: str, cast: Cast) -> None:
    for kind in FileKind:
        with pytest.raises(NotPermitted), transaction.atomic():
            prepared_files.ask_for(
                person=getattr(cast, name), organisation=cast.riverside, kind=kind, days=""
            )
    assert not PreparedFile.objects.exists()


def test_the_trail_and_the_checks_are_for_auditors_alone(cast: Cast) -> None:
    for kind in (FileKind.TRAIL, FileKind.CHECKS):
        with pytest.raises(NotPermitted, match="Only an auditor"), transaction.atomic():
            prepared_files.ask_for(person=cast.farah, organisation=cast.riverside, kind=kind, days="")


# Working


def test_a_file_is_begun_once(cast: Cast) -> None:
    file = asked(cast)
    assert prepared_files.begin(file.pk) is not None
    assert prepared_files.begin(file.pk) is None


@pytest.mark.parametrize("status", sorted(set(FileStatus) - {FileStatus.WAITING}))
def test_no_other_file_is_begun(status: FileStatus, cast: Cast) -> None:
    assert prepared_files.begin(in_status(cast, status).pk) is None


def test_whoever_lost_their_part_before_the_work_gets_nothing(cast: Cast) -> None:
    file = asked(cast)
    lose_part(cast, cast.fern)
    assert prepared_files.begin(file.pk) is None
    file.refresh_from_db()
    assert (file.status, "Only finance or an auditor" in file.failure) == ("failed", True)


def test_progress_is_kept_and_is_a_sign_of_life(cast: Cast) -> None:
    file = prepared_files.begin(asked(cast).pk)
    assert file is not None
    with set_now(MONDAY + timedelta(minutes=14)):
        prepared_files.report(file, 3, 10)
    with set_now(MONDAY + timedelta(minutes=28)):
        assert prepared_files.look_after() == 0
    file.refresh_from_db()
    assert (file.done, file.total, file.status) == (3, 10, "working")


@pytest.mark.parametrize("status", ENDED)
def test_work_on_a_file_that_ended_stops(status: FileStatus, cast: Cast) -> None:
    file = in_status(cast, status)
    with pytest.raises(NoLongerWanted):
        prepared_files.report(file, 1, 2)
    with pytest.raises(NoLongerWanted):
        prepared_files.finish(file, io.BytesIO(b"late"))


def test_what_a_failed_file_had_is_removed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared_files, "PART", 4)
    file = prepared_files.begin(asked(cast).pk)
    assert file is not None

    class Breaks(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= 8:
                raise OSError("disk")
            return super().read(size)

    with pytest.raises(OSError, match="disk"):
        prepared_files.finish(file, Breaks(CONTENT))
    assert file.parts.count() == 2
    prepared_files.give_up(file.pk, "It broke.")
    file.refresh_from_db()
    assert (file.status, file.failure, file.parts.count(), file.size) == ("failed", "It broke.", 0, 0)


@pytest.mark.parametrize("status", ENDED)
def test_it_is_too_late_to_give_up_on_a_file_that_ended(status: FileStatus, cast: Cast) -> None:
    file = in_status(cast, status)
    prepared_files.give_up(file.pk, "Too late.")
    file.refresh_from_db()
    assert (file.status, file.failure == "Too late.") == (status, False)


def test_a_worker_that_was_killed_is_noticed_and_the_file_can_be_asked_for_again(cast: Cast) -> None:
    file = prepared_files.begin(asked(cast).pk)
    assert file is not None
    with set_now(MONDAY + SILENCE + timedelta(seconds=1)):
        again = asked(cast)
        assert again != file
        file.refresh_from_db()
        assert (file.status, "stopped before it was done" in file.failure) == ("failed", True)
        assert prepared_files.begin(again.pk) is not None
        with pytest.raises(NoLongerWanted):  # it was only slow, and wakes up
            prepared_files.report(file, 1, 2)


def test_a_request_to_which_nobody_came_is_given_up(cast: Cast) -> None:
    file = asked(cast)
    with set_now(MONDAY + PATIENCE):
        assert prepared_files.look_after() == 0
    with set_now(MONDAY + PATIENCE + timedelta(seconds=1)):
        assert prepared_files.look_after() == 1
    file.refresh_from_db()
    assert file.failure == prepared_files.NOBODY_CAME


# Sealed


def test_a_file_comes_back_as_it_was_made_part_by_part(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared_files, "PART", 4)
    file = made(cast)
    assert (file.parts.count(), file.size) == (4, len(CONTENT))
    assert fetched(cast.fern, file) == CONTENT


def test_what_is_kept_is_sealed(cast: Cast) -> None:
    [part] = made(cast).parts.all()
    assert CONTENT not in bytes(part.sealed)


def moved(file: PreparedFile, to: PreparedFile, *, bound: bool = True) -> bytes:
    """What somebody reads who copied the parts of one file into the row of another by raw SQL."""
    ring = prepared_files._ring()
    part = PreparedPart.objects.get(file=file)
    return ring.open(bytes(part.sealed), prepared_files._context(to if bound else file, part.position))


def test_sealed_content_cannot_be_opened_for_another_person_or_file(cast: Cast) -> None:
    file = made(cast)
    with transaction.atomic():
        theirs, _ = prepared_files.ask_for(
            person=cast.farah, organisation=cast.riverside, kind=FileKind.WORKBOOK, days=DAYS
        )
    with pytest.raises(CannotOpen):
        moved(file, theirs)
    theirs.pk = file.pk  # the same row, for another person
    with pytest.raises(CannotOpen):
        moved(file, theirs)
    assert moved(file, theirs, bound=False) == CONTENT  # the control: it is the binding that refuses


def test_a_damaged_file_is_not_handed_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    file, before = made(cast), Event.objects.count()
    monkeypatch.setattr(prepared_files, "content_of", lambda _: iter([CONTENT[:-1]]))
    with pytest.raises(DomainError, match="was damaged"):
        fetched(cast.fern, file)
    assert Event.objects.count() == before


# Fetching


def test_every_download_is_in_the_trail(cast: Cast) -> None:
    file = made(cast)
    assert [fetched(cast.fern, file) for _ in range(2)] == [CONTENT, CONTENT]
    events = Event.objects.filter(action=Action.WORKBOOK_EXPORTED, subject_id=file.pk)
    assert [event.actor_id for event in events] == [cast.fern.pk] * 2


@pytest.mark.parametrize("status", sorted(set(FileStatus) - {FileStatus.READY}))
def test_a_file_in_any_other_status_is_not_there_to_download(status: FileStatus, cast: Cast) -> None:
    file = in_status(cast, status)
    with pytest.raises(DomainError, match="not there to download"):
        fetched(cast.fern, file)


def test_somebody_elses_file_is_not_there(cast: Cast) -> None:
    file = made(cast)
    for person in (cast.farah, cast.ada, cast.abel, cast.cora, cast.olga):
        with pytest.raises(NotVisible):
            fetched(person, file)


def lose_part(cast: Cast, person: Person) -> None:
    role = person.roles.exclude(kind=RoleKind.ADMINISTRATOR).get()
    end_role(actor=cast.abel, role_id=role.pk, on=today() - timedelta(days=1))


@pytest.mark.parametrize(("name", "kind"), [("fern", FileKind.WORKBOOK), ("ada", FileKind.TRAIL)])
def test_whoever_lost_their_part_gets_it_no_more(name: str, kind: FileKind, cast: Cast) -> None:
    file, person = made(cast, kind), getattr(cast, name)
    assert fetched(person, file) == CONTENT
    lose_part(cast, person)
    with pytest.raises(NotVisible):
        fetched(person, file)


def test_the_result_of_the_checks_is_there_for_every_auditor(cast: Cast, riverside: Organisation) -> None:
    from tests.payments.office import colleague

    file = made(cast, FileKind.CHECKS)
    second = colleague(cast, "Alba Auditor", [RoleKind.AUDITOR])
    assert fetched(second, file) == CONTENT
    assert not files_read(Standing(cast.fern)).filter(pk=file.pk).exists()


# The end


def test_after_a_day_the_content_is_removed_and_the_row_stays(cast: Cast) -> None:
    file = made(cast)
    assert file.expires_at == MONDAY + timedelta(hours=24)
    with set_now(MONDAY + KEPT_FOR - timedelta(seconds=1)):
        assert prepared_files.look_after() == 0
        assert fetched(cast.fern, file) == CONTENT
    with set_now(MONDAY + KEPT_FOR):
        with pytest.raises(DomainError):  # also before anybody cleared it away
            fetched(cast.fern, file)
        assert prepared_files.look_after() == 1
    file.refresh_from_db()
    assert (file.status, file.parts.count()) == ("gone", 0)
    assert file.sha256  # what it was can still be proved


def test_the_result_of_the_checks_is_kept(cast: Cast) -> None:
    file = made(cast, FileKind.CHECKS)
    with set_now(MONDAY + timedelta(days=3650)):
        assert prepared_files.look_after() == 0
        assert fetched(cast.ada, file) == CONTENT


def test_looking_after_somebodys_files_leaves_those_of_others(cast: Cast) -> None:
    file = made(cast)
    with set_now(MONDAY + KEPT_FOR):
        assert prepared_files.look_after(PreparedFile.objects.filter(person=cast.ada)) == 0
    file.refresh_from_db()
    assert file.status == "ready"
