"""Every way to be paid, from the answer to the advice and the bank's line; then the books tie out.

People who are paid are on a phone, finance at a desk.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from claims.models import GIVEN_AWAY, NAMED, Offer, Outcome, Way
from claims.services.deciding import decide
from claims.services.offers import make_offer
from common.dates import now, set_now, today
from payments import verify
from payments.banking_days import shifted
from payments.models import BankAccount, HandOver, Match, Payment, StatementLine
from payments.services import stock
from payments.workflow import Method, PaymentStatus
from tests.browser.conftest import NARROW, WIDE, assert_no_sideways_scroll, judge, play_at, tap
from tests.browser.hands import enter
from tests.browser.test_by_hand import sign_and_send
from tests.browser.test_payroll import write_day
from tests.cast import Cast
from tests.claims.meetings import claimed, meeting
from tests.claims.ways.steps import switch_on
from tests.payments.by_hand.steps import NAMES
from tests.payments.office import MONDAY, imported, open_office

pytestmark = pytest.mark.browser
WAYS = [way for way in Way if way != Way.BANK]
NUMBERS = {  # what is asked for beside the day, and what is written there
    Way.CASH: ("What is the number of the receipt that was signed?", "Receipt 12"),
    Way.CHEQUE: ("What is the number of the cheque?", "100045"),
    Way.CODE: ("What is the cash-out code?", "PAY-4711"),
    Way.DONATION: ("What is the reference of the transfer?", "T-8841"),
    Way.GROUP: ("What is the reference of the transfer?", "T-8842"),
}
LINES = {  # what the bank shows of it in the end
    Way.VOUCHER: "Vouchers, or something for learning",
    Way.CASH: "Cash for the cash box, or brought back from it",
    Way.CHEQUE: "A cheque that was cashed",
    Way.CODE: "Cash-out codes",
    Way.DONATION: "A donation to a charity",
    Way.GROUP: "A payment to a group",
    Way.LEARNING: "Vouchers, or something for learning",
}
CODES = {Way.VOUCHER: "GIFT-1", Way.CODE: "PAY-4711"}


@pytest.fixture
def account(committed_db: None, cast: Cast) -> BankAccount:
    """Riverside can pay in every way, and its bank shows £40 going out."""
    with set_now(min(MONDAY, now())):
        account = open_office(cast)
        switch_on(cast, *WAYS)
    imported(cast, account, [(today(), "CARD 100045", -4000)])
    return account


@pytest.fixture
def offer(account: BankAccount, cast: Cast) -> Offer:
    """Cora is asked to two hours that begin in an hour, for £40."""
    activity = meeting(cast, starts_at=now() + timedelta(hours=1))
    return make_offer(actor=cast.lena, activity=activity, contributor=cast.cora)


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, cast: Cast, account: BankAccount) -> Way:
    """Each way; four vouchers of £10 are in stock."""
    if request.param == Way.VOUCHER:
        stock.buy_vouchers(
            actor=cast.fern,
            organisation=cast.riverside,
            supplier="High Street Vouchers",
            face_value=1000,
            count=4,
            charge=0,
            bought_on=today(),
            codes=[f"GIFT-{number}" for number in range(1, 5)],
        )
    return Way(request.param)


def answered(page: Page, address: str, offer: Offer, way: Way) -> None:
    """Cora says how she wants all of it."""
    page.goto(f"{address}/invitations/{offer.pk}/answer/")
    page.locator(f"input[name=answer][value='accepted:{way}']").check()
    if way in NAMED:
        label = "Which charity?" if way == Way.DONATION else "Which group or organisation?"
        page.get_by_label(label).fill(NAMES[way])
    tap(page.get_by_role("button", name="Save your answer"))
    tap(page.get_by_role("link", name="Leave it as it is"))


def agreed(cast: Cast, offer: Offer) -> None:
    """After the meeting Cora claims her time, and the lead agrees."""
    with set_now(offer.activity.ends_at + timedelta(hours=1)):
        [line] = claimed(cast, offer.activity).lines.all()
        decide(actor=cast.project.lead, line_id=line.pk, outcome=Outcome.APPROVE)


def explained(page: Page, address: str, way: Way) -> None:
    """What finance says that the bank's line was."""
    page.goto(f"{address}/bank/lines/{StatementLine.objects.get().pk}/")
    page.get_by_label(LINES[way]).check()
    page.get_by_label("In a few words").fill("As agreed")
    tap(page.get_by_role("button", name="Save what it was"))
    assert Match.objects.filter(undone_at__isnull=True).count() == 1


