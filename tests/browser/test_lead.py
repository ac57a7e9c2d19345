"""A lead decides claims: receipts beside lines, a question, a part, the check before sending, and undoing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from claims.models import Claim, Decision, Outcome, Undoing
from claims.services import claiming
from claims.services.receipts import add_receipt
from claims.workflow import ClaimStatus
from common.money import from_minor
from ledger.services import budgets
from tests.browser.conftest import NARROW, WIDE, judge, play_at, tap
from tests.browser.hands import enter
from tests.cast import Cast, put_in_force
from tests.claims.paper import POLICY, decided
from tests.claims.receipts.samples import encoded, jpeg, receipt

pytestmark = pytest.mark.browser
SIZES = [NARROW, WIDE]


@pytest.fixture
def claim(committed_db: None, cast: Cast) -> Claim:
    """Cora's claim: a bus with a photo of the ticket, a taxi whose receipt is lost, and two hours."""
    put_in_force(cast, POLICY)
    claim = claiming.start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora)
    photo = sent_paper(cast, claim, jpeg())
    line(cast, claim, kind="fare", mode="bus", spent=from_minor(420, "GBP"), receipt=photo)
    line(cast, claim, kind="fare", mode="taxi", spent=from_minor(1200, "GBP"), receipt="lost")
    line(
        cast, claim, kind="time", mode="session", quantity=Decimal(2), unit="hour", note="The first meeting."
    )
    return claiming.submit(actor=cast.cora, claim_id=claim.pk)


def sent_paper(cast: Cast, claim: Claim, content: bytes) -> str:
    kept = add_receipt(
        actor=cast.cora, contributor=cast.cora, organisation=cast.riverside, content=content, claim=claim
    )
    return kept.handle


def line(cast: Cast, claim: Claim, **options: Any) -> None:
    claiming.add_line(actor=cast.cora, claim_id=claim.pk, on=date(2026, 11, 20), **options)


@pytest.fixture
def lead(claim: Claim, cast: Cast, address: str, page: Page, context: BrowserContext) -> Page:
    """Anil, on his start page."""
    enter(context, address, cast.anil)
    page.goto(f"{address}/")
    return page


def card(page: Page, title: str) -> Locator:
    return page.locator("section.ledger-card").filter(has=page.get_by_role("heading", name=title))


def choose(page: Page, title: str, outcome: str) -> Locator:
    """Pick an outcome on one line's card; its fields are then open."""
    shown = card(page, title)
    page.evaluate(
        "document.fonts.ready.then(() => true)"
    )  # else a late font moves what is about to be clicked
    shown.get_by_label(outcome, exact=True).check()
    return shown


def press(page: Page, button: str) -> None:
    tap(page.get_by_role("button", name=button, exact=True))


@pytest.mark.parametrize("width", SIZES)
def test_a_lead_decides_a_claim_from_the_start_page_to_the_end(
    lead: Page, claim: Claim, address: str, width: int
) -> None:
    play_at(lead, width)
    judge(lead, "lead-1-start")
    tap(lead.get_by_role("link", name="All claims waiting for you"))
    judge(lead, "lead-2-queue")
    tap(lead.get_by_role("link", name=claim.reference))
    judge(lead, "lead-3-claim")
    ticket = lead.get_by_role("img", name="Receipt UP000001, larger")
    ticket.scroll_into_view_if_needed()
    expect(ticket).to_have_js_property("naturalWidth", 300)
    expect(card(lead, "Taxi fare")).to_contain_text("The receipt is lost.")

    press(lead, "Check your decisions")
    expect(lead.get_by_role("alert")).to_contain_text("Decide at least one line")
    judge(lead, "lead-4-nothing-decided")

    choose(lead, "Bus fare", "Agree")
    taxi = choose(lead, "Taxi fare", "Agree part of it")
    taxi.get_by_label("How much do you agree?").fill("99")
    why = taxi.get_by_label("Why only part of it?")
    why.select_option(label="We had agreed a lower amount before you came.")
    choose(lead, "Time, session", "Do not agree")
    press(lead, "Check your decisions")
    expect(lead.get_by_role("alert")).to_contain_text("Time, session: say why, in plain words")
    judge(lead, "lead-5-errors")
    choose(lead, "Time, session", "Ask a question").get_by_label("What do you need to know?").select_option(
        label="Please tell us how long this took."
    )
    press(lead, "Check your decisions")
    expect(lead.get_by_role("alert")).to_contain_text("The policy gives £12.00")
    choose(lead, "Taxi fare", "Agree part of it").get_by_label("How much do you agree?").fill("8.50")
    press(lead, "Check your decisions")

    expect(lead.get_by_role("heading", name="Are these decisions right?")).to_be_visible()
    judge(lead, "lead-6-check")
    press(lead, "Change them")
    expect(card(lead, "Taxi fare").get_by_label("How much do you agree?")).to_have_value("8.50")
    press(lead, "Check your decisions")
    press(lead, "Send decisions")
    expect(lead.get_by_text(f"Your decisions on claim {claim.reference} are sent.")).to_be_visible()
    expect(lead.get_by_role("cell", name="Their answer")).to_be_visible()
    judge(lead, "lead-7-sent")
    assert sorted(claim.lines.values_list("status", "allowed")) == [
        ("approved", 420),
        ("queried", None),
        ("reduced", 850),
    ]


