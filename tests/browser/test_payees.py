"""Check an account with a mouse, at a desk and on a phone: look, verify, refuse, enter from paper, search."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common.dates import set_now
from payments.models import BankDetails
from payments.services import details
from people.services.contact import change_contact
from tests.browser.conftest import judge, tap
from tests.browser.hands import enter
from tests.cast import Cast
from tests.payments.office import MONDAY, account_of, fare, open_office

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(committed_db: None, cast: Cast) -> Iterator[Cast]:
    """Cora gives new details after she changed her number; Dev is owed money and gave none."""
    with set_now(MONDAY):
        open_office(cast)
        account_of(cast, cast.cora)
        fare(cast, cast.dev, 730)
        change_contact(actor=cast.cora, phone="0113 496 0123")
        change_contact(actor=cast.cora, phone="0113 496 0999")
        give(cast)
        yield cast


def give(cast: Cast) -> BankDetails:
    return details.enter(
        actor=cast.cora, person=cast.cora, account_name="C Contributor", sort_code="107999",
        account_number="88837491",
    )  # fmt: skip


def test_an_account_is_checked_by_a_second_person(
    desk: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, desk.farah)
    page.goto(address)
    tap(page.get_by_role("link", name="Payees", exact=True).first)
    judge(page, "payees-list")
    tap(page.get_by_role("button", name="Find"))
    expect(page.get_by_role("alert")).to_contain_text("Enter a name or a number")
    judge(page, "payees-list-error")
    page.get_by_label("Name or number").fill("cora")
    tap(page.get_by_role("button", name="Find"))
    tap(page.get_by_role("link", name="Cora Contributor"))
    judge(page, "payee-waiting")
    tap(page.get_by_role("button", name="Check these details"))
    judge(page, "payee-verify")
    tap(page.get_by_role("button", name="Show the full account"))
    expect(page.get_by_text("88837491")).to_be_visible()
    judge(page, "payee-revealed")
    tap(page.get_by_role("button", name="They are right: verify"))
    expect(page.get_by_role("alert")).to_contain_text("Select how you checked")
    expect(page.get_by_text("88837491")).to_have_count(0)
    judge(page, "payee-verify-error")
    page.get_by_label("I rang them, on a number that we had before").check()
    page.get_by_label("What was said?").fill("She read the account to me.")
    tap(page.get_by_role("button", name="They are right: verify"))
    expect(page.get_by_role("alert")).to_contain_text("It can be used from")
    judge(page, "payee-cooling-off")


def test_an_account_that_cannot_be_used_is_refused(
    desk: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, desk.farah)
    page.goto(f"{address}/payees/{desk.cora.number}/")
    tap(page.get_by_role("link", name="They cannot be used"))
    tap(page.get_by_role("button", name="Refuse these details"))
    expect(page.get_by_role("alert")).to_contain_text("Select why they cannot be used")
    judge(page, "payee-refuse-error")
    page.get_by_label("We could not check them with you.").check()
    tap(page.get_by_role("button", name="Refuse these details"))
    expect(page.get_by_role("alert")).to_contain_text("is refused")
    judge(page, "payee-refused")
    enter(context, address, desk.cora)
    page.goto(f"{address}/your-bank-details/")
    judge(page, "payee-refused-own")


def test_details_from_paper_and_a_screen_that_is_too_late(
    desk: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, desk.fern)
    page.goto(f"{address}/payees/")
    tap(page.get_by_role("link", name="Enter from paper for Dev Contributor"))
    judge(page, "payee-enter")
    tap(page.get_by_role("button", name="Continue"))
    judge(page, "payee-enter-error")
    page.get_by_label("Their deputy or guardian").check()
    page.get_by_label("If it is not their own").fill("The order of the court, 3 March 2026.")
    page.get_by_label("Name on the account").fill("D Contributor")
    page.get_by_label("Sort code").fill("08-99-99")
    page.get_by_label("Account number").fill("66374958")
    tap(page.get_by_role("button", name="Continue"))
    judge(page, "payee-enter-check")
    tap(page.get_by_role("button", name="Enter bank details"))
    expect(page.get_by_role("alert")).to_contain_text("Somebody else has to check them")
    judge(page, "payee-shared")
    of_deputy = BankDetails.objects.get(person=desk.dev)
    enter(context, address, desk.farah)
    page.goto(f"{address}/payees/{desk.dev.number}/details/{of_deputy.pk}/verify/")
    tap(page.get_by_role("button", name="They are right: verify"))
    expect(page.get_by_role("alert")).to_contain_text("Enter which papers you saw")
    judge(page, "payee-acting-check")
    enter(context, address, desk.dev)
    page.goto(f"{address}/your-bank-details/")
    expect(page.get_by_text("This is the account of your deputy or guardian")).to_be_visible()
    judge(page, "own-details-acting")
    enter(context, address, desk.fern)
    row = BankDetails.objects.get(person=desk.cora, verified_at__isnull=True)
    page.goto(f"{address}/payees/{desk.cora.number}/details/{row.pk}/refuse/")
    page.get_by_label("We could not check them with you.").check()
    give(desk)
    tap(page.get_by_role("button", name="Refuse these details"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("already moved on")
    judge(page, "payee-moved-on")


def test_search_finds_and_says_what_it_does_not(
    desk: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, desk.farah)
    page.goto(f"{address}/payees/")
    tap(page.get_by_role("link", name="Search", exact=True).first)
    judge(page, "search")
    for term, name in (("", "search-error"), ("nobody at all", "search-nothing"), ("dev", "search-name")):
        page.get_by_label("What are you looking for?").fill(term)
        tap(page.get_by_role("button", name="Search", exact=True))
        judge(page, name)
    assert "dev" not in page.url
    tap(page.get_by_role("link", name="Dev Contributor"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dev Contributor")
