"""Build a payment run: everything that is due and can be paid, frozen."""

from datetime import date, timedelta

import pytest

from common.dates import set_now
from common.errors import DomainError, NotPermitted
from payments.formats.bank_csv import read_run
from payments.models import BankAccount, Payment, PaymentItem, PaymentRun
from payments.queries import due as due_now
from payments.queries import preview
from payments.services import details, runs
from payments.services.details import COOLING_OFF
from people.models import RoleKind
from tests.cast import Cast, give_role
from tests.payments.office import MONDAY, PAY_ON, account_of, colleague, fare, prepared


def test_trap_16_it_pays_costs_and_time_apart_under_neutral_references(
    due: Cast, account: BankAccount
) -> None:
    run = prepared(due, account)

    found = [(pay.person, pay.counts_as, pay.reference, pay.amount) for pay in run.payments.order_by("pk")]
    assert found == [
        (due.cora, "expense", "EXP 000001", 1250),
        (due.cora, "fee", "TIME 000002", 4000),
        (due.dev, "expense", "EXP 000003", 730),
    ]
    assert (run.number, run.status, run.total, run.count) == (1, "prepared", 5980, 3)


def test_its_file_says_what_its_payments_say(due: Cast, account: BankAccount) -> None:
    run = prepared(due, account)

    file = read_run(runs.file_bytes(run))

    assert file.pay_on == PAY_ON
    assert [(credit.sort_code, credit.account_number, credit.amount) for credit in file.credits] == [
        ("089999", "66374958", 1250),
        ("089999", "66374958", 4000),
        ("107999", "88837491", 730),
    ]


def test_what_it_pays_is_due_no_more(due: Cast, account: BankAccount) -> None:
    assert [(row.name, row.amount) for row in due_now(due.riverside)] == [
        ("Cora Contributor", 1250),
        ("Cora Contributor", 4000),
        ("Dev Contributor", 730),
    ]

    prepared(due, account)

    assert due_now(due.riverside) == []
    with pytest.raises(DomainError, match="Nothing that is due can be paid now"):
        prepared(due, account)
    assert PaymentRun.objects.count() == 1


def test_people_without_usable_details_are_left_out_with_the_reason(cast: Cast, account: BankAccount) -> None:
    fare(cast, cast.cora, 500)
    fare(cast, cast.dev, 700)
    details.enter(
        actor=cast.dev,
        person=cast.dev,
        account_name="Dev",
        sort_code="107999",
        account_number="88837491",
    )

    found = preview(cast.riverside, cast.fern)

    assert [(left.person, left.amount, left.reason) for left in found.left_out] == [
        (cast.cora, 500, "They have not given bank details yet."),
        (cast.dev, 700, "Their bank details wait for somebody in finance to verify them."),
    ]
    assert (found.count, found.total) == (0, 0)


def test_a_change_of_details_rests_for_two_days(due: Cast, account: BankAccount) -> None:
    account_of(due, due.cora)
    left = preview(due.riverside, due.fern).left_out
    assert [(each.person, each.reason) for each in left] == [
        (due.cora, "Their bank details were changed and can be used from 25 November 2026.")
    ]

    with set_now(MONDAY + COOLING_OFF - timedelta(seconds=1)):
        assert len(preview(due.riverside, due.fern).left_out) == 1
    with set_now(MONDAY + COOLING_OFF):
        assert preview(due.riverside, due.fern).left_out == ()


def test_a_change_after_the_run_was_prepared_has_no_effect_on_its_file(
    due: Cast, account: BankAccount
) -> None:
    run = prepared(due, account)
    before = runs.file_bytes(run)

    changed = details.enter(
        actor=due.cora,
        person=due.cora,
        account_name="Somebody Else",
        sort_code="200915",
        account_number="41011166",
    )
    details.verify(actor=due.farah, details_id=changed.pk, note="Rang her.")

    assert runs.file_bytes(run) == before
    assert b"41011166" not in before


def test_who_entered_the_details_prepares_no_payment_to_them(cast: Cast, account: BankAccount) -> None:
    account_of(cast, cast.cora, entered_by=cast.fern)
    account_of(cast, cast.dev)
    fare(cast, cast.cora, 500)
    fare(cast, cast.dev, 700)

    run = prepared(cast, account)

    assert [pay.person for pay in run.payments.all()] == [cast.dev]
    assert preview(cast.riverside, cast.fern).left_out[0].reason.startswith("You entered their bank details")


def test_nobody_prepares_a_payment_to_themselves(due: Cast, account: BankAccount) -> None:
    give_role(actor=due.abel, person=due.cora, kind=RoleKind.PREPARER, organisation=due.riverside)

    run = runs.prepare(actor=due.cora, organisation=due.riverside, bank_account=account, pay_on=PAY_ON)

    assert [pay.person for pay in run.payments.all()] == [due.dev]


def test_an_account_that_two_people_share_is_flagged(due: Cast, account: BankAccount) -> None:
    assert not any(payee.shares_account for payee in preview(due.riverside, due.fern).payees)

    shared = details.enter(
        actor=due.dev,
        person=due.dev,
        account_name="C Contributor",
        sort_code="08-99-99",
        account_number="66374958",
    )
    details.verify(actor=due.farah, details_id=shared.pk, note="They share an account.")

    with set_now(MONDAY + COOLING_OFF):
        assert all(payee.shares_account for payee in preview(due.riverside, due.fern).payees)
    assert details.sharers(shared) == [due.cora]


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (date(2026, 11, 20), "from today on"),
        (date(2026, 11, 28), "The next banking day is 30 November 2026"),
        (date(2026, 12, 25), "The next banking day is 29 December 2026"),
    ],
)
def test_it_pays_on_banking_days_from_today(due: Cast, account: BankAccount, day: date, message: str) -> None:
    with pytest.raises(DomainError, match=message):
        runs.prepare(actor=due.fern, organisation=due.riverside, bank_account=account, pay_on=day)
    assert not PaymentRun.objects.exists()


@pytest.mark.parametrize("name", ["cora", "anil", "farah", "ada", "abel", "otto"])
def test_only_a_finance_preparer_prepares(due: Cast, account: BankAccount, name: str) -> None:
    with pytest.raises(NotPermitted):
        runs.prepare(
            actor=getattr(due, name), organisation=due.riverside, bank_account=account, pay_on=PAY_ON
        )
    assert not PaymentRun.objects.exists()


def test_the_same_form_twice_makes_one_run(due: Cast, account: BankAccount) -> None:
    first, second = prepared(due, account, key="form-1"), prepared(due, account, key="form-1")

    assert first == second
    assert Payment.objects.count() == 3


def test_it_is_all_or_nothing(due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(run: PaymentRun) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(runs, "make_file", fail)
    with pytest.raises(OSError, match="no space"):
        prepared(due, account)
    monkeypatch.undo()

    assert not PaymentItem.objects.exists()
    assert prepared(due, account).number == 1  # the number was given back


def test_each_payment_has_its_history_with_who_made_it(due: Cast, account: BankAccount) -> None:
    prepared(due, account)

    assert {row.history_user_id for row in Payment.history.all()} == {due.fern.pk}
    assert Payment.history.count() == 3


def test_the_number_of_statements_does_not_grow_with_the_run(
    due: Cast, account: BankAccount, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        prepared(due, account)
    colleague(due, "Petra Preparer", [RoleKind.PREPARER])
    for _ in range(5):
        fare(due, due.cora, 100)
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        prepared(due, account)
