"""Somebody has died: nothing is sent to them, what is owed waits for the estate, mistakes are undone."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from claims.models import Offer
from claims.verify import problems as claim_problems
from common.dates import now, today
from common.errors import DomainError, IllegalMove, NotPermitted
from ledger.models import Commitment
from payments.models import BankAccount, BankDetails, Concern, PaymentRun
from payments.queries import preview
from payments.remittances import remittance
from payments.services import details, reconciling, runs
from payments.services.concerns import answering, died
from people.deaths import death_of
from people.models import Channel, Message, MessageKind, Person, RoleKind, User
from people.queries import letters_waiting, people_to_ring
from people.services.delivering import send_waiting
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.payments.concerns.stories import FRIDAY, SEEN, at, dead, estate, whole
from tests.payments.office import PAY_ON, colleague, fare, hash_of, imported, prepared, sent, signed


def test_messages_logins_and_bank_details_stop_at_once(due: Cast, account: BankAccount) -> None:
    concern = dead(due)
    assert (concern.kind, concern.status) == ("deceased", "open")
    assert not User.objects.get(person=due.cora).is_active
    assert not due.cora.bank_details.filter(retired_at__isnull=True).exists()
    send_waiting()
    assert not [each for each in mail.outbox if due.cora.email in each.to]


@pytest.mark.parametrize("channel", [Channel.POST, Channel.PHONE])
def test_nobody_prints_a_letter_or_rings(due: Cast, account: BankAccount, channel: Channel) -> None:
    Person.objects.filter(pk=due.cora.pk).update(channel=channel, address="7 Mill Lane")
    for actor in (due.abel, due.fern):
        before = set(people_to_ring(actor)), set(letters_waiting(actor, due.riverside))
        assert before
    dead(due)
    for actor in (due.abel, due.fern):
        assert due.cora not in people_to_ring(actor)
        assert not letters_waiting(actor, due.riverside).filter(person=due.cora).exists()


@pytest.mark.parametrize("who", ["fern", "farah", "abel"])
def test_finance_or_an_administrator_records_it(due: Cast, account: BankAccount, who: str) -> None:
    died.record_death(actor=getattr(due, who), person=due.cora, died_on=None, told_by="Her sister.")
    assert death_of(due.cora) is not None


@pytest.mark.parametrize("who", ["cora", "dev", "lena", "anil", "hana", "ada", "otto", "olga"])
def test_nobody_else_does(due: Cast, account: BankAccount, who: str) -> None:
    with pytest.raises(NotPermitted):
        died.record_death(actor=getattr(due, who), person=due.cora, died_on=None, told_by="Her sister.")
    assert death_of(due.cora) is None


def test_it_is_recorded_once_and_the_second_hears_by_whom(due: Cast, account: BankAccount) -> None:
    asked: dict[str, Any] = {"person": due.cora, "died_on": None, "told_by": "Her sister."}
    first = died.record_death(actor=due.fern, **asked, key="a")
    assert died.record_death(actor=due.fern, **asked, key="a") == first
    with pytest.raises(IllegalMove, match="Fern Finance already recorded"):
        died.record_death(actor=due.farah, **asked, key="b")


def test_the_day_is_not_to_come_and_somebody_told_us(due: Cast, account: BankAccount) -> None:
    for died_on, told_by in ((today() + timedelta(days=1), "Her sister."), (None, " "), (None, "x" * 201)):
        with pytest.raises(DomainError):
            died.record_death(actor=due.fern, person=due.cora, died_on=died_on, told_by=told_by)
    assert not Concern.objects.exists()


def test_invitations_lapse_and_the_money_reserved_for_them_is_free(due: Cast, account: BankAccount) -> None:
    offer = invited(due, starts_at=now() + timedelta(days=7))[0]
    assert (offer.contributor, _reserved(offer)) == (due.cora, 1)
    concern = dead(due)
    assert _reserved(offer) == 0
    assert list(claim_problems(due.riverside)) == []
    undone(due, concern)
    assert _reserved(offer) == 1
    assert list(claim_problems(due.riverside)) == []


def _reserved(offer: Offer) -> int:
    return Commitment.objects.filter(source=f"offer:{offer.pk}", closed_at__isnull=True).count()


def test_trap_54_a_new_run_leaves_them_out_and_says_why(due: Cast, account: BankAccount) -> None:
    dead(due)
    found = preview(due.riverside, due.fern)
    assert [payee.person for payee in found.payees] == [due.dev]
    assert [(left.person, left.amount) for left in found.left_out] == [(due.cora, 5250)]
    assert "goes to the estate" in found.left_out[0].reason


def test_a_run_that_was_prepared_is_not_signed_before_they_are_taken_out(
    due: Cast, account: BankAccount
) -> None:
    run = prepared(due, account)
    dead(due)
    with pytest.raises(IllegalMove, match="Cora Contributor has died since this run was prepared"):
        runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    for payment in run.payments.filter(person=due.cora):
        run = runs.take_out(actor=due.fern, payment_id=payment.pk, reason="She has died.")
    runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))


def test_a_run_that_was_signed_is_not_sent(due: Cast, account: BankAccount) -> None:
    run = signed(due, account)
    dead(due)
    with pytest.raises(IllegalMove, match="has died since"):
        runs.release(actor=due.fern, run_id=run.pk)


def test_who_entered_the_estates_account_does_not_verify_it(due: Cast, account: BankAccount) -> None:
    key = estate(due, dead(due))
    with pytest.raises(NotPermitted):
        details.verify(actor=due.fern, details_id=key, note="Rang the executor.")


def test_only_a_preparer_enters_it_and_says_what_was_seen(due: Cast, account: BankAccount) -> None:
    concern = dead(due)
    asked: dict[str, Any] = {
        "concern_id": concern.pk,
        "care_of": "Carl Contributor",
        "address": "",
        "account_name": "Estate of C Contributor",
        "sort_code": "107999",
        "account_number": "88837491",
    }
    for who in (due.farah, due.abel, due.anil, due.lena):
        with pytest.raises(NotPermitted):
            died.enter_estate(actor=who, seen=SEEN, **asked)
    for seen in ("", "Will 12345678"):
        with pytest.raises(DomainError):
            died.enter_estate(actor=due.fern, seen=seen, **asked)
    assert BankDetails.objects.filter(person=due.cora, retired_at__isnull=True).count() == 0


def test_other_new_details_of_theirs_are_never_paid(due: Cast, account: BankAccount) -> None:
    dead(due)
    other = details.enter(
        actor=due.fern, person=due.cora, account_name="C", sort_code="107999", account_number="88837491"
    )
    details.verify(actor=due.farah, details_id=other.pk, note="Rang.")
    at(FRIDAY)
    assert [left.person for left in preview(due.riverside, due.farah).left_out] == [due.cora]


def test_an_estate_is_closed_when_nothing_is_owed(due: Cast, account: BankAccount) -> None:
    concern = dead(due)
    with pytest.raises(DomainError, match="still owed"):
        died.settle(actor=due.farah, concern_id=concern.pk)
    assert concern.status == "open"


def asked_undo(cast: Cast, concern: Concern) -> int:
    return died.ask_undo(actor=cast.fern, concern_id=concern.pk, words="She rang us herself.").pk


def undone(cast: Cast, concern: Concern) -> None:
    answering.agree(actor=cast.abel, proposal_id=asked_undo(cast, concern))


def test_a_mistake_is_taken_back_by_two(due: Cast, account: BankAccount) -> None:
    concern = dead(due)
    asked = asked_undo(due, concern)
    for who in (due.fern, due.cora, due.lena, due.ada):
        with pytest.raises(NotPermitted):
            answering.agree(actor=who, proposal_id=asked)
    answering.agree(actor=due.abel, proposal_id=asked)
    concern.refresh_from_db()
    assert (concern.outcome, death_of(due.cora)) == ("not_so", None)
    assert User.objects.get(person=due.cora).is_active
    assert not due.cora.bank_details.filter(retired_at__isnull=True).exists()  # to be given again
    assert Message.objects.filter(person=due.cora, kind=MessageKind.WRONGLY_CLOSED).count() == 1
    with pytest.raises(IllegalMove, match="Abel Administrator already agreed"):
        answering.agree(actor=due.farah, proposal_id=asked)


def test_all_or_nothing(due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("payments.services.concerns.died.lapse_offers", fail)
    with pytest.raises(RuntimeError):
        dead(due)
    assert death_of(due.cora) is None
    assert User.objects.get(person=due.cora).is_active
    assert due.cora.bank_details.filter(retired_at__isnull=True).exists()


def test_the_estate_is_paid_by_a_normal_run_with_a_letter_to_it(due: Cast, account: BankAccount) -> None:
    concern = dead(due)
    key = estate(due, concern)
    details.verify(actor=due.farah, details_id=key, note="Rang the executor.")
    fare(due, due.dev, 100)
    at(FRIDAY)
    petra_pays = _paid_by_another_preparer(due, account)
    advice = remittance(petra_pays, due.cora)
    assert advice.payee == "The estate of Cora Contributor"
    assert advice.address == ("Carl Contributor", "1 Elm Row", "Riverside")
    assert petra_pays.payments.filter(person=due.cora, details=key).count() == 2
    imported(due, account, [(FRIDAY.date(), "BACS", -petra_pays.total)])
    reconciling.match(actor=due.fern, line_id=account.lines.get().pk, run_id=petra_pays.pk)
    died.settle(actor=due.fern, concern_id=concern.pk)
    whole(due)


def _paid_by_another_preparer(cast: Cast, account: BankAccount) -> PaymentRun:
    """Whoever entered the estate's account prepares no payment to it."""
    petra = colleague(cast, "Petra Preparer", [RoleKind.PREPARER])
    run = runs.prepare(
        actor=petra,
        organisation=cast.riverside,
        bank_account=account,
        pay_on=today() + timedelta(days=3),
    )
    runs.authorise(actor=cast.farah, run_id=run.pk, sha256=hash_of(run))
    return runs.release(actor=petra, run_id=run.pk)


def test_what_was_sent_before_stays_addressed_to_them(due: Cast, account: BankAccount) -> None:
    run = sent(due, account)
    dead(due)
    assert remittance(run, due.cora).payee == "Cora Contributor"
    assert run.pay_on == PAY_ON
