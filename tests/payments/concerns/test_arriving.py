"""It did not arrive: one press, no reason asked, an answer; owed again only when two persons say so."""

from datetime import date

import pytest

from audit.models import Event
from common.errors import DomainError, IllegalMove, NotPermitted
from ledger.models import JournalEntry
from payments.models import BankAccount, Concern, Match, MatchKind, Payment
from payments.queries.due import due as due_now
from payments.services import reconciling
from payments.services.auto_matching import match_statement
from payments.services.concerns import answering, arriving
from people.models import Message, MessageKind
from tests.cast import Cast
from tests.payments.concerns.stories import (
    FRIDAY,
    asked_never_taken,
    at,
    missed,
    never_taken,
    quiet_statement,
    sent_again,
    whole,
)
from tests.payments.office import PAY_ON, imported, sent


def told(cast: Cast) -> list[str]:
    """What Cora was told of her concern, in order."""
    rows = Message.objects.filter(person=cast.cora, source__startswith="concern:").order_by("pk")
    return [message.kind for message in rows]


def test_one_press_opens_it_and_says_by_when_there_is_an_answer(due: Cast, account: BankAccount) -> None:
    concern = missed(due, account)
    assert concern.answer_by == date(2026, 12, 4)  # five working days after Friday 27 November
    assert told(due) == [MessageKind.NOT_ARRIVED]


def test_before_the_promised_day_is_over_it_may_still_come(due: Cast, account: BankAccount) -> None:
    payment = sent(due, account).payments.filter(person=due.cora).earliest("pk")
    with pytest.raises(IllegalMove, match="may still come"):
        arriving.say_not_arrived(actor=due.cora, payment_id=payment.pk)
    assert not Concern.objects.exists()


@pytest.mark.parametrize("who", ["dev", "lena", "anil", "abel", "ada", "otto"])
def test_nobody_else_says_it_of_a_payment(due: Cast, account: BankAccount, who: str) -> None:
    payment = sent(due, account).payments.filter(person=due.cora).earliest("pk")
    at(FRIDAY)
    with pytest.raises(NotPermitted):
        arriving.say_not_arrived(actor=getattr(due, who), payment_id=payment.pk)


def test_it_is_said_once_and_the_second_hears_who_said_it(due: Cast, account: BankAccount) -> None:
    concern = missed(due, account)
    assert concern.payment_id is not None
    with pytest.raises(IllegalMove, match="Cora Contributor already told us, on 27 November 2026"):
        arriving.say_not_arrived(actor=due.fern, payment_id=concern.payment_id, key="b")


def test_the_same_form_twice_opens_one(due: Cast, account: BankAccount) -> None:
    payment = sent(due, account).payments.filter(person=due.cora).earliest("pk")
    at(FRIDAY)
    made = [arriving.say_not_arrived(actor=due.cora, payment_id=payment.pk, key="a") for _ in range(2)]
    assert made[0] == made[1]


def test_a_link_person_says_it_without_a_payment_and_finance_finds_which(
    due: Cast, account: BankAccount
) -> None:
    payment = sent(due, account).payments.filter(person=due.cora).earliest("pk")
    at(FRIDAY)
    concern = arriving.say_for(actor=due.lena, person=due.cora)
    assert concern.payment is None
    arriving.name_payment(actor=due.fern, concern_id=concern.pk, payment_id=payment.pk)
    concern.refresh_from_db()
    assert concern.payment == payment


def test_a_link_person_learns_nothing_from_the_answer(due: Cast, account: BankAccount) -> None:
    """With a payment on its way, with none and with none ever: the same concern, the same words."""
    first = arriving.say_for(actor=due.lena, person=due.cora)
    assert (first.payment_id, first.kind) == (None, "not_arrived")
    with pytest.raises(IllegalMove, match="Lena Link already told us"):
        arriving.say_for(actor=due.lena, person=due.cora, key="b")
    with pytest.raises(NotPermitted):
        arriving.say_for(actor=due.lena, person=due.dev)


def test_another_persons_payment_is_not_what_they_meant(due: Cast, account: BankAccount) -> None:
    devs = sent(due, account).payments.get(person=due.dev)
    concern = arriving.say_for(actor=due.lena, person=due.cora)
    with pytest.raises(DomainError, match="payment to this person"):
        arriving.name_payment(actor=due.fern, concern_id=concern.pk, payment_id=devs.pk)


