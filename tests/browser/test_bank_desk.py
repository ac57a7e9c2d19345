"""Two finance people take a month from the bank's file to two signatures, with a return, a charge and a
file sent twice; at a desk and on a phone.
"""

from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common import dates
from common.dates import set_now
from payments.models import BankAccount, PaymentRun, StatementLine
from tests.browser.conftest import NARROW, WIDE, judge, play_at, tap
from tests.browser.hands import enter
from tests.cast import Cast
from tests.payments.office import MONDAY, PAY_ON, account_of, fare, hours, open_office, sent, statement_file

pytestmark = pytest.mark.browser
END = date(2026, 11, 30)
DECEMBER = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
ROWS = [
    (PAY_ON, "BACS RUN RIVERSIDE", -5980),
    (PAY_ON + timedelta(days=1), "CREDIT EXP 000003 AND EXP 000001", 730),
    (PAY_ON + timedelta(days=1), "ACCOUNT CHARGE NOV", -650),
    (END, "M SMITHERS", 2000),
]


@pytest.fixture
def office(committed_db: None, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> PaymentRun:
    """A run that was sent in November; now it is 2 December, for the server's threads as well."""
    with set_now(MONDAY):
        account = open_office(cast)
        account_of(cast, cast.cora)
        account_of(cast, cast.dev)
        fare(cast, cast.cora, 1250)
        hours(cast, cast.cora, 2)
        fare(cast, cast.dev, 730)
        run = sent(cast, account)
    monkeypatch.setattr(dates, "_set_now", ContextVar("set_now", default=DECEMBER))
    return run


def choose(page: Page, content: bytes, name: str = "statement.csv") -> None:
    chosen = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]


def press(page: Page, button: str) -> None:
    tap(page.get_by_role("button", name=button, exact=True))


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_month_from_the_banks_file_to_two_signatures(
    office: PaymentRun, cast: Cast, address: str, page: Page, context: BrowserContext, width: int
) -> None:
    keep = judge if width == WIDE else (lambda *_: None)  # each picture is taken at both widths
    play_at(page, width)
    enter(context, address, cast.fern)
    page.goto(f"{address}/bank/")
    tap(page.get_by_role("link", name="Current account", exact=True))
    tap(page.get_by_role("button", name="Upload a statement"))
    keep(page, "bank-upload")
    content = statement_file(ROWS)
    choose(page, content)
    press(page, "Upload")
    expect(page.get_by_role("heading", level=1)).to_have_text("What was imported")
    expect(page.get_by_text("4 of 4 in the file")).to_be_visible()
    expect(page.get_by_role("cell", name="Same amount as the run, due on 26 November")).to_be_visible()
    keep(page, "bank-statement")

    # The same file once more: who and when, and nothing twice.
    page.goto(f"{address}/bank/{office.bank_account_id}/upload/")
    choose(page, content, "again.csv")
    press(page, "Upload")
    expect(page.get_by_text("already imported, on 2 December 2026 by Fern Finance")).to_be_visible()
    keep(page, "bank-upload-again")

    # The payment that came back: Dev's, as the amount and the text say.
    page.goto(f"{address}/bank/lines/")
    keep(page, "bank-lines")
    tap(page.get_by_role("row", name="CREDIT EXP 000003").get_by_role("link"))
    expect(page.get_by_text("EXP 000003 to Dev Contributor came back").first).to_be_visible()
    keep(page, "bank-line-returned")
    press(page, "Yes, that is it")
    expect(page.get_by_role("alert")).to_contain_text("in the books as: a returned payment")

    # The charge: said without words first, then with them.
    tap(page.get_by_role("row", name="ACCOUNT CHARGE NOV").get_by_role("link"))
    press(page, "Save what it was")
    expect(page.get_by_role("alert")).to_contain_text("Select what this line was")
    keep(page, "bank-line-error")
    page.get_by_label("A bank charge").check()
    page.get_by_label("In a few words").fill("Monthly charge")
    press(page, "Save what it was")
    expect(page.get_by_role("alert")).to_contain_text("in the books as: bank charge")

    # Wrongly matched, undone with a reason, and said again.
    tap(page.get_by_role("row", name="M SMITHERS").get_by_role("link"))
    page.get_by_label("Interest").check()
    page.get_by_label("In a few words").fill("Interest of November")
    press(page, "Save what it was")
    expect(page.get_by_role("heading", name="Nothing to match")).to_be_visible()
    keep(page, "bank-lines-none")
    line = StatementLine.objects.get(amount=2000)
    page.goto(f"{address}/bank/lines/{line.pk}/")
    keep(page, "bank-line-matched")
    tap(page.get_by_role("link", name="Undo this match"))
    press(page, "Undo the match")
    keep(page, "bank-undo")
    page.get_by_label("Why was it wrong?").fill("It came from a person.")
    press(page, "Undo the match")
    expect(page.get_by_role("alert")).to_contain_text("The line waits again")
    page.get_by_label("Not known yet").check()
    page.get_by_label("In a few words").fill("Asked the bank who that is")
    press(page, "Save what it was")

    # Two signatures.
    page.goto(f"{address}/bank/{office.bank_account_id}/202611/")
    keep(page, "bank-month")
    tap(page.get_by_role("button", name="Sign as prepared"))
    press(page, "Sign")
    keep(page, "bank-sign")
    page.get_by_label("I compared these figures").check()
    press(page, "Sign")
    expect(page.get_by_role("alert")).to_contain_text("You signed it as prepared")
    assert page.get_by_role("button", name="Sign as").count() == 0
    enter(context, address, cast.farah)
    page.reload()
    tap(page.get_by_role("button", name="Sign as checked"))
    keep(page, "bank-sign-checked")
    page.get_by_label("I checked these figures").check()
    press(page, "Sign")
    expect(page.get_by_text("Signed by two people", exact=True)).to_be_visible()
    keep(page, "bank-month-signed")
    with page.expect_download() as found:
        page.get_by_role("link", name="Download as PDF").click()
    assert found.value.suggested_filename == f"reconciliation-{office.bank_account_id}-202611.pdf"
    page.goto(f"{address}/bank/{office.bank_account_id}/")
    keep(page, "bank-account")
    page.goto(f"{address}/bank/")
    keep(page, "bank-accounts")


