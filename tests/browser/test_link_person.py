"""A link person types a claim for somebody, reads it back and sends it."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from claims.models import Claim, Offer
from claims.workflow import ClaimStatus
from tests.browser.conftest import NARROW, WIDE, judge, play_at
from tests.browser.hands import Hands, enter, meeting_yesterday
from tests.cast import Cast

pytestmark = pytest.mark.browser
FOR = "You are typing this for Cora Contributor"


@pytest.fixture
def offer(committed_db: None, cast: Cast) -> Offer:
    return meeting_yesterday(cast)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_claim_is_typed_read_back_and_sent(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext, width: int
) -> None:
    enter(context, address, cast.lena)
    play_at(page, width)
    hands = Hands(page)
    page.goto(f"{address}/")
    judge(page, "help-01-home")
    hands.go("Type a claim for somebody")
    judge(page, "help-02-choose")
    hands.go("Continue")
    judge(page, "help-03-choose-wrong")
    hands.pick("Cora Contributor")
    judge(page, "help-04-start")
    hands.pick(offer.activity.title)
    expect(page.get_by_text(FOR)).to_be_visible()
    judge(page, "help-05-time")
    hands.pick("Yes, for 2 hours")
    judge(page, "help-06-cost")
    hands.pick("Bus fare")
    judge(page, "help-07-bus")
    hands.write("Amount", "4.20")
    hands.go("Continue")
    judge(page, "help-08-receipt")
    hands.go("It will come by post")
    expect(page.get_by_role("heading", name="Read this to Cora Contributor")).to_be_visible()
    expect(page.get_by_text("55.00")).to_have_count(0)
    judge(page, "help-09-read-back")
    hands.go("Send the claim for Cora Contributor")
    judge(page, "help-10-sent")
    claim = Claim.objects.get()
    assert (claim.status, claim.contributor, claim.entered_by) == (
        ClaimStatus.SUBMITTED,
        cast.cora,
        cast.lena,
    )
    page.goto(f"{address}/claims/{claim.reference}/")
    expect(page.get_by_text("55.00")).to_have_count(0)
    judge(page, "help-11-claim")


def test_who_helps_nobody_is_told_what_to_do(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    link = cast.cora.link_people.get()
    link.until = link.since
    link.save()
    enter(context, address, cast.lena)
    page.goto(f"{address}/claims/new/for/")
    judge(page, "help-12-nobody")
