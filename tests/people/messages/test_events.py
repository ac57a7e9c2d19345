"""What happens to offers, claims, payments and bank details is told, once, to the person it is about."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from claims.models import Activity, Answer, CancelledBy, Claim, Outcome
from claims.services import claiming
from claims.services.activities import add_activity, cancel_activity
from claims.services.deciding import decide
from claims.services.importing import import_claims
from claims.services.offers import answer_offer, make_offer
from common.dates import set_now
from common.errors import NotPermitted
from payments.models import BankAccount, Payment, StatementLine
from payments.services import details, reconciling, runs
from people.models import Message, MessageKind, Organisation, Person
from people.services import add_person
from tests.cast import Cast
from tests.claims.paper import paper
from tests.payments.office import MONDAY, PAY_ON, account_of, fare, hours, imported, open_office, sent, signed
from tests.worlds import world

Told = list[tuple[str, str, date | None]]
PROMISED = date(2026, 12, 7)  # fourteen days on
STARTS = datetime(2026, 12, 14, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with set_now(MONDAY):
        yield


@world
def office(cast: Cast) -> BankAccount:
    return open_office(cast)


def told(person: Person) -> Told:
    """Kind, reference and day of what somebody was told since they began, oldest first."""
    rows = Message.objects.filter(person=person).exclude(kind=MessageKind.ROLE_GIVEN).order_by("pk")
    return list(rows.values_list("kind", "reference", "day"))


def kinds(person: Person) -> list[str]:
    return [kind for kind, _, _ in told(person)]


def claim_of(cast: Cast, *, by: Person, lines: int = 1) -> Claim:
    claim = claiming.start_claim(actor=by, project=cast.project, contributor=cast.cora)
    for number in range(lines):
        claiming.add_line(
            actor=by,
            claim_id=claim.pk,
            on=date(2026, 11, 20),
            kind="time",
            mode="session",
            quantity=Decimal(1 + number),
            unit="hour",
        )
    return claiming.submit(actor=by, claim_id=claim.pk)


@pytest.mark.usefixtures("office")
class TestClaims:
    def test_a_claim_that_somebody_sent_is_received(self, cast: Cast) -> None:
        claim = claim_of(cast, by=cast.cora)
        assert told(cast.cora) == [("claim_received", claim.reference, PROMISED)]

    def test_a_claim_that_a_helper_sent_is_told_to_whose_it_is(self, cast: Cast) -> None:
        claim = claim_of(cast, by=cast.lena)
        assert told(cast.cora) == [("claim_typed_for_you", claim.reference, PROMISED)]
        assert told(cast.lena) == []

    def test_paper_claims_are_told_once_for_each_claim(self, cast: Cast) -> None:
        fares = [
            "B1,1,cora,2026-11-10,fare,bus,,,5.00,,,R-1,,,",
            "B1,2,cora,2026-11-11,fare,bus,,,5.00,,,R-2,,,",
        ]
        for _ in range(2):  # the second time nothing is new
            import_claims(
                actor=cast.lena, organisation=cast.riverside, project=cast.project, text=paper(*fares)
            )
        reference = Claim.objects.get().reference
        assert told(cast.cora) == [("claim_typed_for_you", reference, PROMISED)]

    def test_decisions_are_told_together_when_the_last_is_made(self, cast: Cast) -> None:
        claim = claim_of(cast, by=cast.cora, lines=2)
        first, second = claim.lines.order_by("pk")
        decide(actor=cast.anil, line_id=first.pk, outcome=Outcome.APPROVE)
        assert kinds(cast.cora) == ["claim_received"]
        decide(actor=cast.anil, line_id=second.pk, outcome=Outcome.REFUSE, reason="Not this time.")
        assert told(cast.cora)[1:] == [("claim_decided", claim.reference, PROMISED)]

    def test_a_question_is_told_at_once(self, cast: Cast) -> None:
        claim = claim_of(cast, by=cast.cora)
        decide(actor=cast.anil, line_id=claim.lines.get().pk, outcome=Outcome.ASK, reason="Which day?")
        assert told(cast.cora)[1:] == [("line_queried", claim.reference, PROMISED)]

    def test_a_decision_that_was_refused_tells_nobody(self, cast: Cast) -> None:
        claim = claim_of(cast, by=cast.cora)
        with pytest.raises(NotPermitted):
            decide(actor=cast.cora, line_id=claim.lines.get().pk, outcome=Outcome.APPROVE)
        assert kinds(cast.cora) == ["claim_received"]


@pytest.mark.usefixtures("office")
class TestOffers:
    @pytest.fixture
    def activity(self, cast: Cast) -> Activity:
        return add_activity(
            actor=cast.lena,
            project=cast.project,
            title="First night at home",
            purpose="Say what helped.",
            starts_at=STARTS,
            ends_at=STARTS + timedelta(hours=2),
            costs_met="Fares.",
            time_kind="session",
            time_hours=Decimal(2),
        )

    def test_whoever_is_asked_is_told_until_when_to_answer(self, cast: Cast, activity: Activity) -> None:
        make_offer(actor=cast.lena, activity=activity, contributor=cast.cora)
        assert told(cast.cora) == [("offer_made", "", STARTS.date())]

    def test_an_answer_that_a_helper_wrote_down_is_told(self, cast: Cast, activity: Activity) -> None:
        offer = make_offer(actor=cast.lena, activity=activity, contributor=cast.cora)
        answer_offer(actor=cast.cora, offer_id=offer.pk, answer=Answer.ACCEPTED)
        assert kinds(cast.cora) == ["offer_made"]
        answer_offer(actor=cast.lena, offer_id=offer.pk, answer=Answer.DECLINED)
        assert told(cast.cora)[1:] == [("answer_written_down", "", STARTS.date())]

    def test_everybody_asked_hears_the_same_of_a_cancellation(self, cast: Cast, activity: Activity) -> None:
        offers = [
            make_offer(actor=cast.lena, activity=activity, contributor=person)
            for person in (cast.cora, cast.dev)
        ]
        answer_offer(actor=cast.dev, offer_id=offers[1].pk, answer=Answer.DECLINED)
        cancel_activity(
            actor=cast.lena, activity_id=activity.pk, cancelled_by=CancelledBy.ORGANISATION, told_at=MONDAY
        )
        assert told(cast.cora) == told(cast.dev)
        assert told(cast.cora)[1:] == [("activity_cancelled", "", STARTS.date())]


class TestPayments:
    @pytest.fixture
    def due(self, cast: Cast, office: BankAccount) -> Cast:
        """Cora is owed fares and time, which are two payments; Dev fares."""
        for person in (cast.cora, cast.dev):
            account_of(cast, person)
            fare(cast, person, 1250)
        hours(cast, cast.cora, 2)
        return cast

    def test_each_person_is_told_once_that_a_payment_is_on_its_way(
        self, due: Cast, office: BankAccount
    ) -> None:
        run = signed(due, office)
        assert "payment_sent" not in kinds(due.cora)
        runs.release(actor=due.fern, run_id=run.pk)
        for person in (due.cora, due.dev):
            number = run.remittances.get(person=person).number
            assert told(person)[-1] == ("payment_sent", number, PAY_ON)
            assert kinds(person).count("payment_sent") == 1

    def test_a_run_that_could_not_be_sent_tells_nobody(self, due: Cast, office: BankAccount) -> None:
        run = signed(due, office)
        with pytest.raises(NotPermitted):
            runs.release(actor=due.anil, run_id=run.pk)
        assert "payment_sent" not in kinds(due.cora)

    def test_two_payments_of_one_run_that_come_back_are_told_once(
        self, due: Cast, office: BankAccount
    ) -> None:
        run = sent(due, office)
        payments = list(Payment.objects.filter(run=run, person=due.cora))
        rows = [(PAY_ON, "BACS RUN", -run.total)]
        rows += [(PAY_ON, f"RETURNED {payment.pk}", payment.amount) for payment in payments]
        imported(due, office, rows)
        with set_now(MONDAY + timedelta(days=7)):
            reconciling.match(
                actor=due.fern, line_id=StatementLine.objects.get(amount=-run.total).pk, run_id=run.pk
            )
            for payment in payments:
                line = StatementLine.objects.get(description=f"RETURNED {payment.pk}")
                reconciling.returned(actor=due.farah, line_id=line.pk, payment_id=payment.pk)
        number = run.remittances.get(person=due.cora).number
        assert [row for row in told(due.cora) if row[0] == "payment_returned"] == [
            ("payment_returned", number, date(2026, 11, 30))
        ]
        assert "payment_returned" not in kinds(due.dev)


def test_new_bank_details_are_told_to_whose_they_are(cast: Cast) -> None:
    account_of(cast, cast.cora, entered_by=cast.fern)
    assert told(cast.cora) == [("bank_details_changed", "", MONDAY.date())]
    assert told(cast.fern) == []


def test_somebody_no_organisation_knows_has_nobody_to_hear_it_from(cast: Cast) -> None:
    stranger = add_person(actor=cast.abel, name="Sam Stranger", email="sam@example.org")
    details.enter(
        actor=stranger,
        person=stranger,
        account_name="S Stranger",
        sort_code="089999",
        account_number="66374958",
    )
    assert told(stranger) == []


def test_a_new_part_is_told(cast: Cast, riverside: Organisation) -> None:
    [given] = Message.objects.filter(person=cast.fern, kind=MessageKind.ROLE_GIVEN)
    assert (given.organisation, given.reference) == (riverside, "")
