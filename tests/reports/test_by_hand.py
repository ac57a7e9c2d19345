"""What is paid by hand, on the desk, in the workbook, in the journal and on a month's checklist."""

import io
from collections import defaultdict
from datetime import UTC, date, datetime

import openpyxl
import pytest

from claims.models import Way
from common.dates import set_now
from ledger.models import Transfer
from payments.models import BankAccount, Ended, HandOver, MatchKind, PaymentRun, StatementLine
from payments.queries import reconciliation
from payments.queries.month_end import checklist
from payments.services import handing, reconciling, runs
from payments.services.learning import ask_for_learning
from payments.workflow import Method
from reports.desk_work import Work
from reports.journal import journal_text
from reports.verify import problems
from reports.workbook import Span, finance_workbook
from tests.cast import Cast
from tests.payments.by_hand.conftest import ways
from tests.payments.by_hand.own import handed
from tests.payments.by_hand.steps import bought, chosen, fetched, given, sent_by
from tests.payments.month_office import DECEMBER, NOVEMBER, item, left, read_to_the_end
from tests.payments.office import MONDAY, PAY_ON, imported
from tests.people.browsers import browser
from tests.reports.test_desk import desk, task

__all__ = ["ways"]
MONTH = Span(date(2026, 11, 1), date(2026, 11, 30))
WAYS = [way for way in Way if way != Way.BANK]


@pytest.fixture(params=WAYS)
def run(request: pytest.FixtureRequest, ways: Cast) -> PaymentRun:
    """Cora's £40 for time, sent by one of the ways."""
    with set_now(datetime(2026, 11, 19, 9, tzinfo=UTC)):
        chosen(ways, ways.cora, request.param)
    if request.param == Way.VOUCHER:
        bought(ways)
    if request.param == Way.CASH:
        fetched(ways)
    return sent_by(ways, Method(request.param))


def sheets(cast: Cast) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(finance_workbook(cast.riverside, MONTH)), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def payment_row(cast: Cast) -> dict[str, object]:
    """The only row of the sheet of payments, by heading."""
    rows = sheets(cast)["Payments"]
    [heading] = [row for row in rows if row[:1] == ("Reference",)]
    [found] = [row for row in rows if row and str(row[0]).startswith(("TIME", "EXP"))]
    return dict(zip(map(str, heading), found, strict=True))


def test_the_workbook_names_the_way_and_no_bank(ways: Cast, run: PaymentRun) -> None:
    row = payment_row(ways)
    assert row["How"] == Method(run.method).label
    assert str(row["Status"]).startswith("Sent to ")
    assert row["Paid on"] is None
    assert "bank" not in " ".join(map(str, row.values())).lower()
    made = given(ways, run.payments.get())
    assert (payment_row(ways)["Status"], payment_row(ways)["Paid on"]) == (
        "Paid", datetime.combine(MONDAY.date(), datetime.min.time()),
    )  # fmt: skip
    handing.take_back(actor=ways.fern, hand_over_id=made.pk, ended=Ended.REFUSED, reason="It came back.")
    assert payment_row(ways)["Status"] == "Came back, owed again"


def test_journal_and_workbook_move_what_the_books_move(ways: Cast, run: PaymentRun) -> None:
    given(ways, run.payments.get())
    text = "".join(journal_text(ways.riverside))
    [control] = {each.credit.code for each in Transfer.objects.filter(entry__hand_over__isnull=False)}
    assert f":{control}" in text
    assert "River Voices" not in text
    assert "CODE-4711" not in text
    trial = {row[0]: row for row in sheets(ways)["Trial balance"] if len(row) > 5}
    moved: defaultdict[str, int] = defaultdict(int)
    for each in Transfer.objects.select_related("debit", "credit"):
        moved[each.debit.code] += each.amount
        moved[each.credit.code] -= each.amount
    assert {code: round(float(str(trial[code][5])) * 100) for code in moved} == dict(moved)
    assert list(problems()) == []


def test_the_desk_counts_what_is_to_be_handed_over(ways: Cast, run: PaymentRun) -> None:
    found = task(ways, ways.fern, Work.HAND_OVER)
    assert (found.count, found.amount, found.key, found.is_mine, found.is_late) == (
        1,
        4000,
        run.pk,
        True,
        False,
    )
    assert found.title == f"{Method(run.method).label}: run {run.number} to hand over"
    assert found.title in browser(ways.fern).get("/").content.decode()
    assert browser(ways.fern).get(found.url).status_code == 200
    with set_now(datetime(2026, 11, 27, 9, tzinfo=UTC)):
        assert task(ways, ways.farah, Work.HAND_OVER).is_late
    given(ways, run.payments.get())
    assert Work.HAND_OVER not in {each.work for each in desk(ways, ways.fern).tasks}


