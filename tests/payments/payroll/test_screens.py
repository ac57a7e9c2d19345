"""Payroll's pages: who is marked, the run for them, what payroll has paid; and what others never see."""

import re

import pytest
from django.test import Client

from payments.models import BankAccount, PaymentRun, PayrollConfirmation, PayrollMark
from payments.queries import preview
from payments.services import payroll, runs
from payments.workflow import Method
from people.models import RoleKind
from tests.cast import Cast, give_role
from tests.payments.office import MONDAY, PAY_ON, hash_of, hours
from tests.people.browsers import browser, errors_of, key_of, send

MARK, PREPARE = "/payments/payroll/riverside/mark/", "/payments/payroll/riverside/prepare/"
ON_26 = {"pay_on-day": "26", "pay_on-month": "11", "pay_on-year": "2026"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
ON_23 = {"day-day": "23", "day-month": "11", "day-year": "2026"}


def sent_to_payroll(cast: Cast) -> PaymentRun:
    run = runs.prepare_list(actor=cast.fern, organisation=cast.riverside, pay_on=PAY_ON)
    runs.authorise(actor=cast.farah, run_id=run.pk, sha256=hash_of(run))
    return runs.release(actor=cast.fern, run_id=run.pk)


def test_somebody_is_marked_after_a_look(due: Cast) -> None:
    client = browser(due.fern)
    answer = send(client, MARK, number=due.cora.number.lower(), stage="check")
    assert "Cora Contributor" in answer.content.decode()
    assert not PayrollMark.objects.exists()
    answer = send(client, MARK, number=due.cora.number, stage="send")
    assert answer.headers["Location"] == "/payments/payroll/"
    assert PayrollMark.objects.get().person == due.cora


def test_the_same_form_twice_marks_once_and_another_says_who_was_first(due: Cast) -> None:
    client = browser(due.fern)
    form = {"key": key_of(client, MARK), "number": due.cora.number, "stage": "send"}
    assert [client.post(MARK, form).status_code for _ in range(2)] == [302, 302]
    answer = send(browser(due.farah), MARK, number=due.cora.number, stage="send")
    assert answer.status_code == 409
    assert "Fern Finance said so on 23 November 2026" in answer.content.decode()
    assert PayrollMark.objects.count() == 1


def test_a_bank_run_that_holds_their_time_is_named_before(due: Cast, account: BankAccount) -> None:
    run = runs.prepare(actor=due.fern, organisation=due.riverside, bank_account=account, pay_on=PAY_ON)
    page = send(browser(due.fern), MARK, number=due.cora.number, stage="check").content.decode()
    assert "TIME 000002 stands in" in page
    assert f"/payments/runs/{run.pk}/" in page


@pytest.mark.parametrize(
    "number", ["", "   ", "P999999", "Cora", "P00", "x" * 400, "P\x00", "'; DROP", "P000001 ", "\u202e1"]
)
def test_ten_numbers_of_nobody_here(due: Cast, number: str) -> None:
    """Abel is P000001: he claims nothing."""
    answer = send(browser(due.fern), MARK, number=number, stage="send")
    assert answer.status_code == 422
    assert len(errors_of(answer)) == 1
    assert not PayrollMark.objects.exists()


def test_a_run_is_prepared_from_what_is_shown(due: Cast, mark: PayrollMark) -> None:
    client = browser(due.fern)
    page = client.get(PREPARE).content.decode()
    assert "£40.00" in page
    answer = send(client, PREPARE, expected_total="4000", **ON_26)
    run = PaymentRun.objects.get()
    assert answer.headers["Location"] == f"/payments/runs/{run.pk}/"
    assert (run.total, run.method) == (4000, "payroll")
    assert "through payroll" in client.get(f"/payments/runs/{run.pk}/").content.decode()


def test_a_stale_page_prepares_nothing(due: Cast, mark: PayrollMark) -> None:
    client = browser(due.fern)
    form = {"key": key_of(client, PREPARE), "expected_total": "4000", **ON_26}
    hours(due, due.cora, 1)
    answer = client.post(PREPARE, form)
    assert answer.status_code == 409
    assert "it is £60.00 now" in answer.content.decode()
    assert not PaymentRun.objects.exists()


def test_a_refusal_stands_at_the_day_and_nothing_typed_is_lost(due: Cast, mark: PayrollMark) -> None:
    saturday = ON_26 | {"pay_on-day": "28"}
    answer = send(browser(due.fern), PREPARE, expected_total="4000", **saturday)
    assert answer.status_code == 422
    assert "The next banking day is 30 November 2026" in errors_of(answer)[0]
    assert 'value="28"' in answer.content.decode()


def test_the_page_counts_what_the_run_would_pay(due: Cast, mark: PayrollMark) -> None:
    """Also for a preparer whose own time goes through payroll."""
    payroll.mark(actor=due.fern, organisation=due.riverside, person=due.dev)
    give_role(actor=due.abel, person=due.cora, kind=RoleKind.PREPARER, organisation=due.riverside)
    for who, own in ((due.fern, 0), (due.cora, 4000)):
        found, shown = preview(due.riverside, who, Method.PAYROLL), browser(who).get(PREPARE).context["due"]
        assert (shown.people, shown.total, shown.own) == (found.count, found.total, own)


def test_payroll_has_paid_and_has_not(due: Cast, mark: PayrollMark) -> None:
    run, client = sent_to_payroll(due), browser(due.farah)
    confirm = f"/payments/payroll/runs/{run.pk}/confirm/"
    form = {"key": key_of(client, confirm), **ON_23}
    assert [client.post(confirm, form).status_code for _ in range(2)] == [302, 302]
    again = send(browser(due.fern), confirm, **ON_23)
    assert again.status_code == 409
    assert "Farah Finance said already" in again.content.decode()
    found = PayrollConfirmation.objects.get()
    assert [office.taken for office in client.get("/payments/payroll/").context["offices"]] == [4000]
    undo = f"/payments/payroll/confirmations/{found.pk}/undo/"
    assert errors_of(send(client, undo, reason=" "))
    assert send(client, undo, reason="Another run.").status_code == 302
    assert run.payments.get().status == "sent"


def test_a_mark_is_ended_on_a_page(due: Cast, mark: PayrollMark) -> None:
    client, end = browser(due.farah), f"/payments/payroll/marks/{mark.pk}/end/"
    assert send(client, end).status_code == 302
    assert client.get(end).headers["Location"] == "/payments/payroll/"
    mark.refresh_from_db()
    assert mark.ended_by == due.farah
    assert client.post(end, {"key": "0" * 32}).status_code == 409


def test_the_auditor_reads_and_changes_nothing(due: Cast, mark: PayrollMark) -> None:
    client = browser(due.ada)
    page = client.get("/payments/payroll/").content.decode()
    assert "Cora Contributor" in page
    assert "/end/" not in page
    assert "/mark/" not in page
    assert client.get(MARK).status_code == 404


def test_the_person_sees_how_it_comes(due: Cast, mark: PayrollMark) -> None:
    client = browser(due.cora)
    assert "comes with your pay from Riverside Council" in client.get("/payments/").content.decode()
    run = sent_to_payroll(due)
    page = client.get("/payments/").content.decode()
    assert "with your pay on 26 November 2026" in page
    assert "It is part of your pay" in page
    assert "£40.00 comes with your pay on 26 November 2026" in client.get("/").content.decode()
    own = client.get(f"/payments/{run.payments.get().pk}/").content.decode()
    assert "With your pay from Riverside Council" in own
    assert "ending" not in own


def pages_of(client: Client, cast: Cast) -> list[str]:
    """What a lead, a budget holder, a link person or an administrator can open."""
    paths = ["/", "/claims/", "/claims/?view=lead", "/projects/", f"/projects/{cast.project.pk}/"]
    found = [client.get(path) for path in paths]
    return [TOKEN.sub("", answer.content.decode()) if answer.status_code == 200 else "" for answer in found]


@pytest.mark.parametrize("name", ["anil", "hana", "lena", "abel"])
def test_nobody_elses_pages_change_with_a_mark(due: Cast, account: BankAccount, name: str) -> None:
    """The whole way from mark to payroll's word looks to them as if the bank had paid."""
    client = browser(getattr(due, name))
    before = pages_of(client, due)
    found = payroll.mark(actor=due.fern, organisation=due.riverside, person=due.cora)
    assert pages_of(client, due) == before
    run = sent_to_payroll(due)
    payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=MONDAY.date())
    for page in pages_of(client, due):
        assert "ayroll" not in page
    assert client.get("/payments/payroll/").status_code == 403
    assert client.get(f"/payments/payroll/marks/{found.pk}/end/").status_code == 404


def test_the_list_costs_the_same_with_more_people(
    due: Cast, mark: PayrollMark, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    client = browser(due.fern)
    client.get("/payments/payroll/")
    with django_assert_max_num_queries(16) as first:  # type: ignore[operator]
        client.get("/payments/payroll/")
    payroll.mark(actor=due.fern, organisation=due.riverside, person=due.dev)
    sent_to_payroll(due)
    hours(due, due.cora, 1)
    with django_assert_max_num_queries(len(first) + 1) as second:  # type: ignore[operator]
        client.get("/payments/payroll/")  # one more: what payroll said of the runs there are
    hours(due, due.dev, 1)
    sent_to_payroll(due)
    with django_assert_max_num_queries(len(second)):  # type: ignore[operator]
        client.get("/payments/payroll/")
