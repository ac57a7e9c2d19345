"""Drive Debian's Chromium, and judge what it shows: axe-core, and no sideways scrolling on a phone."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from weakref import WeakKeyDictionary
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

NARROW, WIDE = 320, 1280  # CSS pixels: the narrowest screen of WCAG 2.2 (1.4.10), and a desk
HEIGHTS = {WIDE: 900, NARROW: 640}
# The shell first: the same engine without the window around a page, which costs as much as some pages.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

_LOOK = "axe.run({resultTypes: ['violations']}).then(({violations, url}) => ({violations, url}))"


class _Server(ThreadingMixIn, WSGIServer):
    """Answers the several requests of one page at the same time."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the tests say what went wrong."""


def find_chromium() -> str | None:
    """The browser to drive: CHROMIUM, else the first one on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """What pytest-playwright starts the browser with. As root, Chromium runs only without its sandbox."""
    chromium = find_chromium()
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("There is no Chromium to run the browser tests with.")
        pytest.skip("There is no Chromium: install it, or name it in CHROMIUM.")
    return {"executable_path": chromium, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session", autouse=True)
def _orm_beside_the_browser() -> Iterator[None]:
    """Playwright keeps an event loop running in this thread, in which Django would refuse the database."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The site on a free port, for pages that ask nothing of a database; with one, use `live_server`."""
    from config.wsgi import application

    with make_server("127.0.0.1", 0, application, _Server, _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def assert_accessible(page: Page) -> None:
    """Fail with axe-core's own report when it finds anything on the page as it stands.

    The script is put into a page once, and only what it finds comes back: the rest is thousands of lines.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = AxeResults(page.evaluate(_LOOK))
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def assert_no_sideways_scroll(page: Page) -> None:
    """Fail when the page is wider than the window."""
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{page.url} is {over} pixels wider than the window"


def tap(target: Locator) -> None:
    """Press what opens a page, and wait until that page is there: else the old one would be judged."""
    with target.page.expect_navigation():
        target.click()


_played_at: WeakKeyDictionary[Page, int] = WeakKeyDictionary()


def play_at(page: Page, width: int) -> None:
    """Play a whole test at one width, as tall as such screens are; another run of it plays the other."""
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    _played_at[page] = width


def judge(page: Page, name: str) -> None:
    """Look at the page on a desk and on a phone, or as it is played: accessible, and not too wide.

    SCREENSHOTS=folder keeps a picture of each.
    """
    before = page.viewport_size
    for width in [_played_at[page]] if page in _played_at else HEIGHTS:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    if before is not None:
        page.set_viewport_size(before)