def test_the_desk_counts_what_is_asked_from_learning_funds(ways: Cast) -> None:
    handed(ways, Way.LEARNING)
    assert Work.LEARNING not in {each.work for each in desk(ways, ways.fern).tasks}
    ask_for_learning(actor=ways.cora, organisation=ways.riverside, item="A course", amount=2500)
    found = task(ways, ways.fern, Work.LEARNING)
    assert (found.count, found.amount, found.is_mine) == (1, 2500, True)
    assert browser(ways.fern).get(found.url).status_code == 200


def test_what_did_not_reach_somebody_waits_on_the_desk_and_in_the_month(
    ways: Cast, account: BankAccount, run: PaymentRun
) -> None:
    made = given(ways, run.payments.get())
    read_to_the_end(ways, account, opening=-10_000 if run.method == Method.CASH else 0)
    handing.take_back(actor=ways.fern, hand_over_id=made.pk, ended=Ended.REFUSED, reason="It came back.")
    found = task(ways, ways.fern, Work.RETURNED)
    assert (found.title, found.count, found.amount, found.since) == (
        "Payments that did not reach somebody, owed again", 1, 4000, MONDAY.date(),
    )  # fmt: skip
    with set_now(DECEMBER):
        assert (left(ways), item(ways, "returned").left) == (["returned"], 1)
        prepared_again(ways, run)
        assert left(ways) == []
        assert Work.RETURNED not in {each.work for each in desk(ways, ways.fern).tasks}


def prepared_again(cast: Cast, run: PaymentRun) -> None:
    """The next run of the same way pays it again."""
    runs.prepare_list(
        actor=cast.fern, organisation=cast.riverside, pay_on=date(2026, 12, 3), method=Method(run.method)
    )


@pytest.mark.parametrize("name", ["fern", "cora"])
def test_the_history_of_a_payment_tells_that_it_was_handed_over(
    ways: Cast, run: PaymentRun, name: str
) -> None:
    payment, page = run.payments.get(), browser(getattr(ways, name))
    before = page.get(f"/history/payment/{payment.pk}/").content.decode()
    given(ways, payment)
    after = page.get(f"/history/payment/{payment.pk}/").content.decode()
    assert "handed a payment over" not in before
    assert "handed a payment over" in after
    assert "CODE-4711" not in after


def test_an_undone_mistake_is_nothing_that_came_back(ways: Cast, run: PaymentRun) -> None:
    made = given(ways, run.payments.get())
    handing.undo_hand_over(actor=ways.fern, hand_over_id=made.pk, reason="It was the wrong person.")
    works = {each.work for each in desk(ways, ways.fern).tasks}
    assert Work.HAND_OVER in works
    assert Work.RETURNED not in works
    with set_now(DECEMBER):
        assert item(ways, "returned").left == 0
        assert (item(ways, "in_hand").left, item(ways, "in_hand").amount) == (1, 4000)


def test_a_month_tells_apart_what_the_bank_and_what_people_still_have_to_do(
    ways: Cast, run: PaymentRun
) -> None:
    with set_now(DECEMBER):
        assert (item(ways, "transit").left, item(ways, "in_hand").left) == (0, 1)
        assert not item(ways, "in_hand").keeps_open
    given(ways, run.payments.get())
    with set_now(DECEMBER):
        assert [each.left for each in checklist(ways.riverside, NOVEMBER) if each.name == "in_hand"] == [0]


def test_the_bank_is_reconciled_without_what_is_paid_by_hand(ways: Cast, account: BankAccount) -> None:
    """Money handed over is none of the bank's items in transit; the line that shows it is explained."""
    chosen(ways, ways.cora, Way.CHEQUE)
    run = sent_by(ways, Method.CHEQUE)
    given(ways, run.payments.get())
    assert reconciliation(account, PAY_ON).in_transit == ()
    imported(ways, account, [(PAY_ON, "CHEQUE 100045", -4000)])
    line = StatementLine.objects.get()
    reconciling.explain(actor=ways.fern, line_id=line.pk, kind=MatchKind.CHEQUE, note="Cashed.")
    found = reconciliation(account, PAY_ON)
    assert (found.bank, found.books, found.difference, found.unmatched) == (-4000, -4000, 0, ())
    assert HandOver.objects.get().cashed_by == line
    assert list(problems()) == []
