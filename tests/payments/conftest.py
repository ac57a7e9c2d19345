"""A Monday in Riverside's finance office, with an account to pay from."""

from collections.abc import Iterator

import pytest

from common.dates import set_now
from payments.models import BankAccount
from tests.cast import Cast
from tests.payments.office import MONDAY, open_office, owe
from tests.worlds import world


@pytest.fixture
def monday() -> Iterator[None]:
    """Everything happens on Monday 23 November 2026, in the morning."""
    with set_now(MONDAY):
        yield


@world
def account(monday: None, cast: Cast) -> BankAccount:
    """Riverside's current account, with a rate policy in force."""
    return open_office(cast)


@world
def due(cast: Cast, account: BankAccount) -> Cast:
    """Cora is owed £12.50 of fares and £40 for time, Dev £7.30; both have verified accounts."""
    return owe(cast)
