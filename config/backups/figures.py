"""What a database holds, in figures that must be the same before a backup and after it came back.

Asked in plain SQL, because a backup is a moment frozen beside the connection that serves the site: a copy on
SQLite, a snapshot on PostgreSQL.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps

# Who is signed in at the moment, and what is only kept for speed: no business of whoever finds a backup.
LEFT_OUT = ("django_session", "cache")


@dataclass(frozen=True)
class Figures:
    """Rows by table; all debits by organisation, in minor units; the last seal; the migrations that ran."""

    rows: dict[str, int]
    totals: dict[str, int]
    seal: list[Any] | None
    migrations: list[str]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def figures(cursor: Any) -> Figures:
    """Ask a cursor of either engine."""
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})
    return Figures(
        rows={
            table: _all(cursor, f'SELECT count(*) FROM "{table}"')[0][0]  # noqa: S608 - a name of our own
            for table in tables
            if table not in LEFT_OUT
        },
        totals={code: int(total) for code, total in _all(cursor, _TOTALS)},
        seal=next((list(row) for row in _all(cursor, _SEAL)), None),
        migrations=[f"{app}.{name}" for app, name in _all(cursor, _MIGRATIONS)],
    )


_TOTALS = """
    SELECT people_organisation.code, sum(debits) FROM ledger_accountmonth
    JOIN ledger_account ON ledger_account.id = account_id
    JOIN people_organisation ON people_organisation.id = ledger_account.organisation_id
    GROUP BY people_organisation.code ORDER BY people_organisation.code
"""
_SEAL = "SELECT number, hash FROM audit_seal ORDER BY number DESC LIMIT 1"
_MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"


def _all(cursor: Any, sql: str) -> list[tuple[Any, ...]]:
    cursor.execute(sql)
    return list(cursor.fetchall())


def differences(said: dict[str, Any], found: Figures) -> list[str]:
    """What a restored database has otherwise than its manifest says, in words."""
    wrong = []
    for kind, now in found.as_dict().items():
        before = said[kind]
        if isinstance(before, dict):
            wrong += [
                f"{name}: {before.get(name, 'nothing')} when it was backed up, {now.get(name, 'nothing')} now"
                for name in sorted(before.keys() | now.keys())
                if before.get(name) != now.get(name)
            ]
        elif before != now:
            wrong.append(f"{kind}: not what it was when it was backed up")
    return wrong
