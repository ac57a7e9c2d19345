"""Too much was paid: two persons say so, it comes back in parts or is written off, and the books agree."""

from datetime import date, timedelta

import pytest

from common.errors import DomainError, IllegalMove, NotPermitted
from ledger.models import JournalEntry
from payments.models import BankAccount, Concern, Match, MatchKind, Payment, Remittance, StatementLine
from payments.queries.due import due as due_now
from payments.services import reconciling
from payments.services.auto_matching import match_statement
from payments.services.concerns import answering, overpaying, repaying
from people.models import Message, MessageKind
from tests.cast import Cast
from tests.payments.concerns.stories import (
    asked_overpaid,
    coras_fare,
    left,
    overpaid,
    paid,
    paid_for,
    whole,
)
from tests.payments.office import fare, imported, sent

NEXT_DAY = date(2026, 11, 27)


def line_of(cast: Cast, account: BankAccount, pence: int) -> StatementLine:
    """A line of the bank that brings money in."""
    opening = sum(account.lines.values_list("amount", flat=True))
    day = max(account.lines.values_list("date", flat=True)) + timedelta(days=1)
    statement = imported(cast, account, [(day, f"C CONTRIBUTOR {pence}", pence)], opening=opening)
    return statement.lines.get()


def repay(cast: Cast, account: BankAccount, concern: Concern, pence: int) -> Match:
    line = line_of(cast, account, pence)
    return repaying.record_repayment(actor=cast.fern, concern_id=concern.pk, line_id=line.pk).match


def test_two_persons_take_it_from_the_cost_and_the_person_is_told(due: Cast, account: BankAccount) -> None:
    proposal = asked_overpaid(due, account)
    assert paid_for(due, "travel") == 1980  # nothing moves before the second person
    concern = answering.agree(actor=due.farah, proposal_id=proposal.pk).concern
    entry = JournalEntry.objects.get(proposal=proposal)
    moved = entry.transfers.values_list("debit__code", "credit__code", "amount", "party")
    assert list(moved) == [("overpaid:PROJ-A:travel", "cost:PROJ-A:travel", 250, due.cora.pk)]
    assert (left(concern), paid_for(due, "travel")) == (250, 1730)
    told = Message.objects.filter(person=due.cora, kind=MessageKind.PAYMENT_TALK)
    assert [message.reference for message in told] == [Remittance.objects.get(person=due.cora).number]
    whole(due)


@pytest.mark.parametrize("pence", [0, -1, 1251])
def test_it_is_no_more_than_the_line_paid(due: Cast, account: BankAccount, pence: int) -> None:
    paid(due, account)
    with pytest.raises(DomainError):
        overpaying.ask_overpaid(actor=due.fern, item_id=coras_fare().pk, amount=pence, reason="Twice.")
    assert not Concern.objects.exists()


def test_what_is_known_already_counts(due: Cast, account: BankAccount) -> None:
    overpaid(due, account, 1000)
    with pytest.raises(DomainError, match="at most £2.50"):
        overpaying.ask_overpaid(actor=due.fern, item_id=coras_fare().pk, amount=251, reason="Twice.")


def test_only_what_is_paid(due: Cast, account: BankAccount) -> None:
    sent(due, account)
    with pytest.raises(IllegalMove, match="is sent, not paid"):
        overpaying.ask_overpaid(actor=due.fern, item_id=coras_fare().pk, amount=1, reason="Twice.")


@pytest.mark.parametrize("who", ["cora", "lena", "anil", "abel", "ada", "otto"])
def test_only_finance_says_so(due: Cast, account: BankAccount, who: str) -> None:
    paid(due, account)
    with pytest.raises(NotPermitted):
        overpaying.ask_overpaid(actor=getattr(due, who), item_id=coras_fare().pk, amount=1, reason="Twice.")


@pytest.mark.parametrize("who", ["fern", "cora", "anil", "abel", "olga"])
def test_who_asked_or_is_no_finance_does_not_agree(due: Cast, account: BankAccount, who: str) -> None:
    proposal = asked_overpaid(due, account)
    with pytest.raises(NotPermitted):
        answering.agree(actor=getattr(due, who), proposal_id=proposal.pk)
    assert not JournalEntry.objects.filter(proposal=proposal).exists()


def test_not_agreed_it_never_was(due: Cast, account: BankAccount) -> None:
    proposal = asked_overpaid(due, account)
    answering.decline(actor=due.farah, proposal_id=proposal.pk, words="The fare was right.")
    concern = Concern.objects.get()
    assert (concern.status, concern.outcome) == ("closed", "not_so")
    assert not Message.objects.filter(kind=MessageKind.PAYMENT_TALK).exists()
    with pytest.raises(IllegalMove, match="did not agree"):
        answering.agree(actor=due.farah, proposal_id=proposal.pk)
    whole(due)


