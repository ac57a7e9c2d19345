"""A month at the bank: a run that left, a charge, a payment that came back."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Final

import pytest

from common.dates import set_now
from payments.models import BankAccount, SignedReconciliation
from payments.queries.bank_months import month_page_of
from payments.services.reconciliations import check_reconciliation, prepare_reconciliation
from tests.cast import Cast
from tests.payments.office import MONDAY

DECEMBER: Final = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
END: Final = date(2026, 11, 30)
NOVEMBER: Final = 202611


@pytest.fixture
def december() -> Iterator[None]:
    """It is 2 December: November is over. Ask for it last."""
    with set_now(DECEMBER):
        yield


def in_november() -> AbstractContextManager[None]:
    """Back on the Monday of November on which everything was sent."""
    return set_now(MONDAY)


def sha_of(account: BankAccount, month: int = NOVEMBER) -> str:
    """The fingerprint of a month's figures as they stand now."""
    return month_page_of(account, month).sha256


def prepare(cast: Cast, account: BankAccount, *, note: str = "", key: str = "") -> SignedReconciliation:
    """Fern signs November as prepared."""
    return prepare_reconciliation(
        actor=cast.fern, bank_account=account, month=NOVEMBER, sha256=sha_of(account), note=note, key=key
    )


def check(cast: Cast, signed: SignedReconciliation, *, key: str = "") -> SignedReconciliation:
    """Farah signs it as checked."""
    return check_reconciliation(actor=cast.farah, reconciliation_id=signed.pk, sha256=signed.sha256, key=key)
