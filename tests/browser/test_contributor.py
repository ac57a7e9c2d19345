"""A contributor claims: on a phone and on a desk, without JavaScript, and with the keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from claims.models import Claim, Offer, Outcome
from claims.workflow import ClaimStatus
from tests.browser.conftest import HEIGHTS, NARROW, WIDE, assert_no_sideways_scroll, judge, play_at, tap
from tests.browser.hands import Hands, Keys, enter, meeting_yesterday
from tests.cast import Cast
from tests.claims.paper import decided
from tests.claims.receipts.samples import jpeg

pytestmark = pytest.mark.browser
MOST_PAGES, MOST_PRESSES = 8, 25
THERE = "Yes, for 2 hours"
SIZES = [NARROW, WIDE]


@pytest.fixture
def offer(committed_db: None, cast: Cast) -> Offer:
    return meeting_yesterday(cast)


@pytest.mark.parametrize("width", SIZES)
def test_a_bus_fare_and_a_two_hour_meeting_take_8_pages_and_25_presses(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext, width: int
) -> None:
    enter(context, address, cast.cora)
    play_at(page, width)
    page.goto(f"{address}/")
    hands = Hands(page)
    hands.here()
    hands.go("Make a claim")
    hands.pick(offer.activity.title)
    hands.pick(THERE)
    hands.pick("Bus fare")
    hands.write("Amount", "4.20")
    hands.go("Continue")
    hands.choose_file(jpeg())
    hands.go("Continue")
    hands.go("Send your claim")
    expect(page.get_by_role("heading", name="Claim sent")).to_be_visible()
    print(f"{len(hands.pages)} pages, {hands.presses} presses")  # noqa: T201 - docs/journey.md states it
    assert len(hands.pages) <= MOST_PAGES, hands.pages
    assert hands.presses <= MOST_PRESSES
    claim = Claim.objects.get()
    assert claim.status == ClaimStatus.SUBMITTED
    assert sorted(claim.lines.values_list("kind", "estimate")) == [("fare", 420), ("time", 5500)]


def test_every_page_reads_well_and_says_what_is_wrong(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, cast.cora)
    page.set_viewport_size({"width": NARROW, "height": HEIGHTS[NARROW]})
    hands = Hands(page)
    page.goto(f"{address}/claims/new/")
    judge(page, "claim-01-start")
    hands.go("Continue")
    judge(page, "claim-02-start-wrong")
    hands.pick(offer.activity.title)
    judge(page, "claim-03-time")
    hands.go("Continue")
    judge(page, "claim-04-time-wrong")
    hands.pick("Yes, for longer or shorter")
    judge(page, "claim-05-hours")
    hands.write("How many hours", "1e3")
    hands.go("Continue")
    judge(page, "claim-06-hours-wrong")
    page.get_by_label("How many hours").fill("1.5")
    hands.go("Continue")
    judge(page, "claim-07-cost")
    hands.go("Continue")
    judge(page, "claim-08-cost-wrong")
    _a_bus(page, hands)
    _care(page, hands)
    _a_car(page, hands)
    judge(page, "claim-20-check")
    _correct(page, hands)
    hands.go("Send your claim")
    judge(page, "claim-28-sent")
    tap(page.get_by_role("link", name="See how this claim stands"))
    judge(page, "claim-29-claim")


def _a_bus(page: Page, hands: Hands) -> None:
    hands.pick("Bus fare")
    judge(page, "claim-09-bus")
    hands.go("Continue")
    judge(page, "claim-10-bus-wrong")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Enter the bus fare").click()
    expect(page.get_by_label("Amount")).to_be_focused()
    hands.write("Amount", "4.20")
    hands.go("Continue")
    judge(page, "claim-11-receipt")
    hands.go("Continue")
    judge(page, "claim-12-receipt-wrong")
    hands.choose_file(b"this is no picture")
    hands.go("Continue")
    expect(page.get_by_role("link", name="must be a JPG")).to_be_visible()
    hands.choose_file(jpeg())
    hands.go("Continue")


def _care(page: Page, hands: Hands) -> None:
    hands.go("Add another cost or time")
    hands.pick("Care for a child")
    judge(page, "claim-13-care")
    hands.go("Continue")
    judge(page, "claim-14-care-wrong")
    hands.write("Amount", "30")
    hands.write("Number of hours", "3")
    hands.write("How much of it did somebody else pay", "10")
    hands.go("Continue")
    tap(page.get_by_role("link", name="There is no receipt"))
    judge(page, "claim-15-lost")
    hands.go("Continue")
    judge(page, "claim-16-lost-wrong")
    hands.write("Why is there no receipt", "My neighbour gives none")
    hands.go("Continue")


def _a_car(page: Page, hands: Hands) -> None:
    hands.go("Add another cost or time")
    hands.pick("Driving a car")
    judge(page, "claim-17-car")
    tap(page.get_by_role("link", name="tell us how many miles"))
    judge(page, "claim-18-miles")
    hands.go("Continue")
    judge(page, "claim-19-miles-wrong")
    hands.write("How many miles", "9990")
    hands.go("Continue")
    hands.go("Add another cost or time")
    hands.pick("Driving a car")
    hands.write("Number of miles", "12.5")
    page.get_by_label("The way back was the same").check()
    hands.go("Continue")


def _correct(page: Page, hands: Hands) -> None:
    tap(page.get_by_role("link", name="Change bus fare"))
    judge(page, "claim-21-change")
    page.get_by_label("Day", exact=True).fill("31")
    page.get_by_label("Month").fill("2")
    hands.go("Save")
    judge(page, "claim-22-change-wrong")
    page.go_back()
    page.goto(page.url.partition("/lines/")[0] + "/check/")
    tap(page.get_by_role("link", name="Remove care for a child"))
    judge(page, "claim-23-remove")
    hands.go("Remove it")
    judge(page, "claim-24-taken-out")
    tap(page.get_by_role("link", name="withdraw it"))
    judge(page, "claim-25-withdraw")
    tap(page.get_by_role("link", name="Back"))
    hands.go("Add another cost or time")
    hands.pick("Another way of travelling")
    judge(page, "claim-26-travel")
    tap(page.get_by_role("link", name="Back"))
    hands.pick("Time that I gave")
    judge(page, "claim-27-time")
    page.goto(page.url.partition("/more-time/")[0] + "/check/")


@pytest.fixture
def plain(browser: Browser, address: str, cast: Cast, offer: Offer) -> Iterator[Page]:
    """A telephone on which JavaScript is off."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": NARROW, "height": 640})
    enter(context, address, cast.cora)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", SIZES)
