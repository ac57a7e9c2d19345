"""Pay somebody's time through payroll with a mouse, at a desk and on a phone, from the mark to its end."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common.dates import set_now, today
from payments.banking_days import shifted
from payments.models import PaymentRun
from payments.services import runs
from tests.browser.conftest import judge, tap
from tests.browser.hands import enter
from tests.cast import Cast
from tests.payments.office import MONDAY, hash_of, hours, open_office

pytestmark = pytest.mark.browser


@pytest.fixture
def office(committed_db: None, cast: Cast) -> Cast:
    """Cora is owed £40 for her time. The browser lives today, whatever the test's clock says."""
    with set_now(MONDAY):
        open_office(cast)
        hours(cast, cast.cora, 2)
    return cast


def write_day(page: Page, day: date) -> None:
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(label, exact=True).fill(str(number))


def test_time_goes_through_payroll(office: Cast, address: str, page: Page, context: BrowserContext) -> None:
    enter(context, address, office.fern)
    page.goto(address)
    tap(page.get_by_role("link", name="Payroll"))
    judge(page, "payroll-empty")
    tap(page.get_by_role("link", name="Pay somebody’s time through payroll"))
    page.get_by_label("What is the person’s number?").fill("P9")
    tap(page.get_by_role("button", name="Continue"))
    expect(page.get_by_role("alert")).to_contain_text("Nobody with this number claims from Riverside")
    judge(page, "payroll-mark-error")
    page.get_by_label("What is the person’s number?").fill(office.cora.number)
    tap(page.get_by_role("button", name="Continue"))
    judge(page, "payroll-check")
    tap(page.get_by_role("button", name="Pay their time through payroll"))
    judge(page, "payroll-marked")

    tap(page.get_by_role("link", name="Prepare a run for payroll"))
    write_day(page, today() + timedelta(days=5 - today().weekday() + 7))  # a Saturday
    tap(page.get_by_role("button", name="Prepare the run"))
    expect(page.get_by_role("alert")).to_contain_text("Banks do not move money on")
    judge(page, "payroll-prepare-error")
    write_day(page, shifted(today(), 1))
    tap(page.get_by_role("button", name="Prepare the run"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("ayment run 1")
    judge(page, "payroll-run")

    run = PaymentRun.objects.get()
    runs.authorise(actor=office.farah, run_id=run.pk, sha256=hash_of(run))
    runs.release(actor=office.fern, run_id=run.pk)
    page.goto(f"{address}/payments/payroll/")
    tap(page.get_by_role("link", name="Payroll has paid it"))
    write_day(page, today() + timedelta(days=1))
    tap(page.get_by_role("button", name="Payroll has paid this run"))
    expect(page.get_by_role("alert")).to_contain_text("must be today or in the past")
    judge(page, "payroll-confirm-error")
    write_day(page, today())
    tap(page.get_by_role("button", name="Payroll has paid this run"))
    judge(page, "payroll-paid")
    tap(page.get_by_role("link", name="Payroll has not paid it"))
    judge(page, "payroll-undo")
    page.goto(f"{address}/payments/payroll/")
    tap(page.get_by_role("link", name="Pay by bank again"))
    judge(page, "payroll-end")
    tap(page.get_by_role("button", name="Pay their time by bank again"))
    expect(page.get_by_role("heading", name="Nobody here")).to_be_visible()

    enter(context, address, office.cora)
    page.goto(f"{address}/payments/")
    expect(page.get_by_text("It is part of your pay")).to_be_visible()
    judge(page, "payroll-own")
