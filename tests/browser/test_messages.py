"""Print a letter and ring somebody with a mouse, at a desk and on a phone; the plain pages at the foot."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from playwright.sync_api import BrowserContext, Page, expect

from common.dates import set_now
from people.models import Channel, Message, MessageKind, Person
from people.services.messages import tell
from people.workflow import MessageStatus
from tests.browser.conftest import judge, tap
from tests.browser.hands import enter
from tests.cast import Cast
from tests.payments.office import MONDAY

pytestmark = pytest.mark.browser


@pytest.fixture
def waiting(committed_db: None, cast: Cast) -> Iterator[Cast]:
    """Dev hears from us by post, Cora by telephone; both have something waiting."""
    with set_now(MONDAY):
        by_post, by_phone = Person.objects.filter(pk=cast.dev.pk), Person.objects.filter(pk=cast.cora.pk)
        by_post.update(channel=Channel.POST, address="7 Mill Lane\nRiverbend\nRB1 2AB")
        by_phone.update(channel=Channel.PHONE, phone="0113 496 0123")
        kind = MessageKind.CLAIM_DECIDED
        for person in (cast.dev, cast.cora):
            with transaction.atomic():
                tell(person=person, organisation=cast.riverside, kind=kind, source="1", reference="C000041")
        yield cast


def test_letters_are_printed(waiting: Cast, address: str, page: Page, context: BrowserContext) -> None:
    enter(context, address, waiting.abel)
    page.goto(address)
    tap(page.get_by_role("link", name="Letters to print"))
    judge(page, "letters")
    tap(page.get_by_role("button", name="Print the letters"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("letter")
    judge(page, "letters-pack")
    with page.expect_download() as found:
        page.get_by_role("link", name="Download the letters").click()
    assert found.value.suggested_filename.startswith("letters-")
    page.goto(f"{address}/letters/")
    judge(page, "letters-printed")


def test_nothing_to_print_is_said(waiting: Cast, address: str, page: Page, context: BrowserContext) -> None:
    enter(context, address, waiting.abel)
    page.goto(f"{address}/letters/")
    Message.objects.filter(status=MessageStatus.WAITING).update(status=MessageStatus.TOLD, done_at=MONDAY)
    tap(page.get_by_role("button", name="Print the letters"))
    expect(page.get_by_role("alert")).to_contain_text("There are no letters to print now")
    judge(page, "letters-error")


def test_somebody_is_told(waiting: Cast, address: str, page: Page, context: BrowserContext) -> None:
    enter(context, address, waiting.lena)
    page.goto(address)
    tap(page.get_by_role("link", name="People to ring"))
    judge(page, "calls")
    while page.get_by_role("button", name="I told them").count():
        tap(page.get_by_role("button", name="I told them").first)
        expect(page.get_by_role("alert")).to_contain_text("Cora Contributor was told")
    expect(page.get_by_role("heading", name="Nobody to ring")).to_be_visible()
    judge(page, "calls-none")


@pytest.mark.parametrize("path", ["privacy", "accessibility"])
def test_the_pages_at_the_foot_read_well(
    path: str, waiting: Cast, address: str, page: Page, context: BrowserContext
) -> None:
    page.goto(f"{address}/account/login/")
    tap(page.get_by_role("link", name=path.capitalize()))
    judge(page, path)
    enter(context, address, waiting.cora)
    page.goto(f"{address}/{path}/")
    judge(page, f"{path}-signed-in")
