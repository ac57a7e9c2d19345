"""The books and the budgets that are checked against them."""

from ledger.models.accounts import Account, AccountKind, AccountMonth, Category, Counter, Period
from ledger.models.budgets import Budget, BudgetLine, BudgetStatus, Commitment, Stage
from ledger.models.journal import NUMBERS, POSITIONS, JournalEntry, Transfer
from ledger.models.reopening import Reopening

__all__ = [
    "NUMBERS",
    "POSITIONS",
    "Account",
    "AccountKind",
    "AccountMonth",
    "Budget",
    "BudgetLine",
    "BudgetStatus",
    "Category",
    "Commitment",
    "Counter",
    "JournalEntry",
    "Period",
    "Reopening",
    "Stage",
    "Transfer",
]
