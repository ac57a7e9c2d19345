"""Every page about money that docs/wording.md lists, at a desk and on a phone: accessible, not too wide."""

import pytest
from playwright.sync_api import BrowserContext, Page

from common.dates import set_now
from tests.browser.conftest import judge
from tests.browser.hands import enter
from tests.cast import Cast
from tests.docs.money_pages import Page as Listed
from tests.docs.money_pages import desk_pages, own_pages, played
from tests.payments.office import MONDAY, open_office

pytestmark = pytest.mark.browser


def look(page: Page, address: str, listed: list[Listed]) -> None:
    for title, path in listed:
        answer = page.goto(f"{address}{path}")
        assert answer is not None
        assert answer.status == 200, title
        judge(page, f"money-{title.lower().replace(':', '').replace(' ', '-')}")


def test_every_page_reads_well(
    committed_db: None, cast: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    with set_now(MONDAY):
        open_office(cast)
        waiting, made = played(cast)
        own, desk = list(own_pages()), list(desk_pages(cast, waiting, made))
    enter(context, address, cast.cora)
    fund = [("Your learning fund", "/your-learning-fund/"), ("Ask it", "/your-learning-fund/riverside/ask/")]
    look(page, address, [*own, *fund])
    enter(context, address, cast.fern)
    look(page, address, [*desk, ("Codes", f"/payments/by-hand/handed/{made.pk}/codes/")])
    enter(context, address, cast.farah)
    look(page, address, [each for each in desk if "write-off" in each[1]])
