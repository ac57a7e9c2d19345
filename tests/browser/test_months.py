"""Finance at the desk: what needs doing, money posted by hand, a month closed, and reopened by two."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common.dates import month_key, today
from payments.banking_days import shifted
from payments.models import BankAccount
from payments.services import runs
from tests.browser.conftest import judge, tap
from tests.browser.hands import Hands, enter
from tests.cast import Cast
from tests.payments.office import account_of, fare, imported, open_office, sign_reconciliation

pytestmark = pytest.mark.browser


@pytest.fixture
def office(committed_db: None, cast: Cast) -> BankAccount:
    """A run waits for its signature, more is due, and a line of the bank waits."""
    account = open_office(cast)
    account_of(cast, cast.cora)
    fare(cast, cast.cora, 1250)
    return account


def last_month() -> date:
    """A day in the month that is over."""
    return today().replace(day=1) - timedelta(days=3)


def type_funding(page: Page, day: date, amount: str) -> None:
    page.get_by_label("Current account").check()
    page.get_by_label("Project A").check()
    page.get_by_label("How much?").fill(amount)
    for part in ("day", "month", "year"):
        page.get_by_label(part.title(), exact=True).fill(str(getattr(day, part)))
    page.get_by_label("What is it?").fill("Budget from the trust")


def test_the_desk_shows_what_needs_doing(
    office: BankAccount, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, cast.fern)
    imported(cast, office, [(last_month(), "ACCOUNT CHARGE", -650)])
    page.goto(address)
    expect(page.get_by_role("link", name="People to pay")).to_be_visible()
    judge(page, "desk-01-preparer")
    enter(context, address, cast.farah)
    runs.prepare(
        actor=cast.fern, organisation=cast.riverside, bank_account=office, pay_on=shifted(today(), 3)
    )
    fare(cast, cast.cora, 730)
    page.goto(address)
    expect(page.get_by_role("link", name="Payment run 1 to sign")).to_be_visible()
    judge(page, "desk-02-approver")


def test_money_is_posted_and_a_month_closed_and_reopened(
    office: BankAccount, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    hands, day = Hands(page), last_month()
    enter(context, address, cast.fern)
    page.goto(f"{address}/months/")
    judge(page, "months-01-list")
    tap(page.get_by_role("link", name="Money received for a project"))
    hands.go("Continue")
    expect(page.get_by_role("alert")).to_contain_text("Enter the amount")
    judge(page, "months-02-fund-errors")
    type_funding(page, day, "9600")
    hands.go("Continue")
    judge(page, "months-03-check")
    hands.go("Post it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Entry 2")
    judge(page, "months-04-entry")
    tap(page.get_by_role("link", name="See the month of this entry"))
    judge(page, "months-05-left")
    tap(page.get_by_role("link", name="Explain it"))
    hands.go("Save this explanation")
    expect(page.get_by_role("alert")).to_contain_text("Enter why it may stay as it is")
    judge(page, "months-06-explain-error")
    page.get_by_label("Why may it stay").fill("The bank shows no other movement.")
    hands.go("Save this explanation")
    expect(page.get_by_text("1 reconciliation left")).to_be_visible()
    sign_reconciliation(cast, office, month_key(day))
    page.reload()
    expect(page.get_by_text("Everything is done")).to_be_visible()
    judge(page, "months-07-ready")
    close_and_reopen(page, context, cast, f"{address}/months/riverside/{month_key(day)}/")


def close_and_reopen(page: Page, context: BrowserContext, cast: Cast, month: str) -> None:
    hands, address = Hands(page), month.partition("/months/")[0]
    enter(context, address, cast.farah)
    page.goto(month)
    tap(page.get_by_role("button", name="Close "))
    judge(page, "months-08-close")
    hands.go("Close month")
    expect(page.get_by_text("Closed by Farah Finance")).to_be_visible()
    tap(page.get_by_role("link", name="Ask to reopen this month"))
    hands.go("Ask to reopen")
    judge(page, "months-09-reason-missing")
    page.get_by_label("Why does it have to be reopened?").fill("A late invoice.")
    hands.go("Ask to reopen")
    judge(page, "months-10-asked")
    enter(context, address, cast.fern)
    page.goto(address)
    tap(page.get_by_role("link", name="to be reopened?"))
    judge(page, "months-11-list-asked")
    page.goto(month)
    tap(page.get_by_role("link", name="Confirm as the second person"))
    judge(page, "months-12-confirm")
    hands.go("Reopen month")
    expect(page.get_by_text("is open again")).to_be_visible()
    judge(page, "months-13-reopened")