def test_what_the_bank_said_is_noted_without_figures(due: Cast, account: BankAccount) -> None:
    concern = missed(due, account)
    with pytest.raises(DomainError, match="account and telephone numbers"):
        arriving.note(actor=due.fern, concern_id=concern.pk, words="Account 6637 4958 is closed.")
    made = arriving.note(actor=due.fern, concern_id=concern.pk, words="The bank looks on Monday.")
    assert made.words == "The bank looks on Monday."


@pytest.mark.parametrize(("who", "is_told"), [("cora", False), ("fern", True)])
def test_it_arrived_after_all(due: Cast, account: BankAccount, who: str, is_told: bool) -> None:
    concern = missed(due, account)
    arriving.arrived(actor=getattr(due, who), concern_id=concern.pk)
    concern.refresh_from_db()
    assert (concern.status, concern.outcome) == ("closed", "arrived")
    assert (MessageKind.PAYMENT_FOUND in told(due)) is is_told
    with pytest.raises(IllegalMove, match="already closed"):
        arriving.arrived(actor=due.fern, concern_id=concern.pk, key="b")


def test_money_that_comes_back_answers_it_by_itself(due: Cast, account: BankAccount) -> None:
    concern = missed(due, account)
    payment = concern.payment
    assert payment is not None
    statement = imported(
        due, account, [(PAY_ON, payment.reference, -1250), (FRIDAY.date(), f"RET {payment.reference}", 1250)]
    )
    match_statement(actor=due.fern, statement=statement)
    concern.refresh_from_db()
    assert (concern.status, concern.outcome) == ("closed", "came_back")
    back = Match.objects.get(kind=MatchKind.RETURN)
    reconciling.undo(actor=due.fern, match_id=back.pk, reason="Somebody else's money.")
    concern.refresh_from_db()
    assert concern.status == "open"
    whole(due)


def test_two_persons_make_it_owed_again(due: Cast, account: BankAccount) -> None:
    concern = never_taken(due, account)
    payment = Payment.objects.get(concerns=concern)
    entry = JournalEntry.objects.get(proposal__concern=concern)
    moved = entry.transfers.values_list("debit__kind", "credit__kind", "amount", "party")
    assert list(moved) == [("in_transit", "owed", 1250, due.cora.pk)]
    assert (payment.status, payment.items.get().live) == ("returned", False)
    assert (concern.status, concern.outcome) == ("closed", "never_taken")
    assert told(due)[-1] == MessageKind.PAYMENT_NOT_TAKEN
    assert [row.amount for row in due_now(due.riverside)] == [1250]
    whole(due)


def test_it_is_paid_again_only_by_a_run_that_somebody_prepares(due: Cast, account: BankAccount) -> None:
    never_taken(due, account)
    assert Payment.objects.filter(person=due.cora, amount=1250).count() == 1
    sent_again(due, account)
    assert Payment.objects.filter(person=due.cora, amount=1250).count() == 2
    whole(due)


def test_who_asked_does_not_agree(due: Cast, account: BankAccount) -> None:
    proposal = asked_never_taken(due, account)
    events = Event.objects.count()
    for who in (due.fern, due.cora, due.anil, due.abel, due.ada, due.olga):
        with pytest.raises(NotPermitted):
            answering.agree(actor=who, proposal_id=proposal.pk)
    assert Event.objects.count() == events
    assert Payment.objects.get(concerns=proposal.concern).status == "sent"


def test_the_second_answer_is_refused_and_says_who_was_first(due: Cast, account: BankAccount) -> None:
    proposal = asked_never_taken(due, account)
    first = answering.agree(actor=due.farah, proposal_id=proposal.pk, key="a")
    assert answering.agree(actor=due.farah, proposal_id=proposal.pk, key="a") == first
    with pytest.raises(IllegalMove, match="Farah Finance already agreed"):
        answering.agree(actor=due.farah, proposal_id=proposal.pk, key="b")
    assert JournalEntry.objects.filter(proposal=proposal).count() == 1


