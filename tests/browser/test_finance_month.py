"""A month of a finance desk, start to end: forty due claims become a signed, reconciled, closed November.

Fern prepares, Farah approves, Ada audits. A payment is taken out, one comes back, the bank takes a charge and
the statement is uploaded twice. Nothing that was typed once is typed again.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import BrowserContext, Page, expect

from ledger.models import AccountKind
from ledger.queries import balances
from payments.models import BankAccount, Payment, PaymentRun
from payments.queries import due_lines
from payments.services import details
from payments.workflow import PaymentStatus, RunStatus
from people.models import FileKind, Person, PreparedFile, RoleKind
from reports.exports.working import work
from reports.verify import problems
from tests.browser.conftest import judge, tap
from tests.browser.hands import enter
from tests.cast import Cast, give_role
from tests.payments.office import colleague, fare, hours, open_office, statement_file

pytestmark = pytest.mark.browser

NAMES = (
    "Asha One",
    "Bilal Two",
    "Chidi Three",
    "Dara Four",
    "Elin Five",
    "Femi Six",
    "Gwil Seven",
    "Hope Eight",
)
DECEMBER = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
PAY_DAY = date(2026, 11, 27)  # three banking days after the morning on which every test begins


@dataclass
class Desk:
    """Fern's, Farah's or Ada's hands; what they typed is remembered, so that nothing is typed twice."""

    address: str
    page: Page
    context: BrowserContext
    typed: list[str] = field(default_factory=list)

    def sit_down(self, person: Person, path: str = "/") -> None:
        enter(self.context, self.address, person)
        self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        tap(self.page.get_by_role("button", name=name, exact=True).first)

    def follow(self, name: str) -> None:
        tap(self.page.get_by_role("link", name=name).first)

    def write(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)
        self.typed.append(text)

    def upload(self, content: bytes) -> None:
        chosen = {"name": "november.csv", "mimeType": "text/csv", "buffer": content}
        self.page.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
        self.press("Upload")

    def is_told(self, text: str) -> None:
        expect(self.page.get_by_role("alert")).to_contain_text(text)


@pytest.fixture
def account(committed_db: None, cast: Cast) -> BankAccount:
    """Ten people with forty claims that are agreed; Hope's account waits to be checked."""
    account = open_office(cast)
    people = [cast.cora, cast.dev, *(_contributor(cast, name) for name in NAMES)]
    for number, person in enumerate(people):
        for pence in (450, 720, 1180 + number):
            fare(cast, person, pence)
        hours(cast, person, 2)
        _account(cast, person, number, is_checked=person.name != "Hope Eight")
    return account


def _contributor(cast: Cast, name: str) -> Person:
    person = colleague(cast, name, [])
    kind, riverside = RoleKind.CONTRIBUTOR, cast.riverside
    give_role(actor=cast.abel, person=person, kind=kind, organisation=riverside, project=cast.project)
    return person


def _account(cast: Cast, person: Person, number: int, *, is_checked: bool) -> None:
    entered = details.enter(
        actor=person,
        person=person,
        account_name=person.name.upper(),
        sort_code="089999",
        account_number=f"6637495{number}",
    )
    if is_checked:
        details.verify(actor=cast.farah, details_id=entered.pk, note="Rang on the number we had before.")


