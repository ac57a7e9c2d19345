"""Put the sheets together, with the checks that must show 0.00."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from common.dates import now
from common.workbook import Check, Sheet, Total, save_workbook
from common.workbook.model import Value
from people.models import Organisation
from reports.progress import Report, silent
from reports.workbook import books, money, pay
from reports.workbook.pages import ROWS
from reports.workbook.span import Span


def finance_workbook(organisation: Organisation, span: Span) -> bytes:
    """The workbook of a span of days as bytes."""
    content = io.BytesIO()
    save_finance_workbook(content, organisation, span)
    return content.getvalue()


def save_finance_workbook(
    target: Path | IO[bytes], organisation: Organisation, span: Span, report: Report = silent
) -> None:
    """Write the workbook of a span of days to a file.

    Reads in keyset pages, so nothing is blocked for long, and holds no more than a page in memory. `report`
    is told how many of the rows of the long sheets are written, and of how many.
    """
    reconciled = [pay.Reconciled.at(account, span.until) for account in pay.accounts(organisation)]
    sheets = _reported(
        [
            money.claims_sheet(organisation, span),
            pay.payments_sheet(organisation, span),
            books.journal_sheet(organisation, span),
        ],
        _long_rows(organisation, span),
        report,
    )
    claims, payments, journal = sheets
    save_workbook(
        target,
        [
            claims,
            payments,
            *(account.sheet() for account in reconciled),
            journal,
            books.trial_balance_sheet(organisation, span),
            money.budget_sheet(organisation),
        ],
        title=f"Finance workbook of {organisation}",
        currency=organisation.currency,
        made_at=now(),
        checks=_checks(organisation, span, reconciled),
    )


def _checks(organisation: Organisation, span: Span, reconciled: list[pay.Reconciled]) -> list[Check]:
    return [
        Check(
            "Claims decided are the costs posted",
            Total("Claims", "Allowed"),
            books.cost_posted_for_claims(organisation, span),
        ),
        Check(
            "Payments sent are the releases posted",
            Total("Payments", "Amount"),
            books.released(organisation, span),
        ),
        Check(
            "Journal and trial balance move the same",
            Total("Journal", "Amount"),
            Total("Trial balance", "Debits"),
        ),
        Check("Trial balance balances", Total("Trial balance", "Debits"), Total("Trial balance", "Credits")),
        *(check for account in reconciled for check in account.checks()),
    ]


def _long_rows(organisation: Organisation, span: Span) -> int:
    """How many rows the long sheets will have; by the end there may be some more."""
    return (
        money.decided_lines(organisation, span).count()
        + pay.sent_payments(organisation, span).count()
        + books.moved(organisation, span).count()
    )


def _reported(sheets: list[Sheet], total: int, report: Report) -> list[Sheet]:
    """The same sheets, that say how far they are while their rows are read."""
    done = 0

    def rows_of(sheet: Sheet) -> Iterator[tuple[Value, ...]]:
        nonlocal done
        for row in sheet.rows:
            yield row
            done += 1
            if done % ROWS == 0:
                report(done, max(done, total))
        report(done, max(done, total))

    return [replace(sheet, rows=rows_of(sheet)) for sheet in sheets]
