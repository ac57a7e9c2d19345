"""Import a bank statement: a whole file or nothing, and each line of the bank once."""

import hashlib
from collections.abc import Sequence

from django.db.models import Sum

from audit.actions import Action
from audit.services import record, step
from common.dates import london_day
from common.errors import IllegalMove
from common.money import money_text
from payments import permissions
from payments.formats import statement_csv
from payments.formats.statement_csv import StatementError, StatementRow, read_statement
from payments.models import BankAccount, Statement, StatementLine
from payments.services.accounts import column_map
from payments.services.auto_matching import match_statement
from payments.services.moving import BATCH
from payments.when import day_words
from people.models import Person
from people.permissions import require


@step(returns=Statement)
def import_statement(*, actor: Person, bank_account: BankAccount, content: bytes, key: str = "") -> Statement:
    """Read a statement file with the account's saved layout and keep the lines that are new.

    Lines that another file brought already are passed over, also when files overlap; two real lines
    that look alike are both kept. Raises StatementError for a file that cannot be read or that leaves
    a gap after the statement before it, IllegalMove for a file that was imported already.
    """
    account = BankAccount.objects.select_for_update(no_key=True).get(pk=bank_account.pk)
    require(permissions.may_reconcile(actor, account.organisation))
    sha256 = hashlib.sha256(content).hexdigest()
    if first := account.statements.filter(sha256=sha256).select_related("imported_by").first():
        day = day_words(london_day(first.imported_at))
        raise IllegalMove(f"This file was already imported, on {day} by {first.imported_by}.")
    read = read_statement(content, column_map(account))
    _check_joins(account, read)
    statement = Statement.objects.create(
        account=account,
        sha256=sha256,
        first_day=min(row.day for row in read.rows),
        last_day=max(row.day for row in read.rows),
        lines_in_file=len(read.rows),
        opening_balance=read.opening_balance,
        closing_balance=read.closing_balance,
        imported_by=actor,
    )
    new = _new_rows(account, read.rows, statement)
    StatementLine.objects.bulk_create([_line(row, statement) for row in new], batch_size=BATCH)
    record(
        actor=actor,
        action=Action.STATEMENT_IMPORTED,
        subject=statement,
        organisation_id=account.organisation_id,
        account=account.name,
        lines=len(read.rows),
        new_lines=len(new),
        sha256=sha256,
    )
    return statement


@step(returns=Statement)
def take_in(*, actor: Person, bank_account: BankAccount, content: bytes, key: str = "") -> Statement:
    """Import a statement file, and match at once whatever can mean only one thing."""
    statement = import_statement(actor=actor, bank_account=bank_account, content=content)
    return match_statement(actor=actor, statement=statement)


def _new_rows(account: BankAccount, rows: Sequence[StatementRow], statement: Statement) -> list[StatementRow]:
    """The rows that move money and that no file of this account brought before."""
    known = set(
        account.lines.filter(date__range=(statement.first_day, statement.last_day)).values_list(
            "content_hash", "occurrence"
        )
    )
    return [row for row in rows if row.amount and (row.content_hash, row.occurrence) not in known]


def _line(row: StatementRow, statement: Statement) -> StatementLine:
    return StatementLine(
        account_id=statement.account_id,
        statement=statement,
        row=row.number,
        date=row.day,
        description=row.description[:300],
        reference=row.reference[:100],
        amount=row.amount,
        balance=row.balance,
        content_hash=row.content_hash,
        occurrence=row.occurrence,
        raw=row.raw,
    )


def _check_joins(account: BankAccount, read: statement_csv.Statement) -> None:
    """The opening balance must be what the statements before it lead to: no page may be missing."""
    first_day = min(row.day for row in read.rows)
    before = account.statements.filter(first_day__lte=first_day, closing_balance__isnull=False)
    latest = before.order_by("-last_day", "-pk").first()
    if latest is None or latest.closing_balance is None or read.opening_balance is None:
        return
    overlap = account.lines.filter(date__gte=first_day, date__lte=latest.last_day)
    expected = latest.closing_balance - (overlap.aggregate(total=Sum("amount"))["total"] or 0)
    if read.opening_balance != expected:
        currency = account.organisation.currency
        raise StatementError(
            f"This statement begins with {money_text(read.opening_balance, currency)}, but the ones before "
            f"it lead to {money_text(expected, currency)}. Import the statement between them first."
        )