def test_it_works_without_javascript(offer: Offer, cast: Cast, address: str, plain: Page, width: int) -> None:
    play_at(plain, width)
    plain.goto(f"{address}/")
    hands = Hands(plain)
    hands.go("Make a claim")
    for answer in (offer.activity.title, THERE, "Parking"):
        assert_no_sideways_scroll(plain)
        hands.pick(answer)
    hands.go("Continue")
    expect(plain.get_by_text("There is a problem")).to_be_visible()
    hands.write("How much was the parking?", "8.40")
    for button in ("Continue", "It will come by post", "Send your claim"):
        hands.go(button)
        assert_no_sideways_scroll(plain)
    claim = Claim.objects.get()
    assert claim.status == ClaimStatus.SUBMITTED
    expect(plain.get_by_text(f"POST-{claim.reference}-2")).to_be_visible()


@pytest.mark.parametrize("width", SIZES)
def test_it_works_with_the_keyboard_alone(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext, width: int
) -> None:
    enter(context, address, cast.cora)
    play_at(page, width)
    page.goto(f"{address}/")
    keys = Keys(page)
    keys.press("button", "Make a claim")
    keys.pick(offer.activity.title)
    keys.pick(THERE)
    keys.pick("Driving a car")
    keys.write("Number of miles", "12")
    keys.press("button", "Continue")
    keys.press("button", "Send your claim")
    expect(page.get_by_role("heading", name="Claim sent")).to_be_visible()
    assert Claim.objects.get().lines.get(kind="mileage").estimate == 660


def test_a_question_is_answered_from_the_claim(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, cast.cora)
    page.set_viewport_size({"width": NARROW, "height": HEIGHTS[NARROW]})
    hands = Hands(page)
    page.goto(f"{address}/claims/new/")
    hands.pick(offer.activity.title)
    hands.pick("No, I was not there")
    hands.pick("Printing")
    hands.write("What did the printing cost?", "2.80")
    hands.go("Continue")
    hands.go("Send your claim")
    claim = Claim.objects.get()
    decided(cast, claim.lines.get(), Outcome.ASK, reason="What did you print?")
    page.goto(f"{address}/claims/{claim.reference}/")
    judge(page, "claim-30-asked")
    tap(page.get_by_role("button", name="Answer"))
    judge(page, "claim-31-answer")
    hands.go("Send your answer")
    judge(page, "claim-32-answer-wrong")
    hands.write("Your answer", "The agenda")
    hands.go("Send your answer")
    judge(page, "claim-33-answered")
    assert claim.lines.get().note == "The agenda"
    tap(page.get_by_role("link", name="Correct this claim"))
    judge(page, "claim-34-correct")
