"""What is due, page by page, and a run prepared from it on one page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.dates import set_now
from payments.models import BankAccount, PaymentRun
from payments.queries import due_pages, preview
from payments.queries.due_pages import asked_page, left_out_by_reason, owed_page, owing
from payments.services import reconciling
from people.models import RoleKind
from tests.cast import Cast, give_role
from tests.payments.office import MONDAY, PAY_ON, fare, hours, imported, prepared, sent
from tests.people.browsers import browser, errors_of, key_of, send

DUE, PREPARE = "/payments/due/", "/payments/due/riverside/prepare/"
DAY = {"pay_on-day": "26", "pay_on-month": "11", "pay_on-year": "2026"}


def shown(page: str) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_it_tells_people_kinds_amounts_and_promises(due: Cast, account: BankAccount) -> None:
    text = shown(browser(due.fern).get(DUE).content.decode())
    assert "£59.80 due to 2 people for 3 claim lines" in text
    assert "A run prepared now would make 3 payments, £59.80 in all." in text
    assert re.search(r"Cora Contributor \(P\d+\) Money back for costs 7 December 2026 – 1 £12.50", text)
    assert re.search(r"Cora Contributor \(P\d+\) Money for time 7 December 2026 – 1 £40.00", text)
    assert "hour" not in text


def test_who_was_promised_their_money_earlier_is_late(due: Cast, account: BankAccount) -> None:
    with set_now(MONDAY + timedelta(days=16)):
        found = owing(due.riverside)
        assert (found.late, found.late_total) == (2, 5980)
        text = shown(browser(due.fern).get(DUE).content.decode())
    assert "2 people were promised £59.80 of it before today" in text
    assert "Late by 2 days." in text


def test_the_longest_promised_comes_first(due: Cast, account: BankAccount) -> None:
    with set_now(MONDAY + timedelta(days=3)):
        fare(due, due.cora, 100)
        rows = owed_page(due.riverside, 1, preview(due.riverside, due.fern).left_out).rows
    assert [(row.name, row.counts_as, row.amount, row.lines) for row in rows] == [
        ("Cora Contributor", "expense", 1350, 2),
        ("Cora Contributor", "fee", 4000, 1),
        ("Dev Contributor", "expense", 730, 1),
    ]
    assert rows[0].promised_by == rows[1].promised_by


def test_what_the_bank_sent_back_is_marked(due: Cast, account: BankAccount) -> None:
    run = sent(due, account)
    statement = imported(due, account, [(PAY_ON, "BACS", -5980), (PAY_ON, "RETURNED EXP 000003", 730)])
    out, back = statement.lines.order_by("pk")
    reconciling.match(actor=due.fern, line_id=out.pk, run_id=run.pk)
    dev = run.payments.get(person=due.dev)
    reconciling.returned(actor=due.fern, line_id=back.pk, payment_id=dev.pk)
    fare(due, due.cora, 100)
    rows = owed_page(due.riverside, 1, preview(due.riverside, due.fern).left_out).rows
    assert {row.name: row.came_back for row in rows} == {"Dev Contributor": True, "Cora Contributor": False}
    assert "Sent back by the bank" in browser(due.fern).get(DUE).content.decode()


def test_whom_a_run_leaves_out_is_told_with_the_reason(cast: Cast, account: BankAccount) -> None:
    fare(cast, cast.cora, 500)
    hours(cast, cast.dev, 1)
    [left] = left_out_by_reason(preview(cast.riverside, cast.fern).left_out)
    assert left.people == (("Cora Contributor", 500), ("Dev Contributor", 2000))
    for path in (DUE, PREPARE):
        text = shown(browser(cast.fern).get(path).content.decode())
        assert "2 people, £25.00: They have not given bank details yet." in text
        assert "Cora Contributor, £5.00" in text
    assert "None of it can be paid now." in shown(browser(cast.fern).get(DUE).content.decode())
    assert "Prepare this run" not in browser(cast.fern).get(PREPARE).content.decode()


@pytest.mark.parametrize("name", ["farah", "ada"])
def test_who_does_not_prepare_reads_why(due: Cast, account: BankAccount, name: str) -> None:
    page = browser(getattr(due, name)).get(DUE).content.decode()
    assert "Only a finance preparer can prepare a payment run." in page
    assert PREPARE not in page


def test_somebody_of_two_organisations_chooses(due: Cast, account: BankAccount) -> None:
    give_role(actor=due.otto, person=due.fern, kind=RoleKind.APPROVER, organisation=due.hillside)
    first = browser(due.fern).get(DUE).content.decode()
    assert "Hillside Trust" in first
    assert "?of=riverside" in first
    assert "Nothing is due" in first
    second = browser(due.fern).get(f"{DUE}?of=riverside").content.decode()
    assert "£59.80" in second
    strange = browser(due.olga).get(f"{DUE}?of=riverside").content.decode()
    assert "£59.80" not in strange


def test_pages_hold_a_number_of_rows_and_cost_the_same(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(due.fern)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(DUE)
        counts.append(len(asked))
        for person in (due.cora, due.dev):
            hours(due, person, 1)
    assert counts[0] == counts[1] <= 20
    monkeypatch.setattr(due_pages, "ROWS", 3)
    would = preview(due.riverside, due.fern)
    first, second = (owed_page(due.riverside, number, would.left_out) for number in (1, 2))
    assert (len(first.rows), first.before, first.after) == (3, "", "?page=2")
    assert (len(second.rows), second.before, second.after) == (1, "?page=1", "")
    beyond = client.get(f"{DUE}?page=99").content.decode()
    assert "You have reached the end of the list" in beyond


@pytest.mark.parametrize("asked", ["0", "-1", "x", "", "²", "1e3", "999999", "1 OR 1=1", "\x00", "½"])
def test_a_page_that_is_no_number_is_the_first(asked: str) -> None:
    assert asked_page(asked) == 1


def test_a_run_is_prepared(due: Cast, account: BankAccount) -> None:
    client = browser(due.fern)
    page = client.get(PREPARE).content.decode()
    assert "in 3 payments" in page
    assert 'value="26"' in page  # three banking days from Monday: one to sign in, two that Bacs takes
    answer = send(client, PREPARE, bank_account=str(account.pk), **DAY)
    run = PaymentRun.objects.get()
    assert answer.headers["Location"] == f"/payments/runs/{run.pk}/"
    assert (run.total, run.pay_on, run.prepared_by) == (5980, PAY_ON, due.fern)
    after = shown(client.get(answer.headers["Location"]).content.decode())
    assert "Payment run 1 is prepared. Somebody else has to sign it." in after
    assert "Somebody who had no hand in it has to sign this run: Farah Finance." in after
    assert "Sign this run: Only a finance approver can sign a payment run." in after


def test_the_same_form_twice_prepares_one_run(due: Cast, account: BankAccount) -> None:
    client = browser(due.fern)
    filled = {"key": key_of(client, PREPARE), "bank_account": str(account.pk), **DAY}
    answers = [client.post(PREPARE, filled) for _ in range(2)]
    assert {answer.headers["Location"] for answer in answers} == {
        f"/payments/runs/{PaymentRun.objects.get().pk}/"
    }


def test_another_form_after_that_is_refused_and_says_who_was_faster(due: Cast, account: BankAccount) -> None:
    client = browser(due.fern)
    old = {"key": key_of(client, PREPARE), "bank_account": str(account.pk), **DAY}
    prepared(due, account)
    answer = client.post(PREPARE, old)
    assert answer.status_code == 422
    assert errors_of(answer) == ["Nothing that is due can be paid now, so there is no run to prepare"]
    assert "Run 1 , £59.80, prepared by Fern Finance at 9:00am on 23 November 2026" in shown(
        answer.content.decode()
    )
    assert PaymentRun.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"pay_on-day": ""}, "The payment day must include a day"),
        ({"pay_on-day": "31"}, "The payment day must be a real date, like 27 3 2026"),
        ({"pay_on-day": "28"}, "Banks do not move money on 28 November 2026. The next banking day is 30"),
        ({"pay_on-day": "25", "pay_on-month": "12"}, "Banks do not move money on 25 December 2026."),
        ({"pay_on-day": "20"}, "Choose a payment day from today on"),
        ({"pay_on-year": "9999"}, "The payment day must be within the next three months"),
        ({"pay_on-year": "1999"}, "The payment day must be in 2015 or later"),
        ({"pay_on-month": "\x00"}, "The payment day must be a real date"),
        ({"bank_account": ""}, "Select an account"),
        ({"bank_account": "999999"}, "Select an account"),
        ({"bank_account": "1 OR 1=1"}, "Select an account"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    due: Cast, account: BankAccount, typed: dict[str, str], error: str
) -> None:
    answer = send(browser(due.fern), PREPARE, **{"bank_account": str(account.pk), **DAY} | typed)
    assert answer.status_code == 422
    assert [each for each in errors_of(answer) if error in each]
    assert not PaymentRun.objects.exists()


def test_a_forged_key_is_refused(due: Cast, account: BankAccount) -> None:
    answer = browser(due.fern).post(PREPARE, {"key": "mine", "bank_account": str(account.pk), **DAY})
    assert answer.status_code == 422
    assert "This form has expired" in answer.content.decode()


def test_without_an_account_to_pay_from_there_is_no_button(due: Cast, account: BankAccount) -> None:
    BankAccount.objects.all().delete()
    page = browser(due.fern).get(PREPARE).content.decode()
    assert "There is no account to pay from yet" in page
    assert "Prepare this run" not in page
