"""A person's own view of their money in a browser: totals, days of their own, a statement, a letter, a limit.

On a desk and on a phone, and accessible in every state, mistakes included.
"""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from claims.models import Offer
from common.dates import set_now
from payments.services import reconciling
from tests.browser.conftest import NARROW, WIDE, judge, play_at, tap
from tests.browser.hands import enter
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.payments.office import MONDAY, PAY_ON, account_of, fare, hours, imported, open_office, sent

pytestmark = pytest.mark.browser


@pytest.fixture
def offer(committed_db: None, cast: Cast) -> Offer:
    """Cora was paid £12.50 back for costs and £40 for time, and is asked to a session for £40 more."""
    with set_now(MONDAY):
        account = open_office(cast)
        account_of(cast, cast.cora)
        fare(cast, cast.cora, 1250)
        hours(cast, cast.cora, 2)
        run = sent(cast, account)
        imported(cast, account, [(PAY_ON, "BACS", -run.total)])
        reconciling.match(actor=cast.fern, line_id=account.lines.get().pk, run_id=run.pk)
    return invited(cast)[0]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_money_is_added_up_and_a_limit_is_told(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext, width: int
) -> None:
    enter(context, address, cast.cora)
    play_at(page, width)
    page.goto(f"{address}/payments/")
    tap(page.get_by_role("link", name="Add up what you were paid"))
    expect(page.get_by_role("table", name="All organisations here")).to_contain_text("£40.00")
    judge(page, "own-money-totals")
    page.get_by_role("link", name="Calendar months").click()
    expect(page.get_by_role("row", name="November 2026")).to_contain_text("£12.50")
    judge(page, "own-money-months")
    tap(page.get_by_role("button", name="Add up these days"))
    expect(page.get_by_role("link", name="Enter the first day")).to_be_visible()
    judge(page, "own-money-days-missing")
    page.get_by_label("In a week, Monday to Sunday").fill("39.99")
    tap(page.get_by_role("button", name="Save for me alone"))
    expect(page.get_by_label("In a week, Monday to Sunday")).to_have_value("39.99")
    judge(page, "own-money-kept")
    page.goto(f"{address}/invitations/{offer.pk}/")
    expect(page.get_by_text("You asked us to tell you")).to_be_visible()
    judge(page, "own-money-reminder")
    tap(page.get_by_role("link", name="Change or remove this"))
    tap(page.get_by_role("button", name="Remove all of it"))
    expect(page.get_by_label("In a week, Monday to Sunday")).to_have_value("")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_statement_and_a_letter_are_made(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext, width: int
) -> None:
    enter(context, address, cast.cora)
    play_at(page, width)
    page.goto(f"{address}/your-money/statements/")
    judge(page, "own-money-statements")
    tap(page.get_by_role("link", name="Statement for 2026-27"))
    expect(page.get_by_role("table", name="Money for your time")).to_contain_text("£40.00")
    judge(page, "own-money-statement")
    page.goto(f"{address}/your-money/letters/")
    judge(page, "own-money-letter-form")
    tap(page.get_by_role("button", name="Show the letter"))
    judge(page, "own-money-letter-errors")
    page.get_by_label("What I was paid").check()
    for box, day in (("First day", ("1", "11", "2026")), ("Last day", ("30", "11", "2026"))):
        group = page.get_by_role("group", name=box)
        for label, typed in zip(("Day", "Month", "Year"), day, strict=True):
            group.get_by_label(label, exact=True).fill(typed)
    tap(page.get_by_role("button", name="Show the letter"))
    expect(page.get_by_role("table", name="Money for time")).to_contain_text("£40.00")
    judge(page, "own-money-letter")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download in large print (PDF)").click()
    assert download.value.suggested_filename == "letter.pdf"