SAMPLE = b"""Riverside Council
Statement of 30 November 2026

Transaction Date;Transaction Type;Description;Debit Amount;Credit Amount;Balance
02/11/2026;BGC;COUNCIL GRANT;;1000.00;1,000.00
13/11/2026;DD;ACCOUNT CHARGE;6.50;;993.50
30/11/2026;FPO;REFUND;;0.50;994.00
"""


def test_an_account_is_added_and_its_columns_are_found(
    office: PaymentRun, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, cast.fern)
    page.goto(f"{address}/bank/")
    tap(page.get_by_role("button", name="Add a bank account"))
    judge(page, "bank-add")
    press(page, "Continue")
    judge(page, "bank-add-error")
    page.get_by_label("What do you call this account?").fill("Involvement account")
    page.get_by_label("Sort code").fill("20-29-59")
    page.get_by_label("Account number").fill("63748472")
    choose(page, SAMPLE)
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is your file read correctly?")
    expect(page.get_by_role("cell", name="COUNCIL GRANT")).to_be_visible()
    judge(page, "bank-columns")
    page.get_by_label("Money in, in a column of its own").select_option("Debit Amount")
    press(page, "Read the file again")
    judge(page, "bank-columns-error")
    page.get_by_label("Money in, in a column of its own").select_option("Credit Amount")
    press(page, "Yes, this is right")
    expect(page.get_by_role("alert")).to_contain_text("Involvement account is added")
    account = BankAccount.objects.get(name="Involvement account")
    assert account.columns["paid_out"] == "Debit Amount"

    tap(page.get_by_role("link", name="How its statements are read"))
    judge(page, "bank-columns-known")
    choose(page, SAMPLE.replace(b"Description", b"Details"))
    press(page, "Continue")
    press(page, "Yes, this is right")
    expect(page.get_by_role("alert")).to_contain_text("are read like this")

    tap(page.get_by_role("button", name="Upload a statement"))
    choose(page, SAMPLE.replace(b"Description", b"Details").replace(b"6.50", b"six"))
    press(page, "Upload")
    expect(page.get_by_role("alert")).to_contain_text("Row 6: “six” is not an amount")
    judge(page, "bank-upload-error")
