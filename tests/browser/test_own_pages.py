"""A contributor's own pages in a browser: an invitation, bank details, contact, and the way out.

On a desk and on a phone, without JavaScript too, and accessible in every state, mistakes included.
SCREENSHOTS=folder keeps a picture of each.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from claims.models import Answer, Offer
from common.dates import set_now
from payments.models import BankDetails
from people.services import set_adviser
from tests.browser.conftest import (
    NARROW,
    WIDE,
    assert_accessible,
    assert_no_sideways_scroll,
    judge,
    play_at,
    tap,
)
from tests.browser.hands import enter
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.payments.office import MONDAY, account_of, fare, hours, open_office, sent

pytestmark = pytest.mark.browser

EXIT = "https://www.bbc.co.uk/weather"
Look = Callable[[str], None]


@pytest.fixture
def offer(committed_db: None, cast: Cast) -> Offer:
    """Cora was paid once, on a Monday, and is asked to a session a week from today, for £40.00.

    From today, because the pages are served by another thread, by the real clock.
    """
    with set_now(MONDAY):
        account = open_office(cast)
        account_of(cast, cast.cora)
        fare(cast, cast.cora, 1250)
        hours(cast, cast.cora, 2)
        sent(cast, account)
    return invited(cast)[0]


def test_somebody_talks_first_and_says_what_counts_otherwise(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    with set_now(MONDAY):
        set_adviser(
            actor=cast.abel,
            organisation_id=cast.riverside.pk,
            adviser_name="Ines Independent",
            adviser_email="ines@advice.example",
        )
    enter(context, address, cast.cora)
    page.goto(f"{address}/invitations/")
    tap(page.get_by_role("link", name="What counts when you have not answered"))
    judge(page, "own-usual")
    page.get_by_label("None of it: only your costs back").check()
    tap(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("alert")).to_contain_text("Your usual answer is changed.")
    page.goto(f"{address}/invitations/{offer.pk}/answer/")
    judge(page, "own-answer-or-talk")
    page.get_by_label("I want to talk to somebody first").check()
    tap(page.get_by_role("button", name="Save your answer"))
    expect(page.get_by_text("We asked Ines Independent to get in touch with you.")).to_be_visible()
    expect(page.get_by_text("you get none of it.")).to_be_visible()
    judge(page, "own-talk-first")
    page.goto(f"{address}/invitations/")
    judge(page, "own-invitations")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_an_invitation_is_answered_with_less(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext, width: int
) -> None:
    enter(context, address, cast.cora)
    play_at(page, width)
    page.goto(f"{address}/")
    judge(page, "own-start-invitation")
    tap(page.get_by_role("button", name="Read the invitation"))
    judge(page, "own-invitation")
    tap(page.get_by_role("button", name="Choose how much to take"))
    expect(page.get_by_label("How much do you want to take?")).to_be_hidden()
    judge(page, "own-answer")
    tap(page.get_by_role("button", name="Save your answer"))
    expect(page).to_have_title("Error: Your answer – Lived Experience Ledger")
    judge(page, "own-answer-nothing-chosen")
    page.get_by_label("Less", exact=True).check()
    page.get_by_label("How much do you want to take?").fill("4O")
    tap(page.get_by_role("button", name="Save your answer"))
    judge(page, "own-answer-no-amount")
    expect(page.get_by_label("How much do you want to take?")).to_have_value("4O")
    page.get_by_role("link", name="How much you want to take: enter").click()
    expect(page.get_by_label("How much do you want to take?")).to_be_focused()
    page.get_by_label("How much do you want to take?").fill("15.50")
    tap(page.get_by_role("button", name="Save your answer"))
    expect(page.get_by_text("Less: £15.50")).to_be_visible()
    judge(page, "own-answered")
    offer.refresh_from_db()
    assert (offer.answer, offer.less_amount) == (Answer.LESS, 1550)


def test_a_helper_reads_an_invitation_out(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, cast.lena)
    page.goto(f"{address}/invitations/")
    judge(page, "own-helper-list")
    tap(page.get_by_role("link", name="What helped at home"))
    judge(page, "own-read-out")
    page.get_by_label("None of it").check()
    tap(page.get_by_role("button", name="Write the answer down"))
    expect(page.get_by_text("We tell Cora Contributor that you did.")).to_be_visible()
    judge(page, "own-written-down")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_bank_details_are_changed(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext, width: int
) -> None:
    enter(context, address, cast.cora)
    play_at(page, width)
    page.goto(f"{address}/your-bank-details/")
    judge(page, "own-bank-details")
    tap(page.get_by_role("button", name="Change bank details"))
    judge(page, "own-bank-form")
    tap(page.get_by_role("button", name="Continue"))
    judge(page, "own-bank-errors")
    expect(page.get_by_role("link", name="Enter a sort code")).to_be_visible()
    page.get_by_label("Name on the account").fill("C Contributor")
    page.get_by_label("Sort code").fill("10-79-99")
    page.get_by_label("Account number").fill("88837491")
    tap(page.get_by_role("button", name="Continue"))
    judge(page, "own-bank-check")
    tap(page.get_by_role("button", name="Change them"))
    expect(page.get_by_label("Account number")).to_have_value("88837491")
    tap(page.get_by_role("button", name="Continue"))
    tap(page.get_by_role("button", name="Send bank details"))
    expect(page.get_by_role("heading", name="We have your bank details")).to_be_visible()
    judge(page, "own-bank-sent")
    tap(page.get_by_role("link", name="See how your bank details stand"))
    judge(page, "own-bank-details-both")
    assert BankDetails.objects.filter(person=cast.cora, verified_at__isnull=True).count() == 1


def test_how_we_write_is_chosen(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, cast.cora)
    page.goto(f"{address}/how-we-write-to-you/")
    judge(page, "own-contact")
    tap(page.get_by_role("link", name="Change how we tell you things"))
    page.get_by_label("Post", exact=True).check()
    judge(page, "own-contact-channel")
    tap(page.get_by_role("button", name="Save"))
    judge(page, "own-contact-error")
    page.get_by_label("Address", exact=True).fill("1 High Street\nRiverside")
    tap(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Saved. From now on we do it this way.")).to_be_visible()
    judge(page, "own-contact-saved")
    for part in ("print", "email", "phone", "address"):
        page.goto(f"{address}/how-we-write-to-you/{part}/")
        judge(page, f"own-contact-{part}")
    cast.cora.refresh_from_db()
    assert cast.cora.address == "1 High Street\nRiverside"


def test_payments_and_history_read_well(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, cast.cora)
    page.goto(f"{address}/payments/")
    expect(page.get_by_role("table", name="Money for your time")).to_contain_text("RIVERSIDE COUNCIL")
    expect(page.get_by_role("table", name="Money back for your costs")).to_contain_text("£12.50")
    judge(page, "own-payments")
    tap(page.get_by_role("link", name="What it is for").first)
    judge(page, "own-payment")
    page.goto(f"{address}/history/person/{cast.cora.number}/")
    judge(page, "own-history")


def test_all_of_it_works_without_javascript(offer: Offer, cast: Cast, address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": NARROW, "height": 900})
    enter(context, address, cast.cora)
    page = context.new_page()
    page.goto(f"{address}/invitations/{offer.pk}/answer/")
    page.get_by_label("Less", exact=True).check()
    page.get_by_label("How much do you want to take?").fill("20")
    tap(page.get_by_role("button", name="Save your answer"))
    expect(page.get_by_text("Less: £20.00")).to_be_visible()
    page.goto(f"{address}/how-we-write-to-you/channel/")
    page.get_by_label("Telephone", exact=True).check()
    page.get_by_label("Telephone number").fill("0113 496 0123")
    tap(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("0113 496 0123")).to_be_visible()
    page.goto(f"{address}/your-bank-details/change/")
    for label, typed in (
        ("Name on the account", "C C"),
        ("Sort code", "107999"),
        ("Account number", "88837491"),
    ):
        page.get_by_label(label).fill(typed)
    tap(page.get_by_role("button", name="Continue"))
    tap(page.get_by_role("button", name="Send bank details"))
    expect(page.get_by_role("heading", name="We have your bank details")).to_be_visible()
    way = page.get_by_role("button", name="Leave this page now")
    assert way.get_attribute("href") == EXIT
    assert way.get_attribute("rel") == "nofollow noreferrer"
    context.close()


@pytest.fixture
def weather(context: BrowserContext) -> None:
    """The everyday page, answered here: tests go nowhere outside."""

    def answer(route: Route) -> None:
        route.fulfill(body="<title>Weather</title><h1>Sunny</h1>", content_type="text/html")

    context.route("https://www.bbc.co.uk/**", answer)


@pytest.mark.parametrize("way", ["click", "keys"])
def test_leaving_wipes_the_page_and_the_back_button_does_not_lead_to_it(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext, weather: None, way: str
) -> None:
    enter(context, address, cast.cora)
    page.goto(f"{address}/health/")
    page.goto(f"{address}/your-bank-details/")
    if way == "click":
        tap(page.get_by_role("button", name="Leave this page now"))
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    page.wait_for_url(EXIT)
    page.go_back()
    assert page.url == f"{address}/health/"


def test_two_presses_or_other_keys_between_do_not_leave(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext, weather: None
) -> None:
    enter(context, address, cast.cora)
    page.goto(f"{address}/")
    for key in ("Escape", "Escape", "a", "Escape", "Escape"):
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert page.url == f"{address}/"
    expect(page.get_by_text("press the Escape key three times")).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
