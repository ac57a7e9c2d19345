"""Pay by cheque and by voucher with a mouse, at a desk and on a phone: from the run to the bank's line."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from claims.models import CountsAs, Way
from claims.services.instructing import choose_way
from claims.services.offering import offer_way
from common.dates import now, set_now, today
from payments.banking_days import shifted
from payments.models import HandOver, PaymentRun, StatementLine
from payments.services import runs
from tests.browser.conftest import judge, tap
from tests.browser.hands import enter
from tests.browser.test_payroll import write_day
from tests.cast import Cast
from tests.payments.office import MONDAY, fare, hash_of, imported, open_office

pytestmark = pytest.mark.browser


@pytest.fixture
def office(committed_db: None, cast: Cast) -> Cast:
    """Cora is owed £12.50 of fares and wants a cheque; Dev £20, and wants vouchers."""
    with set_now(MONDAY):
        account = open_office(cast)
        fare(cast, cast.cora, 1250)
        fare(cast, cast.dev, 2000)
    with set_now(min(MONDAY, now())):
        for way in (Way.VOUCHER, Way.CHEQUE, Way.CASH):
            offer_way(
                actor=cast.fern,
                organisation=cast.riverside,
                way=way,
                for_time=True,
                for_costs=True,
                delivery="We post it on Fridays.",
            )
        for person, way in ((cast.cora, Way.CHEQUE), (cast.dev, Way.VOUCHER)):
            choose_way(
                actor=person, person=person, organisation=cast.riverside, kind=CountsAs.EXPENSE, way=way
            )
        imported(cast, account, [(today(), "CHQ 100045", -1250)])
    return cast


def sign_and_send(cast: Cast) -> None:
    run = PaymentRun.objects.latest("pk")
    runs.authorise(actor=cast.farah, run_id=run.pk, sha256=hash_of(run))
    runs.release(actor=cast.fern, run_id=run.pk)


def test_cheque_and_voucher_reach_people(
    office: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, office.fern)
    page.goto(address)
    tap(page.get_by_role("link", name="By hand", exact=True))
    judge(page, "by-hand-overview")
    tap(page.get_by_role("link", name=re.compile("Ways of paying")))
    judge(page, "by-hand-ways")
    tap(page.get_by_role("link", name=re.compile("Change.*Cheque")))
    judge(page, "by-hand-way")
    tap(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Cheque: saved.")).to_be_visible()

    page.goto(f"{address}/payments/by-hand/")
    tap(page.get_by_role("button", name=re.compile("Prepare a run.*Cheque")))
    write_day(page, shifted(today(), 1))
    judge(page, "by-hand-prepare")
    tap(page.get_by_role("button", name="Prepare the run"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("ayment run 1")
    judge(page, "by-hand-run")
    sign_and_send(office)
    page.reload()
    judge(page, "by-hand-run-sent")
    tap(page.get_by_role("link", name="Hand its payments over"))
    judge(page, "by-hand-waiting")
    tap(page.get_by_role("link", name="Hand it over"))
    tap(page.get_by_role("button", name="It is handed over"))
    expect(page.get_by_role("alert")).to_contain_text("Enter the number of the cheque")
    judge(page, "by-hand-cheque-error")
    page.get_by_label("What is the number of the cheque?").fill("100045")
    tap(page.get_by_role("button", name="It is handed over"))
    judge(page, "by-hand-cheque-given")

    page.goto(f"{address}/bank/lines/{StatementLine.objects.get().pk}/")
    page.get_by_label("A cheque that was cashed").check()
    expect(page.get_by_text("Cheque 100045 is out for this amount")).to_be_visible()
    page.get_by_label("In a few words").fill("Cora’s cheque")
    judge(page, "by-hand-line")
    tap(page.get_by_role("button", name="Save what it was"))
    made = HandOver.objects.get()
    assert made.cashed_by is not None
    page.goto(f"{address}/payments/by-hand/handed/{made.pk}/")
    judge(page, "by-hand-cashed")

    page.goto(f"{address}/payments/by-hand/riverside/stock/")
    tap(page.get_by_role("button", name="Take vouchers into stock"))
    for label, text in (
        ("Who sold them?", "High Street Vouchers"),
        ("What is one of them worth?", "10"),
        ("How many are there?", "4"),
        ("Codes, one on each line", "A-1\nA-2\nA-3\nA-4"),
    ):
        page.get_by_label(label).fill(text)
    bought_on = page.get_by_role("group", name="On which day were they bought?")
    for label, number in (("Day", today().day), ("Month", today().month), ("Year", today().year)):
        bought_on.get_by_label(label, exact=True).fill(str(number))
    judge(page, "by-hand-buy")
    tap(page.get_by_role("button", name="They are in stock"))
    judge(page, "by-hand-stock")
    page.goto(f"{address}/payments/by-hand/riverside/voucher/prepare/")
    write_day(page, shifted(today(), 1))
    tap(page.get_by_role("button", name="Prepare the run"))
    sign_and_send(office)
    page.goto(f"{address}/payments/by-hand/riverside/voucher/waiting/")
    tap(page.get_by_role("link", name="Hand it over"))
    expect(page.get_by_text("2 of £10.00 from High Street Vouchers")).to_be_visible()
    judge(page, "by-hand-voucher")
    tap(page.get_by_role("button", name="It is handed over"))
    judge(page, "by-hand-voucher-given")
    tap(page.get_by_role("link", name="It did not reach them"))
    judge(page, "by-hand-back")
    page.goto(f"{address}/payments/by-hand/riverside/counts/new/")
    judge(page, "by-hand-count")
