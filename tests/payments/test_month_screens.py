"""Months on the screen: the checklist, closing with a fresh proof, reopening by two, and posting by hand."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from common.dates import set_now
from ledger.models import JournalEntry, Period, Reopening
from ledger.services import periods
from ledger.services.opening import fund
from ledger.services.posting import Leg, post_entry, reverse_entry
from payments.models import BankAccount, MonthNote
from payments.months.pages import PLACES, place_of
from payments.queries.month_end import Item
from tests.cast import Cast
from tests.ledger.books import cost, owed
from tests.payments.month_office import DECEMBER, NOVEMBER, opened, read_to_the_end
from tests.payments.office import imported
from tests.people.browsers import browser, errors_of, key_of, proven, send

LIST, MONTH = "/months/", "/months/riverside/202611/"
FUND, OPEN = "/months/riverside/fund/", "/months/riverside/open-books/"


@pytest.fixture
def office(cast: Cast, account: BankAccount) -> Iterator[Cast]:
    """2 December: November is open, and has nothing left."""
    with set_now(DECEMBER):
        opened(cast)
        read_to_the_end(cast, account)
        yield cast


def month() -> Period:
    return Period.objects.get(month=NOVEMBER)


def close(client: Client) -> Any:
    return send(client, f"{MONTH}close/")


def test_the_month_says_that_it_can_be_closed_and_an_approver_closes_it(office: Cast) -> None:
    page = browser(office.farah).get(MONTH).content.decode()
    assert "Everything is done. It can be closed." in page
    assert f'href="{MONTH}close/"' in page
    assert close(proven(office.farah)).headers["Location"] == MONTH
    assert month().closed_by == office.farah
    page = browser(office.ada).get(MONTH).content.decode()
    assert "Closed by Farah Finance, 9:00am on 2 December 2026." in page
    assert "Ask to reopen" not in page
    assert "Farah Finance, 9:00am on 2 December 2026" in browser(office.fern).get(LIST).content.decode()


def test_a_preparer_reads_that_an_approver_closes(office: Cast) -> None:
    page = browser(office.fern).get(MONTH).content.decode()
    assert "A finance approver closes it." in page
    assert browser(office.fern).get(f"{MONTH}close/").status_code == 404


def test_closing_asks_for_a_fresh_proof(office: Cast) -> None:
    """Nobody who signed in long ago, or found a screen left alone, closes a month."""
    for client in (browser(office.farah), proven(office.farah, seconds_ago=10_000)):
        assert client.get(f"{MONTH}close/").status_code in {302, 403}
        assert client.post(f"{MONTH}close/", {"key": "0" * 32}).status_code in {302, 403}
    assert not month().closed


def test_what_is_left_is_named_counted_and_led_to(office: Cast, account: BankAccount) -> None:
    imported(office, account, [(date(2026, 11, 27), "A", -650)])
    page = browser(office.fern).get(MONTH).content.decode()
    assert "2 things to do before it can be closed." in page
    assert "1 statement line left" in page
    assert "1 reconciliation left" in page
    assert "£6.50" in page
    assert 'href="/bank/lines/"' in page
    assert "2 things to do" in browser(office.fern).get(LIST).content.decode()
    client = proven(office.farah)
    key = key_of(client, f"{MONTH}close/")
    answer = client.post(f"{MONTH}close/", {"key": key})
    assert answer.status_code == 422
    assert "Every statement line is matched or explained: 1 statement line left" in answer.content.decode()
    assert not month().closed


def test_a_reconciliation_that_lacks_a_signature_is_led_to(cast: Cast, account: BankAccount) -> None:
    with set_now(DECEMBER):
        opened(cast)
        imported(cast, account, [(date(2026, 11, 27), "A", -650), (date(2026, 11, 30), "B", -1)])
        page = browser(cast.fern).get(MONTH).content.decode()
        assert "1 reconciliation left" in page
        assert f'href="/bank/{account.pk}/202611/"' in page
        assert browser(cast.fern).get(f"/bank/{account.pk}/202611/").status_code == 200


@pytest.mark.parametrize("name", sorted(PLACES))
def test_each_item_leads_somewhere(office: Cast, account: BankAccount, name: str) -> None:
    key = account.pk if name == "reconciled" else 0
    place = place_of(Item(name, "", "", 1, key=key), NOVEMBER)
    for person in (office.fern, office.farah, office.ada):
        assert browser(person).get(place).status_code == 200


def test_the_same_form_twice_closes_once_and_another_is_told_who_was_first(office: Cast) -> None:
    client = proven(office.farah)
    key, other = key_of(client, f"{MONTH}close/"), key_of(client, f"{MONTH}close/")
    for _ in range(2):
        assert client.post(f"{MONTH}close/", {"key": key}).status_code == 302
    answer = client.post(f"{MONTH}close/", {"key": other})
    assert answer.status_code == 409
    assert "Farah Finance, on 2 December 2026" in answer.content.decode()
    assert Event.objects.filter(action="period:closed").count() == 1


def fund_riverside(cast: Cast) -> JournalEntry:
    return fund(
        actor=cast.fern,
        project=cast.project,
        account=cast.bank,
        amount=5,
        date=date(2026, 12, 1),
        narrative="From the trust",
    )


def test_december_needs_statements_or_words(office: Cast) -> None:
    path = "/months/riverside/202612/explain/statements/"
    fund_riverside(office)
    client = browser(office.fern)
    assert errors_of(send(client, path, words=" ")) == ["Enter why it may stay as it is"]
    key = key_of(client, path)
    stale = client.post(path, {"key": key, "about": "0" * 64, "words": "Nothing moved."})
    assert stale.status_code == 409
    about = client.get(path).context["form"]["about"].value()
    typed = {"key": key_of(client, path), "about": about, "words": "Nothing moved."}
    for _ in range(2):
        assert client.post(path, typed).headers["Location"] == "/months/riverside/202612/"
    assert MonthNote.objects.get().words == "Nothing moved."
    page = browser(office.ada).get("/months/riverside/202612/").content.decode()
    assert "“Nothing moved.” – Fern Finance, 2 December 2026" in page


@pytest.fixture
def shut(office: Cast) -> Cast:
    periods.close(actor=office.farah, organisation=office.riverside, month=NOVEMBER)
    return office


def asked(cast: Cast) -> str:
    """Fern asks on the screen; the address of her request."""
    send(browser(cast.fern), f"{MONTH}reopen/", reason="A late invoice.")
    return f"{MONTH}reopenings/{Reopening.objects.latest('pk').pk}/"


def test_one_asks_and_another_reopens(shut: Cast) -> None:
    path = asked(shut)
    assert month().closed
    assert "Closed, reopening asked for" in browser(shut.farah).get(LIST).content.decode()
    assert "Confirm as the second person" not in browser(shut.fern).get(MONTH).content.decode()
    assert "Confirm as the second person" in browser(shut.farah).get(MONTH).content.decode()
    assert send(proven(shut.farah), f"{path}confirm/").headers["Location"] == MONTH
    assert not month().closed
    assert "Reopened by Farah Finance" in browser(shut.ada).get(MONTH).content.decode()


def test_whoever_asked_is_told_that_somebody_else_confirms(shut: Cast) -> None:
    path = asked(shut)
    client = proven(shut.fern)
    assert "Somebody else has to confirm" in client.get(f"{path}confirm/").content.decode()
    assert send(client, f"{path}confirm/").status_code == 403
    assert month().closed


def test_confirming_asks_for_a_fresh_proof(shut: Cast) -> None:
    path = f"{asked(shut)}confirm/"
    client = browser(shut.farah)
    assert client.get(path).status_code in {302, 403}
    assert client.post(path, {"key": "0" * 32}).status_code in {302, 403}
    assert month().closed


def test_a_request_is_withdrawn(shut: Cast) -> None:
    path = asked(shut)
    assert send(browser(shut.farah), f"{path}withdraw/").headers["Location"] == MONTH
    assert "Left closed by Farah Finance" in browser(shut.fern).get(MONTH).content.decode()
    answer = send(proven(shut.farah), f"{path}confirm/")
    assert answer.status_code == 409
    assert "withdrawn already" in answer.content.decode()
    assert month().closed


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301, "\u202eback"])
def test_a_reason_is_asked_for(shut: Cast, reason: str) -> None:
    answer = send(browser(shut.fern), f"{MONTH}reopen/", reason=reason)
    assert answer.status_code == 422
    assert errors_of(answer)
    assert not Reopening.objects.exists()


def typed(cast: Cast, **options: str) -> dict[str, str]:
    return {
        "account": str(cast.riverside.bank_accounts.get().pk),
        "project": str(cast.project.pk),
        "amount": "9,600.00",
        "day-day": "28",
        "day-month": "11",
        "day-year": "2026",
        "words": "Budget from the trust",
    } | options


def test_funding_is_checked_then_posted_once_then_shown(office: Cast) -> None:
    client = browser(office.fern)
    key = key_of(client, FUND)
    checked = client.post(FUND, {"key": key, "stage": "check"} | typed(office)).content.decode()
    for shown in ("Project A (PROJ-A)", "£9,600.00", "28 November 2026", "Budget from the trust"):
        assert shown in checked
    assert not JournalEntry.objects.exists()
    for _ in range(2):
        answer = client.post(FUND, {"key": key, "stage": "send"} | typed(office))
        assert answer.headers["Location"] == "/months/riverside/entries/1/"
    entry = JournalEntry.objects.get()
    assert (entry.narrative, entry.date) == ("Budget from the trust", date(2026, 11, 28))
    page = browser(office.ada).get("/months/riverside/entries/1/").content.decode()
    for shown in ("bank:Current account", "funding:PROJ-A", "£9,600.00", "Fern Finance"):
        assert shown in page


def test_the_same_money_from_a_second_person_is_refused_with_who_was_first(office: Cast) -> None:
    """Both looked before either sent. It is taken only from somebody who has read that it was recorded."""
    fern, farah = browser(office.fern), browser(office.farah)
    forms = [{"key": key_of(each, FUND), "alike": "0"} | typed(office) for each in (fern, farah)]
    assert fern.post(FUND, forms[0] | {"stage": "send"}).status_code == 302
    refused = farah.post(FUND, forms[1] | {"stage": "send"})
    said = "The same money was recorded already, by entry 1: Fern Finance, on 2 December 2026."
    assert (refused.status_code, JournalEntry.objects.count()) == (422, 1)
    assert errors_of(refused) == [f"{said} Continue only if it came once more"]
    checked = farah.post(FUND, forms[1] | {"stage": "check"}).content.decode()
    assert f"{said} Post it only if it came once more." in checked
    assert '<input type="hidden" name="alike" value="1">' in checked
    assert farah.post(FUND, forms[1] | {"stage": "send", "alike": "1"}).status_code == 302
    assert JournalEntry.objects.count() == 2


def test_other_money_is_not_taken_for_the_same(office: Cast) -> None:
    client = browser(office.fern)
    for other in ({}, {"amount": "9,600.01"}, {"day-day": "27"}, {"project": str(office.other_project.pk)}):
        checked = client.post(FUND, {"key": key_of(client, FUND), "stage": "check"} | typed(office, **other))
        assert "recorded already" not in checked.content.decode()
        sent = client.post(FUND, {"key": key_of(client, FUND), "stage": "send"} | typed(office, **other))
        assert sent.status_code == 302


def test_what_was_put_right_may_be_recorded_again(office: Cast) -> None:
    client = browser(office.fern)
    for _ in range(2):
        sent = client.post(FUND, {"key": key_of(client, FUND), "stage": "send"} | typed(office))
        assert sent.status_code == 302
        with transaction.atomic():
            reverse_entry(
                entry=JournalEntry.objects.filter(reverses=None).latest("number"),
                reason="Typed wrong",
                date=date(2026, 12, 1),
                actor=office.fern,
            )


def test_an_account_is_opened_once(office: Cast) -> None:
    client = browser(office.fern)
    asked_for = typed(office, words="Brought forward")
    key = key_of(client, OPEN)
    for _ in range(2):
        answer = client.post(OPEN, {"key": key, "stage": "send"} | asked_for)
        assert answer.headers["Location"] == "/months/riverside/entries/1/"
    for stage in ("check", "send"):
        answer = client.post(OPEN, {"key": key_of(client, OPEN), "stage": stage} | asked_for)
        assert answer.status_code == 422
        assert "already, by entry 1: Fern Finance, on 2 December 2026" in errors_of(answer)[0]
    assert JournalEntry.objects.count() == 1


def test_what_was_typed_can_be_changed(office: Cast) -> None:
    client = browser(office.fern)
    key = key_of(client, FUND)
    page = client.post(FUND, {"key": key, "stage": "change"} | typed(office)).content.decode()
    for shown in ('value="9,600.00"', 'value="28"', 'value="2026"', 'value="Budget from the trust"'):
        assert shown in page
    assert f'value="{key}"' not in page


def test_a_closed_month_says_what_to_do(shut: Cast) -> None:
    client = browser(shut.fern)
    for stage in ("check", "send"):
        answer = client.post(FUND, {"key": key_of(client, FUND), "stage": stage} | typed(shut))
        assert errors_of(answer) == [
            "November 2026 is closed, so nothing can be posted in it. "
            "Choose a day in a month that is open, or have that month reopened first"
        ]
        assert 'value="9,600.00"' in answer.content.decode()
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"amount": ""}, "Enter the amount"),
        ({"amount": "0"}, "The amount must be £0.01 or more"),
        ({"amount": "-5"}, "The amount: enter an amount of zero or more"),
        ({"amount": "1e5"}, "The amount: enter an amount"),
        ({"amount": "12.345"}, "no more than 2 figures"),
        ({"amount": "99999999999"}, "£10,000,000.00 or less"),
        ({"day-day": "31", "day-month": "11"}, "The day must be a real date"),
        ({"day-day": "3", "day-month": "12"}, "The day must be today or in the past"),
        ({"day-year": "1926"}, "The day must be in 2015 or later"),
        ({"account": "999999"}, "Select the bank account"),
        ({"account": ""}, "Select the bank account"),
        ({"project": "1' OR 1=1"}, "Select the project"),
        ({"words": "  "}, "Enter what it is"),
        ({"words": "x" * 201}, "200 characters or fewer"),
        ({"words": "a\u202eb"}, "hidden mark"),
    ],
)
def test_a_bad_answer_is_refused_where_it_stands(office: Cast, wrong: dict[str, str], says: str) -> None:
    client = browser(office.fern)
    for stage in ("check", "send"):
        answer = client.post(FUND, {"key": key_of(client, FUND), "stage": stage} | typed(office, **wrong))
        assert answer.status_code == 422
        assert says in errors_of(answer)[0]
    assert not JournalEntry.objects.exists()


def test_another_organisations_project_cannot_be_chosen(office: Cast) -> None:
    client = browser(office.fern)
    strange = typed(office, project=str(office.strange_project.pk))
    answer = client.post(FUND, {"key": key_of(client, FUND), "stage": "send"} | strange)
    assert errors_of(answer) == ["Select the project"]


def test_a_long_entry_is_read_page_by_page(office: Cast) -> None:
    post_entry(
        organisation=office.riverside,
        source="long",
        narrative="Many fares",
        date=date(2026, 12, 1),
        legs=[Leg(cost(office), owed(office), n, office.cora.pk) for n in range(1, 231)],
        actor=office.fern,
    )
    client, address, seen = browser(office.ada), "/months/riverside/entries/1/", []
    url = address
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    while url:
        found = client.get(url).context["found"]
        seen += [transfer.position for transfer, _ in found.rows]
        assert {name for _, name in found.rows} == {"Cora Contributor"}
        url = f"{address}{found.more}" if found.more else ""
    assert seen == list(range(1, 231))
    assert len(queries) <= 20
    for bad in ("after=999", "after=abc", "after=-1", f"after={'9' * 40}", "after=%00"):
        assert client.get(f"{address}?{bad}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/months/riverside/202613/",
        "/months/riverside/202612/close/",
        "/months/riverside/000000/",
        "/months/riverside/99999999/",
        "/months/%00/202611/",
        "/months/riverside/202611/explain/lines/",
        "/months/riverside/entries/0/",
        "/months/riverside/entries/99999999/",
        "/months/riverside/٢٠٢٦١١/",
        "/months/nowhere/fund/",
        "/months/hillside/open-books/",
        "/months/riverside/202611/reopenings/1/confirm/",
    ],
)
def test_a_bad_address_is_not_found(office: Cast, address: str) -> None:
    assert proven(office.fern).get(address).status_code == 404


def test_pages_ask_no_more_for_more_rows(cast: Cast, account: BankAccount) -> None:
    with set_now(DECEMBER):
        counts = []
        for number in (3, 30):
            for each in range(number):
                periods.lock_month(cast.riverside, 202501 + each % 11 + 100 * (each // 11) - 400)
            client = browser(cast.fern)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(LIST).status_code == 200
            counts.append(len(seen))
    assert counts[0] == counts[1] <= 50, counts
