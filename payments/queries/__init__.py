"""Reads: what is due, runs and payments as each person may see them, and reconciliations."""

from payments.queries.due import (
    DueRow,
    LeftOut,
    Payee,
    PreparedRun,
    due,
    due_lines,
    marks_in_force,
    payroll_lines,
)
from payments.queries.reconciling import (
    Reconciliation,
    reconciliation,
    signed_reconciliation,
    unmatched_lines,
    unsigned_accounts,
)
from payments.queries.runs import (
    bank_accounts_visible_to,
    payment_for,
    payments_visible_to,
    remittance_for,
    remittances_visible_to,
    run_for,
    runs_visible_to,
    waiting_details,
)
from payments.queries.sorting import preview

__all__ = [
    "DueRow",
    "LeftOut",
    "Payee",
    "PreparedRun",
    "Reconciliation",
    "bank_accounts_visible_to",
    "due",
    "due_lines",
    "marks_in_force",
    "payment_for",
    "payments_visible_to",
    "payroll_lines",
    "preview",
    "reconciliation",
    "remittance_for",
    "remittances_visible_to",
    "run_for",
    "runs_visible_to",
    "signed_reconciliation",
    "unmatched_lines",
    "unsigned_accounts",
    "waiting_details",
]
