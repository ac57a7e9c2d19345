"""Who sees which payments and runs, and what looking costs."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from audit.services.recording import NOBODY, person_rings
from common.errors import NotVisible
from common.paging import page_of
from payments import queries
from payments.models import BankAccount, Payment
from payments.services.auto_matching import match_statement
from tests.canaries import readable
from tests.cast import Cast
from tests.payments.office import ACCOUNTS, PAY_ON, fare, imported, prepared, sent


@pytest.mark.parametrize(
    ("name", "runs", "payments"),
    [
        ("cora", 0, 2),
        ("dev", 0, 1),
        ("fern", 1, 3),
        ("farah", 1, 3),
        ("ada", 1, 3),
        ("anil", 0, 0),
        ("lena", 0, 0),
        ("abel", 0, 0),
        ("otto", 0, 0),
    ],
)
def test_each_sees_what_is_theirs(
    due: Cast, account: BankAccount, name: str, runs: int, payments: int
) -> None:
    run = sent(due, account)
    person = getattr(due, name)

    assert queries.runs_visible_to(person).count() == runs
    assert queries.payments_visible_to(person).count() == payments
    for visible, look, key in [
        (runs, queries.run_for, run.pk),
        (payments == 3, queries.payment_for, run.payments.get(person=due.dev).pk),
    ]:
        if visible or (name == "dev" and look is queries.payment_for):
            assert look(person, key).pk == key
        else:
            with pytest.raises(NotVisible):
                look(person, key)


def test_a_strangers_payment_answers_like_none_at_all(due: Cast, account: BankAccount) -> None:
    run = sent(due, account)
    told = []
    for key in (run.payments.all()[0].pk, 10**9):
        with pytest.raises(NotVisible) as caught:
            queries.payment_for(due.otto, key)
        told.append(str(caught.value))
    assert told[0] == told[1]


def test_remittances_are_for_the_payee_and_finance(due: Cast, account: BankAccount) -> None:
    row = sent(due, account).remittances.get(person=due.cora)
    assert queries.remittance_for(due.cora, row.pk) == queries.remittance_for(due.fern, row.pk) == row
    with pytest.raises(NotVisible):
        queries.remittance_for(due.dev, row.pk)


def count(function: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        function()
    return len(captured)


def test_looking_costs_the_same_however_much_there_is(due: Cast, account: BankAccount) -> None:
    looks: list[Callable[[], Any]] = [
        lambda: queries.due(due.riverside),
        lambda: queries.preview(due.riverside, due.fern),
        lambda: page_of(queries.payments_visible_to(due.fern), {}),
        lambda: [str(run.bank_account) for run in page_of(queries.runs_visible_to(due.fern), {}).rows],
        lambda: queries.reconciliation(account, PAY_ON),
    ]
    few = [count(look) for look in looks]
    for _ in range(3):
        sent(due, account)
        fare(due, due.cora, 100)
        fare(due, due.dev, 200)

    assert [count(look) for look in looks] == few
    assert few[0] == 1
    assert few[4] == 8


def test_a_run_takes_as_many_statements_for_many_lines_as_for_few(due: Cast, account: BankAccount) -> None:
    prepared(due, account)  # the counters and accounts exist from here on
    fare(due, due.cora, 100)
    few = count(lambda: prepared(due, account))
    for pence in range(101, 109):
        fare(due, due.cora, pence)
        fare(due, due.dev, pence)
    assert count(lambda: prepared(due, account)) == few


def test_account_numbers_are_in_no_table_history_or_event(due: Cast, account: BankAccount) -> None:
    """The canary: what only the sealed columns may hold is looked for in every column of every table."""
    sent(due, account)
    match_statement(actor=due.fern, statement=imported(due, account, [(PAY_ON, "BACS", -5980)]))
    numbers = [number for pair in ACCOUNTS.values() for number in pair]
    for model in apps.get_models():
        for row in model._default_manager.values():
            told = readable(json.dumps({name: str(value) for name, value in row.items()}))
            assert not any(number in told for number in numbers), model.__name__

    for event in Event.objects.select_related("payload"):
        ring = person_rings({event.about_id or NOBODY})[event.about_id or NOBODY]
        # a salt of bytes, then the words
        said = readable(ring.open(bytes(event.payload.sealed), event.digest).decode("latin-1"))
        assert not any(number in said for number in numbers), event.action


def test_a_payment_names_only_the_end_of_the_account(due: Cast, account: BankAccount) -> None:
    sent(due, account)
    told = [repr(payment) + repr(payment.details) for payment in Payment.objects.select_related("details")]
    assert all("66374958" not in each and "Account ending" in each for each in told)
