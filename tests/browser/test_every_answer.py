"""Every answer that leads to the bank, or to no fee, from the invitation to the matched line of the bank."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from claims.models import Offer, Outcome
from claims.services import claiming
from claims.services.deciding import decide
from claims.services.offers import make_offer
from common.dates import london_day, now, set_now, today
from common.money import from_minor
from payments import verify
from payments.banking_days import shifted
from payments.models import BankAccount, PaymentRun, StatementLine
from payments.workflow import PaymentStatus
from people.services import set_adviser
from tests.browser.conftest import NARROW, WIDE, judge, play_at, tap
from tests.browser.hands import enter
from tests.browser.test_by_hand import sign_and_send
from tests.browser.test_payroll import write_day
from tests.cast import Cast
from tests.claims.meetings import meeting
from tests.payments.office import MONDAY, account_of, imported, open_office

pytestmark = pytest.mark.browser
FARE = 450
ANSWERS = {  # what is chosen, and what comes for two hours at £20
    "accepted:bank": 4000,
    "less": 1500,
    "declined": 0,
    "nothing": 0,
    "talk": 4000,  # nothing else was said by the start: the usual answer counts
}


@pytest.fixture
def account(committed_db: None, cast: Cast) -> BankAccount:
    with set_now(min(MONDAY, now())):
        account = open_office(cast)
        account_of(cast, cast.cora)
    set_adviser(
        actor=cast.abel,
        organisation_id=cast.riverside.pk,
        adviser_name="Ines Independent",
        adviser_email="ines@advice.example",
    )
    return account


@pytest.fixture
def offer(account: BankAccount, cast: Cast) -> Offer:
    """Cora is asked to two hours that begin in an hour, for £40."""
    activity = meeting(cast, starts_at=now() + timedelta(hours=1))
    return make_offer(actor=cast.lena, activity=activity, contributor=cast.cora)


def agreed(cast: Cast, offer: Offer) -> None:
    """After the meeting Cora claims her time and a fare of £4.50, and the lead agrees to both."""
    activity = offer.activity
    with set_now(activity.ends_at + timedelta(hours=1)):
        claim = claiming.start_claim(
            actor=cast.cora, project=cast.project, contributor=cast.cora, activity=activity
        )
        line: dict[str, Any] = {
            "actor": cast.cora,
            "claim_id": claim.pk,
            "on": london_day(activity.starts_at),
        }
        hours = activity.time_hours
        claiming.add_line(**line, kind="time", mode="session", quantity=hours, unit="hour")
        fare = from_minor(FARE, "GBP")
        claiming.add_line(**line, kind="fare", mode="bus", spent=fare, receipt="R1")
        claiming.submit(actor=cast.cora, claim_id=claim.pk)
        for each in claim.lines.all():
            decide(actor=cast.project.lead, line_id=each.pk, outcome=Outcome.APPROVE)


@pytest.mark.parametrize("answer", ANSWERS)
def test_from_the_answer_to_the_line_of_the_bank(
    offer: Offer,
    account: BankAccount,
    cast: Cast,
    address: str,
    page: Page,
    context: BrowserContext,
    answer: str,
) -> None:
    fee = ANSWERS[answer]
    play_at(page, NARROW)
    enter(context, address, cast.cora)
    page.goto(f"{address}/invitations/{offer.pk}/answer/")
    chosen = page.locator(f"input[name=answer][value='{answer}']")
    (chosen if chosen.count() else page.locator("input[name=answer]").first).check()
    if answer == "less":
        page.get_by_label("How much do you want to take?").fill("15")
    tap(page.get_by_role("button", name="Save your answer"))
    judge(page, f"every-answer-{answer.partition(':')[0]}")
    agreed(cast, offer)

    play_at(page, WIDE)
    enter(context, address, cast.fern)
    page.goto(f"{address}/payments/due/riverside/prepare/")
    write_day(page, shifted(today() - timedelta(days=1), 1))
    tap(page.get_by_role("button", name="Prepare this run"))
    sign_and_send(cast)
    run = PaymentRun.objects.get()
    paid = {payment.counts_as: payment.amount for payment in run.payments.all()}
    assert paid == {"expense": FARE} | ({"fee": fee} if fee else {})
    imported(cast, account, [(today(), f"RUN {run.number}", -run.total)])
    page.goto(f"{address}/bank/lines/{StatementLine.objects.get().pk}/")
    if fee:  # of two payments only their run has the amount of the line
        expect(page.get_by_text("This looks like")).to_contain_text(f"Run {run.number}")
        tap(page.get_by_role("button", name="Yes, that is it"))
    else:
        page.get_by_label(f"Run {run.number}, due").check()
        tap(page.get_by_role("button", name="Save what it was"))
    assert {payment.status for payment in run.payments.all()} == {PaymentStatus.PAID}
    assert list(verify.problems(cast.riverside)) == []

    play_at(page, NARROW)
    enter(context, address, cast.cora)
    page.goto(f"{address}/payments/?view=own")
    expect(page.get_by_text("Paid").first).to_be_visible()
    advice = page.context.request.get(f"{address}/payments/remittances/{run.remittances.get().number}/")
    assert advice.headers["content-type"] == "application/pdf"
