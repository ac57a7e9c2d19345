"""Start, fill in, send, explain and withdraw a claim."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from moneyed import Money

from claims import queries, verify
from claims.models import Answer, Claim, ClaimLine, FeeAnswer, Outcome
from claims.pricing.lines import PricingError
from claims.services.activities import add_activity
from claims.services.claiming import (
    add_line,
    answer_question,
    remove_line,
    start_claim,
    submit,
    withdraw,
)
from claims.services.offers import answer_offer, make_offer
from claims.workflow import ClaimStatus, LineStatus
from common.dates import now
from common.errors import DomainError, IllegalMove, NotPermitted, NotVisible
from ledger.models import Commitment
from tests.cast import Cast
from tests.claims.paper import decided

pytestmark = pytest.mark.usefixtures("policy")
BUS = {
    "on": date(2026, 11, 10),
    "kind": "fare",
    "mode": "bus",
    "spent": Money("5.00", "GBP"),
    "receipt": "R-1",
}
TIME = {"on": date(2026, 11, 10), "kind": "time", "mode": "session", "quantity": Decimal(2), "unit": "hour"}


@pytest.fixture
def draft(cast: Cast) -> Claim:
    return start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora)


def line(cast: Cast, claim: Claim, **asked: Any) -> ClaimLine:
    return add_line(
        **{"actor": cast.cora, "claim_id": claim.pk} | (BUS | asked if "kind" not in asked else asked)
    )


def sent(cast: Cast, claim: Claim) -> Claim:
    line(cast, claim)
    line(cast, claim, **TIME)
    return submit(actor=cast.cora, claim_id=claim.pk)


def test_a_draft_is_estimated_and_reserves_nothing(cast: Cast, draft: Claim) -> None:
    line(cast, draft)
    line(cast, draft, **TIME)
    page = queries.own_claim(cast.cora, draft.pk)
    assert [each.estimate for each in page.lines] == [500, 5500]
    assert not Commitment.objects.exists()
    assert (page.claim.status, page.claim.promised_by) == (ClaimStatus.DRAFT, None)


def test_sending_reserves_and_promises(cast: Cast, draft: Claim) -> None:
    claim = sent(cast, draft)
    assert claim.status == ClaimStatus.SUBMITTED
    assert claim.promised_by is not None
    assert sorted(Commitment.objects.values_list("amount", flat=True)) == [500, 5500]
    assert FeeAnswer.objects.get().answer == Answer.ACCEPTED
    assert list(verify.problems(cast.riverside)) == []


def test_an_empty_claim_is_not_sent(cast: Cast, draft: Claim) -> None:
    with pytest.raises(DomainError, match="at least one line"):
        submit(actor=cast.cora, claim_id=draft.pk)


def test_a_claim_is_sent_once(cast: Cast, draft: Claim) -> None:
    sent(cast, draft)
    with pytest.raises(IllegalMove, match="submitted"):
        submit(actor=cast.cora, claim_id=draft.pk)


def test_a_costs_line_can_join_a_claim_that_waits_but_not_a_decided_one(cast: Cast, draft: Claim) -> None:
    sent(cast, draft)
    more = line(cast, draft, receipt="R-2")
    assert Commitment.objects.filter(source=f"line:{more.pk}").exists()
    for each in draft.lines.all():
        decided(cast, each)
    with pytest.raises(IllegalMove, match="decided"):
        line(cast, draft, receipt="R-3")


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "horse"}, {"kind": "fare", "mode": "horse"}, {"kind": "fare", "mode": "bus", "unit": "horse"}],
)
def test_words_that_are_not_known_are_refused(cast: Cast, draft: Claim, wrong: dict[str, str]) -> None:
    with pytest.raises(DomainError, match="horse"):
        line(cast, draft, on=date(2026, 11, 10), **wrong)


def test_a_line_that_cannot_be_priced_is_refused(cast: Cast, draft: Claim) -> None:
    with pytest.raises(PricingError, match="what was spent"):
        line(cast, draft, spent=None)
    with pytest.raises(PricingError, match="no rate"):
        line(cast, draft, on=date(2019, 1, 1))
    with pytest.raises(DomainError, match="characters"):
        line(cast, draft, note="x" * 301)
    assert not ClaimLine.objects.exists()


def test_a_receipt_in_another_currency_is_converted_once(cast: Cast, draft: Claim) -> None:
    added = line(cast, draft, spent=Money("10.00", "EUR"), exchange_rate=Decimal("0.86545"))
    assert added.estimate == 865


def test_a_line_leaves_a_draft_without_a_trace(cast: Cast, draft: Claim) -> None:
    first = line(cast, draft, **TIME)
    remove_line(actor=cast.cora, line_id=first.pk)
    assert not ClaimLine.objects.exists()


def test_a_line_of_a_sent_claim_stays_to_be_seen_and_asks_for_nothing(cast: Cast, draft: Claim) -> None:
    bus = sent(cast, draft).lines.get(position=1)
    claim = remove_line(actor=cast.cora, line_id=bus.pk)
    bus.refresh_from_db()
    assert (bus.status, bus.allowed, claim.status) == (LineStatus.WITHDRAWN, None, ClaimStatus.SUBMITTED)
    assert queries.own_claim(cast.cora, claim.pk).claim.estimate == 5500
    assert not Commitment.objects.filter(source=f"line:{bus.pk}", closed_at__isnull=True).exists()
    assert list(verify.problems(cast.riverside)) == []
    with pytest.raises(IllegalMove, match="withdrawn"):
        remove_line(actor=cast.cora, line_id=bus.pk)
    with pytest.raises(IllegalMove, match="withdrawn"):
        decided(cast, bus)


def test_the_last_line_of_a_sent_claim_is_not_taken_out(cast: Cast, draft: Claim) -> None:
    bus, time = sent(cast, draft).lines.order_by("position")
    remove_line(actor=cast.cora, line_id=bus.pk)
    with pytest.raises(DomainError, match="Withdraw the whole claim"):
        remove_line(actor=cast.cora, line_id=time.pk)
    assert withdraw(actor=cast.cora, claim_id=draft.pk).status == ClaimStatus.WITHDRAWN


def test_taking_out_all_that_waits_leaves_a_decided_claim(cast: Cast, draft: Claim) -> None:
    bus, time = sent(cast, draft).lines.order_by("position")
    decided(cast, bus)
    claim = remove_line(actor=cast.cora, line_id=time.pk)
    assert claim.status == ClaimStatus.DECIDED
    assert list(verify.problems(cast.riverside)) == []
    with pytest.raises(IllegalMove, match="decided"):
        remove_line(actor=cast.cora, line_id=bus.pk)


def test_a_question_is_answered_and_waits_again(cast: Cast, draft: Claim) -> None:
    bus = sent(cast, draft).lines.get(position=1)
    with pytest.raises(IllegalMove):
        answer_question(actor=cast.cora, line_id=bus.pk, note="To the library.")
    decided(cast, bus, Outcome.ASK, reason="Where to?")
    with pytest.raises(DomainError, match="Say something"):
        answer_question(actor=cast.cora, line_id=bus.pk, note=" ")
    answered = answer_question(actor=cast.cora, line_id=bus.pk, note="To the library.")
    assert (answered.status, answered.reason, answered.note) == (LineStatus.OPEN, "", "To the library.")
    assert queries.approver_claim(cast.anil, draft.pk).costs[0].note == "To the library."


def test_a_claim_is_withdrawn_until_something_is_decided(cast: Cast, draft: Claim) -> None:
    other = start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora)
    sent(cast, draft)
    withdraw(actor=cast.cora, claim_id=draft.pk)
    assert not Commitment.objects.filter(closed_at__isnull=True).exists()
    with pytest.raises(IllegalMove, match="withdrawn"):
        withdraw(actor=cast.cora, claim_id=draft.pk)
    line(cast, other, receipt="R-8")
    line(cast, other, receipt="R-9")
    submit(actor=cast.cora, claim_id=other.pk)
    decided(cast, other.lines.get(position=1))
    with pytest.raises(IllegalMove, match="already decided"):
        withdraw(actor=cast.cora, claim_id=other.pk)
    assert list(verify.problems(cast.riverside)) == []


def test_a_linked_person_claims_for_somebody_and_is_named(cast: Cast) -> None:
    claim = start_claim(actor=cast.lena, project=cast.project, contributor=cast.cora)
    line(cast, claim, actor=cast.lena)
    submit(actor=cast.lena, claim_id=claim.pk)
    assert queries.own_claim(cast.cora, claim.pk).entered_by == "Lena Link"


@pytest.mark.parametrize("name", ["dev", "anil", "fern", "abel", "otto"])
def test_nobody_else_claims_for_somebody(cast: Cast, draft: Claim, name: str) -> None:
    person = getattr(cast, name)
    with pytest.raises(NotPermitted):
        start_claim(actor=person, project=cast.project, contributor=cast.cora)
    for refused in (submit, withdraw):
        with pytest.raises(NotVisible):
            refused(actor=person, claim_id=draft.pk)
    with pytest.raises(NotVisible):
        line(cast, draft, actor=person)


def test_who_may_only_look_may_not_change(cast: Cast, draft: Claim) -> None:
    sent(cast, draft)
    for person in (cast.anil, cast.lena):
        with pytest.raises(NotPermitted):
            withdraw(actor=person, claim_id=draft.pk)


def test_somebody_without_the_role_does_not_claim(cast: Cast) -> None:
    with pytest.raises(NotPermitted, match="Only a contributor"):
        start_claim(actor=cast.fern, project=cast.project, contributor=cast.fern)


def test_the_answer_to_an_offer_counts_and_its_reservation_becomes_the_claims(cast: Cast) -> None:
    activity = add_activity(
        actor=cast.lena,
        project=cast.project,
        title="Meeting",
        purpose="Talk.",
        starts_at=now() + timedelta(days=2),
        ends_at=now() + timedelta(days=2, hours=2),
        costs_met="Fares.",
        time_kind="session",
        time_hours=Decimal(2),
    )
    offer = make_offer(actor=cast.lena, activity=activity, contributor=cast.cora)
    answer_offer(actor=cast.cora, offer_id=offer.pk, answer=Answer.LESS, less_amount=2000)
    claim = start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora, activity=activity)
    line(cast, claim, **TIME)
    submit(actor=cast.cora, claim_id=claim.pk)
    assert FeeAnswer.objects.get().less_amount == 2000
    standing = Commitment.objects.get(closed_at__isnull=True)
    assert (standing.source, standing.amount) == (f"line:{claim.lines.get().pk}", 5500)
    with pytest.raises(IllegalMove, match="already claimed"):
        answer_offer(actor=cast.cora, offer_id=offer.pk, answer=Answer.DECLINED)
    assert list(verify.problems(cast.riverside)) == []
