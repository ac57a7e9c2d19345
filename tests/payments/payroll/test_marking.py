"""Say whose time is paid through payroll, and take it back: a fact about how the organisation pays."""

import pytest

from audit.models import Event
from common.errors import IllegalMove, NotPermitted, NotVisible
from payments.models import BankAccount, PayrollMark
from payments.queries import preview
from payments.services import payroll
from payments.workflow import Method
from people.models import Message, MessageKind
from tests.cast import Cast
from tests.payments.office import MONDAY, hours


def test_time_leaves_bank_runs_with_the_reason_and_costs_stay(due: Cast, mark: PayrollMark) -> None:
    found = preview(due.riverside, due.fern)
    assert [(payee.person, payee.counts_as) for payee in found.payees] == [
        (due.cora, "expense"),
        (due.dev, "expense"),
        (due.dev, "fee"),
    ]
    assert [(left.person, left.amount, left.reason) for left in found.left_out] == [
        (due.cora, 4000, "Their money for time is paid through payroll.")
    ]
    through = preview(due.riverside, due.fern, Method.PAYROLL)
    assert [(payee.person, payee.counts_as, payee.amount, payee.details) for payee in through.payees] == [
        (due.cora, "fee", 4000, None)
    ]


def test_a_marked_person_needs_no_bank_details_for_their_time(cast: Cast, account: BankAccount) -> None:
    hours(cast, cast.cora, 1)
    payroll.mark(actor=cast.fern, organisation=cast.riverside, person=cast.cora)
    assert preview(cast.riverside, cast.fern, Method.PAYROLL).total == 2000


def test_the_mark_of_one_organisation_means_nothing_to_another(due: Cast, mark: PayrollMark) -> None:
    assert preview(due.hillside, due.fern).left_out == ()
    assert list(due.hillside.payroll_marks.all()) == []


def test_it_is_ended_once_and_then_time_goes_by_bank(due: Cast, mark: PayrollMark) -> None:
    ended = payroll.end_mark(actor=due.farah, mark_id=mark.pk)
    assert (ended.until, ended.ended_by) == (MONDAY.date(), due.farah)
    assert preview(due.riverside, due.fern).left_out == ()
    with pytest.raises(IllegalMove, match="Farah Finance ended this already, on 23 November 2026"):
        payroll.end_mark(actor=due.fern, mark_id=mark.pk)
    again = payroll.mark(actor=due.fern, organisation=due.riverside, person=due.cora)
    assert again.pk != mark.pk


def test_whoever_comes_second_is_told_who_was_first(due: Cast, mark: PayrollMark) -> None:
    with pytest.raises(IllegalMove, match="already: Fern Finance said so on 23 November 2026"):
        payroll.mark(actor=due.farah, organisation=due.riverside, person=due.cora)
    assert PayrollMark.objects.count() == 1


def test_the_same_form_twice_marks_once(due: Cast) -> None:
    first, second = (
        payroll.mark(actor=due.fern, organisation=due.riverside, person=due.cora, key="k") for _ in range(2)
    )
    assert first == second
    assert Message.objects.filter(kind=MessageKind.PAYROLL_CHANGED).count() == 1


@pytest.mark.parametrize("name", ["cora", "dev", "lena", "anil", "hana", "ada", "abel", "olga"])
def test_only_finance_marks_and_ends(due: Cast, mark: PayrollMark, name: str) -> None:
    actor = getattr(due, name)
    with pytest.raises(NotPermitted):
        payroll.mark(actor=actor, organisation=due.riverside, person=due.dev)
    with pytest.raises(NotPermitted):
        payroll.end_mark(actor=actor, mark_id=mark.pk)
    assert PayrollMark.objects.get().until is None


def test_nobody_says_how_they_are_paid_themselves(due: Cast) -> None:
    with pytest.raises(NotPermitted, match="Somebody else has to say how you are paid"):
        payroll.mark(actor=due.fern, organisation=due.riverside, person=due.fern)


def test_only_who_claims_here_is_marked(due: Cast) -> None:
    with pytest.raises(NotVisible):
        payroll.mark(actor=due.fern, organisation=due.riverside, person=due.otto)


def test_the_person_is_told_neutrally_and_finds_it_in_their_history(due: Cast, mark: PayrollMark) -> None:
    payroll.end_mark(actor=due.farah, mark_id=mark.pk)
    told = Message.objects.filter(person=due.cora, kind=MessageKind.PAYROLL_CHANGED)
    assert [message.reference for message in told] == ["", ""]
    events = Event.objects.filter(subject_type="payments.payrollmark", about_id=due.cora.pk)
    assert [event.action for event in events.order_by("pk")] == ["payroll:marked", "payroll:ended"]
    assert [row.history_user_id for row in mark.history.order_by("history_id")] == [due.fern.pk, due.farah.pk]


def test_it_is_all_or_nothing(due: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(mark: PayrollMark) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("payments.services.telling.payroll_changed", fail)
    with pytest.raises(OSError, match="no space"):
        payroll.mark(actor=due.fern, organisation=due.riverside, person=due.cora)
    assert not PayrollMark.objects.exists()
    assert not Event.objects.filter(action="payroll:marked").exists()
