"""Ask for a file on a page, watch it, take it; what comes is what the commands write."""

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from audit import guards, standalone
from audit.actions import Action
from audit.models import Event
from common.dates import now, set_now
from people.file_queries import Days
from people.models import FileKind, PreparedFile, RoleKind
from people.services import prepared_files
from people.services.prepared_files import KEPT_FOR, SILENCE
from reports.exports import making, working
from reports.exports.asking import ask_for_file
from reports.exports.periods import Period, days_of
from reports.exports.working import work
from reports.tasks import prepare_file
from tests.cast import Cast, give_role
from tests.databases import in_made
from tests.payments.office import MONDAY
from tests.people.browsers import browser, errors_of, key_of, send
from tests.web.world import World, make_world

NOVEMBER = "2026-11-01/2026-11-30"


@pytest.fixture(autouse=True)
def monday(cast: Cast) -> Iterator[None]:
    with set_now(MONDAY):
        yield


@pytest.fixture
def world(monday: None, cast: Cast) -> Iterator[World]:
    with in_made("world", lambda: make_world(cast)) as found:
        yield found


@pytest.fixture
def fern(cast: Cast) -> Client:
    return browser(cast.fern)


def sent_for(client: Client, kind: str, **typed: str) -> PreparedFile:
    """Fill in the page of a kind of file, and follow where it leads."""
    answer = send(client, f"/exports/{kind}/", **typed)
    assert answer.status_code == 302, errors_of(answer)
    return PreparedFile.objects.get(pk=int(answer.headers["Location"].split("/")[2]))


def downloaded(client: Client, file: PreparedFile) -> bytes:
    answer = client.get(f"/exports/{file.pk}/download/")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer.headers["Content-Length"] == str(len(content))
    return content


