"""The journal for programs outside: every entry of an organisation, without names."""

from collections.abc import Iterator
from itertools import groupby

from ledger.models import AccountKind, JournalEntry, Transfer
from people.models import Organisation
from reports.formats import hledger
from reports.progress import Report, silent

PAGE = 2_000  # entries read at a time: a half-read SELECT would block every commit on SQLite

# Where each kind of account stands among the five classes an accountant expects.
CLASSES = {
    AccountKind.COST: "expenses",
    AccountKind.CHARGES: "expenses",
    AccountKind.OWED: "liabilities",
    AccountKind.IN_TRANSIT: "liabilities",
    AccountKind.PARTNER: "assets",
    AccountKind.BANK: "assets",
    AccountKind.ADVANCE: "assets",
    AccountKind.VOUCHERS: "assets",
    AccountKind.CASH: "assets",
    AccountKind.CARD: "liabilities",
    AccountKind.PAYROLL: "liabilities",
    AccountKind.CHEQUES: "liabilities",
    AccountKind.CODES: "liabilities",
    AccountKind.DONATIONS: "liabilities",
    AccountKind.GROUPS: "liabilities",
    AccountKind.LEARNING: "liabilities",
    AccountKind.SUPPLIER: "liabilities",
    AccountKind.SUSPENSE: "assets",
    AccountKind.OVERPAID: "assets",
    AccountKind.FUNDING: "revenues",
    AccountKind.INTEREST: "revenues",
    AccountKind.OPENING: "equity",
    AccountKind.GIVEN_TIME: "equity",
}


def account_name(kind: str, code: str) -> str:
    """An account's code under its class: `cost:PROJ-A:travel` is `expenses:cost:PROJ-A:travel`."""
    return f"{CLASSES[AccountKind(kind)]}:{code}"


def journal_text(organisation: Organisation, report: Report = silent) -> Iterator[str]:
    """The organisation's whole journal as hledger text, in pieces, in order of number.

    `report` is told how many entries are written, and of how many.
    """
    return hledger.write_journal(_entries(organisation, report))


def _entries(organisation: Organisation, report: Report) -> Iterator[hledger.Entry]:
    after, done = 0, 0
    total = JournalEntry.objects.filter(organisation=organisation).count()
    while page := list(
        JournalEntry.objects.filter(organisation=organisation, number__gt=after)
        .order_by("number")
        .values_list("pk", "number", "date", "narrative", "source")[:PAGE]
    ):
        transfers = _transfers(first=page[0][0], last=page[-1][0])
        for pk, number, day, narrative, source in page:
            yield hledger.Entry(number, day, narrative, source, transfers[pk])
        after, done = page[-1][1], done + len(page)
        report(done, max(done, total))


def _transfers(*, first: int, last: int) -> dict[int, tuple[hledger.Transfer, ...]]:
    rows = (
        Transfer.objects.filter(entry_id__gte=first, entry_id__lte=last)
        .order_by("pk")
        .values_list(
            "entry_id",
            "debit__kind",
            "debit__code",
            "credit__kind",
            "credit__code",
            "amount",
            "debit__currency",
            "party",
        )
    )
    return {
        entry: tuple(
            hledger.Transfer(account_name(row[1], row[2]), account_name(row[3], row[4]), *row[5:])
            for row in group
        )
        for entry, group in groupby(rows, key=lambda row: row[0])
    }
