"""What somebody keeps here for themselves alone is filled with amounts and days that stand nowhere else.

Every page that anybody else can reach, every file, the trail, the log and every row of the database is looked
through for them; and nothing but the note's own row changes when it is saved.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date

import pytest

from audit.models import Event
from audit.queries import opened
from common.dates import set_now
from people.models import Organisation
from reports.journal import journal_text
from reports.workbook import Span, finance_workbook
from tests.canaries import dump, readable
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.claims.test_answer_nowhere import OTHERS, walk
from tests.payments.office import MONDAY, fare, hours
from tests.people.browsers import browser

pytestmark = pytest.mark.usefixtures("walking", "due")
CANARY = re.compile(
    r"4,?321\.0?9|432109|5,?678\.12|567812|6,?789\.34|678934|2031-0[78]|(19 July|23 August) 2031"
)
TYPED = {"stage": "keep", "keep-key": "a" * 32}
TYPED |= {"keep-week": "4321.09", "keep-month": "5678.12", "keep-days": "6789.34"}
TYPED |= {"keep-first-day": "19", "keep-first-month": "7", "keep-first-year": "2031"}
TYPED |= {"keep-last-day": "23", "keep-last-month": "8", "keep-last-year": "2031"}
CHANGING = re.compile(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"|[0-9:]+[ap]m')


def save(cast: Cast) -> None:
    """Cora saves the canaries on her own page."""
    with set_now(MONDAY.replace(hour=17)):
        assert browser(cast.cora).post("/your-money/", TYPED).status_code == 302


def reached(cast: Cast, name: str) -> dict[str, str]:
    """Every page that somebody reaches, with those about Cora named."""
    return walk(
        getattr(cast, name),
        "/trail/",
        "/payments/?view=own",
        "/your-money/",
        "/your-money/letters/",
        "/your-money/statements/",
        "/your-money/statements/2026-27/",
        f"/history/person/{cast.cora.number}/",
        f"/people/{cast.cora.number}/",
        f"/payees/{cast.cora.number}/",
    )


def leaks(tables: dict[str, list[str]]) -> Iterator[str]:
    """Tables with a row that holds a canary as text."""
    yield from (name for name, rows in tables.items() if any(CANARY.search(readable(row)) for row in rows))


def test_its_owner_sees_it_on_their_own_page(cast: Cast) -> None:
    """The walk would find it: the negative control of the tests below."""
    save(cast)
    pages = reached(cast, "cora")
    found = [path for path, text in pages.items() if CANARY.search(readable(text))]
    assert found
    assert all(path.startswith("/your-money/") for path in found)
    assert {each for each in CANARY.findall(pages["/your-money/"])}


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_finds_it_on_any_page(cast: Cast, name: str) -> None:
    save(cast)
    pages = reached(cast, name)
    assert len(pages) > 8
    assert not [path for path, text in pages.items() if CANARY.search(readable(text))]


@pytest.mark.parametrize("name", ["lena", "fern", "ada", "abel", "anil"])
def test_pages_of_others_are_the_same_with_it_and_without(cast: Cast, name: str) -> None:
    with set_now(MONDAY):
        invited(cast)
    before = {path: CHANGING.sub("", text) for path, text in reached(cast, name).items()}
    save(cast)
    after = {path: CHANGING.sub("", text) for path, text in reached(cast, name).items()}
    # What Ada looked at on the first walk stands in her trail on the second. That saving adds nothing to the
    # trail is proved below, row by row.
    skipped = {"/", "/trail/"} if name == "ada" else set()
    assert len(before) > 8
    assert {path for path in before | after if before.get(path) != after.get(path)} <= skipped


def test_a_leak_on_purpose_is_found(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.riverside.pk).update(help_contact="Ring before £4,321.09 is reached")
    assert [path for path, text in reached(cast, "lena").items() if CANARY.search(readable(text))]
    assert list(leaks(dump())) == ["people_organisation"]


def test_nothing_in_the_database_changes_but_the_row_itself(cast: Cast) -> None:
    client = browser(cast.cora)
    before = dump()
    with set_now(MONDAY.replace(hour=17)):
        assert client.post("/your-money/", TYPED).status_code == 302
        assert client.get("/your-money/").status_code == 200
    after = dump()
    assert [name for name in after if after[name] != before[name]] == ["payments_privatenote"]
    assert not list(leaks(after))
    with set_now(MONDAY.replace(hour=17)):
        client.post("/your-money/", {"stage": "forget"})
    assert dump() == before


def test_neither_trail_nor_workbook_nor_journal_tells_it(cast: Cast) -> None:
    save(cast)
    with set_now(MONDAY.replace(hour=17)):
        fare(cast, cast.cora, 100)
        hours(cast, cast.cora, 1)
        book = finance_workbook(cast.riverside, Span(date(2026, 11, 1), date(2026, 11, 30)))
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")]
    said = [str(words) for words in opened(Event.objects.all()).values()]
    assert sheets
    assert said
    texts = (*sheets, *said, *journal_text(cast.riverside))
    assert not [text for text in texts if CANARY.search(text)]


def test_the_log_does_not_tell_it_nor_that_something_was_saved(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """A line of the log for saving is the line for looking at days of one's own."""
    client = browser(cast.cora)
    with caplog.at_level("INFO", logger="django_structlog"):
        caplog.clear()
        client.post("/your-money/", TYPED)
        saved = [str(record.msg) for record in caplog.records]
        caplog.clear()
        client.post("/your-money/", {"stage": "file", "by": "month", "year": "2026"})
        looked = [str(record.msg) for record in caplog.records]
    assert saved
    assert not [line for line in saved if CANARY.search(line) or "keep" in line or "limit" in line]
    assert _asked(saved) == _asked(looked) == {"POST /your-money/"}


def _asked(lines: list[str]) -> set[str]:
    return {found for line in lines for found in re.findall(r"POST /[^'\" ]*", line)}
