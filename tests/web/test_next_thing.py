"""The one thing that comes first on a contributor's start page, in the order that waiting costs them most."""

from datetime import timedelta

import pytest

from claims.models import Answer, ClaimLine, Outcome
from claims.services import claiming
from claims.services.deciding import decide
from claims.services.offers import answer_offer
from common.dates import now, set_now
from payments.models import BankAccount, Payment
from payments.services import details
from payments.workflow import PaymentStatus
from reports.next_thing import CLAIM_WITHIN, Next, next_thing
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.payments.office import MONDAY, account_of, fare, sent
from tests.people.browsers import browser
from tests.web.world import waiting_claim

pytestmark = pytest.mark.usefixtures("account")


def first(cast: Cast) -> Next:
    return next_thing(cast.cora)


def test_with_nothing_at_all_it_says_so(cast: Cast) -> None:
    found = first(cast)
    assert (found.title, found.url, found.is_asked) == ("There is nothing you need to do", "", False)


def test_an_invitation_comes_first_and_goes_when_it_is_answered(cast: Cast) -> None:
    offer, _ = invited(cast)
    waiting_claim(cast.cora, cast.project, send=False)
    found = first(cast)
    assert (found.title, found.url) == ("Answer an invitation", f"/invitations/{offer.pk}/")
    assert "30 November 2026" in found.text
    answer_offer(actor=cast.cora, offer_id=offer.pk, answer=Answer.DECLINED)
    assert first(cast).title.startswith("Finish your claim")


def test_an_invitation_that_started_or_offers_no_money_asks_for_no_answer(cast: Cast) -> None:
    offer, _ = invited(cast)
    invited(cast, time_kind="", time_hours=None, title="Tea")
    with set_now(offer.activity.starts_at + timedelta(minutes=1)):
        assert first(cast).title == "There is nothing you need to do"


def test_a_draft_leads_on_to_where_it_is_checked(cast: Cast) -> None:
    draft = waiting_claim(cast.cora, cast.project, send=False)
    found = first(cast)
    assert (found.title, found.url) == (
        f"Finish your claim {draft.reference}",
        f"/claims/{draft.reference}/check/",
    )


def test_a_question_comes_before_a_meeting_to_claim_for(cast: Cast) -> None:
    claim = waiting_claim(cast.cora, cast.project)
    line = ClaimLine.objects.filter(claim=claim).earliest("pk")
    decide(actor=cast.anil, line_id=line.pk, outcome=Outcome.ASK, reason="Which bus was it?")
    assert first(cast).title == f"Answer our question about claim {claim.reference}"


def test_a_meeting_that_is_over_is_to_be_claimed_for_until_it_is(cast: Cast) -> None:
    account_of(cast, cast.cora)
    offer, _ = invited(cast)
    with set_now(offer.activity.ends_at):
        found = first(cast)
        assert (found.title, found.url) == ("Claim for “What helped at home”", "/claims/new/")
    with set_now(offer.activity.ends_at + CLAIM_WITHIN):
        assert first(cast).title == "There is nothing you need to do"
    with set_now(offer.activity.ends_at):
        claiming.start_claim(
            actor=cast.cora, project=cast.project, contributor=cast.cora, activity=offer.activity
        )
        assert first(cast).title.startswith("Finish your claim")


def test_bank_details_are_asked_for_once_something_is_claimed(cast: Cast) -> None:
    assert not first(cast).is_asked
    waiting_claim(cast.cora, cast.project)
    assert first(cast).title == "Tell us where to send your money"
    account_of(cast, cast.cora)
    found = first(cast)
    assert (found.title, found.is_asked) == ("There is nothing you need to do", False)
    assert "should be with you by 7 December 2026" in found.text


def test_money_on_its_way_is_told_with_amount_and_day(cast: Cast, account: BankAccount) -> None:
    account_of(cast, cast.cora)
    fare(cast, cast.cora, 1250)
    sent(cast, account)
    found = first(cast)
    assert found.title == "Money is on its way to you"
    assert found.text.startswith("£12.50 should be in your bank by the end of 26 November 2026.")


def test_a_payment_that_came_back_asks_to_check_the_account_until_it_is_changed(
    cast: Cast, account: BankAccount
) -> None:
    account_of(cast, cast.cora)
    fare(cast, cast.cora, 1250)
    run = sent(cast, account)
    payment = run.payments.get()
    for status in (PaymentStatus.PAID, PaymentStatus.RETURNED):
        Payment.objects.filter(pk=payment.pk).update(status=status, paid_on=now().date())
    assert first(cast).title == "Check your bank details"
    entered = details.enter(
        actor=cast.cora,
        person=cast.cora,
        account_name="C Contributor",
        sort_code="089999",
        account_number="12345678",
    )
    details.verify(actor=cast.farah, details_id=entered.pk, note="Rang her.")
    assert first(cast).title != "Check your bank details"


def test_it_stands_first_on_the_start_page_and_only_for_contributors(cast: Cast) -> None:
    invited(cast)
    page = browser(cast.cora).get("/").content.decode()
    assert page.index("Answer an invitation") < page.index("Your claims")
    assert page.count("next-thing") == 2
    assert "next-thing" not in browser(cast.fern).get("/").content.decode()


def test_somebody_elses_matters_are_not_mine(cast: Cast) -> None:
    invited(cast)
    waiting_claim(cast.dev, cast.project, send=False)
    with set_now(MONDAY + timedelta(days=6)):
        assert first(cast).title == "Answer an invitation"
    assert next_thing(cast.bea).title == "There is nothing you need to do"
