"""Two people of finance take what is due to the bank, at a desk and on a phone, with every refusal."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common.dates import set_now, today
from payments.banking_days import shifted
from payments.models import BankAccount, PaymentRun
from payments.services import runs
from people.models import Channel, PaperFormat, Person, RoleKind
from tests.browser.conftest import judge, tap
from tests.browser.hands import enter
from tests.cast import Cast, give_role
from tests.payments.office import MONDAY, account_of, colleague, fare, hours, open_office, prepared, sent

pytestmark = pytest.mark.browser


@pytest.fixture
def office(committed_db: None, cast: Cast) -> Cast:
    """Cora is owed for a bus and for time, Dev for a bus, and Noor, who gave no account yet."""
    with set_now(MONDAY):  # for what is made here
        open_office(cast)
        account_of(cast, cast.cora)
        account_of(cast, cast.dev)
        fare(cast, cast.cora, 1250)
        hours(cast, cast.cora, 2)
        fare(cast, cast.dev, 730)
        noor = colleague(cast, "Noor Newcomer", [])
        kind, riverside = RoleKind.CONTRIBUTOR, cast.riverside
        give_role(actor=cast.abel, person=noor, kind=kind, organisation=riverside, project=cast.project)
        fare(cast, noor, 460)
    return cast


@pytest.fixture
def account(office: Cast) -> BankAccount:
    return BankAccount.objects.get()


def on_monday(
    make: Callable[[Cast, BankAccount], PaymentRun], cast: Cast, account: BankAccount
) -> PaymentRun:
    """A run made before its payment day, whenever this test is run."""
    with set_now(MONDAY):
        return make(cast, account)


def go(page: Page, button: str) -> None:
    tap(page.get_by_role("button", name=button, exact=True))


def type_day(page: Page, day: date) -> None:
    """The server has the clock of the wall."""
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(label, exact=True).fill(str(number))


def test_from_due_to_sent(office: Cast, address: str, page: Page, context: BrowserContext) -> None:
    enter(context, address, office.fern)
    page.goto(address)
    tap(page.get_by_role("link", name="Due", exact=True))
    judge(page, "run-due")
    tap(page.get_by_role("button", name="Prepare a payment run"))
    judge(page, "run-prepare")
    good, saturday = shifted(today(), 3), today() + timedelta(days=12 - today().weekday())
    type_day(page, saturday)
    go(page, "Prepare this run")
    expect(page.get_by_role("alert")).to_contain_text("Banks do not move money on")
    judge(page, "run-prepare-error")
    type_day(page, good)
    go(page, "Prepare this run")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Payment run 1")
    judge(page, "run-prepared")
    run = PaymentRun.objects.get()

    enter(context, address, office.farah)
    page.goto(f"{address}/payments/runs/")
    tap(page.get_by_role("link", name="1 waits for you"))
    judge(page, "runs-waiting")
    tap(page.get_by_role("link", name="Run 1", exact=True))
    tap(page.get_by_role("link", name="Signing sheet"))
    judge(page, "run-sheet")
    with page.expect_download() as found:
        page.get_by_role("link", name="Download the signing sheet").click()
    assert found.value.suggested_filename == "run-1-sheet-1.pdf"
    page.goto(f"{address}/payments/runs/{run.pk}/")
    tap(page.get_by_role("button", name="Sign this run"))
    judge(page, "run-sign")
    go(page, "Sign this run")
    expect(page.get_by_role("alert")).to_contain_text("You signed payment run 1")
    page.go_back()  # to the form, which leads to the run, as there is nothing to sign any more
    expect(page.get_by_role("heading", level=1)).to_have_text("Payment run 1")

    enter(context, address, office.fern)
    page.goto(f"{address}/payments/runs/{run.pk}/")
    tap(page.get_by_role("button", name="Send this run to the bank"))
    judge(page, "run-send")
    go(page, "Send this run")
    expect(page.get_by_role("alert")).to_contain_text("Payment run 1 is sent")
    judge(page, "run-sent")
    tap(page.get_by_role("button", name="Download the bank file"))
    with page.expect_download() as found:
        page.get_by_role("button", name="Download the bank file").click()
    assert found.value.suggested_filename == "run-1-file-1.csv"
    page.reload()
    expect(page.get_by_role("main").get_by_role("listitem")).to_contain_text("Fern Finance")
    judge(page, "run-file")


def test_a_payment_is_taken_out_and_the_run_is_stopped(
    office: Cast, account: BankAccount, address: str, page: Page, context: BrowserContext
) -> None:
    run = on_monday(prepared, office, account)
    enter(context, address, office.fern)
    page.goto(f"{address}/payments/runs/{run.pk}/")
    tap(page.get_by_role("link", name="Take out EXP 000003"))
    go(page, "Take it out")
    expect(page.get_by_role("alert")).to_contain_text("Enter why you take it out")
    judge(page, "run-take-out-error")
    page.get_by_label("Why do you take it out?").fill("He asked to wait.")
    go(page, "Take it out")
    expect(page.get_by_role("alert")).to_contain_text("EXP 000003 is out of payment run 1")

    enter(context, address, office.farah)
    page.goto(f"{address}/payments/runs/{run.pk}/")
    tap(page.get_by_role("link", name="Stop this run"))
    go(page, "Stop this run")
    expect(page.get_by_role("alert")).to_contain_text("Enter why you stop this run")
    judge(page, "run-void-error")
    page.get_by_label("Why do you stop it?").fill("Wrong day.")
    go(page, "Stop this run")
    expect(page.get_by_role("alert")).to_contain_text("Payment run 1 is void")
    judge(page, "run-void")


def test_who_is_too_late_reads_who_was_faster(
    office: Cast, account: BankAccount, address: str, page: Page, context: BrowserContext
) -> None:
    run = on_monday(prepared, office, account)
    enter(context, address, office.farah)
    page.goto(f"{address}/payments/runs/{run.pk}/sign/")
    payment = run.payments.latest("pk")
    runs.take_out(actor=office.fern, payment_id=payment.pk, reason="He asked.")
    go(page, "Sign this run")
    expect(page.get_by_role("heading", level=1)).to_have_text("This has already moved on")
    judge(page, "run-moved-on")


def test_who_may_not_sign_reads_why(
    office: Cast, account: BankAccount, address: str, page: Page, context: BrowserContext
) -> None:
    both = colleague(office, "Bo Both", [RoleKind.PREPARER, RoleKind.APPROVER])
    run = on_monday(prepared, office, account)
    runs.take_out(actor=both, payment_id=run.payments.latest("pk").pk, reason="He asked.")
    enter(context, address, both)
    page.goto(f"{address}/payments/runs/{run.pk}/")
    expect(page.get_by_role("main")).to_contain_text("Somebody else has to sign a payment run you prepared.")
    judge(page, "run-not-yours")
    page.goto(f"{address}/payments/runs/{run.pk}/sign/")
    judge(page, "run-sign-not-yours")


def test_letters_are_printed(
    office: Cast, account: BankAccount, address: str, page: Page, context: BrowserContext
) -> None:
    Person.objects.filter(pk=office.cora.pk).update(channel=Channel.POST, address="7 Mill Lane\nRB1 2AB")
    Person.objects.filter(pk=office.dev.pk).update(paper_format=PaperFormat.LARGE)
    run = on_monday(sent, office, account)
    enter(context, address, office.fern)
    page.goto(f"{address}/payments/runs/{run.pk}/")
    tap(page.get_by_role("link", name="Print remittance advices"))
    with page.expect_download() as found:
        page.get_by_role("link", name="Advices 1 to 2 to print").click()
    assert found.value.suggested_filename == "run-1-paper-1.pdf"
    page.reload()
    judge(page, "run-letters")
