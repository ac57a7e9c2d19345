"""A run for payroll: prepared, signed, sent and stopped as any run, confirmed by payroll's word."""

from datetime import date, timedelta

import pytest

from common.dates import set_now
from common.errors import DomainError, IllegalMove, NotPermitted, Stale
from ledger.services import periods
from payments.models import BankAccount, Payment, PaymentItem, PaymentRun, PayrollConfirmation, PayrollMark
from payments.queries import due_lines
from payments.remittances import remittance
from payments.services import payroll, runs
from people.models import Message, MessageKind, RoleKind
from tests.cast import Cast, give_role
from tests.payments.office import MONDAY, PAY_ON, hash_of, hours, prepared


def made(cast: Cast, **more: object) -> PaymentRun:
    return runs.prepare_list(actor=cast.fern, organisation=cast.riverside, pay_on=PAY_ON, **more)  # type: ignore[arg-type]


def sent_to_payroll(cast: Cast) -> PaymentRun:
    run = made(cast)
    runs.authorise(actor=cast.farah, run_id=run.pk, sha256=hash_of(run))
    return runs.release(actor=cast.fern, run_id=run.pk)


def test_it_pays_marked_time_and_nothing_else(due: Cast, mark: PayrollMark) -> None:
    run = made(due)
    payment = run.payments.get()
    assert (payment.person, payment.counts_as, payment.amount, payment.details) == (
        due.cora,
        "fee",
        4000,
        None,
    )
    assert {line.counts_as for line in due_lines(due.riverside).filter(claim__contributor=due.cora)} == {
        "expense"
    }


def test_no_line_is_in_both_runs(due: Cast, account: BankAccount, mark: PayrollMark) -> None:
    made(due)
    prepared(due, account)
    lines = list(PaymentItem.objects.values_list("line_id", flat=True))
    assert len(lines) == len(set(lines)) == 4
    with pytest.raises(DomainError, match="Nothing that is due"):
        made(due)


def test_a_mark_ended_between_preview_and_prepare_is_noticed(due: Cast, mark: PayrollMark) -> None:
    payroll.mark(actor=due.farah, organisation=due.riverside, person=due.dev)
    payroll.end_mark(actor=due.farah, mark_id=mark.pk)
    with pytest.raises(Stale, match=r"it is £20.00 now"):
        made(due, expected_total=6000)
    assert not PaymentRun.objects.exists()
    assert made(due, expected_total=2000).number == 1
    payroll.end_mark(actor=due.farah, mark_id=due.riverside.payroll_marks.get(person=due.dev, until=None).pk)
    with pytest.raises(DomainError, match="Nothing that is due"):
        made(due)


@pytest.mark.parametrize("name", ["cora", "anil", "farah", "ada", "abel", "otto"])
def test_only_a_finance_preparer_prepares(due: Cast, mark: PayrollMark, name: str) -> None:
    with pytest.raises(NotPermitted):
        runs.prepare_list(actor=getattr(due, name), organisation=due.riverside, pay_on=PAY_ON)
    assert not PaymentRun.objects.exists()


def test_nobody_prepares_a_payment_to_themselves(due: Cast, mark: PayrollMark) -> None:
    give_role(actor=due.abel, person=due.cora, kind=RoleKind.PREPARER, organisation=due.riverside)
    with pytest.raises(DomainError, match="Nothing that is due"):
        runs.prepare_list(actor=due.cora, organisation=due.riverside, pay_on=PAY_ON)


def test_the_same_form_twice_makes_one_run(due: Cast, mark: PayrollMark) -> None:
    assert made(due, key="form-1") == made(due, key="form-1")


def test_a_bank_run_is_not_signed_or_sent_with_time_of_somebody_marked_since(
    due: Cast, account: BankAccount
) -> None:
    run = prepared(due, account)
    found = payroll.mark(actor=due.fern, organisation=due.riverside, person=due.cora)
    with pytest.raises(DomainError, match="Cora Contributor, whom TIME 000002 pays, is now paid through"):
        runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    payroll.end_mark(actor=due.fern, mark_id=found.pk)
    runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    payroll.mark(actor=due.fern, organisation=due.riverside, person=due.cora)
    with pytest.raises(DomainError, match="Take TIME 000002 out of this run"):
        runs.release(actor=due.fern, run_id=run.pk)
    runs.take_out(actor=due.fern, payment_id=run.payments.get(counts_as="fee").pk, reason="Payroll pays.")
    run.refresh_from_db()
    runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    assert runs.release(actor=due.fern, run_id=run.pk).total == 1980


def test_a_payroll_run_is_not_sent_with_time_of_somebody_who_goes_by_bank_again(
    due: Cast, mark: PayrollMark
) -> None:
    run = made(due)
    payroll.end_mark(actor=due.fern, mark_id=mark.pk)
    with pytest.raises(DomainError, match="is not paid through payroll any more"):
        runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    runs.void(actor=due.farah, run_id=run.pk, reason="By bank again.")
    assert due_lines(due.riverside).count() == 4


