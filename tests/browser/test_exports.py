"""Ask for a workbook, watch it being made, take it; then the auditor's desk. Both widths, with axe."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common.dates import now, set_now
from people.models import FileKind, PreparedFile
from people.services import prepared_files
from people.services.prepared_files import KEPT_FOR, SILENCE
from reports.exports.asking import ask_for_file
from reports.exports.working import work
from tests.browser.conftest import judge, tap
from tests.browser.hands import enter
from tests.cast import Cast
from tests.payments.office import MONDAY
from tests.web.world import World, make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def world(committed_db: None, cast: Cast) -> World:
    """Made on a Monday; the pages are then asked for now, on the server's own clock."""
    with set_now(MONDAY):
        return make_world(cast)


def test_finance_takes_a_workbook(world: World, address: str, page: Page, context: BrowserContext) -> None:
    enter(context, address, world.cast.fern)
    page.goto(f"{address}/projects/{world.cast.project.pk}/")
    judge(page, "exports-position-finance")
    tap(page.get_by_role("button", name="Workbook"))
    judge(page, "exports-workbook")
    page.get_by_label("Other days").check()
    tap(page.get_by_role("button", name="Make the workbook"))
    expect(page.get_by_role("alert")).to_contain_text("Enter the first day")
    judge(page, "exports-workbook-error")
    page.get_by_label("This month").check()
    tap(page.get_by_role("button", name="Make the workbook"))
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    judge(page, "exports-waiting")
    file = PreparedFile.objects.latest("pk")
    prepared_files.begin(file.pk)
    prepared_files.report(file, 4000, 12000)
    expect(page.get_by_label("4,000 of 12,000 rows done.")).to_be_visible()  # htmx asked by itself
    judge(page, "exports-working")
    prepared_files.give_up(file.pk, prepared_files.A_MISTAKE)
    expect(page.get_by_text("Something went wrong on our side")).to_be_visible()
    judge(page, "exports-failed")
    tap(page.get_by_role("button", name="Ask again"))
    page.get_by_label("This month").check()
    tap(page.get_by_role("button", name="Make the workbook"))
    work(PreparedFile.objects.latest("pk").pk)
    expect(page.get_by_role("button", name="Download")).to_be_visible()
    judge(page, "exports-ready")
    with page.expect_download() as found:
        page.get_by_role("button", name="Download").click()
    assert found.value.suggested_filename == f"workbook-{PreparedFile.objects.latest('pk').pk}.xlsx"
    page.goto(f"{address}/exports/")
    judge(page, "exports-list")
    page.goto(f"{address}/exports/journal/")
    judge(page, "exports-journal")


def test_without_scripts_there_is_a_button_to_look_again(
    world: World, address: str, browser: object, context: BrowserContext
) -> None:
    plain = context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    enter(plain, address, world.cast.fern)
    page = plain.new_page()
    page.goto(f"{address}/exports/journal/")
    tap(page.get_by_role("button", name="Make the journal"))
    file = PreparedFile.objects.get()
    work(file.pk)
    tap(page.get_by_role("button", name="Look again"))
    expect(page.get_by_role("button", name="Download")).to_be_visible()
    plain.close()


def test_what_had_its_day_or_stopped_says_so(
    world: World, address: str, page: Page, context: BrowserContext
) -> None:
    cast = world.cast
    gone = ask_for_file(actor=cast.fern, organisation=cast.riverside, kind=FileKind.JOURNAL)
    work(gone.pk)
    stopped = ask_for_file(actor=cast.fern, organisation=cast.riverside, kind=FileKind.JOURNAL)
    prepared_files.begin(stopped.pk)
    with set_now(now() + SILENCE + timedelta(seconds=1)):
        prepared_files.look_after()
    with set_now(now() + KEPT_FOR):
        prepared_files.look_after()
    enter(context, address, cast.fern)
    page.goto(f"{address}/exports/{gone.pk}/")
    expect(page.get_by_text("No longer kept")).to_be_visible()
    judge(page, "exports-gone")
    page.goto(f"{address}/exports/{stopped.pk}/")
    judge(page, "exports-stopped")


def test_the_auditors_desk(world: World, address: str, page: Page, context: BrowserContext) -> None:
    enter(context, address, world.cast.ada)
    page.goto(f"{address}/trail/")
    page.get_by_text("Find something").click()
    judge(page, "trail-open")
    page.get_by_label("Who").select_option(label="Fern Finance")
    page.get_by_label("What", exact=True).select_option(label="Prepared a payment run")
    tap(page.get_by_role("button", name="Show"))
    expect(page.get_by_role("table")).to_contain_text("prepared a payment run")
    judge(page, "trail-narrowed")
    page.get_by_label("History of one record").fill("C999999")
    tap(page.get_by_role("button", name="Show"))
    expect(page.get_by_role("alert")).to_contain_text("no such record")
    judge(page, "trail-error")
    page.get_by_label("History of one record").fill(world.paid.reference)
    tap(page.get_by_role("button", name="Show"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"History of claim {world.paid.reference}")
    page.goto(f"{address}/exports/checks/")
    judge(page, "checks-none")
    tap(page.get_by_role("button", name="Run the checks"))
    work(PreparedFile.objects.latest("pk").pk)
    expect(page.get_by_text("Everything agrees")).to_be_visible()
    judge(page, "checks-clean")
    page.goto(f"{address}/exports/checks/")
    judge(page, "checks-list")
    page.goto(f"{address}/exports/trail/")
    judge(page, "exports-trail")


def test_a_lead_sees_the_budget(world: World, address: str, page: Page, context: BrowserContext) -> None:
    enter(context, address, world.cast.anil)
    page.goto(f"{address}/projects/{world.cast.project.pk}/")
    judge(page, "exports-position-lead")
