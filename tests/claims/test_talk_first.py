"""To talk to somebody first is an answer too; and what counts for somebody who has not answered in time."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django_tasks_db.models import DBTaskResult

from audit.models import Event
from claims.models import Answer, CancelledBy, Offer, RatePolicy, UsualAnswer
from claims.services import advising, reminding
from claims.services.activities import cancel_activity
from claims.services.offers import answer_in_force, answer_offer, set_usual_answer
from common.dates import set_now
from common.errors import DomainError, IllegalMove, NotPermitted
from people.models import Channel, Message, MessageKind
from people.services import set_adviser
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.payments.office import MONDAY
from tests.people.browsers import browser, errors_of, send

ADVISER = "advice@advice.example"


@pytest.fixture
def offer(policy: RatePolicy, cast: Cast) -> Offer:
    """Cora's, for a session next Monday at 9am; Riverside has an adviser."""
    with set_now(MONDAY):
        set_adviser(
            actor=cast.abel,
            organisation_id=cast.riverside.pk,
            adviser_name="Ines Independent",
            adviser_email=ADVISER,
        )
        return invited(cast)[0]


def answered(cast: Cast, offer: Offer, answer: Answer, less_amount: int | None = None) -> Offer:
    with set_now(MONDAY):
        return answer_offer(actor=cast.cora, offer_id=offer.pk, answer=answer, less_amount=less_amount)


def worked_off(task: str) -> None:
    """Do what waits in the queue under this name, as the worker would."""
    for row in DBTaskResult.objects.filter(task_path=f"claims.tasks.{task}"):
        getattr(advising if task == "pass_on" else reminding, task)(*row.args_kwargs["args"])


def test_the_adviser_is_told_who_and_how_and_nothing_else(cast: Cast, offer: Offer) -> None:
    answered(cast, offer, Answer.TALK)
    with set_now(MONDAY):
        worked_off("pass_on")
    [letter] = mail.outbox
    assert letter.to == [ADVISER]
    assert letter.subject == "A message from Riverside Council"
    assert "Name: Cora Contributor" in letter.body
    assert "E-mail: cora@example.org" in letter.body
    assert "before 30 November 2026" in letter.body
    for private in ("£", "Project A", offer.activity.title, "fee", "less"):
        assert private not in letter.body, private


def test_somebody_who_is_rung_is_to_be_rung(cast: Cast, offer: Offer) -> None:
    cast.cora.channel, cast.cora.phone = Channel.PHONE, "0113 496 0123"
    cast.cora.save()
    answered(cast, offer, Answer.TALK)
    with set_now(MONDAY):
        worked_off("pass_on")
    assert "Telephone: 0113 496 0123" in mail.outbox[0].body
    assert "cora@example.org" not in mail.outbox[0].body


@pytest.mark.parametrize("answer", [Answer.ACCEPTED, Answer.LESS, Answer.DECLINED])
def test_other_answers_write_to_nobody_and_look_the_same_in_the_queue(
    cast: Cast, offer: Offer, answer: Answer
) -> None:
    answered(cast, offer, answer, 100 if answer == Answer.LESS else None)
    [other] = DBTaskResult.objects.filter(task_path="claims.tasks.pass_on")
    with set_now(MONDAY):
        worked_off("pass_on")
    assert mail.outbox == []
    DBTaskResult.objects.all().delete()
    answered(cast, offer, Answer.TALK)
    [talk] = DBTaskResult.objects.filter(task_path="claims.tasks.pass_on")
    assert talk.args_kwargs["args"][0] == other.args_kwargs["args"][0]
    assert len(talk.args_kwargs["args"][1]) == len(other.args_kwargs["args"][1])


def test_the_adviser_is_asked_once_and_not_after_a_change_of_mind(cast: Cast, offer: Offer) -> None:
    answered(cast, offer, Answer.TALK)
    answered(cast, offer, Answer.TALK)
    with set_now(MONDAY):
        worked_off("pass_on")
    assert len(mail.outbox) == 1
    mail.outbox.clear()
    answered(cast, offer, Answer.ACCEPTED)
    with set_now(MONDAY):
        worked_off("pass_on")
    assert mail.outbox == []