def test_a_question_goes_round_and_a_decision_is_undone(
    lead: Page, claim: Claim, cast: Cast, address: str
) -> None:
    bus, _, time = claim.lines.order_by("position")
    decided(cast, time, Outcome.ASK, reason="How long did this take?")
    claiming.answer_question(actor=cast.cora, line_id=time.pk, note="It was two hours, with the walk round.")
    decided(cast, bus)
    lead.goto(f"{address}/claims/{claim.reference}/decide/")
    expect(card(lead, "Time, session")).to_contain_text("asked: How long did this take?")
    expect(card(lead, "Time, session")).to_contain_text("answered: “It was two hours, with the walk round.”")
    judge(lead, "lead-8-answered")

    tap(card(lead, "Bus fare").get_by_role("link", name="Undo this decision"))
    judge(lead, "lead-9-undo")
    press(lead, "Undo decision")
    expect(lead.get_by_role("alert")).to_contain_text("Enter why you are undoing this decision")
    judge(lead, "lead-10-undo-error")
    lead.get_by_label("Why are you undoing it?").fill("I read the wrong ticket.")
    press(lead, "Undo decision")
    expect(card(lead, "Bus fare")).to_contain_text("undid this decision: I read the wrong ticket.")
    judge(lead, "lead-11-undone")
    assert Undoing.objects.get().undone_by == cast.anil


def test_an_old_screen_is_refused_and_leads_back(lead: Page, claim: Claim, cast: Cast, address: str) -> None:
    lead.goto(f"{address}/claims/{claim.reference}/decide/")
    choose(lead, "Bus fare", "Agree")
    decided(cast, claim.lines.get(position=3))
    press(lead, "Check your decisions")
    expect(lead.get_by_role("heading", name="This has already moved on")).to_be_visible()
    expect(lead.get_by_text("Anil Lead decided a claim line")).to_be_visible()
    judge(lead, "lead-12-moved-on")
    tap(lead.get_by_role("link", name=f"See how claim {claim.reference} stands now"))
    expect(card(lead, "Time, session").get_by_role("link", name="Undo this decision")).to_be_visible()


def test_over_the_budget_the_holder_says_why(
    claim: Claim, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    low = budgets.propose(actor=cast.anil, project=cast.project, lines={"travel": 500, "fees": 500_000})
    budgets.agree(actor=cast.farah, budget_id=low.pk)
    decide = f"{address}/claims/{claim.reference}/decide/"
    enter(context, address, cast.anil)
    page.goto(decide)
    for title in ("Bus fare", "Time, session"):
        choose(page, title, "Agree")
    press(page, "Check your decisions")
    expect(card(page, "Bus fare")).to_contain_text("Ask Hana Holder.")
    judge(page, "lead-13-over-the-budget")
    press(page, "Send decisions")

    enter(context, address, cast.hana)
    page.goto(decide)
    choose(page, "Bus fare", "Agree")
    press(page, "Check your decisions")
    press(page, "Send decisions")
    expect(page.get_by_role("alert")).to_contain_text("Enter why it is right to spend more")
    judge(page, "lead-14-holder")
    page.get_by_label("Why is it right to spend more than was planned?").fill("No cheaper way was left.")
    press(page, "Send decisions")
    expect(page.get_by_text("are sent.")).to_be_visible()
    over = Decision.objects.get(line__position=1)
    assert (over.over_budget_reason, over.decided_by) == ("No cheaper way was left.", cast.hana)


@pytest.mark.parametrize("width", SIZES)
def test_it_all_works_without_javascript(
    claim: Claim, cast: Cast, address: str, browser: Browser, width: int
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    enter(context, address, cast.anil)
    page = context.new_page()
    page.goto(f"{address}/claims/{claim.reference}/decide/")
    for title in ("Bus fare", "Taxi fare", "Time, session"):
        choose(page, title, "Agree")
    press(page, "Check your decisions")
    press(page, "Send decisions")
    expect(page.get_by_text("are sent.")).to_be_visible()
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.DECIDED
    context.close()


def test_receipts_that_look_alike_are_pointed_out(lead: Page, claim: Claim, cast: Cast, address: str) -> None:
    """A PDF is a link; the same paper on another claim is a kind question."""
    other = claiming.start_claim(actor=cast.dev, project=cast.project, contributor=cast.dev)
    paper = encoded(receipt("4.20", "Riverside Buses"), "PDF")
    kept = add_receipt(
        actor=cast.dev, contributor=cast.dev, organisation=cast.riverside, content=paper, claim=other
    )
    claiming.add_line(
        actor=cast.dev,
        claim_id=other.pk,
        on=date(2026, 11, 20),
        kind="fare",
        mode="bus",
        spent=from_minor(420, "GBP"),
        receipt=kept.handle,
    )
    claiming.submit(actor=cast.dev, claim_id=other.pk)
    again = claiming.start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora)
    line(
        cast,
        again,
        kind="fare",
        mode="bus",
        spent=from_minor(420, "GBP"),
        receipt=sent_paper(cast, again, paper),
    )
    claiming.submit(actor=cast.cora, claim_id=again.pk)
    lead.goto(f"{address}/claims/{again.reference}/decide/")
    expect(card(lead, "Bus fare")).to_contain_text("the same file")
    expect(card(lead, "Bus fare").get_by_role("link", name="(PDF, 1 page)")).to_be_visible()
    judge(lead, "lead-15-alike")
