"""Concerns at both widths: one press on a phone, finance's list, the second person, a death, the errors."""

from datetime import datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common.dates import set_now
from payments.models import Concern, Payment
from tests.browser.conftest import judge, tap
from tests.browser.hands import enter
from tests.cast import Cast
from tests.payments.concerns.stories import FRIDAY, overpaid
from tests.payments.office import MONDAY, account_of, fare, open_office, sent

pytestmark = pytest.mark.browser


class Stopped:
    """A clock for every thread, the server's too."""

    def get(self) -> datetime:
        return FRIDAY


@pytest.fixture
def desk(committed_db: None, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Cora: a fare overpaid, another on its way whose day is over. Dev has died."""
    with set_now(MONDAY):
        account = open_office(cast)
        account_of(cast, cast.cora)
        fare(cast, cast.cora, 1250)
        overpaid(cast, account)
        fare(cast, cast.cora, 500)
        sent(cast, account)
        fare(cast, cast.dev, 700)
    monkeypatch.setattr("common.dates._set_now", Stopped())
    return cast


def press(page: Page, button: str) -> None:
    tap(page.get_by_role("button", name=button, exact=True))


def test_a_contributor_says_it_with_one_press(
    desk: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    payment = Payment.objects.get(person=desk.cora, amount=500)
    enter(context, address, desk.cora)
    page.goto(f"{address}/payments/{payment.pk}/")
    judge(page, "concern-payment")
    tap(page.get_by_role("link", name="It has not arrived"))
    judge(page, "concern-not-arrived")
    press(page, "It has not arrived")
    expect(page.get_by_text("tell you what we found by 4 December 2026")).to_be_visible()
    judge(page, "concern-own")
    too_much = Concern.objects.get(kind="overpaid")
    page.goto(f"{address}/concerns/{too_much.pk}/")
    judge(page, "concern-own-overpaid")
    expect(page.get_by_text("Nothing is taken from what we pay you now or later.")).to_be_visible()


def test_finance_works_on_what_is_not_right(
    desk: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, desk.lena)
    page.goto(f"{address}/concerns/not-arrived/for/{desk.cora.number}/")
    judge(page, "concern-helper")
    press(page, "It has not arrived")
    enter(context, address, desk.fern)
    page.goto(f"{address}/concerns/")
    judge(page, "concern-list")
    tap(page.get_by_role("link", name="It did not arrive"))
    tap(page.get_by_role("link", name="Say which payment it is"))
    press(page, "It is this one")
    judge(page, "concern-which-error")
    page.get_by_role("radio").first.check()
    press(page, "It is this one")
    tap(page.get_by_role("link", name="The bank never took it"))
    page.get_by_label("What did the bank say?").fill("They have no record of it.")
    press(page, "Ask a second person to agree")
    judge(page, "concern-never-taken-error")
    page.goto(f"{address}/concerns/overpaid/{Payment.objects.get(amount=1250).pk}/")
    press(page, "Ask a second person to agree")
    judge(page, "concern-overpaid-errors")
    page.get_by_role("radio").first.check()
    page.get_by_label("How much was overpaid?").fill("99")
    page.get_by_label("What happened?").fill("We read it wrong.")
    press(page, "Ask a second person to agree")
    expect(page.get_by_role("alert")).to_contain_text("at most £10.00 of this line")
    page.get_by_label("How much was overpaid?").fill("1")
    press(page, "Ask a second person to agree")
    judge(page, "concern-asked")
    enter(context, address, desk.farah)
    page.goto(page.url + "agree/")
    judge(page, "concern-agree")
    press(page, "I agree")
    judge(page, "concern-overpaid")


def test_a_death_is_recorded_in_quiet_words(
    desk: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, desk.abel)
    page.goto(f"{address}/concerns/died/{desk.dev.number}/")
    press(page, "Record it")
    judge(page, "concern-died-error")
    page.get_by_label("Who told us?").fill("His brother, by telephone")
    press(page, "Record it")
    judge(page, "concern-died")
    enter(context, address, desk.fern)
    page.goto(f"{address}/concerns/{Concern.objects.get(kind='deceased').pk}/estate/")
    press(page, "Save this account")
    judge(page, "concern-estate-errors")
    enter(context, address, desk.anil)
    page.goto(f"{address}/claims/{desk.dev.claims.get().reference}/")
    judge(page, "concern-claim")
    expect(page.get_by_text("Please do not contact the family from here.")).to_be_visible()
