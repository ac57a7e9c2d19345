"""Vouchers are bought, counted and written off; cash is counted; and every way keeps its own account."""

from datetime import timedelta
from typing import Any

import pytest

from audit.models import Event
from claims.models import Way
from common.dates import set_now
from common.errors import DomainError, IllegalMove, NotPermitted
from ledger.models import AccountKind, JournalEntry
from payments import verify
from payments.by_hand.pages import stock_of
from payments.models import CashCount, MatchKind, Voucher
from payments.services import stock
from payments.services.cash import count_cash
from payments.services.codes import open_codes
from payments.workflow import Method
from people.models import Person
from tests.cast import Cast
from tests.payments.by_hand.steps import (
    DAY,
    bought,
    early,
    explained,
    fetched,
    given,
    held,
    sent_by,
    waiting_by,
)
from tests.payments.office import MONDAY, hours


def counted(cast: Cast, pence: int, **more: Any) -> CashCount:
    asked: dict[str, Any] = {"actor": cast.fern, "organisation": cast.riverside, "witness": cast.farah}
    return count_cash(counted=pence, **(asked | more))


def test_trap_43_cash_cheque_voucher_and_code_have_control_accounts_serials_count_and_expiry(
    ways: Cast,
) -> None:
    """Each way that reaches a person in another form than money in a bank keeps an account of its own."""
    bought(ways, count=4, expires_on=DAY + timedelta(days=30))
    bought(ways, face_value=500, count=2, expires_on=DAY)
    fetched(ways, 10_000)
    kinds = {offered.way: offered.control.kind for offered in ways.riverside.ways.all()}
    assert "bank" not in kinds.values()
    assert len({kinds[way] for way in ("cash", "cheque", "voucher", "code")}) == 4
    assert held(ways, AccountKind.VOUCHERS) == 5000
    found = stock_of(ways.riverside)
    assert (found.count, found.value, found.soon, found.expired) == (6, 5000, 6, 0)
    with set_now(MONDAY + timedelta(days=1)):
        found = stock_of(ways.riverside)
        assert (found.count, found.expired) == (4, 2)
    assert list(Voucher.objects.values_list("position", flat=True)) == [1, 2, 3, 4, 1, 2]
    made = counted(ways, 10_000)
    assert (made.expected, made.entry) == (10_000, None)
    cheque = given(ways, waiting_by(ways, Way.CHEQUE))
    with pytest.raises(DomainError, match="stands at another payment already"):
        _another_cheque(ways, cheque.serial)
    assert list(verify.problems(ways.riverside)) == []


def _another_cheque(cast: Cast, serial: str) -> None:
    hours(cast, cast.dev, 1)
    early(cast, cast.dev, Way.CHEQUE)
    given(cast, sent_by(cast, Method.CHEQUE).payments.get(), serial=serial)


def test_vouchers_are_bought_with_what_the_seller_charges(ways: Cast) -> None:
    bought(ways)
    assert held(ways, AccountKind.VOUCHERS) == 4000
    assert held(ways, AccountKind.CHARGES) == 110
    assert held(ways, AccountKind.SUPPLIER) == -4110
    explained(ways, -4110, MatchKind.SUPPLIER)
    assert held(ways, AccountKind.SUPPLIER) == 0
    assert list(verify.problems(ways.riverside)) == []


def test_a_second_person_writes_vouchers_off(ways: Cast) -> None:
    batch = bought(ways)
    with pytest.raises(DomainError, match="somebody else has to write them off"):
        stock.write_off_vouchers(actor=ways.fern, batch_id=batch.pk, reason="Old.")
    stock.write_off_vouchers(actor=ways.farah, batch_id=batch.pk, reason="Old.", count=3)
    assert (held(ways, AccountKind.VOUCHERS), held(ways, AccountKind.CHARGES)) == (1000, 110 + 3000)
    with pytest.raises(IllegalMove, match="There are 1 vouchers"):
        stock.write_off_vouchers(actor=ways.farah, batch_id=batch.pk, reason="Old.", count=2)
    stock.write_off_vouchers(actor=ways.farah, batch_id=batch.pk, reason="Old.")
    with pytest.raises(IllegalMove):
        stock.write_off_vouchers(actor=ways.farah, batch_id=batch.pk, reason="Old.")
    assert list(verify.problems(ways.riverside)) == []


