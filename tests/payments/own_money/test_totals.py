"""What a person was paid, by the day on which it reached them."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments.models import BankAccount, Payment
from payments.own_money.files import text
from payments.own_money.spans import Asked, By, Span
from payments.own_money.totals import ALL, Section, on_its_way, totals, totals_between, years_of
from payments.services import payroll, reconciling, runs
from payments.services.concerns.repaying import record_repayment
from people.models import Organisation
from tests.cast import Cast
from tests.payments.concerns.stories import overpaid
from tests.payments.office import MONDAY, PAY_ON, hash_of, imported
from tests.payments.own_money.stories import paid_by, pay, send
from tests.people.browsers import browser, errors_of

YEAR, MONTH, WEEK = (Asked(by, 2026) for by in (By.TAX_YEAR, By.MONTH, By.WEEK))
PAGE = "/your-money/"


def rows(sections: Sequence[Section]) -> list[tuple[str, int, int]]:
    return [(row.words, row.time, row.costs) for row in sections[0].rows]


def test_tax_years_part_between_the_fifth_and_the_sixth_of_april(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 4, 2), pence=100)
    pay(cast, account, date(2026, 4, 7), pence=200, time=1)
    Payment.objects.filter(amount=100).update(paid_on=date(2026, 4, 5))
    Payment.objects.filter(amount=200).update(paid_on=date(2026, 4, 6))
    assert rows(totals(cast.cora, YEAR)) == [
        ("6 April 2026 to 5 April 2027", 2000, 200),
        ("6 April 2025 to 5 April 2026", 0, 100),
    ]


def test_trap_18_a_run_at_the_end_of_a_month_counts_in_the_month_it_reaches(
    cast: Cast, account: BankAccount
) -> None:
    run = pay(cast, account, date(2026, 12, 1), pence=500, time=1)
    assert run.prepared_at.date() == date(2026, 11, 30)
    assert rows(totals(cast.cora, MONTH)) == [("December 2026", 2000, 500)]


def test_a_week_goes_from_monday_to_sunday(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 11, 20), pence=100)
    pay(cast, account, date(2026, 11, 23), pence=200)
    Payment.objects.filter(amount=100).update(paid_on=date(2026, 11, 22))
    assert rows(totals(cast.cora, WEEK)) == [
        ("23 November 2026 to 29 November 2026", 0, 200),
        ("16 November 2026 to 22 November 2026", 0, 100),
    ]


def test_a_week_belongs_to_the_year_of_its_monday_and_is_whole(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 12, 31), pence=100)
    pay(cast, account, date(2027, 1, 4), pence=200)
    Payment.objects.filter(amount=100).update(paid_on=date(2027, 1, 3))
    assert rows(totals(cast.cora, WEEK)) == [("28 December 2026 to 3 January 2027", 0, 100)]
    assert rows(totals(cast.cora, Asked(By.WEEK, 2027))) == [("4 January 2027 to 10 January 2027", 0, 200)]
    assert list(years_of(cast.cora)) == [2027]


def test_own_days_hold_both_ends(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 11, 10), pence=100)
    pay(cast, account, date(2026, 11, 20), pence=200)
    assert rows(totals_between(cast.cora, Span(date(2026, 11, 10), date(2026, 11, 20))))[0][2] == 300
    assert rows(totals_between(cast.cora, Span(date(2026, 11, 11), date(2026, 11, 20))))[0][2] == 200
    assert rows(totals_between(cast.cora, Span(date(2026, 11, 11), date(2026, 11, 19)))) == []


def test_each_organisation_stands_by_itself_where_there_are_several(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 11, 10), pence=100)
    run = pay(cast, account, date(2026, 11, 20), pence=200)
    assert [each.name for each in totals(cast.cora, YEAR)] == [ALL]
    paid_by(cast.hillside, run)
    found = totals(cast.cora, YEAR)
    assert [(each.name, each.rows[0].costs) for each in found] == [
        (ALL, 300),
        ("Hillside Trust", 200),
        ("Riverside Council", 100),
    ]


def test_what_is_on_its_way_or_came_back_is_not_counted(cast: Cast, account: BankAccount) -> None:
    run = send(cast, account, PAY_ON, pence=1250, time=2)
    assert rows(totals(cast.cora, YEAR)) == []
    assert [(each.time, each.costs) for each in on_its_way(cast.cora)] == [(4000, 1250)]
    imported(cast, account, [(PAY_ON, "BACS", -run.total), (PAY_ON, "RETURNED", 1250)])
    out, back = account.lines.order_by("row")
    reconciling.match(actor=cast.fern, line_id=out.pk, run_id=run.pk)
    assert rows(totals(cast.cora, YEAR)) == [("6 April 2026 to 5 April 2027", 4000, 1250)]
    reconciling.returned(actor=cast.fern, line_id=back.pk, payment_id=run.payments.get(amount=1250).pk)
    assert rows(totals(cast.cora, YEAR)) == [("6 April 2026 to 5 April 2027", 4000, 0)]
    assert not on_its_way(cast.cora)


def test_money_paid_back_stands_apart_by_its_own_day(due: Cast, account: BankAccount) -> None:
    concern = overpaid(due, account, 250)
    opening = account.statements.get().closing_balance or 0
    imported(due, account, [(date(2026, 12, 2), "C CONTRIBUTOR", 250)], opening=opening)
    line = account.lines.get(amount=250)
    record_repayment(actor=due.fern, concern_id=concern.pk, line_id=line.pk)
    december, november = totals(due.cora, MONTH)[0].rows
    assert (november.costs, november.has_back) == (1250, False)
    assert (december.costs, december.costs_back, december.time_back) == (0, 250, 0)


def test_time_paid_with_pay_counts_on_the_day_that_payroll_names(due: Cast, account: BankAccount) -> None:
    payroll.mark(actor=due.fern, organisation=due.riverside, person=due.cora)
    run = runs.prepare_list(actor=due.fern, organisation=due.riverside, pay_on=PAY_ON)
    runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    runs.release(actor=due.fern, run_id=run.pk)
    assert [(each.time, each.costs) for each in on_its_way(due.cora)] == [(4000, 0)]
    payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=MONDAY.date())
    assert rows(totals(due.cora, Asked(By.WEEK, 2026))) == [("23 November 2026 to 29 November 2026", 4000, 0)]


def _queries(cast: Cast) -> int:
    client = browser(cast.cora)
    client.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(f"{PAGE}?by=week&year=2026").status_code == 200
    return len(asked)


def test_the_number_of_questions_does_not_grow_with_payments(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 11, 10), pence=100)
    before = _queries(cast)
    for day in (11, 12, 18, 19):
        pay(cast, account, date(2026, 11, day), pence=100, time=1)
    assert _queries(cast) == before <= 14
    # One row for each week and kind leaves the database, not one for each payment.
    with CaptureQueriesContext(connection) as asked:
        assert len(totals(cast.cora, WEEK)[0].rows) == 2
    assert len(asked) == 3


def test_nobody_else_finds_it(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 11, 10), pence=4321)
    assert "£43.21" in browser(cast.cora).get(PAGE).content.decode()
    for other in (cast.dev, cast.bea):
        assert "£43.21" not in browser(other).get(f"{PAGE}?person={cast.cora.number}").content.decode()
    for other in (cast.lena, cast.fern, cast.ada, cast.abel, cast.anil):
        assert browser(other).get(PAGE).status_code == 403


def test_the_file_says_what_the_page_says(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 11, 10), pence=123, time=1)
    answer = browser(cast.cora).post(PAGE, {"stage": "file", "by": "month", "year": "2026"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="totals.csv"'
    _, row = csv.reader(io.StringIO(answer.content.decode()))
    assert row == ["2026-11-01", "2026-11-30", ALL, "GBP", "20.00", "1.23", *["0.00"] * 4]


def test_own_days_are_looked_at_and_taken_along(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 11, 10), pence=123)
    client = browser(cast.cora)
    days = {"first-day": "1", "first-month": "11", "first-year": "2026"}
    days |= {"last-day": "10", "last-month": "nov", "last-year": "2026", "key": "a" * 32}
    page = client.post(PAGE, {"stage": "look", **days}).content.decode()
    assert "1 November 2026 to 10 November 2026" in page
    assert '<input type="hidden" name="last-month" value="nov">' in page
    told = client.post(PAGE, {"stage": "file", **days}).content.decode().splitlines()
    assert told[1].startswith("2026-11-01,2026-11-10,")


@pytest.mark.parametrize("stage", ["look", "file"])
def test_days_that_end_before_they_begin_are_refused(cast: Cast, stage: str) -> None:
    days = {"first-day": "2", "first-month": "11", "first-year": "2026"}
    days |= {"last-day": "1", "last-month": "11", "last-year": "2026", "key": "a" * 32}
    answer = browser(cast.cora).post(PAGE, {"stage": stage, **days})
    assert answer.status_code == 422
    assert errors_of(answer) == ["The last day must be the first day or after it"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "Riverside"])
def test_no_name_acts_as_a_formula(cast: Cast, account: BankAccount, name: str) -> None:
    run = pay(cast, account, date(2026, 11, 10), pence=100)
    pay(cast, account, date(2026, 11, 11), pence=100)
    Organisation.objects.filter(pk=cast.hillside.pk).update(name=name)
    paid_by(cast.hillside, run)
    content = browser(cast.cora).post(PAGE, {"stage": "file", "by": "month", "year": "2026"}).content.decode()
    names = [row[2] for row in csv.reader(io.StringIO(content))]
    assert text(name) in names
    assert not [each for each in names if each[0] in "=+-@\t"]


def test_trap_16_time_and_costs_are_never_one_amount(cast: Cast, account: BankAccount) -> None:
    pay(cast, account, date(2026, 11, 10), pence=123, time=1)
    page = browser(cast.cora).get(PAGE).content.decode()
    assert "£20.00" in page
    assert "£1.23" in page
    assert "£21.23" not in page
