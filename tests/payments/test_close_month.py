"""A month closes when nothing is left to do in it: each thing keeps it open until it is dealt with."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actions import Action
from audit.models import Event
from claims.models import Offer
from claims.services import claiming
from common.dates import set_now
from common.errors import DomainError, IllegalMove, NotPermitted, Stale
from ledger.models import AccountMonth, Period
from ledger.services import periods
from ledger.services.periods import lock_month
from payments.models import BankAccount, Explainable, MatchKind, MonthNote, Payment, StatementLine
from payments.queries.month_end import CHECKS, Month, checklist
from payments.queries.reconciling import not_ready
from payments.services import details, months, reconciling, runs
from payments.services.months import MonthNotReady, close_month, explain_item
from tests.cast import Cast
from tests.claims.meetings import invited
from tests.payments.month_office import DECEMBER, LAST, NOVEMBER, closed, item, left, opened, read_to_the_end
from tests.payments.office import PAY_ON, fare, imported, prepared, sent, sign_reconciliation, signed
from tests.web.world import waiting_claim


@pytest.fixture
def december(account: BankAccount) -> Iterator[None]:
    """What happens next, happens on 2 December: November is over."""
    with set_now(DECEMBER):
        yield


@pytest.fixture
def ready(cast: Cast, account: BankAccount, december: None) -> Cast:
    """November has a month's row and statements to its end, and nothing is left."""
    opened(cast)
    read_to_the_end(cast, account)
    return cast


def explained(cast: Cast, what: Explainable, **options: Any) -> MonthNote:
    asked = {"about": item(cast, what).about, "words": "We have asked."} | options
    return explain_item(actor=cast.fern, organisation=cast.riverside, month=NOVEMBER, item=what, **asked)


def test_a_month_with_nothing_left_is_closed(ready: Cast) -> None:
    assert left(ready) == []
    period = closed(ready)
    assert (period.closed, period.closed_by, period.closed_at) == (True, ready.farah, DECEMBER)
    assert Event.objects.filter(action=Action.PERIOD_CLOSED).count() == 1


def test_the_service_refuses_whatever_the_page_said(ready: Cast, account: BankAccount) -> None:
    imported(ready, account, [(date(2026, 11, 27), "SHOP", -100)])
    with pytest.raises(MonthNotReady, match="November 2026 cannot be closed yet.*1 statement line left"):
        closed(ready)
    assert not Period.objects.get(month=NOVEMBER).closed
    assert not Event.objects.filter(action=Action.PERIOD_CLOSED).exists()


@pytest.mark.parametrize("who", ["fern", "anil", "ada", "abel", "cora", "olga"])
def test_only_a_finance_approver_closes(ready: Cast, who: str) -> None:
    with pytest.raises(NotPermitted, match="Only a finance approver"):
        close_month(actor=getattr(ready, who), organisation=ready.riverside, month=NOVEMBER)
    assert not Period.objects.get(month=NOVEMBER).closed


def test_a_closed_month_says_who_was_first(ready: Cast) -> None:
    closed(ready)
    with pytest.raises(IllegalMove, match="closed already: Farah Finance, on 2 December 2026"):
        closed(ready)


def test_the_same_form_twice_closes_once(ready: Cast) -> None:
    asked: dict[str, Any] = {"actor": ready.farah, "organisation": ready.riverside, "month": NOVEMBER}
    assert close_month(**asked, key="a") == close_month(**asked, key="a")
    assert Event.objects.filter(action=Action.PERIOD_CLOSED).count() == 1


