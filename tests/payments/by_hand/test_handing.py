"""Hand over, say what became of it: each step works, or is refused and changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from audit.models import Event
from claims.models import Way
from common.errors import DomainError, IllegalMove, NotPermitted
from ledger.models import AccountKind, JournalEntry
from payments import verify
from payments.models import Ended, HandOver, MatchKind, Payment
from payments.services import handing, reconciling, telling
from payments.workflow import Method, PaymentStatus
from people.models import RoleKind
from tests.cast import Cast, give_role
from tests.payments.by_hand.steps import (
    BESIDE,
    DAY,
    bought,
    early,
    explained,
    fetched,
    given,
    held,
    sent_by,
    shown,
    waiting_by,
)
from tests.payments.office import hours

WAYS = [way for way in Way if way != Way.BANK]
Step = Callable[[Cast, Payment], Any]


def hand(cast: Cast, payment: Payment) -> Any:
    return given(cast, payment)


def refuse(cast: Cast, payment: Payment) -> Any:
    return handing.not_handed_over(actor=cast.fern, payment_id=payment.pk, reason="They moved away.")


def undo(cast: Cast, payment: Payment) -> Any:
    made = payment.hand_overs.latest("pk")
    return handing.undo_hand_over(actor=cast.farah, hand_over_id=made.pk, reason="Not theirs.")


def take_back(cast: Cast, payment: Payment) -> Any:
    made = payment.hand_overs.latest("pk")
    return handing.take_back(
        actor=cast.farah, hand_over_id=made.pk, ended=Ended.NOT_ARRIVED, reason="It came back."
    )


def collect(cast: Cast, payment: Payment) -> Any:
    made = payment.hand_overs.latest("pk")
    return handing.collected(actor=cast.farah, hand_over_id=made.pk, day=DAY)


@pytest.mark.parametrize("way", WAYS)
def test_a_mistake_is_undone_and_it_is_handed_over_again(ways: Cast, way: Way) -> None:
    payment = waiting_by(ways, way)
    before = held(ways, AccountKind.IN_TRANSIT)
    given(ways, payment)
    undo(ways, payment)
    payment.refresh_from_db()
    assert (payment.status, payment.paid_on) == (PaymentStatus.SENT, None)
    assert held(ways, AccountKind.IN_TRANSIT) == before
    given(ways, payment)  # with the same number: it was a mistake, so the number is free
    assert list(verify.problems(ways.riverside)) == []
    assert [made.ended for made in payment.hand_overs.order_by("pk")] == ["mistake", ""]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_not_handed_over_is_owed_again(ways: Cast, way: Way) -> None:
    payment = waiting_by(ways, way)
    refuse(ways, payment)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.RETURNED
    assert held(ways, AccountKind.IN_TRANSIT) == 0
    assert not payment.items.filter(live=True).exists()
    assert list(verify.problems(ways.riverside)) == []


def test_it_is_collected_once(ways: Cast) -> None:
    payment, entries = waiting_by(ways, Way.VOUCHER), JournalEntry.objects.count()
    given(ways, payment)
    assert collect(ways, payment).collected_on == DAY
    assert JournalEntry.objects.count() == entries + 1  # the hand-over; that it was collected moves nothing
    with pytest.raises(IllegalMove, match="collected already"):
        collect(ways, payment)


ALLOWED: dict[str, set[Step]] = {
    "waits": {hand, refuse},
    "handed over": {undo, take_back, collect},
    "undone": {hand, refuse},
    "back": set(),
    "never": set(),
}
REACH: dict[str, list[Step]] = {
    "waits": [],
    "handed over": [hand],
    "undone": [hand, undo],
    "back": [hand, take_back],
    "never": [refuse],
}


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("step", [hand, refuse, undo, take_back, collect])
def test_a_step_is_refused_in_every_other_state(ways: Cast, state: str, step: Step) -> None:
    payment = waiting_by(ways, Way.DONATION)
    for each in REACH[state]:
        each(ways, payment)
    if step in ALLOWED[state]:
        step(ways, payment)
        return
    before = (JournalEntry.objects.count(), Event.objects.count(), HandOver.objects.count())
    with pytest.raises((IllegalMove, HandOver.DoesNotExist)):
        step(ways, payment)
    assert before == (JournalEntry.objects.count(), Event.objects.count(), HandOver.objects.count())


@pytest.mark.parametrize("step", [hand, refuse, take_back])
def test_it_is_done_whole_or_not_at_all(ways: Cast, step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = waiting_by(ways, Way.CHEQUE)
    if step is take_back:
        given(ways, payment)
    before = (payment.status, JournalEntry.objects.count(), Event.objects.count(), HandOver.objects.count())

    def crash(*_: object) -> None:
        raise RuntimeError("The mail is full.")

    monkeypatch.setattr(telling, "handed_over", crash)
    monkeypatch.setattr(telling, "payment_returned", crash)
    payment.refresh_from_db()
    status = payment.status
    with pytest.raises(RuntimeError):
        step(ways, payment)
    payment.refresh_from_db()
    assert payment.status == status
    assert before[1:] == (JournalEntry.objects.count(), Event.objects.count(), HandOver.objects.count())


@pytest.mark.parametrize("step", [hand, refuse, undo, take_back, collect])
def test_nobody_does_it_with_money_of_their_own(ways: Cast, step: Step) -> None:
    payment = waiting_by(ways, Way.DONATION)
    if step not in ALLOWED["waits"]:
        given(ways, payment)
    give_role(actor=ways.abel, person=ways.cora, kind=RoleKind.PREPARER, organisation=ways.riverside)
    made = payment.hand_overs.last() or HandOver()
    asked: dict[Step, Callable[[], Any]] = {
        hand: lambda: handing.hand_over(
            actor=ways.cora, payment_id=payment.pk, day=DAY, **BESIDE[Method.DONATION]
        ),
        refuse: lambda: handing.not_handed_over(actor=ways.cora, payment_id=payment.pk, reason="No."),
        undo: lambda: handing.undo_hand_over(actor=ways.cora, hand_over_id=made.pk, reason="No."),
        take_back: lambda: handing.take_back(
            actor=ways.cora, hand_over_id=made.pk, ended=Ended.REFUSED, reason="No."
        ),
        collect: lambda: handing.collected(actor=ways.cora, hand_over_id=made.pk, day=DAY),
    }
    with pytest.raises(NotPermitted, match="pays you"):
        asked[step]()


@pytest.mark.parametrize("way", [Way.VOUCHER, Way.CASH])
def test_what_is_lost_is_said_by_somebody_else_and_costs_the_organisation(ways: Cast, way: Way) -> None:
    payment = waiting_by(ways, way)
    made, charges = given(ways, payment), held(ways, AccountKind.CHARGES)
    asked: dict[str, Any] = {"hand_over_id": made.pk, "ended": Ended.NOT_ARRIVED, "reason": "Lost."}
    with pytest.raises(DomainError, match="somebody else has to say that it is lost"):
        handing.take_back(actor=ways.fern, is_lost=True, **asked)
    handing.take_back(actor=ways.farah, is_lost=True, **asked)
    assert held(ways, AccountKind.CHARGES) == charges + 4000
    assert held(ways, AccountKind.OWED) == -4000 - 1250 - 730
    assert list(verify.problems(ways.riverside)) == []


def test_a_cheque_cannot_be_lost_and_nothing_that_came_back(ways: Cast) -> None:
    made = given(ways, waiting_by(ways, Way.CHEQUE))
    with pytest.raises(DomainError, match="Only vouchers and cash"):
        handing.take_back(
            actor=ways.farah, hand_over_id=made.pk, ended=Ended.EXPIRED, reason="Old.", is_lost=True
        )


def test_cash_that_is_not_in_the_box_is_not_handed_over(ways: Cast) -> None:
    early(ways, ways.cora, Way.CASH)
    payment = sent_by(ways, Method.CASH).payments.get()
    fetched(ways, 3999)
    with pytest.raises(DomainError, match="£39.99 is in the cash box, less than £40.00"):
        given(ways, payment)
    fetched(ways, 1)
    given(ways, payment)
    assert held(ways, AccountKind.CASH) == 0


def test_no_word_about_a_line_leaves_less_than_nothing_in_the_box(ways: Cast) -> None:
    early(ways, ways.cora, Way.CASH)
    payment = sent_by(ways, Method.CASH).payments.get()
    fetch = fetched(ways, 4000)
    given(ways, payment)
    with pytest.raises(DomainError, match="would hold £40.00 less than nothing"):
        reconciling.undo(actor=ways.farah, match_id=fetch.pk, reason="It was something else.")
    with pytest.raises(DomainError, match="would hold £0.01 less than nothing"):
        explained(ways, 1, MatchKind.CASH)
    assert held(ways, AccountKind.CASH) == 0
    fetched(ways, 4000)
    reconciling.undo(actor=ways.farah, match_id=fetch.pk, reason="It was something else.")
    assert list(verify.problems(ways.riverside)) == []


def test_a_cashed_cheque_stays_until_its_line_is_undone(ways: Cast) -> None:
    payment = waiting_by(ways, Way.CHEQUE)
    made = given(ways, payment)
    match = explained(ways, -4000, MatchKind.CHEQUE, "CHQ 100045")
    made.refresh_from_db()
    assert (made.collected_on, held(ways, AccountKind.CHEQUES)) == (DAY, 0)
    for step in (undo, take_back):
        with pytest.raises(IllegalMove, match="shows this cheque as cashed"):
            step(ways, payment)
    reconciling.undo(actor=ways.farah, match_id=match.pk, reason="Another cheque.")
    made.refresh_from_db()
    assert made.collected_on is None
    take_back(ways, payment)
    assert list(verify.problems(ways.riverside)) == []


def test_that_a_cheque_was_cashed_only_the_bank_says(ways: Cast) -> None:
    payment = waiting_by(ways, Way.CHEQUE)
    given(ways, payment)
    with pytest.raises(DomainError, match="Explain its line"):
        collect(ways, payment)


@pytest.mark.parametrize(("words", "note"), [("CHQ 100046", "Ours."), ("CHEQUE", "It is 100046.")])
def test_the_number_tells_two_cheques_of_one_amount_apart(ways: Cast, words: str, note: str) -> None:
    hours(ways, ways.dev, 2)
    early(ways, ways.cora, Way.CHEQUE)
    early(ways, ways.dev, Way.CHEQUE)
    first, second = sent_by(ways, Method.CHEQUE).payments.order_by("pk")
    given(ways, first)
    other = given(ways, second, serial="100046")
    line = shown(ways, -4000, words)
    ask: dict[str, Any] = {"actor": ways.fern, "line_id": line.pk, "kind": MatchKind.CHEQUE}
    if words == "CHEQUE":
        with pytest.raises(DomainError, match="2 cheques of £40.00 are out"):
            reconciling.explain(**ask, note="Ours, 10004.")
    reconciling.explain(**ask, note=note)
    other.refresh_from_db()
    assert other.cashed_by == line


@pytest.mark.parametrize("way", [Way.CASH, Way.CHEQUE, Way.DONATION, Way.GROUP])
@pytest.mark.parametrize("serial", ["", "  ", "x" * 41])
def test_a_number_is_asked_for(ways: Cast, way: Way, serial: str) -> None:
    with pytest.raises(DomainError, match="Enter the"):
        given(ways, waiting_by(ways, way), serial=serial)


def test_vouchers_come_to_exactly_the_payment(ways: Cast) -> None:
    early(ways, ways.cora, Way.VOUCHER)
    payment = sent_by(ways, Method.VOUCHER).payments.get()
    bought(ways, face_value=1500, count=3)
    with pytest.raises(DomainError, match="come to exactly £40.00"):
        given(ways, payment)
    bought(ways, face_value=1000, count=1)
    made = given(ways, payment)
    assert sorted(each.batch.face_value for each in made.vouchers.all()) == [1000, 1500, 1500]
