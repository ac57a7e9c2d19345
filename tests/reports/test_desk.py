"""The finance desk: what waits, in order, how old it is and how much, for whoever may deal with it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.dates import set_now
from ledger.services import periods
from ledger.services.periods import lock_month
from payments import permissions
from payments.models import BankAccount, PaymentRun, StatementLine
from payments.queries.waiting import runs_under_way
from payments.services import details, payroll, reconciling, runs
from payments.services.concerns import arriving
from people.models import Person, Role, RoleKind
from reports.desk import Desk, desk_of
from reports.desk_work import OF_ONE_RECORD, PLACES, Task, Work
from tests.cast import Cast, give_role
from tests.payments.concerns.stories import asked_never_taken, missed
from tests.payments.office import (
    PAY_ON,
    account_of,
    colleague,
    fare,
    hash_of,
    hours,
    imported,
    prepared,
    sent,
    signed,
)
from tests.payments.payroll.test_screens import sent_to_payroll
from tests.people.browsers import browser


def desk(cast: Cast, person: Person) -> Desk:
    kinds = Role.objects.filter(person=person, organisation=cast.riverside).values_list("kind", flat=True)
    return desk_of(cast.riverside, person, frozenset(kinds))


def task(cast: Cast, person: Person, work: Work) -> Task:
    [found] = [each for each in desk(cast, person).tasks if each.work == work]
    return found


def at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def test_an_empty_desk_says_so_kindly(cast: Cast, account: BankAccount) -> None:
    assert desk(cast, cast.fern).tasks == ()
    assert "Have a cup of tea." in browser(cast.fern).get("/").content.decode()


@pytest.fixture
def busy(due: Cast, account: BankAccount) -> Iterator[Cast]:
    """Something of every kind waits, on 4 December 2026."""
    first = sent(due, account)
    imported(due, account, [(PAY_ON, "BACS", -5980), (date(2026, 11, 27), "RETURNED", 730)])
    reconciling.match(actor=due.fern, line_id=StatementLine.objects.get(amount=-5980).pk, run_id=first.pk)
    back = StatementLine.objects.get(amount=730)
    reconciling.returned(actor=due.fern, line_id=back.pk, payment_id=first.payments.get(person=due.dev).pk)
    imported(due, account, [(date(2026, 11, 30), "CHARGE", -650)], opening=-5250)
    lock_month(due.riverside, 202610)
    periods.close(actor=due.farah, organisation=due.riverside, month=202609)
    with set_now(at(2026, 12, 1)):
        periods.ask_to_reopen(actor=due.fern, organisation=due.riverside, month=202609, reason="A bill.")
        fare(due, due.cora, 300)
        runs.prepare(
            actor=due.fern, organisation=due.riverside, bank_account=account, pay_on=date(2026, 12, 7)
        )
    with set_now(at(2026, 12, 2)):
        fare(due, due.cora, 400)
        second = runs.prepare(
            actor=due.fern, organisation=due.riverside, bank_account=account, pay_on=date(2026, 12, 3)
        )
        runs.authorise(actor=due.farah, run_id=second.pk, sha256=hash_of(second))
        details.enter(
            actor=due.cora,
            person=due.cora,
            account_name="C Contributor",
            sort_code="107999",
            account_number="88837491",
        )
    with set_now(at(2026, 12, 3)):
        fare(due, due.cora, 500)
    with set_now(at(2026, 12, 4)):
        yield due


SHOWN = {  # kind of work -> how many, amount, age in days
    Work.VERIFY: (1, None, 2),
    Work.DUE: (1, 500, 1),
    Work.SIGN: (2, 1030, 3),
    Work.SEND: (1, 400, 2),
    Work.LINES: (1, 650, 4),
    Work.CLOSE: (2, None, 33),
    Work.REOPEN: (1, None, 3),
}


def test_everything_shows_its_count_amount_and_age(busy: Cast) -> None:
    found = {each.work: (each.count, each.amount, each.age_days) for each in desk(busy, busy.fern).tasks}
    assert found == SHOWN


def test_a_preparer_sees_what_a_preparer_can_do_first(busy: Cast) -> None:
    found = desk(busy, busy.fern)
    assert [each.work for each in found.mine] == [Work.VERIFY, Work.DUE, Work.SEND, Work.LINES]
    assert [each.work for each in found.others] == [Work.SIGN, Work.CLOSE, Work.REOPEN]


def test_an_approver_sees_what_an_approver_can_do_first(busy: Cast) -> None:
    found = desk(busy, busy.farah)
    assert [each.work for each in found.mine] == [
        Work.VERIFY,
        Work.SIGN,
        Work.SEND,
        Work.CLOSE,
        Work.REOPEN,
    ]
    assert [each.work for each in found.others] == [Work.DUE, Work.LINES]


def test_the_page_leads_to_where_it_is_done(busy: Cast) -> None:
    page = browser(busy.farah).get("/").content.decode()
    run = PaymentRun.objects.get(status="prepared")
    for place in ("/payees/", "/payments/due/", f"/payments/runs/{run.pk}/", "/bank/lines/", "/months/"):
        assert f'href="{place}"' in page, place
    assert page.index("What you can do today") < page.index("What waits for somebody else")


@pytest.mark.parametrize("work", list(Work))
def test_each_kind_of_work_leads_somewhere(due: Cast, account: BankAccount, work: Work) -> None:
    payroll.mark(actor=due.fern, organisation=due.riverside, person=due.cora)
    hours(due, due.cora, 1)
    run = sent_to_payroll(due)
    assert set(PLACES) == set(Work)
    place = Task(work, "", 1, None, is_mine=True, key=run.pk if work in OF_ONE_RECORD else 0).url
    for person in (due.fern, due.farah):
        assert browser(person).get(place).status_code == 200


def test_returned_money_waits_until_it_is_dealt_with(due: Cast, account: BankAccount) -> None:
    run = sent(due, account)
    imported(due, account, [(PAY_ON, "BACS", -5980), (date(2026, 11, 27), "RETURNED", 730)])
    reconciling.match(actor=due.fern, line_id=StatementLine.objects.get(amount=-5980).pk, run_id=run.pk)
    back = StatementLine.objects.get(amount=730)
    reconciling.returned(actor=due.fern, line_id=back.pk, payment_id=run.payments.get(person=due.dev).pk)
    with set_now(at(2026, 11, 30)):
        for person in (due.fern, due.farah):
            found = task(due, person, Work.RETURNED)
            assert (found.count, found.amount, found.age_days, found.is_mine) == (1, 730, 3, True)
        runs.prepare(
            actor=due.fern, organisation=due.riverside, bank_account=account, pay_on=date(2026, 12, 1)
        )
        assert not [each for each in desk(due, due.fern).tasks if each.work == Work.RETURNED]


def test_what_is_not_right_is_shown_until_it_is_cleared_up(due: Cast, account: BankAccount) -> None:
    concern = missed(due, account)
    for person in (due.fern, due.farah):
        found = task(due, person, Work.CONCERNS)
        assert (found.count, found.is_mine, found.is_late) == (1, True, False)
    assert concern.answer_by is not None
    with set_now(at(2026, 12, 31)):
        assert task(due, due.fern, Work.CONCERNS).is_late
        assert "1 promised an answer by now." in browser(due.fern).get("/").content.decode()
    give_role(actor=due.abel, person=due.cora, kind=RoleKind.PREPARER, organisation=due.riverside)
    assert not [each for each in desk(due, due.cora).tasks if each.work == Work.CONCERNS]
    arriving.arrived(actor=due.cora, concern_id=concern.pk)
    assert not [each for each in desk(due, due.fern).tasks if each.work == Work.CONCERNS]


def test_a_proposal_waits_for_whoever_did_not_ask(due: Cast, account: BankAccount) -> None:
    asked_never_taken(due, account)
    assert not task(due, due.fern, Work.ANSWER).is_mine
    assert task(due, due.farah, Work.ANSWER).is_mine
    assert not [each for each in desk(due, due.farah).tasks if each.work == Work.CONCERNS]
    assert 'href="/concerns/"' in browser(due.farah).get("/").content.decode()


def test_payroll_is_asked_for_after_its_day(due: Cast, account: BankAccount) -> None:
    payroll.mark(actor=due.fern, organisation=due.riverside, person=due.cora)
    hours(due, due.cora, 1)
    run = sent_to_payroll(due)
    assert not [each for each in desk(due, due.fern).tasks if each.work == Work.PAYROLL]
    with set_now(at(2026, 11, 27)):
        found = task(due, due.fern, Work.PAYROLL)
        assert (found.amount, found.age_days, found.is_mine) == (run.total, 1, True)
        give_role(actor=due.abel, person=due.cora, kind=RoleKind.PREPARER, organisation=due.riverside)
        assert not task(due, due.cora, Work.PAYROLL).is_mine
        payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=PAY_ON)
        assert not [each for each in desk(due, due.fern).tasks if each.work == Work.PAYROLL]


def test_details_one_keyed_in_wait_for_somebody_else(due: Cast) -> None:
    details.enter(
        actor=due.fern,
        person=due.cora,
        account_name="C Contributor",
        sort_code="107999",
        account_number="88837491",
    )
    assert not task(due, due.fern, Work.VERIFY).is_mine
    assert task(due, due.farah, Work.VERIFY).is_mine


# What day it is -> does a promise of Monday 7 December (14 days after 23 November) show by then?
PROMISED = date(2026, 12, 7)
NEAR = {
    at(2026, 12, 1): False,  # Tuesday: four banking days before
    at(2026, 12, 2): True,  # Wednesday: Thursday, Friday, Monday
    at(2026, 12, 5): True,  # Saturday
    at(2026, 12, 7): True,
    at(2026, 12, 8): True,
}


@pytest.mark.parametrize("moment", NEAR)
def test_promises_are_counted_in_banking_days(due: Cast, moment: datetime) -> None:
    with set_now(moment):
        found = [each for each in desk(due, due.fern).tasks if each.work == Work.PROMISES]
    assert bool(found) is NEAR[moment]
    if found:
        assert (found[0].count, found[0].amount, found[0].is_late) == (3, 5980, moment.date() > PROMISED)
        assert found[0].note == "To 2 people; the first was promised by 7 December 2026."


@pytest.mark.parametrize(("moment", "is_near"), [(at(2026, 12, 22), False), (at(2026, 12, 23), True)])
def test_bank_holidays_bring_a_promise_nearer(
    cast: Cast, account: BankAccount, moment: datetime, is_near: bool
) -> None:
    """From 23 December the third banking day is the 30th: the 25th and 28th are holidays in 2026."""
    with set_now(at(2026, 12, 16)):
        fare(cast, cast.cora, 100)  # promised by 30 December
    with set_now(moment):
        found = [each for each in desk(cast, cast.fern).tasks if each.work == Work.PROMISES]
    assert bool(found) is is_near


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (at(2026, 10, 24, 22), at(2026, 10, 25, 23), 1),  # clocks go back in between
        (at(2026, 3, 28, 23), at(2026, 3, 29, 22), 1),  # clocks go forward in between
        (at(2026, 3, 29, 22), at(2026, 3, 29, 23), 1),  # midnight in London is 23:00 UTC by then
        (at(2026, 10, 25, 22), at(2026, 10, 25, 23), 0),  # and again midnight UTC half a year later
    ],
)
def test_ages_are_days_in_london(
    cast: Cast, account: BankAccount, since: datetime, until: datetime, days: int
) -> None:
    with set_now(since):
        fare(cast, cast.cora, 100)
    with set_now(until):
        assert task(cast, cast.fern, Work.DUE).age_days == days


BARRED: dict[str, Callable[[Cast, BankAccount, Person], None]] = {}


def barred(make: Callable[[Cast, BankAccount, Person], None]) -> Callable[[Cast, BankAccount, Person], None]:
    BARRED[make.__name__] = make
    return make


@barred
def prepared_it(cast: Cast, account: BankAccount, petra: Person) -> None:
    runs.prepare(actor=petra, organisation=cast.riverside, bank_account=account, pay_on=PAY_ON)


@barred
def took_a_payment_out(cast: Cast, account: BankAccount, petra: Person) -> None:
    run = prepared(cast, account)
    runs.take_out(actor=petra, payment_id=run.payments.get(person=cast.dev).pk, reason="They asked.")


@barred
def decided_a_line(cast: Cast, account: BankAccount, petra: Person) -> None:
    give_role(actor=cast.abel, person=cast.anil, kind=RoleKind.APPROVER, organisation=cast.riverside)
    prepared(cast, account)


@barred
def typed_a_claim(cast: Cast, account: BankAccount, petra: Person) -> None:
    give_role(actor=cast.abel, person=cast.lena, kind=RoleKind.APPROVER, organisation=cast.riverside)
    fare(cast, cast.cora, 200, typed_by=cast.lena)
    prepared(cast, account)


@barred
def is_paid(cast: Cast, account: BankAccount, petra: Person) -> None:
    give_role(actor=cast.abel, person=cast.cora, kind=RoleKind.APPROVER, organisation=cast.riverside)
    prepared(cast, account)


@barred
def keyed_in_an_account(cast: Cast, account: BankAccount, petra: Person) -> None:
    account_of(cast, cast.dev, entered_by=petra)
    prepared(cast, account)


@pytest.mark.parametrize("how", BARRED)
def test_the_desk_bars_exactly_whom_signing_bars(due: Cast, account: BankAccount, how: str) -> None:
    petra = colleague(due, "Petra Approver", [RoleKind.APPROVER, RoleKind.PREPARER])
    BARRED[how](due, account, petra)
    who = [due.fern, due.farah, petra, due.anil, due.lena, due.cora]
    said = {}
    for person in who:
        [run] = runs_under_way(due.riverside, person)
        annotated: Any = run
        said[person.name] = bool(annotated.had_a_hand or annotated.pays_them)
        if permissions.may_sign(person, run) is None:
            assert not said[person.name], person
        elif "Only a finance approver" not in str(permissions.may_sign(person, run)):
            assert said[person.name], person
    assert not said["Farah Finance"]


def test_a_run_that_pays_its_sender_is_sent_by_somebody_else(due: Cast, account: BankAccount) -> None:
    give_role(actor=due.abel, person=due.cora, kind=RoleKind.PREPARER, organisation=due.riverside)
    signed(due, account)
    assert not task(due, due.cora, Work.SEND).is_mine
    assert task(due, due.fern, Work.SEND).is_mine


def test_two_preparers_cannot_reopen_a_month(due: Cast) -> None:
    paul = colleague(due, "Paul Preparer", [RoleKind.PREPARER])
    periods.close(actor=due.farah, organisation=due.riverside, month=202609)
    asked = periods.ask_to_reopen(
        actor=due.fern, organisation=due.riverside, month=202609, reason="A late bill."
    )
    who = (due.fern, paul, due.farah)
    assert [task(due, each, Work.REOPEN).is_mine for each in who] == [False, False, True]
    periods.withdraw_reopening(actor=due.fern, reopening_id=asked.pk)
    periods.ask_to_reopen(actor=due.farah, organisation=due.riverside, month=202609, reason="A late bill.")
    assert [task(due, each, Work.REOPEN).is_mine for each in who] == [True, True, False]


def test_the_auditor_gets_nothing_to_do(due: Cast) -> None:
    page = browser(due.ada).get("/").content.decode()
    assert "What you can do today" not in page
    assert "What happened last" in page


def test_it_asks_no_more_for_more_rows(due: Cast, account: BankAccount) -> None:
    imported(due, account, [(date(2026, 11, 20), "A", -1)])
    prepared(due, account)
    fare(due, due.cora, 100)
    before = _queries(due)
    for pence in range(101, 106):
        fare(due, due.cora, pence)
        prepared(due, account)
    fare(due, due.dev, 300)
    imported(due, account, [(date(2026, 11, 21), f"B {n}", -n) for n in range(1, 30)], opening=-1)
    assert _queries(due) == before == 12


def _queries(cast: Cast) -> int:
    with CaptureQueriesContext(connection) as seen:
        desk_of(cast.riverside, cast.farah, frozenset({RoleKind.APPROVER}))
    return len(seen)
