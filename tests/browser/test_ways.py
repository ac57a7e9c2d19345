"""From an invitation to the answer in a browser, in some of the ways to be paid, at both widths."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from claims.models import Answer, Instruction, Offer, Way
from claims.ways import named_by
from people.services import set_adviser
from tests.browser.conftest import NARROW, WIDE, assert_no_sideways_scroll, judge, play_at, tap
from tests.browser.hands import enter
from tests.cast import Cast, put_in_force
from tests.claims.meetings import invited
from tests.claims.paper import POLICY
from tests.claims.ways.steps import OTHERS, TOKEN, switch_on

pytestmark = pytest.mark.browser
SAVE = "Save your answer"


@pytest.fixture
def offer(committed_db: None, cast: Cast) -> Offer:
    """Cora is asked to a session a week from today, for £55.00, and Riverside can pay in every way.

    From today, because the pages are served by another thread, by the real clock.
    """
    put_in_force(cast, POLICY)
    switch_on(cast, *OTHERS)
    set_adviser(
        actor=cast.abel,
        organisation_id=cast.riverside.pk,
        adviser_name="Ines Independent",
        adviser_email="ines@advice.example",
    )
    return invited(cast)[0]


@pytest.fixture(params=[WIDE, NARROW])
def asked(
    request: pytest.FixtureRequest,
    offer: Offer,
    cast: Cast,
    address: str,
    page: Page,
    context: BrowserContext,
) -> Page:
    """The question, reached from the invitation as Cora reaches it."""
    enter(context, address, cast.cora)
    play_at(page, request.param)
    page.goto(f"{address}/invitations/{offer.pk}/")
    tap(page.get_by_role("button", name="Choose how much to take"))
    return page


def test_all_of_it_goes_to_a_charity(asked: Page, offer: Offer) -> None:
    page = asked
    for label in ("Which charity?", "Which group or organisation?", "How much do you want to take?"):
        expect(page.get_by_label(label)).to_be_hidden()
    judge(page, "ways-answer")
    page.get_by_label("as a donation to a charity I name").check()
    judge(page, "ways-answer-charity")
    tap(page.get_by_role("button", name=SAVE))
    judge(page, "ways-answer-charity-wrong")
    page.get_by_role("link", name="Enter the name of the charity").click()
    expect(page.get_by_label("Which charity?")).to_be_focused()
    page.get_by_label("Which charity?").fill(TOKEN)
    page.get_by_label("Ask the charity for a receipt").check()
    tap(page.get_by_role("button", name=SAVE))
    expect(page.get_by_role("heading", name="How do you want your costs back from this?")).to_be_visible()
    judge(page, "ways-costs")
    page.get_by_label("Cheque", exact=True).check()
    tap(page.get_by_role("button", name="Save"))
    expect(page.get_by_text(f"All of it: £55.00, to {TOKEN}")).to_be_visible()
    expect(page.get_by_text("Your costs come back by cheque.")).to_be_visible()
    judge(page, "ways-answered-charity")
    said = Instruction.objects.get(counts_as="fee")
    assert (named_by(said), said.wants_receipt) == (TOKEN, True)


def test_all_of_it_comes_as_a_voucher_and_costs_stay_as_they_are(asked: Page, offer: Offer) -> None:
    page = asked
    page.get_by_label("as a voucher or gift card").check()
    tap(page.get_by_role("button", name=SAVE))
    tap(page.get_by_role("link", name="Leave it as it is"))
    expect(page.get_by_text("All of it: £55.00, as a voucher or gift card")).to_be_visible()
    judge(page, "ways-answered-voucher")
    assert Instruction.objects.get().way == Way.VOUCHER


def test_less_is_taken(asked: Page, offer: Offer) -> None:
    page = asked
    page.get_by_label("Less", exact=True).check()
    judge(page, "ways-answer-less")
    page.get_by_label("How much do you want to take?").fill("20")
    tap(page.get_by_role("button", name=SAVE))
    tap(page.get_by_role("link", name="Leave it as it is"))
    expect(page.get_by_text("Less: £20.00, by bank transfer")).to_be_visible()
    judge(page, "ways-answered-less")
    offer.refresh_from_db()
    assert (offer.answer, offer.less_amount) == (Answer.LESS, 2000)


def test_nothing_is_taken_and_nothing_else_asked(asked: Page, offer: Offer) -> None:
    page = asked
    page.get_by_label("Nothing", exact=True).check()
    tap(page.get_by_role("button", name=SAVE))
    expect(page.get_by_role("heading", name="We have your answer")).to_be_visible()
    expect(page.get_by_text("You can still claim your costs later.")).to_be_visible()
    judge(page, "ways-answered-nothing")
    offer.refresh_from_db()
    assert offer.answer == Answer.NOTHING


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_how_one_is_paid_is_looked_at_and_changed(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext, width: int
) -> None:
    enter(context, address, cast.cora)
    play_at(page, width)
    page.goto(f"{address}/")
    tap(page.get_by_role("link", name="How you are paid"))
    judge(page, "ways-paid")
    tap(page.get_by_role("link", name="Change money for your time"))
    judge(page, "ways-paid-time")
    page.get_by_label("Payment to a group or organisation I name").check()
    tap(page.get_by_role("button", name="Save"))
    judge(page, "ways-paid-time-wrong")
    page.get_by_label("Which group or organisation?").fill("River Voices")
    tap(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("To River Voices")).to_be_visible()
    judge(page, "ways-paid-changed")
    tap(page.get_by_role("link", name="Change your costs back"))
    judge(page, "ways-paid-costs")


def test_a_helper_writes_down_a_charity(
    offer: Offer, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    enter(context, address, cast.lena)
    page.goto(f"{address}/invitations/{offer.pk}/read-out/")
    judge(page, "ways-read-out")
    page.get_by_label("as a donation to a charity I name").check()
    page.get_by_label("Which charity?").fill(TOKEN)
    tap(page.get_by_role("button", name="Write the answer down"))
    expect(page.get_by_text("We tell Cora Contributor that you did.")).to_be_visible()
    assert Instruction.objects.get().said_for == cast.lena


def test_it_works_without_javascript(offer: Offer, cast: Cast, address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": NARROW, "height": 900})
    enter(context, address, cast.cora)
    page = context.new_page()
    page.goto(f"{address}/invitations/{offer.pk}/answer/")
    page.get_by_label("to a group or organisation I name").check()
    page.get_by_label("Which group or organisation?").fill("River Voices")
    assert_no_sideways_scroll(page)
    tap(page.get_by_role("button", name=SAVE))
    page.get_by_label("Cash", exact=True).check()
    tap(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("All of it: £55.00, to River Voices")).to_be_visible()
    context.close()
