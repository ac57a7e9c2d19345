"""Setting up in a browser: an organisation, people and parts, a project, a policy, an activity, a budget.

Each chapter on a desk and on a phone, and accessible on every page, mistakes included. SCREENSHOTS=folder
keeps a picture of each.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from claims.models import Activity, Claim, Offer
from claims.queries import policy_in_force
from common.dates import LONDON, now
from ledger.models import Budget
from people.models import Person, Project, Role
from tests.browser.conftest import NARROW, WIDE, judge, play_at, tap
from tests.browser.hands import enter
from tests.cast import Cast, put_in_force
from tests.claims.paper import POLICY

pytestmark = pytest.mark.browser

As = Callable[[Person, str], Page]


@pytest.fixture
def staff(committed_db: None, cast: Cast) -> Cast:
    """Everybody, with a policy in force."""
    put_in_force(cast, POLICY)
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
    """Follow the link that begins with this name."""
    tap(page.locator("main").get_by_role("link", name=name).first)


def fill_day(page: Page, legend: str, day: int, month: int, year: int) -> None:
    """Type a day into its three inputs."""
    group = page.get_by_role("group", name=legend)
    for label, number in (("Day", day), ("Month", month), ("Year", year)):
        group.get_by_label(label).fill(str(number))


def test_the_organisation_is_set_up(staff: Cast, at: As) -> None:
    page = at(staff.abel, "/organisations/")
    judge(page, "setup-organisation")
    follow(page, "Change days to pay")
    page.get_by_label("Days to pay").fill("soon")
    press(page, "Save the details")
    expect(page).to_have_title("Error: What do people need to know? – Lived Experience Ledger")
    judge(page, "setup-organisation-error")
    page.get_by_label("Days to pay").fill("10")
    press(page, "Save the details")
    expect(page.get_by_text("10 days")).to_be_visible()
    judge(page, "setup-organisation-saved")
    follow(page, "Change name on bank statements")
    page.get_by_label("What should the bank statement call you?").fill("Café at the river, upstairs")
    press(page, "See how it looks")
    expect(page.get_by_text("CAFE AT THE RIVER EXP 000123")).to_be_visible()
    judge(page, "setup-bank-line")
    press(page, "Save the name")
    follow(page, "Change who is told when somebody wants to talk")
    page.get_by_label("Name").fill("Ines Independent")
    press(page, "Save")
    judge(page, "setup-adviser-error")
    page.get_by_label("E-mail address").fill("ines@advice.example")
    press(page, "Save")
    expect(page.get_by_text("Ines Independent")).to_be_visible()
    staff.riverside.refresh_from_db()
    assert staff.riverside.adviser_email == "ines@advice.example"
    assert (staff.riverside.days_to_pay, staff.riverside.statement_name) == (10, "CAFE AT THE RIVER")


def test_somebody_is_added_and_given_a_part_that_a_second_person_confirms(staff: Cast, at: As) -> None:
    page = at(staff.abel, "/people/")
    judge(page, "setup-people")
    follow(page, "Add somebody to Riverside Council")
    press(page, "Add this person")
    judge(page, "setup-person-errors")
    page.get_by_label("Name", exact=True).fill("Nia New")
    page.get_by_label("E-mail", exact=True).check()
    page.get_by_label("E-mail address (if they have one)").fill("nia@example.org")
    page.get_by_label("Large print").check()
    page.get_by_label("Yes").check()
    page.get_by_label("Contributor", exact=True).check()
    page.get_by_label("Project A").check()
    press(page, "Add this person")
    expect(page.get_by_role("heading", name="Nia New")).to_be_visible()
    judge(page, "setup-person")
    nia = Person.objects.get(name="Nia New")
    follow(page, "Link somebody who helps them")
    judge(page, "setup-link")
    page.get_by_label("Lena Link").check()
    press(page, "Link them")
    follow(page, "Give a part in Riverside Council")
    judge(page, "setup-part")
    page.get_by_label("Finance preparer").check()
    press(page, "Give this part")
    expect(page.get_by_text("Waits for a second person")).to_be_visible()
    judge(page, "setup-part-waits")
    page = at(staff.farah, "/roles/")
    judge(page, "setup-parts-to-confirm")
    follow(page, "Look at this part")
    judge(page, "setup-confirm")
    press(page, "Confirm this part")
    judge(page, "setup-confirmed")
    assert Role.objects.get(person=nia, kind="preparer").confirmed_by == staff.farah
    page = at(staff.abel, f"/people/{nia.number}/")
    follow(page, "They leave Riverside Council")
    judge(page, "setup-leave")
    press(page, "End every part")
    judge(page, "setup-left")
    assert not nia.roles.filter(until__isnull=True).exists()


def test_a_project_is_set_up(staff: Cast, at: As) -> None:
    page = at(staff.abel, "/organisations/riverside/")
    follow(page, "Add a project")
    press(page, "Add this project")
    judge(page, "setup-project-errors")
    page.get_by_label("Code").fill("PROJ-N")
    page.get_by_label("Name").fill("New work")
    page.get_by_label("What is it for?").fill("To find out together.")
    fill_day(page, "First day", 1, 1, 2027)
    fill_day(page, "Last day", 31, 12, 2027)
    for legend in ("Who leads it?", "Who administers it?"):
        page.get_by_role("group", name=legend).get_by_label("Anil Lead").check()
    press(page, "Add this project")
    expect(page.get_by_text("cannot decide claims yet")).to_be_visible()
    judge(page, "setup-project")
    follow(page, "Change the shares")
    page.get_by_label("Riverside Council").fill("2")
    page.get_by_label("Hillside Trust").fill("1")
    judge(page, "setup-shares")
    press(page, "Save the shares")
    expect(page.get_by_text("Riverside Council: 2 parts (67%)")).to_be_visible()
    assert Project.objects.get(code="PROJ-N").partners.count() == 2


def test_a_policy_is_read_proposed_and_confirmed(staff: Cast, at: As) -> None:
    page = at(staff.farah, "/policies/riverside/")
    judge(page, "setup-policies")
    follow(page, "Propose a policy")
    page.get_by_label("Or paste what is in it").fill(POLICY.replace('"0.24"', '"much"'))
    press(page, "Read it")
    expect(page.get_by_role("link", name="Rate row 3 (mileage, motorcycle): amount")).to_be_visible()
    judge(page, "setup-policy-errors")
    page.get_by_label("Or paste what is in it").fill(POLICY.replace('"0.24"', '"0.26"'))
    press(page, "Read it")
    judge(page, "setup-policy-preview")
    press(page, "Propose this policy")
    judge(page, "setup-policy-proposed")
    page = at(staff.fern, "/policies/riverside/2/")
    judge(page, "setup-policy-to-confirm")
    press(page, "Put this policy in force")
    judge(page, "setup-policy-in-force")
    assert policy_in_force(staff.riverside).version == 2
    page = at(staff.cora, "/what-we-pay/")
    expect(page.get_by_text("26p for each mile.")).to_be_visible()
    judge(page, "setup-what-we-pay")
    page.get_by_text("Rates for earlier days").click()
    judge(page, "setup-what-we-pay-before")


def test_an_activity_is_set_up_people_are_asked_and_it_is_cancelled(staff: Cast, at: As) -> None:
    page = at(staff.lena, "/activities/")
    judge(page, "setup-activities")
    follow(page, "Set up an activity in Project A")
    press(page, "Set it up")
    judge(page, "setup-activity-errors")
    told = (now() - timedelta(minutes=30)).astimezone(LONDON)
    soon = (now() + timedelta(hours=8)).astimezone(LONDON)
    page.get_by_label("Title").fill("What helped at home")
    page.get_by_label("What is it for?").fill("Say what helped and what did not.")
    fill_day(page, "Which day?", soon.day, soon.month, soon.year)
    page.get_by_label("When does it start?").fill(f"{soon:%H:%M}")
    page.get_by_label("When does it end?").fill("23:59")
    page.get_by_label("How many hours?").fill("2.5")
    press(page, "Set it up")
    judge(page, "setup-activity")
    follow(page, "Ask people to come")
    judge(page, "setup-ask")
    page.get_by_label("Cora Contributor").check()
    page.get_by_label("Dev Contributor").check()
    press(page, "Ask these people")
    judge(page, "setup-asked")
    assert Offer.objects.count() == 2
    follow(page, "Cancel this activity")
    press(page, "See what follows")
    judge(page, "setup-cancel-errors")
    page.get_by_label("We did").check()
    fill_day(page, "On which day were people told?", told.day, told.month, told.year)
    page.get_by_label("At what time?").fill(f"{told:%H:%M}")
    press(page, "See what follows")
    expect(page.get_by_text("That was 8 hours and 30 minutes of notice.")).to_be_visible()
    judge(page, "setup-cancel")
    press(page, "Cancel the activity")
    judge(page, "setup-cancelled")
    assert Activity.objects.get().cancelled_by == "organisation"
    assert Claim.objects.count() == 2


def test_a_budget_is_worked_out_proposed_and_agreed(staff: Cast, at: As) -> None:
    page = at(staff.anil, f"/projects/{staff.project.pk}/budgets/")
    judge(page, "setup-budgets")
    follow(page, "Propose a budget")
    page.get_by_label("Money for time", exact=True).fill("lots")
    press(page, "Propose this budget")
    judge(page, "setup-budget-errors")
    page.get_by_label("How many activities?").fill("12")
    page.get_by_label("How many people at each?").fill("6")
    page.get_by_label("Money for time: for each person, each time").fill("55")
    page.get_by_label("Money for time", exact=True).fill("")
    press(page, "Work it out")
    expect(page.get_by_label("Money for time", exact=True)).to_have_value("3960.00")
    judge(page, "setup-budget-worked-out")
    press(page, "Propose this budget")
    judge(page, "setup-budget-proposed")
    page = at(staff.farah, f"/projects/{staff.project.pk}/budgets/2/")
    judge(page, "setup-budget-to-agree")
    press(page, "Agree this budget")
    judge(page, "setup-budget-agreed")
    assert Budget.objects.get(version=2).agreed_by == staff.farah