def handed_over(page: Page, address: str, way: Way) -> None:
    """Finance hands the one payment over that waits."""
    page.goto(f"{address}/payments/by-hand/riverside/{way}/waiting/")
    tap(page.get_by_role("link", name="Hand it over"))
    if way in NUMBERS:
        label, text = NUMBERS[way]
        page.get_by_label(label).fill(text)
    judge(page, f"every-way-{way}-hand-over")
    tap(page.get_by_role("button", name="It is handed over"))


def spent(page: Page, address: str, context: BrowserContext, cast: Cast) -> None:
    """Cora asks for a course from her learning fund, and finance says yes."""
    enter(context, address, cast.cora)
    page.goto(f"{address}/your-learning-fund/riverside/ask/")
    page.get_by_label("What would you like?").fill("A course in print making")
    page.get_by_label("How much does it cost?").fill("40")
    tap(page.get_by_role("button", name="Ask for it"))
    enter(context, address, cast.fern)
    page.goto(f"{address}/learning-funds/")
    tap(page.get_by_role("link", name="Answer Cora Contributor"))
    page.get_by_label("Yes, we pay for it").check()
    tap(page.get_by_role("button", name="Send this answer"))


def read(page: Page, address: str, way: Way, payment: Payment) -> None:
    """Cora reads of her payment, fetches her code, and has the advice as a file."""
    page.goto(f"{address}/payments/{payment.pk}/")
    if way in NAMED:
        expect(page.get_by_text(NAMES[way]).first).to_be_visible()
    assert_no_sideways_scroll(page)
    judge(page, f"every-way-{way}-own")
    if way in CODES:
        tap(page.get_by_role("button", name="Show my code"))
        expect(page.get_by_text(CODES[way], exact=True)).to_be_visible()
    advice = page.context.request.get(f"{address}/payments/remittances/{remittance_of(payment)}/")
    assert advice.headers["content-type"] == "application/pdf"


def remittance_of(payment: Payment) -> str:
    return payment.run.remittances.get(person=payment.person).number


def test_from_the_answer_to_the_line_of_the_bank(
    offer: Offer, way: Way, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    play_at(page, NARROW)
    enter(context, address, cast.cora)
    answered(page, address, offer, way)
    agreed(cast, offer)

    play_at(page, WIDE)
    enter(context, address, cast.fern)
    page.goto(f"{address}/payments/by-hand/riverside/{way}/prepare/")
    expect(page.get_by_text("£40.00").first).to_be_visible()
    write_day(page, shifted(today(), 1))
    tap(page.get_by_role("button", name="Prepare the run"))
    sign_and_send(cast)
    if way == Way.CASH:
        explained(page, address, way)  # there has to be cash in the box
    handed_over(page, address, way)
    if way == Way.LEARNING:
        spent(page, address, context, cast)
    if way != Way.CASH:
        explained(page, address, way)

    payment = Payment.objects.get()
    assert (payment.method, payment.status, payment.amount) == (Method(way), PaymentStatus.PAID, 4000)
    assert HandOver.objects.get().payment == payment
    assert (payment.instruction is not None) == (way in NAMED)
    assert payment.counts_as == "fee" or way not in GIVEN_AWAY
    assert list(verify.problems(cast.riverside)) == []
    play_at(page, NARROW)
    enter(context, address, cast.cora)
    read(page, address, way, payment)
    assert list(verify.problems(cast.riverside)) == []
