"""A code and a learning fund in a browser: on a desk and on a phone, accessible, mistakes included."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from claims.models import GIVEN_AWAY, Way
from claims.services.offering import offer_way
from common.dates import set_now
from payments.models import Payment
from tests.browser.conftest import NARROW, WIDE, judge, play_at, tap
from tests.browser.hands import enter
from tests.cast import Cast
from tests.payments.by_hand.own import CASH_CODE, CODES, handed
from tests.payments.office import MONDAY, hours, open_office

pytestmark = pytest.mark.browser
ITEM = "A course in print making, at the Riverside College"


def paid(cast: Cast, way: Way) -> Payment:
    """Cora has £40 for her time in this way."""
    with set_now(MONDAY):
        open_office(cast)
        offer_way(
            actor=cast.fern,
            organisation=cast.riverside,
            way=way,
            for_time=True,
            for_costs=way not in GIVEN_AWAY,
            delivery="We send it to you by post.",
        )
        hours(cast, cast.cora, 2)
        return handed(cast, way)


@pytest.mark.parametrize(("way", "code"), [(Way.CODE, CASH_CODE), (Way.VOUCHER, CODES[0])])
def test_somebody_looks_at_their_code(
    committed_db: None, cast: Cast, address: str, page: Page, context: BrowserContext, way: Way, code: str
) -> None:
    payment = paid(cast, way)
    enter(context, address, cast.cora)
    page.goto(f"{address}/payments/?view=own")
    judge(page, f"own-by-hand-{way}-list")
    tap(page.get_by_role("link", name="What it is for"))
    expect(page.get_by_text(code)).to_have_count(0)
    judge(page, f"own-by-hand-{way}-payment")
    tap(page.get_by_role("button", name="Show my code"))
    expect(page.get_by_text(code)).to_be_visible()
    assert code not in page.url
    assert code not in page.title()
    judge(page, f"own-by-hand-{way}-code")
    page.get_by_role("link", name="go back to your payment").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(f"/payments/{payment.pk}/")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_something_is_asked_for_and_answered(
    committed_db: None, cast: Cast, address: str, page: Page, context: BrowserContext, width: int
) -> None:
    paid(cast, Way.LEARNING)
    play_at(page, width)
    enter(context, address, cast.cora)
    page.goto(f"{address}/payments/?view=own")
    tap(page.get_by_role("link", name="Your learning fund"))
    judge(page, "learning-own")
    tap(page.get_by_role("button", name="Ask for something"))
    judge(page, "learning-ask")
    tap(page.get_by_role("button", name="Ask for it"))
    expect(page.get_by_role("alert")).to_contain_text("Enter what you would like")
    judge(page, "learning-ask-missing")
    page.get_by_label("What would you like?").fill(ITEM)
    page.get_by_label("How much does it cost?").fill("25")
    tap(page.get_by_role("button", name="Ask for it"))
    expect(page.get_by_text("Not answered yet")).to_be_visible()
    judge(page, "learning-asked-for")

    enter(context, address, cast.fern)
    page.goto(f"{address}/learning-funds/")
    judge(page, "learning-list")
    tap(page.get_by_role("link", name="Answer Cora Contributor"))
    judge(page, "learning-answer")
    page.get_by_label("No, and the person reads why").check()
    tap(page.get_by_role("button", name="Send this answer"))
    expect(page.get_by_role("alert")).to_contain_text("Enter why not")
    judge(page, "learning-answer-missing")
    page.get_by_label("Yes, we pay for it").check()
    tap(page.get_by_role("button", name="Send this answer"))
    expect(page.get_by_text("Nothing here")).to_be_visible()
    page.goto(f"{address}/learning-funds/?view=answered")
    judge(page, "learning-answered")

    enter(context, address, cast.cora)
    page.goto(f"{address}/your-learning-fund/")
    expect(page.get_by_text("£15.00", exact=True)).to_be_visible()
    judge(page, "learning-own-after")
