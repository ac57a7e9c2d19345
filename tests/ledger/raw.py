"""Rows of the books written past every service, as somebody with a database prompt would."""

from dataclasses import dataclass, fields

from tests.cast import Cast
from tests.ledger.books import cost, owed


@dataclass(frozen=True)
class Ids:
    """Keys of what stands in the books: one entry of two transfers in November 2026, October closed."""

    org: int
    project: int
    fern: int
    cost: int
    owed: int
    unused: int
    theirs: int
    entry: int
    october: int
    counter: int
    agreed: int
    agreed_line: int
    proposed: int
    proposed_line: int
    open: int
    closed: int


def raw_ids(cast: Cast) -> Ids:
    """The keys that raw postings need, where nothing but a first entry stands in the books."""
    keys = dict.fromkeys((field.name for field in fields(Ids)), 0)
    found = {
        "org": cast.riverside.pk,
        "fern": cast.fern.pk,
        "cost": cost(cast).pk,
        "owed": owed(cast).pk,
    }
    return Ids(**(keys | found))


def entry(i: Ids, number: int = 2, *, day: str = "2026-11-04", month: int = 202611, **more: object) -> str:
    size, source, verb = more.get("size", 1), more.get("source", "raw"), more.get("verb", "INSERT")
    key = i.org * 10**8 + number
    return (
        f"{verb} INTO ledger_journalentry (id, organisation_id, number, date, month, narrative, source, size,"
        f" last_transfer_id, reverses_id, actor_id, posted_at) VALUES ({key}, {i.org}, {number}, '{day}',"
        f" {month}, 'By hand', '{source}', {size}, {key}00000 + {size}, NULL, {i.fern},"
        " '2026-11-04 10:00:00')"
    )


def transfer(i: Ids, number: int = 2, position: int = 1, **more: object) -> str:
    key, credit = i.org * 10**8 + number, more.get("credit", i.owed)
    return (
        f"{more.get('verb', 'INSERT')} INTO ledger_transfer (id, entry_id, position, debit_id, credit_id,"
        f" party, amount, month) VALUES ({key}00000 + {position}, {key}, {position}, {i.cost}, {credit}, 7,"
        f" {more.get('amount', 100)}, {more.get('month', 202611)}) {more.get('then', '')}"
    )


def account(i: Ids, code: str, currency: str, verb: str = "INSERT") -> str:
    return (
        f"{verb} INTO ledger_account (organisation_id, code, kind, project_id, category, currency)"
        f" VALUES ({i.org}, '{code}', 'suspense', NULL, '', '{currency}')"
    )


def commitment(i: Ids, amount: str, source: str, verb: str = "INSERT") -> str:
    return (
        f"{verb} INTO ledger_commitment (organisation_id, project_id, category, stage, amount, source,"
        f" opened_at, closed_at) VALUES ({i.org}, {i.project}, 'travel', 'claimed', {amount}, '{source}',"
        " '2026-11-04 10:00:00', NULL)"
    )


def budget(i: Ids, version: int, status: str, verb: str = "INSERT") -> str:
    return (
        f"{verb} INTO ledger_budget (project_id, version, status, proposed_by_id, agreed_by_id, agreed_at)"
        f" VALUES ({i.project}, {version}, '{status}', {i.fern}, NULL, NULL)"
    )


def line(budget_id: int, planned: str = "5", key: object = "NULL", verb: str = "INSERT") -> str:
    keyed, value = ("id, ", f"{key}, ") if key != "NULL" else ("", "")
    return (
        f"{verb} INTO ledger_budgetline ({keyed}budget_id, category, planned)"
        f" VALUES ({value}{budget_id}, 'other', {planned})"
    )