def test_a_mail_server_that_is_away_is_tried_again(
    cast: Cast, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> int:
        raise ConnectionRefusedError

    answered(cast, offer, Answer.TALK)
    with set_now(MONDAY), monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", away)
        worked_off("pass_on")
    again = DBTaskResult.objects.get(task_path="claims.tasks.pass_on", run_after=MONDAY + advising.AGAIN)
    with set_now(MONDAY + advising.AGAIN):
        advising.pass_on(*again.args_kwargs["args"])
    assert len(mail.outbox) == 1


def test_where_there_is_nobody_to_talk_to_it_is_not_offered(cast: Cast, offer: Offer) -> None:
    path = f"/invitations/{offer.pk}/answer/"
    with set_now(MONDAY):
        assert "I want to talk to somebody first" in browser(cast.cora).get(path).content.decode()
        set_adviser(actor=cast.abel, organisation_id=cast.riverside.pk, adviser_name="", adviser_email="")
        assert "I want to talk to somebody first" not in browser(cast.cora).get(path).content.decode()
        assert errors_of(send(browser(cast.cora), path, answer="talk"))
    with pytest.raises(DomainError, match="nobody yet"):
        answered(cast, offer, Answer.TALK)


def test_it_stays_open_until_the_start_and_the_usual_answer_then_counts(cast: Cast, offer: Offer) -> None:
    with set_now(MONDAY):
        set_usual_answer(actor=cast.cora, answer=Answer.DECLINED)
    offer = answered(cast, offer, Answer.TALK)
    assert answer_in_force(offer) == Answer.DECLINED
    offer = answered(cast, offer, Answer.ACCEPTED)
    assert answer_in_force(offer) == Answer.ACCEPTED


def test_a_usual_answer_counts_only_for_what_starts_after_it(cast: Cast, offer: Offer) -> None:
    """To give up what is earned already is not offered: earlier activities keep what counted for them."""
    with set_now(offer.activity.starts_at + timedelta(hours=1)):
        set_usual_answer(actor=cast.cora, answer=Answer.DECLINED)
    assert answer_in_force(offer) == Answer.ACCEPTED


def test_after_the_start_only_all_of_it_can_still_be_said(cast: Cast, offer: Offer) -> None:
    answered(cast, offer, Answer.TALK)
    with set_now(offer.activity.starts_at):
        for late in (Answer.DECLINED, Answer.TALK):
            with pytest.raises(IllegalMove):
                answer_offer(actor=cast.cora, offer_id=offer.pk, answer=late)
        done = answer_offer(actor=cast.cora, offer_id=offer.pk, answer=Answer.ACCEPTED)
    assert done.answer == Answer.ACCEPTED


def test_an_answer_keeps_the_rates_it_was_given_under(cast: Cast, offer: Offer, policy: RatePolicy) -> None:
    assert answered(cast, offer, Answer.DECLINED).answered_under == policy


def test_who_has_not_answered_is_reminded_once_two_days_before(cast: Cast, offer: Offer) -> None:
    assert offer.answered_at is None
    [row] = DBTaskResult.objects.filter(task_path="claims.tasks.remind", args_kwargs__args=[offer.pk])
    assert row.run_after == offer.activity.starts_at - reminding.BEFORE
    answered(cast, offer, Answer.TALK)
    with set_now(row.run_after):
        reminding.remind(offer.pk)
        reminding.remind(offer.pk)
    [reminder] = Message.objects.filter(person=cast.cora, kind=MessageKind.OFFER_REMINDER)
    assert reminder.reference == ""


@pytest.mark.parametrize("what", ["answered", "cancelled", "started", "put off"])
def test_nobody_is_reminded_in_vain(cast: Cast, offer: Offer, what: str) -> None:
    at = offer.activity.starts_at - reminding.BEFORE
    if what == "answered":
        answered(cast, offer, Answer.DECLINED)
    elif what == "cancelled":
        with set_now(MONDAY):
            cancel_activity(
                actor=cast.lena,
                activity_id=offer.activity_id,
                cancelled_by=CancelledBy.ORGANISATION,
                told_at=MONDAY,
            )
    elif what == "started":
        at = offer.activity.starts_at
    else:
        at -= timedelta(hours=1)
    with set_now(at):
        reminding.remind(offer.pk)
    assert not Message.objects.filter(kind=MessageKind.OFFER_REMINDER).exists()


def test_a_usual_answer_is_ones_own_and_all_or_none(cast: Cast, offer: Offer) -> None:
    with pytest.raises(DomainError, match="all of it, or none"):
        set_usual_answer(actor=cast.cora, answer=Answer.LESS)
    with pytest.raises(NotPermitted):
        set_usual_answer(actor=cast.otto, answer=Answer.ACCEPTED)
    set_usual_answer(actor=cast.cora, answer=Answer.DECLINED)
    event = Event.objects.get(action="usual_answer:said")
    assert (event.organisation_id, event.about_id) == (None, cast.cora.pk)
    assert UsualAnswer.objects.get().person == cast.cora


def test_it_is_said_and_read_on_the_screen(cast: Cast, offer: Offer) -> None:
    client = browser(cast.cora)
    with set_now(MONDAY):
        assert errors_of(send(client, "/invitations/usual/", answer="less"))
        assert send(client, "/invitations/usual/", answer="declined").status_code == 302
    with set_now(MONDAY + timedelta(minutes=1)):
        told = client.get(f"/invitations/{offer.pk}/").content.decode()
        assert "If you do not answer before 9:00am on 30 November 2026, you get none of it." in told
        path = f"/invitations/{offer.pk}/answer/"
        assert send(client, path, answer="talk").status_code == 302
        told = client.get(f"/invitations/{offer.pk}/answered/").content.decode()
    assert "We asked Ines Independent to get in touch with you." in told
    with set_now(offer.activity.starts_at + timedelta(hours=3)):
        told = client.get(f"/invitations/{offer.pk}/").content.decode()
    assert "You did not answer, so it is none of it." in told


def test_a_helper_writes_it_down_and_sees_nothing_of_it(cast: Cast, offer: Offer) -> None:
    client, path = browser(cast.lena), f"/invitations/{offer.pk}/read-out/"
    with set_now(MONDAY):
        before = client.get(path).content
        assert send(client, path, answer="talk").status_code == 302
        client.get("/invitations/")  # where it says once that the answer is written down
        after = client.get(path).content
    assert len(before) == len(after)
    assert Offer.objects.get(pk=offer.pk).answered_for == cast.lena
