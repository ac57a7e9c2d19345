"""Take the pictures of the README from the demonstration. Run by `script/screenshots`, which serves it."""

import io
import sys
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import find_chromium, tap

FOLDER: Final = Path(__file__).parents[2] / "docs" / "pictures"
COLOURS: Final = 64  # of our calm palette; a picture then weighs a few tens of kilobytes
# (name of the file, who looks, at which page)
PICTURES: Final = (
    ("home", "Farah Quill", "/"),
    ("signing-sheet", "Farah Quill", "/payments/runs/13/sheet/"),
    ("reconciliation", "Fern Oakes", "/bank/1/202610/"),
    ("month", "Fern Oakes", "/months/riverbend/202611/"),
    ("budget", "Fern Oakes", "/projects/1/"),
)


def take(page: Page, address: str) -> None:
    """One picture of each page, as wide as a desk."""
    for name, who, path in PICTURES:
        page.context.clear_cookies()
        page.goto(f"{address}/demo/sign-in/")
        tap(page.get_by_role("button", name=f"Sign in as {who}"))
        answer = page.goto(address + path)
        if answer is None or answer.status != 200:
            raise SystemExit(f"{path} does not show for {who}: the demonstration has changed.")
        shown = Image.open(io.BytesIO(page.screenshot(full_page=True)))
        shown.convert("RGB").quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


def main(address: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        options = {"executable_path": find_chromium(), "args": ["--no-sandbox", "--disable-dev-shm-usage"]}
        browser = playwright.chromium.launch(**options)  # type: ignore[arg-type]
        take(browser.new_page(viewport={"width": 1080, "height": 800}), address)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