def test_an_expired_voucher_is_not_handed_over(ways: Cast) -> None:
    payment = waiting_by(ways, Way.VOUCHER)
    with set_now(MONDAY + timedelta(days=1)):
        later = bought(ways, expires_on=DAY + timedelta(days=1))
        assert [each.batch_id for each in stock.fitting(payment)] == [later.pk] * 4  # soonest first
    with set_now(MONDAY + timedelta(days=2)):
        assert later.pk not in {each.batch_id for each in stock.fitting(payment)}


@pytest.mark.parametrize(("pence", "charges"), [(9_950, 50), (10_050, -50), (0, 10_000)])
def test_a_difference_in_cash_is_posted_and_explained(ways: Cast, pence: int, charges: int) -> None:
    fetched(ways, 10_000)
    with pytest.raises(DomainError, match="The books say £100.00. Count again"):
        counted(ways, pence)
    made = counted(ways, pence, note="A coin was under the tray.")
    assert (made.expected, held(ways, AccountKind.CASH)) == (10_000, pence)
    assert held(ways, AccountKind.CHARGES) == charges
    assert made.entry is not None
    assert made.entry.source == "cash:1:counted"
    assert list(verify.problems(ways.riverside)) == []


def test_two_people_of_finance_count(ways: Cast) -> None:
    fetched(ways, 10_000)
    wrong: list[tuple[Person, Person, str]] = [
        (ways.fern, ways.fern, "Somebody else has to count with you"),
        (ways.fern, ways.ada, "Only finance of Riverside Council can count"),
        (ways.fern, ways.olga, "Only finance of Riverside Council can count"),
    ]
    for actor, witness, words in wrong:
        with pytest.raises(DomainError, match=words):
            counted(ways, 10_000, actor=actor, witness=witness)
    with pytest.raises(NotPermitted):
        counted(ways, 10_000, actor=ways.ada)
    assert not CashCount.objects.exists()


@pytest.mark.parametrize(("pence", "note"), [(-1, "Less."), (1, "x" * 301)])
def test_a_count_is_whole_or_not_at_all(ways: Cast, pence: int, note: str) -> None:
    fetched(ways, 10_000)
    before = (JournalEntry.objects.count(), Event.objects.count())
    with pytest.raises(DomainError):
        counted(ways, pence, note=note)
    assert before == (JournalEntry.objects.count(), Event.objects.count())


def test_without_the_way_there_is_nothing_to_count(due: Cast) -> None:
    with pytest.raises(DomainError, match="does not pay in cash yet"):
        counted(due, 0)
    with pytest.raises(DomainError, match="does not pay by voucher yet"):
        bought(due)


def test_codes_are_read_only_for_somebody_without_a_login(ways: Cast) -> None:
    early_batch = bought(ways, codes=["AAA-1", "AAA-2", "AAA-3", "AAA-4"])
    made = given(ways, waiting_by(ways, Way.VOUCHER))
    with pytest.raises(DomainError, match="has a login and reads the codes there"):
        open_codes(actor=ways.fern, hand_over_id=made.pk)
    ways.cora.logins.all().delete()
    events = Event.objects.count()
    read = open_codes(actor=ways.fern, hand_over_id=made.pk)
    assert [each.text for each in read] == ["AAA-1", "AAA-2", "AAA-3", "AAA-4"]
    assert Event.objects.count() == events + 1
    assert Event.objects.latest("pk").action == "hand_over:codes"
    assert b"AAA-1" not in bytes(early_batch.vouchers.order_by("position")[0].code or b"")


@pytest.mark.parametrize("kind", [MatchKind.CODE, MatchKind.DONATION, MatchKind.GROUP])
def test_the_bank_line_clears_what_was_handed_over(ways: Cast, kind: MatchKind) -> None:
    way = Way(kind.value)
    given(ways, waiting_by(ways, way))
    explained(ways, -4000, kind)
    assert held(ways, AccountKind[f"{way.name}S"]) == 0
    assert list(verify.problems(ways.riverside)) == []


def test_what_is_not_switched_on_explains_nothing(due: Cast) -> None:
    with pytest.raises(DomainError, match="has not switched this way of paying on"):
        explained(due, -4000, MatchKind.DONATION)
