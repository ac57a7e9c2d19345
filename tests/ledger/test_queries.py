"""Reading the books: balances at a cost that does not grow, and the journal page by page."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest

from ledger.models import AccountKind
from ledger.queries import balance, balances, journal_page, position, trial_balance
from tests.cast import Cast
from tests.ledger.books import cost, owe, owed

Counting = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture
def books(cast: Cast) -> Cast:
    for n in range(1, 6):
        owe(cast, f"claim:{n}", 100 * n, on=date(2026, 10 + n % 2, 3))
    return cast


def test_the_trial_balance_agrees_and_stops_at_a_month(books: Cast) -> None:
    trial = trial_balance(books.riverside)
    assert [(row.code, row.balance) for row in trial.rows] == [
        ("cost:PROJ-A:travel", 1500),
        ("owed:PROJ-A:travel", -1500),
    ]
    assert trial.debits == trial.credits == 1500
    assert trial_balance(books.riverside, until=202610).debits == 600
    assert trial_balance(books.hillside).rows == []


def test_an_account_has_its_balance_at_any_month(books: Cast) -> None:
    assert [balance(cost(books), until) for until in (202609, 202610, 202611, None)] == [0, 600, 1500, 1500]


def test_balances_say_what_each_account_is_for(books: Cast) -> None:
    row = balances(books.riverside, project=books.project)[0]
    assert (row.kind, row.project_id, row.category, row.currency) == (
        AccountKind.COST,
        books.project.pk,
        "travel",
        "GBP",
    )
    assert balances(books.riverside, project=books.other_project) == []


def test_reads_take_the_same_queries_whatever_the_ledger_holds(
    books: Cast, django_assert_num_queries: Counting
) -> None:
    account = owed(books)
    for turn in range(2):
        with django_assert_num_queries(1):
            trial_balance(books.riverside)
        with django_assert_num_queries(1):
            balance(account)
        with django_assert_num_queries(3):
            position(books.project)
        with django_assert_num_queries(4):
            journal_page(books.riverside)
        for n in range(10, 40):
            owe(books, f"claim:{turn}:{n}")


def test_the_journal_turns_its_pages_by_number(books: Cast) -> None:
    first = journal_page(books.riverside, size=2)
    assert [entry.number for entry in first] == [5, 4]
    owe(books, "claim:6")  # a new entry moves no page
    assert [entry.number for entry in journal_page(books.riverside, before=4, size=2)] == [3, 2]
    assert [entry.number for entry in journal_page(books.riverside, before=2, size=2)] == [1]
    assert journal_page(books.hillside) == []
    assert [each.amount for each in first[0].transfers.all()] == [500]
