"""A code and a charity’s name that stand nowhere else: looked for on pages, in rows, trail, mail and log."""

import io
import re
import zipfile
from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from audit.models import Event
from audit.queries import opened
from claims.models import Way
from common.dates import set_now
from payments.models import Payment
from people.models import Organisation
from reports.journal import journal_text
from reports.workbook import Span, finance_workbook
from tests.canaries import dump, readable
from tests.cast import Cast
from tests.claims.test_answer_nowhere import walk
from tests.payments.by_hand.own import CHARITY, handed
from tests.payments.office import MONDAY, hours
from tests.people.browsers import browser

pytestmark = pytest.mark.usefixtures("unrecorded")
CANARY = re.compile("canary", re.IGNORECASE)


@pytest.fixture
def shown(ways: Cast) -> list[Payment]:
    """Cora gave £40 to a charity, has £40 as a code that she has looked at, and £40 in vouchers."""
    found = [handed(ways, Way.DONATION, named=CHARITY)]
    for way, hour in ((Way.CODE, 10), (Way.VOUCHER, 11)):
        hours(ways, ways.cora, 2)
        found.append(handed(ways, way, at=hour))
    return found


def paths(cast: Cast, payments: list[Payment]) -> list[str]:
    """Addresses about what Cora was paid."""
    each = [
        (
            reverse("payments:payment", args=[payment.pk]),
            reverse("reports:history", args=["payment", payment.pk]),
        )
        for payment in payments
    ]
    return [
        *(path for pair in each for path in pair),
        "/trail/",
        "/payments/?view=own",
        "/your-money/",
        "/your-money/statements/2026-27/",
        f"/history/person/{cast.cora.number}/",
    ]


def look(cast: Cast, payment: Payment) -> str:
    """What Cora's browser shows when she asks for her code."""
    with set_now(MONDAY.replace(hour=17)):
        return browser(cast.cora).post(f"/payments/{payment.pk}/code/").content.decode()


def test_its_person_finds_both_where_they_belong(ways: Cast, shown: list[Payment]) -> None:
    """The walk would find them: the negative control of the tests below."""
    donated, code, voucher = shown
    assert CANARY.search(look(ways, code))
    assert CANARY.search(look(ways, voucher))
    pages = walk(ways.cora, *paths(ways, shown))
    found = {path for path, text in pages.items() if CANARY.search(text)}
    assert f"/payments/{donated.pk}/" in found
    assert found <= {f"/payments/{donated.pk}/", "/payments/", "/payments/?view=own"}


@pytest.mark.parametrize("name", ["dev", "lena", "anil", "fern", "ada", "abel", "otto"])
def test_nobody_else_finds_any_on_a_page(ways: Cast, shown: list[Payment], name: str) -> None:
    look(ways, shown[1])
    pages = walk(getattr(ways, name), *paths(ways, shown))
    assert len(pages) > 8
    assert not [path for path, text in pages.items() if CANARY.search(text)]


def test_no_row_event_message_or_line_of_the_log_holds_any(
    ways: Cast, shown: list[Payment], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        for payment in shown[1:]:
            look(ways, payment)
    assert caplog.records
    assert not [line for line in caplog.records if CANARY.search(f"{line.msg} {line.args}")]
    rows = [row for table in dump().values() for row in table]
    assert not [row for row in rows if CANARY.search(readable(row))]
    said = [str(words) for words in opened(Event.objects.all()).values()]
    assert len(said) > 10
    sent = [f"{message.subject} {message.body}" for message in mail.outbox]
    with set_now(MONDAY.replace(hour=17)):
        book = finance_workbook(ways.riverside, Span(date(2026, 11, 1), date(2026, 11, 30)))
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")]
    texts = (*said, *sent, *sheets, *journal_text(ways.riverside))
    assert not [text for text in texts if CANARY.search(text)]


def test_a_leak_on_purpose_is_found(ways: Cast, shown: list[Payment]) -> None:
    Organisation.objects.filter(pk=ways.riverside.pk).update(help_contact=f"Ring {CHARITY}")
    assert [path for path, text in walk(ways.lena).items() if CANARY.search(text)]
    assert [name for name, rows in dump().items() if any(CANARY.search(row) for row in rows)]