def page_of(client: Client, file: PreparedFile) -> str:
    answer = client.get(f"/exports/{file.pk}/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


# From asking to taking


def test_a_workbook_is_asked_for_made_and_taken(world: World, fern: Client) -> None:
    file = sent_for(fern, "workbook", period="this_month")
    assert (file.kind, file.days, file.person) == ("workbook", NOVEMBER, world.cast.fern)
    assert "Waiting for its turn" in page_of(fern, file)
    work(file.pk)
    page = page_of(fern, file)
    assert f"workbook-{file.pk}.xlsx" in page
    assert "Kept until 9:00am on 24 November 2026" in page
    book = openpyxl.load_workbook(io.BytesIO(downloaded(fern, file)))
    assert book.sheetnames[:3] == ["Contents", "Claims", "Payments"]
    file.refresh_from_db()
    assert file.done == file.total > 0


def test_the_journal_is_the_one_the_command_writes(world: World, fern: Client, tmp_path: Path) -> None:
    file = sent_for(fern, "journal")
    work(file.pk)
    call_command("export_journal", out=tmp_path / "journal", organisation="riverside", verbosity=0)
    assert downloaded(fern, file) == (tmp_path / "journal").read_bytes()
    assert Event.objects.filter(action=Action.JOURNAL_EXPORTED, actor_id=world.cast.fern.pk).count() == 1


def test_the_workbook_is_the_one_the_command_writes(world: World, fern: Client, tmp_path: Path) -> None:
    file = sent_for(fern, "workbook", period="this_month")
    work(file.pk)
    out = tmp_path / "book.xlsx"
    days = {"since": date(2026, 11, 1), "until": date(2026, 11, 30)}
    call_command("export_workbook", out=out, organisation="riverside", verbosity=0, **days)
    ours, theirs = (
        [[cell.value for row in sheet for cell in row] for sheet in openpyxl.load_workbook(source)]
        for source in (io.BytesIO(downloaded(fern, file)), out)
    )
    assert ours == theirs


def test_the_exported_trail_verifies_with_plain_python(world: World, cast: Cast, tmp_path: Path) -> None:
    ada = browser(cast.ada)
    file = sent_for(ada, "trail")
    work(file.pk)
    path = tmp_path / "trail.zip"
    path.write_bytes(downloaded(ada, file))
    with zipfile.ZipFile(path) as packed:
        packed.extractall(tmp_path)
        lines = [json.loads(line) for line in packed.read("trail.jsonl").splitlines()]
    events = [line for line in lines if "event" in line]
    assert len(events) == Event.objects.exclude(action=Action.TRAIL_EXPORTED).count()
    alone = [sys.executable, "-I", "-S", standalone.__file__]
    carried = [sys.executable, "-I", "-S", str(tmp_path / "standalone.py")]
    for command in ([*alone, path], [*carried, tmp_path / "trail.jsonl", tmp_path / "checkpoint.json"]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # type: ignore[arg-type]
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert f"The trail is whole: {len(events)} events under 1 seals." in done.stdout
    altered = (tmp_path / "trail.jsonl").read_text().replace("claim:submitted", "claim:withdrawn", 1)
    (tmp_path / "trail.jsonl").write_text(altered)
    assert subprocess.run([*alone, tmp_path / "trail.jsonl"], check=False).returncode == 1


def test_events_of_other_organisations_are_there_by_their_digest_alone(world: World, cast: Cast) -> None:
    file = ask_for_file(actor=cast.ada, organisation=cast.riverside, kind=FileKind.TRAIL)
    work(file.pk)
    with zipfile.ZipFile(io.BytesIO(b"".join(prepared_files.content_of(file)))) as packed:
        text = packed.read("trail.jsonl").decode()
        totals = json.loads(packed.read("checkpoint.json"))["totals"]
    ours = Event.objects.filter(organisation_id=cast.riverside.pk)
    others = Event.objects.exclude(pk__in=ours).exclude(organisation_id=cast.riverside.pk)
    assert others.exists()
    assert text.count('"text"') + text.count('"digest"') == Event.objects.count()
    assert f'\\"organisation\\":{cast.hillside.pk},' not in text
    assert set(totals) <= {"riverside"}


# The checks


def test_the_checks_say_what_was_checked_and_that_it_agrees(world: World, cast: Cast) -> None:
    ada = browser(cast.ada)
    file = sent_for(ada, "checks")
    work(file.pk)
    page = page_of(ada, file)
    assert "Everything agrees" in page
    for part in ("Guards of the database", "Books of Riverside Council", "Payments of", "Trail"):
        assert part in page
    assert "Hillside" not in page
    assert "3 payments" in page
    text = downloaded(ada, file).decode()
    assert f"Asked for by {cast.ada.number}" in text
    assert "Payments of Riverside Council: 3 payments: agree" in text
    with set_now(MONDAY + timedelta(days=400)):
        assert "Everything agrees" in page_of(ada, file)
        assert f"Checks {file.pk}" in ada.get("/exports/checks/").content.decode()


def test_the_first_disagreement_of_each_part_is_named(world: World, cast: Cast) -> None:
    with guards.without(*_of_payments()):
        file = ask_for_file(actor=cast.ada, organisation=cast.riverside, kind=FileKind.CHECKS)
        work(file.pk)
    file.refresh_from_db()
    assert file.found is not None
    assert not file.found["clean"]
    assert "is missing" in file.found["parts"][0]["problem"]
    assert "Something does not agree" in page_of(browser(cast.ada), file)


def _of_payments() -> list[str]:
    names = [each.name for each in guards.expected(connection.vendor) if each.table == "payments_payment"]
    return names[-1:]


# Progress, failure, the end


def test_progress_is_honest_row_by_row(world: World, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.workbook.assembly.ROWS", 1)
    seen: list[tuple[int, int]] = []
    file = ask_for_file(
        actor=cast.fern, organisation=cast.riverside, kind=FileKind.WORKBOOK, days=_november()
    )
    making.make(file, io.BytesIO(), lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1]
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {total for _, total in seen} == {seen[-1][1]}


def _november() -> Days:
    return Days(date(2026, 11, 1), date(2026, 11, 30))


def test_the_page_says_how_far_it_is_and_htmx_is_told_when_it_is_ready(cast: Cast, fern: Client) -> None:
    file = sent_for(fern, "journal")
    prepared_files.begin(file.pk)
    prepared_files.report(file, 4000, 12000)
    page = page_of(fern, file)
    assert "4,000 of 12,000 entries done." in page
    assert 'value="4000" max="12000"' in page
    assert 'hx-trigger="every 2s"' in page
    assert "Look again" in page
    polled = fern.get(f"/exports/{file.pk}/", headers={"HX-Request": "true"})
    assert "HX-Refresh" not in polled.headers
    prepared_files.finish(file, io.BytesIO(b"x"))
    assert fern.get(f"/exports/{file.pk}/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("error", [ValueError("Cora Contributor"), MemoryError()])
def test_a_mistake_of_ours_is_said_and_its_words_reach_neither_page_nor_log(
    error: Exception,
    cast: Cast,
    fern: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(*_: Any) -> None:
        raise error

    monkeypatch.setattr(working, "make", fails)
    file = sent_for(fern, "journal")
    work(file.pk)
    page = page_of(fern, file)
    assert "Something went wrong on our side" in page
    assert "Ask again" in page
    assert "Cora" not in caplog.text + page
    assert type(error).__name__ in caplog.text
    assert sent_for(fern, "journal") != file


def test_a_killed_worker_is_said_and_it_can_be_asked_for_again(cast: Cast, fern: Client) -> None:
    file = sent_for(fern, "journal")
    prepared_files.begin(file.pk)
    with set_now(MONDAY + SILENCE + timedelta(seconds=1)):
        assert "The work stopped before it was done" in page_of(fern, file)
        assert sent_for(fern, "journal") != file


def test_a_file_that_is_gone_says_so(cast: Cast, fern: Client) -> None:
    file = sent_for(fern, "journal")
    work(file.pk)
    with set_now(MONDAY + KEPT_FOR):
        assert fern.get(f"/exports/{file.pk}/download/").status_code == 400
        assert "No longer kept" in page_of(fern, file)
        assert "No longer kept" in fern.get("/exports/").content.decode()


def test_the_night_clears_away(cast: Cast, fern: Client) -> None:
    file = sent_for(fern, "journal")
    work(file.pk)
    said = io.StringIO()
    with set_now(MONDAY + KEPT_FOR):
        call_command("seal_trail", stdout=said)
    assert "Removed or gave up on 1 prepared files." in said.getvalue()


# Twice, and by whom


def test_the_same_form_twice_and_another_form_lead_to_the_same_file(cast: Cast, fern: Client) -> None:
    key = key_of(fern, "/exports/journal/")
    answers = [fern.post("/exports/journal/", {"key": key}) for _ in range(2)] + [
        send(fern, "/exports/journal/")
    ]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert DBTaskResult.objects.filter(task_path="reports.tasks.prepare_file").count() == 1


def test_a_file_worked_on_twice_is_made_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr(working, "make", lambda file, content, _: made.append(content.write(b"x")))
    file = ask_for_file(actor=cast.fern, organisation=cast.riverside, kind=FileKind.JOURNAL)
    prepare_file.func(file.pk)
    prepare_file.func(file.pk)
    assert len(made) == 1


def test_nothing_personal_stands_in_queue_name_or_address(cast: Cast, fern: Client) -> None:
    file = sent_for(fern, "workbook", period="last_month")
    work(file.pk)
    task = DBTaskResult.objects.latest("enqueued_at")
    assert task.args_kwargs == {"args": [file.pk], "kwargs": {}}
    answer = fern.get(f"/exports/{file.pk}/download/")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="workbook-{file.pk}.xlsx"'
    assert not re.search("fern|riverside", answer.headers["Content-Disposition"], re.IGNORECASE)


def test_a_look_at_the_headers_is_no_download(cast: Cast, fern: Client) -> None:
    file = sent_for(fern, "journal")
    work(file.pk)
    assert fern.head(f"/exports/{file.pk}/download/").status_code == 200
    assert not Event.objects.filter(action=Action.JOURNAL_EXPORTED).exists()


def test_a_list_of_files_asks_no_more_for_more_rows(cast: Cast, fern: Client) -> None:
    asked = []
    for how_many in (1, 5):
        for number in range(how_many):
            days = Days(date(2026, how_many, number + 1), date(2026, how_many, 28))
            ask_for_file(actor=cast.fern, organisation=cast.riverside, kind=FileKind.WORKBOOK, days=days)
        with CaptureQueriesContext(connection) as seen:
            assert fern.get("/exports/").status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 9


# What is typed


BAD: list[tuple[dict[str, str], str]] = [
    ({}, "Select which days"),
    ({"period": "eternity"}, "Select which days"),
    ({"period": "\x00"}, "Select which days"),
    ({"period": "other"}, "Enter the first day"),
    ({"period": "other", "since-day": "1"}, "must include a month and year"),
    ({"period": "other", "since-day": "31", "since-month": "2", "since-year": "2026"}, "must be a real date"),
    ({"period": "other", "since-day": "1", "since-month": "1", "since-year": "2031"}, "today or in the past"),
    ({"period": "other", "since-day": "1", "since-month": "1", "since-year": "1066"}, "2015 or later"),
    (
        {"period": "other", "since-day": "2", "since-month": "2", "since-year": "2026"}
        | {"until-day": "1", "until-month": "2", "until-year": "2026"},
        "on or after the first day",
    ),
    (
        {"period": "other", "since-day": "1", "since-month": "1", "since-year": "2016"}
        | {"until-day": "1", "until-month": "1", "until-year": "2026"},
        "seven years at most",
    ),
    ({"period": "this_month", "key": "forged"}, ""),
]


@pytest.mark.parametrize(("typed", "says"), BAD)
def test_what_cannot_be_asked_for_is_said_at_its_field(
    typed: dict[str, str], says: str, cast: Cast, fern: Client
) -> None:
    answer = fern.post("/exports/workbook/", {"key": key_of(fern, "/exports/workbook/")} | typed)
    assert answer.status_code == 422
    assert not says or says in " ".join(errors_of(answer))
    assert not PreparedFile.objects.exists()


@pytest.mark.parametrize(
    ("period", "day", "days"),
    [
        (Period.THIS_MONTH, date(2026, 2, 28), "2026-02-01/2026-02-28"),
        (Period.LAST_MONTH, date(2026, 1, 31), "2025-12-01/2025-12-31"),
        (Period.LAST_MONTH, date(2028, 3, 1), "2028-02-01/2028-02-29"),
        (Period.THIS_YEAR, date(2026, 3, 31), "2025-04-01/2026-03-31"),
        (Period.THIS_YEAR, date(2026, 4, 1), "2026-04-01/2027-03-31"),
        (Period.LAST_YEAR, date(2026, 4, 1), "2025-04-01/2026-03-31"),
    ],
)
def test_a_period_is_whole_months_or_april_to_march(period: str, day: date, days: str) -> None:
    assert str(days_of(period, day)) == days


def test_finance_finds_the_buttons_where_it_works_and_nobody_else_does(world: World, cast: Cast) -> None:
    position = f"/projects/{cast.project.pk}/"
    for path in (position, "/payments/", "/payments/runs/"):
        assert "/exports/workbook/" in browser(cast.fern).get(path).content.decode()
    for person, path in ((cast.anil, position), (cast.cora, "/payments/")):
        assert "/exports/" not in browser(person).get(path).content.decode()
    assert now() == MONDAY


def test_whoever_keeps_two_organisations_picks_one(cast: Cast, fern: Client) -> None:
    give_role(actor=cast.otto, person=cast.fern, kind=RoleKind.PREPARER, organisation=cast.hillside)
    page = fern.get("/exports/journal/?organisation=hillside").content.decode()
    assert 'value="hillside" checked' in page
    assert sent_for(fern, "journal", organisation="hillside").organisation == cast.hillside
    for code in ("", "nowhere", "\x00"):
        answer = send(fern, "/exports/journal/", organisation=code)
        assert errors_of(answer) == ["Select an organisation"]