def test_forty_claims_become_a_closed_month(
    account: BankAccount, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    assert due_lines(cast.riverside).values("claim").distinct().count() == 40
    desk = Desk(address, page, context)
    open_the_books(desk, cast)
    check_the_last_payee(desk, cast)
    run = pay(desk, cast)
    with time_machine.travel(DECEMBER, tick=True):
        back = reconcile(desk, cast, account, run)
        sign_and_close(desk, cast, account)
        audit(desk, cast, run, back)
    assert len(desk.typed) == len(set(desk.typed))
    assert list(problems()) == []
    assert _balance(cast, AccountKind.IN_TRANSIT) == 0


def open_the_books(desk: Desk, cast: Cast) -> None:
    """What was in the account on the first day."""
    desk.sit_down(cast.fern, "/months/")
    desk.follow("Opening balance of a bank account")
    desk.page.get_by_label("Current account").check()
    desk.write("How much?", "10,000")
    for label, number in (("Day", "1"), ("Month", "11"), ("Year", "2026")):
        desk.page.get_by_label(label, exact=True).fill(number)
    desk.write("What is it?", "Brought over from the old books")
    desk.press("Continue")
    desk.press("Post it")
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Entry")


def check_the_last_payee(desk: Desk, cast: Cast) -> None:
    """Hope gave her account: Farah rings her."""
    page = desk.page
    desk.sit_down(cast.farah)
    judge(page, "month-01-home")
    desk.follow("Payees")
    desk.follow("Hope Eight")
    desk.press("Check these details")
    page.get_by_label("I rang them, on a number that we had before").check()
    desk.write("What was said?", "She read the account to me.")
    desk.press("They are right: verify")
    desk.is_told("It can be used")


def pay(desk: Desk, cast: Cast) -> PaymentRun:
    """What is due becomes a run without one payment; it is signed and sent, and its file is fetched."""
    page = desk.page
    desk.sit_down(cast.fern)
    desk.follow("People to pay")
    judge(page, "month-02-due")
    desk.press("Prepare a payment run")
    desk.press("Prepare this run")
    desk.is_told("Payment run 1 is prepared")
    run = PaymentRun.objects.get()
    assert (run.count, run.pay_on) == (20, PAY_DAY)
    taken = run.payments.filter(person=cast.dev).earliest("pk")
    desk.follow(f"Take out {taken.reference}")
    desk.write("Why do you take it out?", "He asked us to wait.")
    desk.press("Take it out")

    desk.sit_down(cast.farah)
    desk.follow("Payment run 1 to sign")
    desk.press("Sign this run")
    judge(page, "month-03-sign")
    desk.press("Sign this run")
    desk.is_told("You signed payment run 1")

    desk.sit_down(cast.fern, f"/payments/runs/{run.pk}/")
    desk.press("Send this run to the bank")
    desk.press("Send this run")
    desk.is_told("Payment run 1 is sent")
    desk.press("Download the bank file")
    with page.expect_download() as found:
        page.get_by_role("button", name="Download the bank file").click()
    run.refresh_from_db()
    assert found.value.path().read_bytes().count(b"\n") > run.count == 19
    assert run.status == RunStatus.SENT
    return run


def reconcile(desk: Desk, cast: Cast, account: BankAccount, run: PaymentRun) -> Payment:
    """The run left as one debit, one payment came back, the bank took a charge: uploaded twice."""
    page = desk.page
    back = run.payments.filter(status=PaymentStatus.SENT).latest("pk")
    rows = [
        (PAY_DAY, "BACS RUN RIVERSIDE", -run.total),
        (date(2026, 11, 30), f"{back.reference} RETURNED", back.amount),
        (date(2026, 11, 30), "ACCOUNT CHARGE NOV", -650),
    ]
    content = statement_file(rows, opening=1_000_000)
    for said in ("What was imported", "already imported"):
        desk.sit_down(cast.fern, f"/bank/{account.pk}/upload/")
        desk.upload(content)
        expect(page.get_by_text(said).first).to_be_visible()
    desk.sit_down(cast.fern)
    judge(page, "month-04-home-december")
    desk.follow("Statement lines to match")
    judge(page, "month-05-lines")
    tap(page.get_by_role("row", name="ACCOUNT CHARGE NOV").get_by_role("link"))
    page.get_by_label("A bank charge").check()
    desk.write("In a few words", "Monthly charge")
    desk.press("Save what it was")
    desk.is_told("in the books as: bank charge")
    back.refresh_from_db()
    assert back.status == PaymentStatus.RETURNED
    assert run.payments.filter(status=PaymentStatus.PAID).count() == 18
    return back


def sign_and_close(desk: Desk, cast: Cast, account: BankAccount) -> None:
    """What came back or was taken out goes into the next run; two persons sign, and Farah closes."""
    page = desk.page
    desk.sit_down(cast.fern, "/payments/due/")
    expect(page.get_by_text("Sent back by the bank")).to_be_visible()
    desk.press("Prepare a payment run")
    desk.press("Prepare this run")
    desk.is_told("Payment run 2 is prepared")
    assert PaymentRun.objects.latest("pk").count == 2
    for person, does in ((cast.fern, "prepared"), (cast.farah, "checked")):
        desk.sit_down(person, f"/bank/{account.pk}/202611/")
        desk.press(f"Sign as {does}")
        page.get_by_role("checkbox").check()
        desk.press("Sign")
        if does == "prepared":
            desk.is_told("You signed it as prepared")
    expect(page.get_by_text("Signed by two people", exact=True)).to_be_visible()
    judge(page, "month-06-signed")
    desk.sit_down(cast.farah, "/months/riverside/202611/")
    judge(page, "month-07-checklist")
    desk.press("Close November 2026")
    desk.press("Close month")
    expect(page.get_by_text("Closed by Farah Finance")).to_be_visible()


def audit(desk: Desk, cast: Cast, run: PaymentRun, back: Payment) -> None:
    """Ada finds the payment that came back, reads who did what, and has everything checked."""
    page = desk.page
    desk.sit_down(cast.ada, "/search/")
    desk.write("What are you looking for?", back.reference)
    desk.press("Search")
    desk.follow(back.reference)
    expect(page.get_by_role("main")).to_contain_text("Sent back")
    page.goto(f"{desk.address}/history/run/{run.pk}/")
    for said in ("prepared a payment run", "signed a payment run", "sent a payment run to the bank"):
        expect(page.get_by_role("table")).to_contain_text(said)
    page.goto(f"{desk.address}/exports/checks/")
    desk.press("Run the checks")
    work(PreparedFile.objects.get(kind=FileKind.CHECKS).pk)
    desk.page.reload()
    expect(page.get_by_text("Everything agrees")).to_be_visible()
    judge(page, "month-08-checks")


def _balance(cast: Cast, kind: AccountKind) -> int:
    return sum(row.balance for row in balances(cast.riverside) if row.kind == kind)