def test_declined_it_goes_on_being_looked_into(due: Cast, account: BankAccount) -> None:
    proposal = asked_never_taken(due, account)
    answering.decline(actor=due.farah, proposal_id=proposal.pk, words="Ring the bank once more.")
    proposal.refresh_from_db()
    concern = proposal.concern
    assert (concern.status, proposal.agreed, proposal.entry) == ("open", False, None)
    again = arriving.ask_never_taken(actor=due.fern, concern_id=concern.pk, words="They say so again.")
    assert again.pk != proposal.pk
    whole(due)


@pytest.mark.parametrize("description", ["BACS", "{reference}"])
def test_not_while_a_line_of_the_bank_could_be_it(due: Cast, account: BankAccount, description: str) -> None:
    concern = missed(due, account)
    payment = concern.payment
    assert payment is not None
    pence = payment.run.total if description == "BACS" else 700
    imported(due, account, [(PAY_ON, description.format(reference=payment.reference), -pence)])
    with pytest.raises(DomainError, match="could be this payment"):
        arriving.ask_never_taken(actor=due.fern, concern_id=concern.pk, words="They say so.")


def test_not_before_the_statement_of_its_day_is_there(due: Cast, account: BankAccount) -> None:
    concern = missed(due, account)
    with pytest.raises(DomainError, match="Import the bank statement of 26 November 2026"):
        arriving.ask_never_taken(actor=due.fern, concern_id=concern.pk, words="They say so.")


def test_a_line_that_comes_between_asking_and_agreeing_stops_it(due: Cast, account: BankAccount) -> None:
    proposal = asked_never_taken(due, account)
    payment = proposal.concern.payment
    assert payment is not None
    line = (FRIDAY.date(), payment.reference, -1250)
    statement = imported(due, account, [line], opening=-100)
    match_statement(actor=due.fern, statement=statement)
    with pytest.raises(IllegalMove, match="is paid"):
        answering.agree(actor=due.farah, proposal_id=proposal.pk)
    whole(due)


def test_a_late_line_goes_to_suspense_and_not_to_the_payment_sent_instead(
    due: Cast, account: BankAccount
) -> None:
    concern = never_taken(due, account)
    first = concern.payment
    assert first is not None
    again = sent_again(due, account)  # £12.50 alone: its total is what the late line shows
    late = (FRIDAY.date(), first.reference, -1250)
    statement = imported(due, account, [late], opening=-100)
    match_statement(actor=due.fern, statement=statement)
    assert Match.objects.get(line__statement=statement).kind == MatchKind.SUSPENSE
    assert again.payments.get().status == "sent"
    concern.refresh_from_db()
    assert concern.status == "open"
    assert "may have been paid twice" in concern.notes.latest("pk").words
    whole(due)


def test_without_that_rule_the_late_line_would_be_taken_for_the_second_payment(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    concern = never_taken(due, account)
    assert concern.payment is not None
    again = sent_again(due, account)
    statement = imported(due, account, [(FRIDAY.date(), concern.payment.reference, -1250)], opening=-100)
    monkeypatch.setattr("payments.services.auto_matching.park_late_lines", lambda *_: set())
    match_statement(actor=due.fern, statement=statement)
    assert again.payments.get().status == "paid"


def test_the_rest_of_its_run_can_still_be_matched_and_undone(due: Cast, account: BankAccount) -> None:
    concern = never_taken(due, account)
    assert concern.payment is not None
    run = concern.payment.run
    statement = imported(due, account, [(FRIDAY.date(), "BACS", -(run.total - 1250))], opening=-100)
    made = reconciling.match(actor=due.fern, line_id=statement.lines.get().pk, run_id=run.pk)
    whole(due)
    reconciling.undo(actor=due.fern, match_id=made.pk, reason="Another line.")
    whole(due)


def test_all_or_nothing(due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal = asked_never_taken(due, account)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("payments.services.concerns.telling.not_taken", fail)
    with pytest.raises(RuntimeError):
        answering.agree(actor=due.farah, proposal_id=proposal.pk)
    proposal.refresh_from_db()
    assert (proposal.agreed, proposal.entry) == (None, None)
    assert Payment.objects.get(concerns=proposal.concern).status == "sent"


def test_quiet_statement_is_quiet(due: Cast, account: BankAccount) -> None:
    quiet_statement(due, account)
    assert account.lines.get().amount == -100
