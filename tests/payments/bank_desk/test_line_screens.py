"""The screens of statement lines: suggestions with reasons, one click, another choice, undo, and 409s."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.models import JournalEntry
from payments.models import BankAccount, Match, Payment, StatementLine
from payments.services.auto_matching import match_statement
from tests.cast import Cast
from tests.payments.office import PAY_ON, imported, sent
from tests.people.browsers import browser, errors_of, key_of

LATER = PAY_ON + timedelta(days=1)
ROWS = [(PAY_ON, "BACS", -5980), (LATER, "BACK EXP 000003 EXP 000001", 730), (LATER, "ACCOUNT FEE", -150)]


@pytest.fixture
def office(due: Cast, account: BankAccount) -> Cast:
    """The run is confirmed; a payment that came back, and a fee, wait for a person."""
    sent(due, account)
    match_statement(actor=due.fern, statement=imported(due, account, ROWS))
    return due


def line(pence: int) -> StatementLine:
    return StatementLine.objects.get(amount=pence)


def path(found: StatementLine, more: str = "") -> str:
    return f"/bank/lines/{found.pk}/{more}"


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_lines_wait_oldest_first_each_with_what_it_could_be(office: Cast) -> None:
    page = text(browser(office.fern).get("/bank/lines/"))
    for words in (
        "2 lines, oldest first.",
        "Reference EXP 000003 stands in the text Same amount, paid 1 day before",
        "A bank charge The text says “fee”",
    ):
        assert words in page, words
    assert page.index("EXP 000003") < page.index("ACCOUNT FEE")


def test_what_the_text_says_stands_at_the_explanation_too(office: Cast) -> None:
    client = browser(office.fern)
    assert "A bank charge The text says “fee”" in text(client.get(path(line(-150))))
    assert "The text says" not in text(client.get(path(line(730))))


def test_a_suggestion_is_confirmed_with_one_click_and_done_once(office: Cast) -> None:
    client, dev = browser(office.fern), Payment.objects.get(person=office.dev)
    where = path(line(730))
    key = key_of(client, where)
    typed = {"key": key, "what": f"return:{dev.pk}"}
    assert [client.post(where, typed).status_code for _ in range(2)] == [302, 302]
    dev.refresh_from_db()
    assert (dev.status, Match.objects.filter(kind="return").count()) == ("returned", 1)


def test_another_key_on_a_line_that_is_matched_says_who_and_when(office: Cast) -> None:
    client = browser(office.fern)
    where = path(line(-150))
    typed = {"what": "charge", "note": "Monthly"}
    first, second = key_of(client, where), key_of(client, where)
    assert client.post(where, typed | {"key": first}).status_code == 302
    answer = client.post(where, typed | {"key": second})
    assert answer.status_code == 409
    assert "as: Bank charge. Fern Finance said so at 9:00am on 23 November 2026." in text(answer)
    other = client.post(where, {"what": "interest", "note": "X", "key": first})
    assert other.status_code == 409
    assert JournalEntry.objects.filter(narrative="Bank charge").count() == 1


WRONG_ANSWERS: tuple[tuple[dict[str, str], str], ...] = (
    ({}, "Select what this line was"),
    ({"what": "charge"}, "Say in a few words what it was"),
    (
        {"what": "charge", "note": "x" * 301},
        "What it was, in a few words must be 300 characters or fewer",
    ),
    ({"what": "cheese", "note": "x"}, "Select what this line was"),
    ({"what": "run:1; DROP"}, "Select what this line was"),
    ({"what": "payment:" + "9" * 19}, "Select what this line was"),
    ({"what": "return:-1"}, "Select what this line was"),
    ({"what": "funding", "note": "x"}, "Funding comes into the account; this line went out of it"),
    (
        {"what": "charge", "note": "\u202eevil"},
        "This text has a hidden mark in it that turns its direction. Type it again",
    ),
    (
        {"what": "charge", "note": "a\x00b"},
        "This text has a hidden control character in it. Type it again",
    ),
)


def test_what_cannot_be_is_said_at_the_form(office: Cast) -> None:
    client, where = browser(office.fern), path(line(-150))
    for typed, error in WRONG_ANSWERS:
        answer = client.post(where, {"key": key_of(client, where)} | typed)
        assert answer.status_code == 422, typed
        assert [each.rstrip(".") for each in errors_of(answer)] == [error]
    assert not line(-150).matches.exists()


def test_a_strangers_payment_and_run_do_not_exist(office: Cast, account: BankAccount) -> None:
    client, where = browser(office.fern), path(line(-150))
    for what in ("payment:999999", "run:999999", "return:999999"):
        answer = client.post(where, {"key": key_of(client, where), "what": what})
        assert answer.status_code == 404


def test_a_payment_of_another_amount_is_refused_at_the_field(office: Cast) -> None:
    cora = Payment.objects.get(reference="EXP 000001")
    client, where = browser(office.farah), path(line(730))
    answer = client.post(where, {"key": key_of(client, where), "what": f"return:{cora.pk}"})
    assert answer.status_code == 422
    assert "They must be the same" in text(answer)


def test_a_search_finds_by_reference_name_run_and_amount(office: Cast) -> None:
    client, where = browser(office.fern), path(line(730))
    for asked in ("EXP 000003", "dev contrib", "1", "7.30"):
        page = text(client.get(where, {"q": asked}))
        assert "1 found" in page, asked
    for asked in ("Cora", "EXP 000001", "\x00", "%", "x" * 5000):
        assert "Nothing found for" in text(client.get(where, {"q": asked})), asked


def test_an_approver_records_a_return_and_nothing_else(office: Cast) -> None:
    client = browser(office.farah)
    page = text(client.get(path(line(730))))
    assert "came back" in page
    assert "A bank charge" not in page
    assert "A finance preparer says what this line was." in text(client.get(path(line(-150))))
    where = path(line(730))
    answer = client.post(where, {"key": key_of(client, where), "what": "charge", "note": "x"})
    assert answer.status_code == 403


def test_the_auditor_looks_and_changes_nothing(office: Cast) -> None:
    client = browser(office.ada)
    assert client.get(path(line(730))).status_code == 200
    made = Match.objects.get(kind="run")
    assert "Undo this match" not in text(client.get(path(made.line)))
    assert client.get(path(made.line, "undo/")).status_code == 404


def test_what_undoing_does_is_said_first_and_it_happens_once(office: Cast) -> None:
    client, made = browser(office.farah), Match.objects.get(kind="run")
    where = path(made.line, "undo/")
    page = text(client.get(where))
    assert "3 payments go back to “sent to the bank”" in page
    assert f"Entry {made.entry.number} of the books is reversed with a new entry, dated 26 November" in page
    first, second = key_of(client, where), key_of(client, where)
    typed = {"match": str(made.pk), "reason": "Another run's line."}
    assert [client.post(where, typed | {"key": first}).status_code for _ in range(2)] == [302, 302]
    answer = client.post(where, typed | {"key": second})
    assert answer.status_code == 409
    assert "already undone, by Farah Finance at 9:00am on 23 November 2026" in text(answer)
    assert JournalEntry.objects.filter(reverses=made.entry).count() == 1
    assert "Undone" in text(client.get(path(made.line)))
    assert client.get(where).status_code == 302


def test_undoing_needs_a_reason_and_the_match_that_was_seen(office: Cast) -> None:
    client, made = browser(office.farah), Match.objects.get(kind="run")
    where = path(made.line, "undo/")
    key = key_of(client, where)
    answer = client.post(where, {"key": key, "match": str(made.pk)})
    assert (answer.status_code, errors_of(answer)) == (422, ["Enter why it was wrong"])
    for match in ("", "abc", "999999", str(2**70)):
        answer = client.post(where, {"key": key, "match": match, "reason": "x"})
        assert answer.status_code == 422
        assert "This form has expired" in text(answer)


def test_pages_of_lines_follow_each_other_and_cost_the_same(cast: Cast, account: BankAccount) -> None:
    client = browser(cast.fern)
    start = date(2026, 10, 1)

    def cost(url: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    imported(cast, account, [(start, "FIRST", -100), (start, "SECOND", 100)])
    few = cost("/bank/lines/"), cost(f"/bank/lines/?account={account.pk}"), cost("/bank/")
    rows = [
        (start + timedelta(days=1 + number // 9), f"LINE {number:03d}", -1 - number) for number in range(118)
    ]
    statement = imported(cast, account, rows)
    assert (cost("/bank/lines/"), cost(f"/bank/lines/?account={account.pk}"), cost("/bank/")) == few
    assert cost(f"/bank/statements/{statement.pk}/") <= few[0] + 5

    seen: list[str] = []
    url = "/bank/lines/"
    while url:
        page = client.get(url).content.decode()
        seen += re.findall(r"FIRST|SECOND|LINE \d+", page)
        found = re.search(r'href="(\?[^"]*after=[^"]*)" rel="next"', page)
        url = f"/bank/lines/{found[1]}" if found else ""
    assert seen == ["FIRST", "SECOND", *(f"LINE {number:03d}" for number in range(118))]
