"""The database itself keeps what people said and refuses what two persons did not agree to."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction

from common.dates import now
from common.workflow import pairs
from payments.models import (
    BankAccount,
    BankDetails,
    Concern,
    ConcernKind,
    ConcernNote,
    Payment,
    Proposal,
    Repayment,
)
from payments.services import details
from payments.services.concerns import arriving, died, overpaying, repaying
from payments.workflow import CONCERN_MOVES, ConcernStatus
from tests.attempts import Attempt, here, judge, untried
from tests.cast import Cast
from tests.databases import in_made
from tests.payments.concerns.attempts import ATTEMPTS
from tests.payments.concerns.stories import FRIDAY, SEEN, at, overpaid
from tests.payments.concerns.test_overpaid import line_of
from tests.payments.office import fare, open_office, owe, prepared, sent

pytestmark = pytest.mark.xdist_group("guards of concerns")


@pytest.fixture
def ids(monday: None, cast: Cast) -> Iterator[dict[str, int]]:
    """The keys of all that happened, by the words of the attempts."""
    with in_made("concerns", lambda: _all_that_happened(open_office(cast), owe(cast))) as keys:
        at(FRIDAY)
        yield keys


def _all_that_happened(account: BankAccount, due: Cast) -> dict[str, int]:
    """Cora: £2.50 of a fare overpaid, another fare sent and missed. Dev has died, with a payment prepared."""
    concern = overpaid(due, account)
    repayment = repaying.record_repayment(
        actor=due.fern, concern_id=concern.pk, line_id=line_of(due, account, 100).pk
    )
    fare(due, due.cora, 500)
    going = sent(due, account).payments.get(person=due.cora)
    fare(due, due.dev, 300)
    devs = prepared(due, account).payments.get(person=due.dev)
    at(FRIDAY)
    missed = arriving.say_for(actor=due.lena, person=due.cora)
    note = arriving.note(actor=due.fern, concern_id=missed.pk, words="The bank looks on Monday.")
    bare = Concern.objects.create(
        organisation=due.riverside,
        kind=ConcernKind.OVERPAID,
        person=due.cora,
        payment=concern.payment,
        opened_by=due.fern,
    )
    dead = died.record_death(actor=due.fern, person=due.dev, died_on=None, told_by="His brother.")
    other = details.enter(
        actor=due.fern, person=due.dev, account_name="D", sort_code="089999", account_number="66374958"
    )
    details.verify(actor=due.farah, details_id=other.pk, note="Rang.")
    lone = overpaying.ask_write_off(actor=due.farah, concern_id=concern.pk, reason="Our mistake.")
    empty = Concern.objects.create(
        organisation=due.riverside,
        kind=ConcernKind.NOT_ARRIVED,
        person=due.dev,
        opened_by=due.fern,
    )
    estate_of_dev = _estate(due, dead, other.pk)
    return {
        "fern": due.fern.pk,
        "missed": missed.pk,
        "farah": due.farah.pk,
        "concern_note": note.pk,
        "lone_concern_note": note.pk,
        "overpayment": concern.overpayment.pk,
        "lone_overpayment": concern.overpayment.pk,
        "repayment": repayment.pk,
        "lone_repayment": repayment.pk,
        "estate_details": estate_of_dev,
        "lone_estate_details": estate_of_dev,
        "lone_concern": empty.pk,
        "bare_concern": bare.pk,
        "proposal": Proposal.objects.get(concern=concern, agreed=True).pk,
        "lone_proposal": lone.pk,
        "sent_payment": going.pk,
        "paid_payment": concern.payment_id or 0,
        "devs_payment": devs.pk,
        "devs_prepared": devs.pk,
        "devs_other_details": other.pk,
    }


def _estate(cast: Cast, dead: Concern, key: int) -> int:
    """An estate's account that is retired at once, so that the other one of Dev's is no estate's."""
    own = BankDetails.objects.get(pk=key)
    made = died.enter_estate(
        actor=cast.fern,
        concern_id=dead.pk,
        care_of="Dora",
        address="",
        seen=SEEN,
        account_name="Estate",
        sort_code="107999",
        account_number="88837491",
    )
    waiting = made.details
    waiting.retired_at = now()
    waiting.save(update_fields=["retired_at"])
    assert own.retired_at is None
    return made.pk


@pytest.mark.parametrize("attempt", here(ATTEMPTS))
def test_the_guard_refuses_and_is_what_refuses(attempt: Attempt, ids: dict[str, int]) -> None:
    judge(attempt, ids)


def test_every_guard_of_concerns_is_tried() -> None:
    tables = ("concern", "concernnote", "proposal", "overpayment", "repayment", "estatedetails")
    assert untried(ATTEMPTS, tuple(f"payments_{table}" for table in tables)) == set()


def test_the_table_of_moves_is_open_and_closed_and_back() -> None:
    assert pairs(CONCERN_MOVES) == {("open", "closed"), ("closed", "open")}
    assert set(ConcernStatus.values) == {"open", "closed"}


def test_who_asked_never_answers_even_in_raw_sql(ids: dict[str, int], cast: Cast) -> None:
    row = Proposal.objects.filter(pk=ids["lone_proposal"])
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        row.update(agreed=False, answered_by=cast.farah, answered_at=FRIDAY)
    row.update(agreed=False, answered_by=cast.fern, answered_at=FRIDAY)


def test_a_payment_is_missed_once_at_a_time(ids: dict[str, int], cast: Cast) -> None:
    made = {
        "organisation": cast.riverside,
        "kind": ConcernKind.NOT_ARRIVED,
        "person": cast.cora,
        "payment": Payment.objects.get(pk=ids["sent_payment"]),
        "opened_by": cast.fern,
    }
    Concern.objects.create(**made)
    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.create(**made)
    assert ConcernNote.objects.exists()
    assert Repayment.objects.exists()
