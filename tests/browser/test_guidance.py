"""Help with money and benefits, and its register, on a desk and on a phone; accessible on every page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common.dates import now
from guidance.models import Shown, Text
from guidance.services.importing import import_register
from people.models import Person
from tests.browser.conftest import NARROW, WIDE, judge, play_at, tap
from tests.browser.hands import enter
from tests.cast import Cast, put_in_force
from tests.claims.meetings import invited
from tests.claims.paper import POLICY
from tests.guidance.conftest import REFERENCE, proposed

pytestmark = pytest.mark.browser

As = Callable[[Person, str], Page]


@pytest.fixture
def staff(committed_db: None, cast: Cast) -> Cast:
    """Everybody, with a policy in force and the reference register checked."""
    put_in_force(cast, POLICY)
    import_register(actor=cast.abel, organisation=cast.riverside, content=REFERENCE, second=cast.vera)
    return cast


@pytest.fixture(params=[WIDE, NARROW])
def at(request: pytest.FixtureRequest, page: Page, context: BrowserContext, address: str) -> As:
    """A page as this person sees it, on a desk and on a phone."""
    play_at(page, request.param)

    def open_as(person: Person, path: str) -> Page:
        enter(context, address, person)
        page.goto(f"{address}{path}")
        return page

    return open_as


def press(page: Page, name: str) -> None:
    """Press the button with this name, and wait for the page that follows."""
    tap(page.get_by_role("button", name=name, exact=True))


def follow(page: Page, name: str) -> None:
    """Follow the link in the main part that begins with this name."""
    tap(page.locator("main").get_by_role("link", name=name).first)


def test_somebody_reads_before_they_answer_and_finds_again_what_they_read(staff: Cast, at: As) -> None:
    offer = invited(staff, starts_at=now() + timedelta(days=3))[0]
    page = at(staff.cora, f"/invitations/{offer.pk}/answer/")
    page.get_by_text("If you take less, or nothing").click()
    expect(page.get_by_text("You can take less. You can still come")).to_be_visible()
    judge(page, "guidance-answer")
    follow(page, "Help with money and benefits")
    expect(page.get_by_role("heading", name="Vouchers: the sources do not agree")).to_be_visible()
    page.get_by_text("Figures of other years").click()
    judge(page, "guidance-help")
    follow(page, "What we showed you")
    expect(page.get_by_text("Only you can see this.")).to_be_visible()
    judge(page, "guidance-shown")
    assert Shown.objects.get().person == staff.cora


def test_a_version_is_written_by_one_and_checked_by_another(staff: Cast, at: As) -> None:
    page = at(staff.abel, "/guidance/riverside/")
    judge(page, "guidance-register")
    follow(page, "New version of Tax")
    page.get_by_label("Sources").fill("A guide, somewhere")
    press(page, "Propose this version")
    expect(page).to_have_title("Error: New version: Tax – Lived Experience Ledger")
    judge(page, "guidance-propose-error")
    page.get_by_label("Sources").fill("A guide | https://example.org/ | 2026-11-20")
    press(page, "Propose this version")
    follow(page, "Version 2: Tax on money for your time")
    expect(page.get_by_text("Somebody else has to check what you wrote.")).to_be_visible()
    judge(page, "guidance-own-version")
    page = at(staff.vera, "/guidance/riverside/texts/tax/2/")
    judge(page, "guidance-version")
    press(page, "I have checked it: show this text")
    expect(page.get_by_text("The text is checked.")).to_be_visible()
    assert Text.objects.get(topic="tax", version=2).checked_by == staff.vera


def test_what_is_due_is_shown_and_a_figure_is_checked(staff: Cast, at: As) -> None:
    Text.objects.filter(pk=proposed(staff, topic="advice").pk).update(review_on="2026-01-05")
    page = at(staff.vera, "/guidance/riverside/texts/advice/2/")
    press(page, "I have checked it: show this text")
    page = at(staff.abel, "/")
    expect(page.get_by_role("heading", name="Guidance to read again")).to_be_visible()
    judge(page, "guidance-due")
    page.goto(page.url + "guidance/riverside/texts/advice/2/review/")
    judge(page, "guidance-review")
    page.get_by_label("Year").fill("2028")
    press(page, "Save the day")
    expect(page.get_by_text("The day of the next review is set.")).to_be_visible()
    follow(page, "Enter a figure")
    judge(page, "guidance-figure-add")
    page = at(staff.abel, "/guidance/riverside/")
    follow(page, "Employment and Support Allowance: permitted work limit from 6 April 2026")
    expect(page.get_by_text("Unverified")).to_be_visible()
    judge(page, "guidance-figure")
