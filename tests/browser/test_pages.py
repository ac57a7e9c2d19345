"""Every page, as each person in turn sees it, on a desk and on a phone: accessible and never too wide.

SCREENSHOTS=folder keeps a picture of each.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from common.dates import set_now
from people.models import User
from tests.browser.conftest import judge, tap
from tests.browser.hands import enter
from tests.cast import Cast
from tests.payments.office import MONDAY
from tests.web.world import World, make_world

pytestmark = pytest.mark.browser

PASSWORD = "a made-up passphrase"


@pytest.fixture
def world(committed_db: None, cast: Cast) -> Iterator[World]:
    with set_now(MONDAY):
        yield make_world(cast)


def _look(page: Page, address: str, path: str, name: str) -> None:
    answer = page.goto(f"{address}{path}")
    assert answer is not None
    assert answer.status == 200, path
    assert page.title().removesuffix("– Lived Experience Ledger").strip(), path
    judge(page, name)


def _paths(world: World) -> dict[str, list[str]]:
    """The pages worth looking at, by person."""
    project = f"/projects/{world.cast.project.pk}/"
    books = [
        "/",
        "/claims/",
        f"/claims/{world.paid.reference}/",
        "/payments/",
        f"/payments/{world.payment.pk}/",
        "/payments/runs/",
        f"/payments/runs/{world.run.pk}/",
        "/projects/",
        project,
        f"/history/run/{world.run.pk}/",
    ]
    own = [f"/claims/{world.paid.reference}/", f"/claims/{world.waiting.reference}/"]
    return {
        "cora": ["/", "/claims/", *own, "/payments/", f"/payments/{world.payment.pk}/"],
        "lena": ["/", "/claims/", f"/claims/{world.waiting.reference}/"],
        "anil": ["/", "/claims/", f"/claims/{world.waiting.reference}/", "/projects/", project],
        "fern": books,
        "ada": ["/", "/trail/"],
        "abel": ["/", f"/history/person/{world.cast.cora.number}/"],
        "otto": ["/"],
    }


def test_every_page_reads_well_on_a_desk_and_on_a_phone(
    world: World, address: str, page: Page, context: BrowserContext
) -> None:
    for name, paths in _paths(world).items():
        enter(context, address, getattr(world.cast, name))
        for number, path in enumerate(paths):
            _look(page, address, path, f"{name}-{number}{path.replace('/', '_').rstrip('_')}")


def test_the_pages_of_a_login_read_well(
    world: World, address: str, page: Page, context: BrowserContext
) -> None:
    for path in ("/account/login/", "/account/login/code/", "/account/password/reset/"):
        _look(page, address, path, f"login{path.replace('/', '_')}")
    user = User.objects.get(person=world.cast.cora)
    user.set_password(PASSWORD)
    user.save()
    page.goto(f"{address}/account/login/")
    page.get_by_label("E-mail address").fill("cora@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    tap(page.get_by_role("button", name="Sign in", exact=True))
    page.wait_for_url(f"{address}/")
    _look(page, address, "/account/reauthenticate/", "login-reauthenticate")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    tap(page.get_by_role("button", name="Continue"))
    for path in (
        "/account/2fa/",
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/add/",
        "/account/password/change/",
        "/account/logout/",
    ):
        _look(page, address, path, f"login{path.replace('/', '_')}")


def test_the_error_pages_read_well(world: World, address: str, page: Page, context: BrowserContext) -> None:
    enter(context, address, world.cast.otto)
    for path, status in (("/claims/", 403), (f"/claims/{world.paid.reference}/", 404)):
        answer = page.goto(f"{address}{path}")
        assert answer is not None
        assert answer.status == status
        judge(page, f"error-{status}")