def test_it_is_all_or_nothing(ready: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(**_: Any) -> None:
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr(periods, "record", crash)
    with pytest.raises(RuntimeError):
        closed(ready)
    assert not Period.objects.get(month=NOVEMBER).closed


def test_the_checklist_is_asked_under_the_lock(ready: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    for name in ("lock_month", "checklist"):
        monkeypatch.setattr(months, name, _noted(asked, name, getattr(months, name)))
    closed(ready)
    assert asked == ["lock_month", "checklist"]


def _noted(asked: list[str], name: str, real: Any) -> Any:
    def call(*args: Any) -> Any:
        asked.append(name)
        return real(*args)

    return call


def test_a_month_that_is_not_over_stays_open(cast: Cast, account: BankAccount) -> None:
    opened(cast)
    with set_now(datetime(2026, 11, 30, 23, 59, tzinfo=UTC)):
        assert "over" in left(cast)
    with set_now(datetime(2026, 12, 1, 0, 0, tzinfo=UTC)):
        assert "over" not in left(cast)


def test_months_end_at_midnight_in_london(cast: Cast) -> None:
    """At the end of October clocks are at UTC again; at the end of March they have just left it."""
    assert Month(cast.riverside, 202610).over.astimezone(UTC) == datetime(2026, 11, 1, 0, 0, tzinfo=UTC)
    assert Month(cast.riverside, 202603).over.astimezone(UTC) == datetime(2026, 3, 31, 23, 0, tzinfo=UTC)


def test_earlier_months_come_first(ready: Cast) -> None:
    lock_month(ready.riverside, 202610)
    assert (left(ready), item(ready, "earlier").left) == (["earlier"], 1)
    periods.close(actor=ready.farah, organisation=ready.riverside, month=202610)
    assert left(ready) == []


def test_statements_reach_the_last_day(cast: Cast, account: BankAccount, december: None) -> None:
    assert left(cast) == []  # an account that never moved needs none
    imported(cast, account, [(date(2026, 11, 27), "CLOSING BALANCE", 0)])
    assert left(cast) == ["statements"]
    read_to_the_end(cast, account)
    assert left(cast) == []


def test_an_account_that_paid_a_run_needs_a_statement(due: Cast, account: BankAccount) -> None:
    sent(due, account)
    with set_now(DECEMBER):
        assert left(due) == ["statements"]


def test_a_quiet_account_may_be_explained(cast: Cast, account: BankAccount, december: None) -> None:
    imported(cast, account, [(date(2026, 11, 27), "CLOSING BALANCE", 0)])
    note = explained(cast, Explainable.STATEMENTS, words="The bank shows no movement after the 27th.")
    assert (note.written_by, left(cast)) == (cast.fern, [])
    assert item(cast, "statements").note == note
    [event] = Event.objects.filter(action=Action.MONTH_EXPLAINED)
    assert event.actor_id == cast.fern.pk


def test_lines_are_matched_or_explained(ready: Cast, account: BankAccount) -> None:
    imported(ready, account, [(date(2026, 11, 27), "A", -650), (date(2026, 12, 1), "LATER", 100)])
    found = item(ready, "lines")
    assert (left(ready), found.left, found.amount) == (["lines"], 1, 650)
    line = StatementLine.objects.get(amount=-650)
    reconciling.explain(actor=ready.fern, line_id=line.pk, kind=MatchKind.CHARGE, note="Monthly charge")
    assert left(ready) == []


@pytest.mark.parametrize("half_way", [prepared, signed])
def test_a_run_is_not_left_half_way(due: Cast, account: BankAccount, half_way: Any) -> None:
    run = half_way(due, account)
    with set_now(DECEMBER):
        opened(due)
        read_to_the_end(due, account)
        found = item(due, "runs")
        assert (left(due), found.left, found.amount) == (["runs"], 1, 5980)
        runs.void(actor=due.farah, run_id=run.pk, reason="Too late.")
        assert left(due) == []


def test_a_run_to_be_paid_next_month_is_not_half_way(due: Cast, account: BankAccount) -> None:
    runs.prepare(actor=due.fern, organisation=due.riverside, bank_account=account, pay_on=date(2026, 12, 1))
    with set_now(DECEMBER):
        assert "runs" not in left(due)


def came_back(due: Cast, account: BankAccount) -> Payment:
    """Dev's fare left on the 26th and came back on the 27th."""
    run = sent(due, account)
    payment = run.payments.get(person=due.dev)
    imported(due, account, [(PAY_ON, "BACS", -5980), (date(2026, 11, 27), "RETURNED", 730), (LAST, "END", 0)])
    reconciling.match(actor=due.fern, line_id=StatementLine.objects.get(amount=-5980).pk, run_id=run.pk)
    back = StatementLine.objects.get(amount=730)
    reconciling.returned(actor=due.fern, line_id=back.pk, payment_id=payment.pk)
    return payment


def test_a_returned_payment_is_sent_again(due: Cast, account: BankAccount) -> None:
    came_back(due, account)
    with set_now(DECEMBER):
        found = item(due, "returned")
        assert (left(due), found.left, found.amount) == (["returned"], 1, 730)
        runs.prepare(
            actor=due.fern, organisation=due.riverside, bank_account=account, pay_on=date(2026, 12, 3)
        )
        assert left(due) == []


def test_a_returned_payment_has_another_account_to_go_to(due: Cast, account: BankAccount) -> None:
    came_back(due, account)
    with set_now(DECEMBER):
        new = details.enter(
            actor=due.dev,
            person=due.dev,
            account_name="D Contributor",
            sort_code="089999",
            account_number="66374958",
        )
        assert left(due) == ["returned"]
        details.verify(actor=due.farah, details_id=new.pk, note="Rang on the number we had before.")
        assert left(due) == []


def test_a_returned_payment_may_be_explained(due: Cast, account: BankAccount) -> None:
    came_back(due, account)
    with set_now(DECEMBER):
        explained(due, Explainable.RETURNED, words="They are in hospital; we ring again next week.")
        assert left(due) == []


def in_suspense(cast: Cast, account: BankAccount, pence: int) -> None:
    imported(cast, account, [(date(2026, 11, 26), f"CREDIT {pence}", pence)])
    line = StatementLine.objects.get(amount=pence)
    reconciling.explain(actor=cast.fern, line_id=line.pk, kind=MatchKind.SUSPENSE, note="Who is this?")


def test_suspense_is_empty(ready: Cast, account: BankAccount) -> None:
    in_suspense(ready, account, 2000)
    found = item(ready, "suspense")
    assert (left(ready), found.left, found.amount) == (["suspense"], 1, 2000)
    line = StatementLine.objects.get(amount=2000)
    reconciling.undo(actor=ready.farah, match_id=line.matches.get().pk, reason="It is funding.")
    reconciling.explain(actor=ready.fern, line_id=line.pk, kind=MatchKind.FUNDING, note="From the trust")
    assert left(ready) == []


def test_what_is_explained_is_explained_for_these_rows_only(ready: Cast, account: BankAccount) -> None:
    in_suspense(ready, account, 2000)
    explained(ready, Explainable.SUSPENSE)
    assert left(ready) == []
    in_suspense(ready, account, 100)
    assert left(ready) == ["suspense"]


def test_debits_and_credits_are_equal(ready: Cast, account: BankAccount) -> None:
    in_suspense(ready, account, 2000)
    explained(ready, Explainable.SUSPENSE)
    months_of_bank = AccountMonth.objects.filter(account=ready.bank, month=NOVEMBER)
    months_of_bank.update(debits=2001)
    assert (left(ready), item(ready, "balance").amount) == (["balance"], 1)
    months_of_bank.update(debits=2000)
    assert left(ready) == []


def test_the_reconciliation_of_every_account_is_signed_by_two(ready: Cast, account: BankAccount) -> None:
    imported(ready, account, [(date(2026, 11, 27), "A", -650)])
    line = StatementLine.objects.get(amount=-650)
    reconciling.explain(actor=ready.fern, line_id=line.pk, kind=MatchKind.CHARGE, note="Monthly charge")
    found = item(ready, "reconciled")
    assert (found.keeps_open, found.says, found.key) == (True, "1 reconciliation left", account.pk)
    with pytest.raises(MonthNotReady, match="signed by two people: 1 reconciliation left"):
        closed(ready)
    sign_reconciliation(ready, account, NOVEMBER)
    assert item(ready, "reconciled").is_done
    closed(ready)


def test_an_account_that_was_never_used_is_not_reconciled(cast: Cast, account: BankAccount) -> None:
    assert item(cast, "reconciled").is_done


def test_a_quiet_account_that_was_explained_is_signed(
    cast: Cast, account: BankAccount, december: None
) -> None:
    opened(cast)
    imported(cast, account, [(date(2026, 11, 27), "CLOSING BALANCE", 0)])
    assert "explain on the page of the month" in not_ready(account, NOVEMBER)
    explained(cast, Explainable.STATEMENTS, words="The bank shows no movement after the 27th.")
    assert not_ready(account, NOVEMBER) == ""


def test_claims_that_wait_do_not_keep_a_month_open(ready: Cast) -> None:
    waiting_claim(ready.cora, ready.project)
    found = item(ready, "claims")
    assert (found.left, found.amount, found.keeps_open, left(ready)) == (1, None, False, [])


def test_time_that_nobody_claimed_yet_does_not_keep_a_month_open(cast: Cast, account: BankAccount) -> None:
    offers = invited(cast, starts_at=datetime(2026, 11, 24, 10, 0, tzinfo=UTC))
    assert item(cast, "time").left == 1  # it ends within the month
    with set_now(DECEMBER):
        for offer in offers:
            assert (item(cast, "time").left, item(cast, "time").keeps_open) == (1, False)
            _claims_for(offer)
        assert item(cast, "time").left == 0


def _claims_for(offer: Offer) -> None:
    who, activity = offer.contributor, offer.activity
    claim = claiming.start_claim(actor=who, project=activity.project, contributor=who, activity=activity)
    new: dict[str, Any] = {"kind": "time", "mode": "session", "quantity": Decimal(2), "unit": "hour"}
    claiming.add_line(actor=who, claim_id=claim.pk, on=date(2026, 11, 24), **new)
    claiming.submit(actor=who, claim_id=claim.pk)


def test_payments_on_their_way_do_not_keep_a_month_open(due: Cast, account: BankAccount) -> None:
    sent(due, account)
    with set_now(DECEMBER):
        read_to_the_end(due, account)
        found = item(due, "transit")
        assert (found.left, found.amount, left(due)) == (3, 5980, [])


def test_every_item_has_a_name_of_its_own(ready: Cast) -> None:
    names = [each.name for each in checklist(ready.riverside, NOVEMBER)]
    assert len(set(names)) == len(names) == len(CHECKS)


def test_others_books_are_none_of_ours(ready: Cast) -> None:
    lock_month(ready.hillside, 202610)
    assert left(ready) == []


@pytest.mark.parametrize("who", ["farah", "anil", "ada", "abel", "cora", "olga"])
def test_only_a_preparer_explains(ready: Cast, account: BankAccount, who: str) -> None:
    """So that nobody closes a month on their own word alone."""
    in_suspense(ready, account, 2000)
    with pytest.raises(NotPermitted):
        explain_item(
            actor=getattr(ready, who),
            organisation=ready.riverside,
            month=NOVEMBER,
            item=Explainable.SUSPENSE,
            about=item(ready, "suspense").about,
            words="It is fine.",
        )
    assert not MonthNote.objects.exists()


def test_what_has_changed_since_it_was_seen_is_not_explained(ready: Cast, account: BankAccount) -> None:
    in_suspense(ready, account, 2000)
    seen = item(ready, "suspense").about
    in_suspense(ready, account, 100)
    with pytest.raises(Stale):
        explained(ready, Explainable.SUSPENSE, about=seen)
    with pytest.raises(Stale):
        explained(ready, Explainable.RETURNED)
    assert not MonthNote.objects.exists()


def test_a_closed_month_is_not_explained(ready: Cast) -> None:
    closed(ready)
    with pytest.raises(IllegalMove, match="closed already"):
        explained(ready, Explainable.SUSPENSE)


@pytest.mark.parametrize("words", ["", "  ", "x" * 301, "a\x00b", "\u202eno"])
def test_an_explanation_has_words(ready: Cast, account: BankAccount, words: str) -> None:
    in_suspense(ready, account, 2000)
    with pytest.raises(DomainError):
        explained(ready, Explainable.SUSPENSE, words=words)
    assert not MonthNote.objects.exists()


def test_the_checklist_asks_no_more_for_more_rows(ready: Cast, account: BankAccount) -> None:
    before = _queries(ready)
    imported(ready, account, [(date(2026, 11, 26), f"CREDIT {n}", 2000 + n) for n in range(8)])
    for line in StatementLine.objects.filter(amount__gt=2003):
        reconciling.explain(actor=ready.fern, line_id=line.pk, kind=MatchKind.SUSPENSE, note="Who is this?")
        waiting_claim(ready.cora, ready.project)
        fare(ready, ready.cora, line.amount)
    assert _queries(ready) == before == 13


def _queries(cast: Cast) -> int:
    with CaptureQueriesContext(connection) as seen:
        checklist(cast.riverside, NOVEMBER)
    return len(seen)
