"""Bank details, runs and payments, statements and matches, signed months, and what people worry about."""

from payments.models.concerns import (
    Concern,
    ConcernKind,
    ConcernNote,
    ConcernOutcome,
    EstateDetails,
    Overpayment,
    Proposal,
    ProposalKind,
    Repayment,
)
from payments.models.details import Acting, BankAccount, BankDetails, Refusal
from payments.models.handing import CashCount, Ended, HandOver, LearningSpend, Voucher, VoucherBatch
from payments.models.month_notes import Explainable, MonthNote
from payments.models.payroll import PayrollConfirmation, PayrollMark
from payments.models.private_notes import PrivateNote
from payments.models.reconciliations import SignedReconciliation
from payments.models.runs import ItemShare, Payment, PaymentItem, PaymentRun, Remittance, RunFile
from payments.models.statements import Match, MatchKind, Statement, StatementLine

__all__ = [
    "Acting",
    "BankAccount",
    "BankDetails",
    "Concern",
    "ConcernKind",
    "ConcernNote",
    "ConcernOutcome",
    "EstateDetails",
    "Explainable",
    "ItemShare",
    "Match",
    "MatchKind",
    "MonthNote",
    "Overpayment",
    "Payment",
    "PaymentItem",
    "PaymentRun",
    "PayrollConfirmation",
    "PayrollMark",
    "PrivateNote",
    "Proposal",
    "ProposalKind",
    "Refusal",
    "Remittance",
    "Repayment",
    "RunFile",
    "SignedReconciliation",
    "Statement",
    "StatementLine",
    "CashCount",
    "Ended",
    "HandOver",
    "LearningSpend",
    "Voucher",
    "VoucherBatch",
]
