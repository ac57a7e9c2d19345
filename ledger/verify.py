"""Prove that the books are whole. Each check is one statement over sets, linear in the ledger.

Problems come in words, at most `SHOWN` of a kind: one is enough to stop, and memory stays constant.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from audit import guards
from people.models import Organisation

SHOWN = 100

# One pass over the transfers, down to how much moved between which two accounts in which month. An
# entry's key begins with its organisation, so the first and last entry between two accounts tell
# whether all of them are of one organisation.
_MOVED = """
    WITH moved AS (
        SELECT debit_id, credit_id, month, SUM(amount) AS amount, COUNT(*) - COUNT(party) AS nobody,
            MIN(entry_id) AS first, MAX(entry_id) AS last
        FROM ledger_transfer GROUP BY debit_id, credit_id, month
    )
    SELECT 'month', account.code, kept.month FROM (
        SELECT debit_id AS account_id, month, amount AS debits, 0 AS credits FROM moved
        UNION ALL
        SELECT credit_id, month, 0, amount FROM moved
        UNION ALL
        SELECT account_id, month, -debits, -credits FROM ledger_accountmonth
    ) kept JOIN ledger_account account ON account.id = kept.account_id
    WHERE account.organisation_id BETWEEN %s AND %s
    GROUP BY account.code, account.id, kept.month
    HAVING SUM(kept.debits) <> 0 OR SUM(kept.credits) <> 0
    UNION ALL
    SELECT CASE WHEN debit.organisation_id <> moved.first / 100000000
            OR credit.organisation_id <> moved.first / 100000000
            OR moved.first / 100000000 <> moved.last / 100000000 OR debit.currency <> credit.currency
        THEN 'accounts' ELSE 'party' END, debit.code || ' and ' || credit.code, moved.month
    FROM moved JOIN ledger_account debit ON debit.id = moved.debit_id
    JOIN ledger_account credit ON credit.id = moved.credit_id
    WHERE moved.last >= %s * 100000000 AND moved.first <= %s * 100000000 + 99999999
        AND (debit.organisation_id <> moved.first / 100000000
            OR credit.organisation_id <> moved.first / 100000000
            OR moved.first / 100000000 <> moved.last / 100000000 OR debit.currency <> credit.currency
            OR (moved.nobody > 0
                AND (debit.kind IN ('owed', 'in_transit', 'overpaid')
                    OR credit.kind IN ('owed', 'in_transit', 'overpaid'))))
"""
_MOVED_SENTENCES = {
    "month": "The total of account {} in {} is not the sum of its transfers.",
    "accounts": "Accounts {} do not belong together, but money moved between them in {}.",
    "party": "Between {} a transfer in {} does not say whom it concerns.",
}
# A transfer's key is its place in its entry, so when every place is within the entry's size and there
# are as many transfers as all sizes together, every entry has all of its own.
_PLACES = """
    SELECT transfer.entry_id %% 100000000, transfer.position
    FROM ledger_transfer transfer LEFT JOIN ledger_journalentry entry ON entry.id = transfer.entry_id
    WHERE transfer.entry_id BETWEEN %s * 100000000 AND %s * 100000000 + 99999999
        AND (entry.id IS NULL OR entry.size < transfer.position OR entry.month <> transfer.month)
    ORDER BY 1, 2
"""
_COUNTS = """
    SELECT counter.organisation_id, counter.value, posted.size FROM ledger_counter counter LEFT JOIN (
        SELECT organisation_id, COUNT(*) AS numbered, MAX(number) AS top, SUM(size) AS size
        FROM ledger_journalentry GROUP BY organisation_id
    ) posted ON posted.organisation_id = counter.organisation_id
    WHERE counter.name = 'entry' AND counter.organisation_id BETWEEN %s AND %s
        AND (counter.value <> COALESCE(posted.numbered, 0) OR counter.value <> COALESCE(posted.top, 0)
            OR COALESCE(posted.size, 0) <> (
                SELECT COUNT(*) FROM ledger_transfer
                WHERE entry_id BETWEEN counter.organisation_id * 100000000
                    AND counter.organisation_id * 100000000 + 99999999
            ))
"""
_REVERSALS = """
    SELECT DISTINCT entry.number FROM ledger_journalentry entry
    JOIN ledger_journalentry original ON original.id = entry.reverses_id
    JOIN ledger_transfer undone ON undone.entry_id = original.id
    LEFT JOIN ledger_transfer mirror ON mirror.entry_id = entry.id AND mirror.position = undone.position
    WHERE entry.reverses_id > 0 AND entry.organisation_id BETWEEN %s AND %s
        AND (mirror.id IS NULL OR entry.size <> original.size OR mirror.amount <> undone.amount
            OR mirror.debit_id <> undone.credit_id OR mirror.credit_id <> undone.debit_id)
    ORDER BY 1
"""
_CHECKS = (
    (_PLACES, "Entry {}, transfer {} is beyond its entry or of another month."),
    (_COUNTS, "Organisation {} does not have entries 1 to {} without a gap, with {} transfers in all."),
    (_REVERSALS, "Entry {} is not the mirror of what it reverses."),
)


def problems(organisation: Organisation | None = None) -> Iterator[str]:
    """What is wrong with the books of one organisation, or of all; nothing when they are whole."""
    yield from (f"The database's {wrong}." for wrong in guards.disagreements())
    first, last = (organisation.pk, organisation.pk) if organisation else (0, 2**31)
    for kind, accounts, month in _rows(_MOVED, [first, last, first, last]):
        yield _MOVED_SENTENCES[kind].format(accounts, month)
    for statement, sentence in _CHECKS:
        for row in _rows(statement, [first, last]):
            yield sentence.format(*row)


def _rows(statement: str, params: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {SHOWN}", params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
