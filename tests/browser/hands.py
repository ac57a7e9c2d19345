"""Somebody at a screen: goes through pages by touch or by keyboard alone, and counts what it takes.

Where a button is on a page twice, the first one is taken.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from playwright.sync_api import BrowserContext, Locator, Page

from claims.models import Offer
from common.dates import now
from people.models import Person
from tests.browser.conftest import tap
from tests.cast import Cast, put_in_force
from tests.claims.meetings import invited
from tests.claims.paper import POLICY
from tests.people.browsers import proven

MOST_TABS = 80


def meeting_yesterday(cast: Cast) -> Offer:
    """Cora and Dev were asked to a meeting of two hours that was yesterday; the policy is in force."""
    put_in_force(cast, POLICY)
    return invited(cast, starts_at=now() - timedelta(days=1))[0]


def enter(context: BrowserContext, address: str, person: Person) -> None:
    """A browser in which this person is signed in."""
    value = proven(person).cookies[settings.SESSION_COOKIE_NAME].value
    context.clear_cookies()
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])


@dataclass
class Hands:
    """Taps and key presses, and the pages that were opened."""

    page: Page
    presses: int = 0
    pages: list[str] = field(default_factory=list)

    def here(self) -> None:
        """Count the page that is open now."""
        self.pages.append(self.page.url)

    def pick(self, label: str) -> None:
        """Tap an answer, then the button: the next page."""
        self.page.get_by_label(label, exact=True).check()
        self.presses += 1
        self.go("Continue")

    def go(self, button: str) -> None:
        """Tap a button: the next page."""
        tap(self.page.get_by_role("button", name=button, exact=True).first)
        self.presses += 1
        self.here()

    def write(self, label: str, text: str) -> None:
        """Tap a field and type into it."""
        self.page.get_by_label(label).press_sequentially(text)
        self.presses += 1 + len(text)

    def choose_file(self, content: bytes) -> None:
        """Tap the file field, and tap a photo on the telephone."""
        chosen = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": content}
        self.page.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
        self.presses += 2


@dataclass
class Keys:
    """The keyboard and nothing else."""

    page: Page

    def to(self, target: Locator) -> None:
        """Tab until the target has the focus."""
        for _ in range(MOST_TABS):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached with the Tab key on {self.page.url}")

    def press(self, role: str, name: str) -> None:
        """Go to a button or link, and press Enter."""
        self.to(self.page.get_by_role(role, name=name, exact=True).first)  # type: ignore[arg-type]
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def pick(self, label: str) -> None:
        """Go to a group of answers, and arrow down to the one that is meant."""
        target = self.page.get_by_label(label, exact=True)
        self.to(self.page.locator("input[type=radio]").first)
        self.page.keyboard.press("Space")
        for _ in range(MOST_TABS):
            if target.is_checked():
                break
            self.page.keyboard.press("ArrowDown")
        self.press("button", "Continue")

    def write(self, label: str, text: str) -> None:
        """Go to a field and type."""
        self.to(self.page.get_by_label(label))
        self.page.keyboard.type(text)
