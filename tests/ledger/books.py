"""Short hands for tests that post."""

from datetime import date

from django.db import connection, transaction

from ledger.models import Account, AccountKind, JournalEntry
from ledger.services.accounts import account
from ledger.services.posting import Leg, post_entry
from tests.cast import Cast

NOVEMBER = date(2026, 11, 3)
POSTGRESQL = connection.vendor == "postgresql"


def cost(cast: Cast, category: str = "travel") -> Account:
    return account(cast.riverside, AccountKind.COST, cast.project, category)


def owed(cast: Cast, category: str = "travel") -> Account:
    return account(cast.riverside, AccountKind.OWED, cast.project, category)


def owe(cast: Cast, source: str, amount: int = 1200, on: date = NOVEMBER) -> JournalEntry:
    """Post that Cora is owed for travel."""
    return post_entry(
        organisation=cast.riverside,
        source=source,
        narrative="Bus fares",
        date=on,
        legs=[Leg(cost(cast), owed(cast), amount, cast.cora.pk)],
        actor=cast.fern,
    )


class Crash(Exception):
    """Something failed half way that no service foresees."""


def owe_and_crash(cast: Cast, source: str) -> None:
    """Post, then fail before the commit."""
    with transaction.atomic():
        owe(cast, source)
        raise Crash