def test_a_changed_name_stops_nothing(due: Cast, mark: PayrollMark) -> None:
    run = made(due)
    due.cora.name = "Cora Smith"
    due.cora.save()
    runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    run = runs.release(actor=due.fern, run_id=run.pk)
    assert b"Cora Contributor" in runs.download(actor=due.farah, run_id=run.pk)


def test_what_the_person_reads_names_their_pay_and_no_bank(due: Cast, mark: PayrollMark) -> None:
    run = sent_to_payroll(due)
    advice = remittance(run, due.cora)
    assert advice.time is not None
    assert (advice.time.method, advice.time.bank_line) == ("With your pay from Riverside Council", "")
    assert advice.promise == "The money comes with your pay on Thursday 26 November 2026."
    assert run.get_status_display() == "Sent to payroll"
    assert run.payments.get().get_status_display() == "On its way with your pay"
    assert Message.objects.filter(person=due.cora, kind=MessageKind.WITH_PAY).count() == 1
    assert not Message.objects.filter(kind=MessageKind.PAYMENT_SENT).exists()


@pytest.mark.parametrize("state", ["prepared", "authorised", "void"])
def test_payroll_has_paid_only_what_was_sent(due: Cast, mark: PayrollMark, state: str) -> None:
    run = made(due)
    if state == "authorised":
        runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    if state == "void":
        runs.void(actor=due.farah, run_id=run.pk, reason="No.")
    with pytest.raises(IllegalMove, match="was not sent to payroll"):
        payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=MONDAY.date())
    assert not PayrollConfirmation.objects.exists()


def test_a_bank_run_is_none_of_payrolls(due: Cast, account: BankAccount) -> None:
    run = prepared(due, account)
    with pytest.raises(PaymentRun.DoesNotExist):
        payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=MONDAY.date())


@pytest.mark.parametrize("days", [-1, 1])
def test_the_day_is_between_sending_and_today(due: Cast, mark: PayrollMark, days: int) -> None:
    run = sent_to_payroll(due)
    day = MONDAY.date() + timedelta(days=days)
    with pytest.raises(DomainError, match="between the day the run was sent"):
        payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=day)


@pytest.mark.parametrize("name", ["cora", "anil", "ada", "abel", "olga"])
def test_only_finance_confirms_and_undoes(due: Cast, mark: PayrollMark, name: str) -> None:
    run = sent_to_payroll(due)
    with pytest.raises(NotPermitted):
        payroll.confirm_payroll(actor=getattr(due, name), run_id=run.pk, day=MONDAY.date())
    found = payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=MONDAY.date())
    with pytest.raises(NotPermitted):
        payroll.undo_confirmation(actor=getattr(due, name), confirmation_id=found.pk, reason="No.")


def test_whoever_is_paid_does_not_confirm(due: Cast, mark: PayrollMark) -> None:
    run = sent_to_payroll(due)
    give_role(actor=due.abel, person=due.cora, kind=RoleKind.APPROVER, organisation=due.riverside)
    with pytest.raises(NotPermitted, match="a run that pays you"):
        payroll.confirm_payroll(actor=due.cora, run_id=run.pk, day=MONDAY.date())


def test_whoever_comes_second_hears_who_and_when(due: Cast, mark: PayrollMark) -> None:
    run = sent_to_payroll(due)
    found = payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=MONDAY.date(), key="a")
    assert found == payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=MONDAY.date(), key="a")
    with pytest.raises(IllegalMove, match="Fern Finance said already that payroll paid this on 23 November"):
        payroll.confirm_payroll(actor=due.farah, run_id=run.pk, day=MONDAY.date(), key="b")
    payroll.undo_confirmation(actor=due.farah, confirmation_id=found.pk, reason="Wrong run.")
    with pytest.raises(IllegalMove, match="Farah Finance undid this already, on 23 November 2026"):
        payroll.undo_confirmation(actor=due.fern, confirmation_id=found.pk, reason="Wrong run.")


def test_a_confirmation_is_all_or_nothing(
    due: Cast, mark: PayrollMark, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = sent_to_payroll(due)
    monkeypatch.setattr(payroll, "_record_run", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=MONDAY.date())
    assert Payment.objects.get(run=run).status == "sent"
    assert not PayrollConfirmation.objects.exists()


def test_late_news_of_a_closed_month_goes_into_the_open_one(due: Cast, mark: PayrollMark) -> None:
    run = sent_to_payroll(due)
    with set_now(MONDAY + timedelta(days=14)):
        hours(due, due.dev, 1)
        periods.close(actor=due.farah, organisation=due.riverside, month=202611)
        found = payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=PAY_ON)
    assert (found.entry.date, run.payments.get().paid_on) == (date(2026, 12, 7), PAY_ON)
