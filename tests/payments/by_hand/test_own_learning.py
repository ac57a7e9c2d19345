"""The learning fund: what is in it by the books, asking for something from it, and what finance says."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.actions import Action
from audit.models import Event
from claims.models import Way
from common.errors import DomainError, IllegalMove, NotPermitted
from ledger.models import AccountKind, Transfer
from payments import verify
from payments.models import Ended, LearningSpend
from payments.services import handing
from payments.services.learning import answer_learning, ask_for_learning, balance_of, free_of
from people.models import Message, MessageKind, RoleKind
from tests.cast import Cast, give_role
from tests.payments.by_hand.own import handed
from tests.payments.by_hand.steps import held
from tests.people.browsers import browser
from tests.worlds import world

ITEM = "A course in print making, at the Riverside College"


@world
def fund(ways: Cast) -> Cast:
    """Cora has £40 in her learning fund."""
    handed(ways, Way.LEARNING)
    return ways


def asked(cast: Cast, amount: int = 2500, item: str = ITEM) -> LearningSpend:
    return ask_for_learning(actor=cast.cora, organisation=cast.riverside, item=item, amount=amount)


def test_something_is_asked_for_and_agreed(fund: Cast) -> None:
    assert balance_of(fund.cora, fund.riverside) == 4000
    spend = asked(fund)
    assert (balance_of(fund.cora, fund.riverside), free_of(fund.cora, fund.riverside)) == (4000, 1500)
    answer_learning(actor=fund.fern, spend_id=spend.pk, agreed=True)
    assert (balance_of(fund.cora, fund.riverside), free_of(fund.cora, fund.riverside)) == (1500, 1500)
    [transfer] = Transfer.objects.filter(entry__source=f"learning:{spend.pk}:agreed")
    assert (transfer.debit.kind, transfer.credit.kind, transfer.party, transfer.amount) == (
        AccountKind.LEARNING,
        AccountKind.SUPPLIER,
        fund.cora.pk,
        2500,
    )
    assert held(fund, AccountKind.LEARNING) == -1500
    assert list(verify.problems(fund.riverside)) == []
    actions = Event.objects.filter(action__startswith="learning:").order_by("pk")
    assert [(event.action, event.actor_id) for event in actions] == [
        (Action.LEARNING_ASKED, fund.cora.pk),
        (Action.LEARNING_AGREED, fund.fern.pk),
    ]


def test_a_no_has_words_and_moves_nothing(fund: Cast) -> None:
    spend = asked(fund)
    with pytest.raises(DomainError, match="Say why not"):
        answer_learning(actor=fund.fern, spend_id=spend.pk, agreed=False, words="  ")
    answer_learning(
        actor=fund.fern, spend_id=spend.pk, agreed=False, words="The course is full. Ask for May."
    )
    spend.refresh_from_db()
    assert (spend.agreed, spend.entry, spend.words) == (False, None, "The course is full. Ask for May.")
    assert free_of(fund.cora, fund.riverside) == 4000
    assert list(verify.problems(fund.riverside)) == []


@pytest.mark.parametrize("agreed", [True, False])
def test_the_person_is_told_that_there_is_an_answer_and_not_which(fund: Cast, agreed: bool) -> None:
    spend = asked(fund)
    assert not Message.objects.filter(kind=MessageKind.LEARNING_ANSWERED).exists()
    answer_learning(actor=fund.fern, spend_id=spend.pk, agreed=agreed, words="The course is full.")
    told = Message.objects.get(kind=MessageKind.LEARNING_ANSWERED)
    assert told.person == fund.cora


@pytest.mark.parametrize("amount", [0, -1, 4001, 2**53])
def test_one_cannot_ask_for_nothing_or_more_than_there_is(fund: Cast, amount: int) -> None:
    with pytest.raises(DomainError, match="You can ask for at most £40.00 now"):
        asked(fund, amount)


@pytest.mark.parametrize("item", ["", "   ", "x" * 201])
def test_one_says_what_it_is(fund: Cast, item: str) -> None:
    with pytest.raises(DomainError, match="Say what it is"):
        asked(fund, 100, item)


def test_what_waits_for_an_answer_is_not_asked_for_twice(fund: Cast) -> None:
    asked(fund, 3000)
    with pytest.raises(DomainError, match="at most £10.00"):
        asked(fund, 1001)
    asked(fund, 1000)
    with pytest.raises(IllegalMove, match="nothing in your learning fund"):
        asked(fund, 1)


def test_somebody_without_a_fund_cannot_ask(fund: Cast) -> None:
    with pytest.raises(IllegalMove, match="nothing in your learning fund"):
        ask_for_learning(actor=fund.dev, organisation=fund.riverside, item=ITEM, amount=1)


def test_it_is_answered_once_and_never_by_whoever_asked(fund: Cast) -> None:
    spend = asked(fund)
    for person in (fund.ada, fund.anil, fund.lena, fund.dev, fund.otto):
        with pytest.raises(NotPermitted, match="Only finance"):
            answer_learning(actor=person, spend_id=spend.pk, agreed=True)
    give_role(actor=fund.abel, person=fund.cora, kind=RoleKind.PREPARER, organisation=fund.riverside)
    with pytest.raises(NotPermitted, match="Somebody else"):
        answer_learning(actor=fund.cora, spend_id=spend.pk, agreed=True)
    answer_learning(actor=fund.farah, spend_id=spend.pk, agreed=True)
    with pytest.raises(IllegalMove, match="Farah"):
        answer_learning(actor=fund.fern, spend_id=spend.pk, agreed=False, words="No.")


def test_what_was_spent_does_not_leave_the_fund_again(fund: Cast) -> None:
    made = fund.cora.payments.get(method="learning").hand_overs.get()
    answer_learning(actor=fund.fern, spend_id=asked(fund).pk, agreed=True)
    back: dict[str, Any] = {"actor": fund.fern, "hand_over_id": made.pk, "reason": "It was wrong."}
    with pytest.raises(DomainError, match="spent from the learning fund"):
        handing.take_back(**back, ended=Ended.REFUSED)
    with pytest.raises(DomainError, match="spent from the learning fund"):
        handing.undo_hand_over(**back)


def test_what_left_the_fund_meanwhile_cannot_be_agreed_to(fund: Cast) -> None:
    spend = asked(fund)
    made = fund.cora.payments.get(method="learning").hand_overs.get()
    handing.take_back(actor=fund.fern, hand_over_id=made.pk, ended=Ended.REFUSED, reason="It was wrong.")
    with pytest.raises(DomainError, match="only £0.00 in this learning fund"):
        answer_learning(actor=fund.fern, spend_id=spend.pk, agreed=True)


def test_from_asking_to_the_answer_on_pages(fund: Cast) -> None:
    cora, fern = browser(fund.cora), browser(fund.fern)
    assert reverse("learning:own") in cora.get("/payments/?view=own").content.decode()
    page = cora.get(reverse("learning:own")).content.decode()
    assert "£40.00" in page
    ask = reverse("learning:ask", args=["riverside"])
    form = {"item": ITEM, "amount": "25.00", "key": cora.get(ask).context["form"]["key"].value()}
    assert cora.post(ask, form).status_code == 302
    assert cora.post(ask, form).status_code == 302, "sent twice, it is asked once"
    spend = LearningSpend.objects.get()
    assert ITEM in fern.get(reverse("learning:asked")).content.decode()
    answer = reverse("learning:answer", args=[spend.pk])
    key = fern.get(answer).context["form"]["key"].value()
    bad = fern.post(answer, {"agreed": "no", "words": "", "key": key})
    assert bad.status_code == 422
    assert "Enter why not" in bad.content.decode()
    sent = {"agreed": "no", "words": "The course is full.", "key": key}
    assert fern.post(answer, sent).status_code == 302
    page = cora.get(reverse("learning:own")).content.decode()
    assert "The course is full." in page
    assert fern.get(answer).status_code == 302, "there is nothing left to answer"


@pytest.mark.parametrize(
    ("item", "amount", "said"),
    [
        ("", "25", "Enter what you would like"),
        (ITEM, "", "Enter how much it costs"),
        (ITEM, "0", "must be £0.01 or more"),
        (ITEM, "-5", "How much it costs"),
        (ITEM, "many", "How much it costs"),
        (ITEM, "1.234", "How much it costs"),
        (ITEM, "40.01", "You can ask for at most £40.00 now"),
        (ITEM, "9" * 30, "How much it costs"),
        ("x" * 201, "25", "200"),
        ("\x00", "25", "There is a problem"),
    ],
)
def test_what_cannot_be_asked_is_said_at_the_form(fund: Cast, item: str, amount: str, said: str) -> None:
    client, ask = browser(fund.cora), reverse("learning:ask", args=["riverside"])
    key = client.get(ask).context["form"]["key"].value()
    answer = client.post(ask, {"item": item, "amount": amount, "key": key})
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("&#x27;", "'")
    assert not LearningSpend.objects.exists()


def test_another_persons_fund_is_nobodys(fund: Cast) -> None:
    spend = asked(fund)
    for name in ("dev", "lena", "anil", "ada", "abel", "otto"):
        client = browser(getattr(fund, name))
        assert client.get(reverse("learning:answer", args=[spend.pk])).status_code == 404
        assert client.get(reverse("learning:ask", args=["riverside"])).status_code == 404
        answer = client.get(reverse("learning:asked"))
        assert (answer.status_code == 200) == (name == "ada")
        assert ITEM not in client.get("/payments/").content.decode()
    assert browser(fund.dev).get(reverse("learning:own")).content.decode().count("£") == 0


def test_many_asks_need_no_more_queries(fund: Cast) -> None:
    client, counts = browser(fund.cora), []
    for _ in range(3):
        asked(fund, 100)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("learning:own"))
        counts.append(len(queries))
    assert len(set(counts)) == 1
