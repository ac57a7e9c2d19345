"""The frame of the pages in a browser: readable, and within the content policy."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import assert_accessible, assert_no_sideways_scroll, judge

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["/account/login/", "/account/login/code/", "/account/password/reset/"])
def test_sign_in_pages_are_accessible_on_a_desk_and_a_phone(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    judge(page, "sign-in")


def test_a_sign_in_page_breaks_no_rule_of_its_content_policy(page: Page, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address + "/account/login/")
    assert page.evaluate("document.body.classList.contains('govuk-frontend-supported')")
    assert said == []


def test_the_words_are_set_in_the_typeface_for_low_vision(page: Page, address: str) -> None:
    page.goto(address + "/account/login/")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('19px \"Atkinson Hyperlegible Next\"')")
    assert page.evaluate("getComputedStyle(document.querySelector('main p')).fontSize") == "19px"


def test_the_accessibility_check_finds_a_planted_fault(page: Page, address: str) -> None:
    page.goto(address + "/account/login/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input type=text>')")
    with pytest.raises(AssertionError, match="label"):
        assert_accessible(page)


def test_the_width_check_finds_a_page_that_is_too_wide(page: Page, address: str) -> None:
    page.goto(address + "/account/login/")
    page.evaluate("document.querySelector('main').style.width = '4000px'")
    with pytest.raises(AssertionError, match="wider than the window"):
        assert_no_sideways_scroll(page)
