"""A Monday in Riverside's finance office, with an account to pay from."""

from collections.abc import Iterator

import pytest

from common.dates import set_now
from payments.models import BankAccount
from tests.cast import Cast
from tests.databases import in_made
from tests.payments.office import MONDAY, open_office, owe


@pytest.fixture
def monday() -> Iterator[None]:
    """Everything happens on Monday 23 November 2026, in the morning."""
    with set_now(MONDAY):
        yield


@pytest.fixture
def account(monday: None, cast: Cast, request: pytest.FixtureRequest) -> Iterator[BankAccount]:
    """Riverside's current account, with a rate policy in force."""
    if "committed_db" in request.fixturenames:
        yield open_office(cast)
    else:
        with in_made("office", lambda: open_office(cast)) as found:
            yield found


@pytest.fixture
def due(cast: Cast, account: BankAccount, request: pytest.FixtureRequest) -> Iterator[Cast]:
    """Cora is owed £12.50 of fares and £40 for time, Dev £7.30; both have verified accounts."""
    if "committed_db" in request.fixturenames:
        yield owe(cast)
    else:
        with in_made("due", lambda: open_office(cast) and owe(cast)):
            yield cast