def test_it_comes_back_in_parts_and_the_last_one_ends_it(due: Cast, account: BankAccount) -> None:
    concern = overpaid(due, account)
    made = repay(due, account, concern, 100)
    moved = made.entry.transfers.values_list("debit__code", "credit__code", "amount", "party")
    assert list(moved) == [("bank:Current account", "overpaid:PROJ-A:travel", 100, due.cora.pk)]
    assert left(concern) == 150
    whole(due)
    repay(due, account, concern, 150)
    concern.refresh_from_db()
    assert (concern.outcome, left(concern)) == ("repaid", 0)
    assert Message.objects.filter(kind=MessageKind.PAYMENT_TALK_ENDED).count() == 1
    whole(due)


def test_more_than_is_still_to_come_is_no_repayment(due: Cast, account: BankAccount) -> None:
    concern = overpaid(due, account)
    with pytest.raises(DomainError, match=r"£2\.50 is still to come"):
        repay(due, account, concern, 251)


def test_a_repayment_matched_wrongly_is_undone_and_still_to_come(due: Cast, account: BankAccount) -> None:
    concern = overpaid(due, account)
    made = repay(due, account, concern, 250)
    assert made.kind == MatchKind.REPAYMENT
    reconciling.undo(actor=due.fern, match_id=made.pk, reason="Not hers.")
    concern.refresh_from_db()
    assert (concern.status, left(concern)) == ("open", 250)
    whole(due)
    repaying.record_repayment(actor=due.fern, concern_id=concern.pk, line_id=made.line_id, key="b")
    whole(due)


def test_the_same_line_brings_it_back_once(due: Cast, account: BankAccount) -> None:
    concern = overpaid(due, account)
    line = line_of(due, account, 100)
    first = repaying.record_repayment(actor=due.fern, concern_id=concern.pk, line_id=line.pk, key="a")
    again = repaying.record_repayment(actor=due.fern, concern_id=concern.pk, line_id=line.pk, key="a")
    assert first == again
    with pytest.raises(IllegalMove, match="already matched, as: Money paid back to us"):
        repaying.record_repayment(actor=due.fern, concern_id=concern.pk, line_id=line.pk, key="b")


def test_nothing_comes_back_before_the_second_person(due: Cast, account: BankAccount) -> None:
    proposal = asked_overpaid(due, account)
    line = line_of(due, account, 250)
    with pytest.raises(IllegalMove, match="second person has to agree first"):
        repaying.record_repayment(actor=due.fern, concern_id=proposal.concern_id, line_id=line.pk)


def test_an_approver_and_another_person_write_it_off(due: Cast, account: BankAccount) -> None:
    concern = overpaid(due, account)
    repay(due, account, concern, 100)
    with pytest.raises(NotPermitted, match="Only a finance approver"):
        overpaying.ask_write_off(actor=due.fern, concern_id=concern.pk, reason="It was our mistake.")
    asked = overpaying.ask_write_off(actor=due.farah, concern_id=concern.pk, reason="It was our mistake.")
    with pytest.raises(NotPermitted):
        answering.agree(actor=due.farah, proposal_id=asked.pk)
    answering.agree(actor=due.fern, proposal_id=asked.pk)
    moved = JournalEntry.objects.get(proposal=asked).transfers.values_list(
        "debit__code", "credit__code", "amount"
    )
    assert list(moved) == [("cost:PROJ-A:travel", "overpaid:PROJ-A:travel", 150)]
    concern.refresh_from_db()
    assert (concern.outcome, left(concern), paid_for(due, "travel")) == ("written_off", 0, 1880)
    whole(due)


def test_a_repayment_waits_while_writing_off_is_asked(due: Cast, account: BankAccount) -> None:
    concern = overpaid(due, account)
    overpaying.ask_write_off(actor=due.farah, concern_id=concern.pk, reason="It was our mistake.")
    with pytest.raises(IllegalMove, match="asked to write this off"):
        repay(due, account, concern, 100)


def test_nothing_is_taken_from_what_is_still_owed(due: Cast, account: BankAccount) -> None:
    overpaid(due, account)
    fare(due, due.cora, 900)
    assert [row.amount for row in due_now(due.riverside)] == [900]


def test_a_payment_that_is_overpaid_stays_paid(due: Cast, account: BankAccount) -> None:
    concern = overpaid(due, account)
    payment = Payment.objects.get(concerns=concern)
    opening = sum(account.lines.values_list("amount", flat=True))
    back = imported(due, account, [(NEXT_DAY, f"RET {payment.reference}", 1250)], opening=opening)
    match_statement(actor=due.fern, statement=back)
    assert not Match.objects.filter(line__statement=back).exists()
    with pytest.raises(IllegalMove, match="recorded as overpaid"):
        reconciling.returned(actor=due.fern, line_id=back.lines.get().pk, payment_id=payment.pk)
    with pytest.raises(IllegalMove, match="recorded as overpaid"):
        reconciling.undo(actor=due.fern, match_id=Match.objects.get(kind="run").pk, reason="Wrong.")


def test_all_or_nothing(due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal = asked_overpaid(due, account)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("payments.services.concerns.telling.overpaid", fail)
    with pytest.raises(RuntimeError):
        answering.agree(actor=due.farah, proposal_id=proposal.pk)
    proposal.refresh_from_db()
    assert (proposal.agreed, left(proposal.concern)) == (None, 0)
    whole(due)
