"""Questions about claims, scoped by who asks."""

from claims.queries.pages import (
    approver_claim,
    approver_rows,
    finance_claim,
    finance_rows,
    helper_claim,
    helper_rows,
    own_claim,
    own_rows,
)
from claims.queries.rows import (
    ApproverClaim,
    ApproverClaimRow,
    ApproverCost,
    ApproverTime,
    FinanceClaim,
    FinanceClaimRow,
    FinanceCost,
    OwnClaim,
    OwnClaimRow,
    OwnLine,
)
from claims.queries.scope import NoPolicy, claim_for, claims_visible_to, policy_in_force

__all__ = [
    "ApproverClaim",
    "ApproverClaimRow",
    "ApproverCost",
    "ApproverTime",
    "FinanceClaim",
    "FinanceClaimRow",
    "FinanceCost",
    "NoPolicy",
    "OwnClaim",
    "OwnClaimRow",
    "OwnLine",
    "approver_claim",
    "approver_rows",
    "claim_for",
    "claims_visible_to",
    "finance_claim",
    "finance_rows",
    "helper_claim",
    "helper_rows",
    "own_claim",
    "own_rows",
    "policy_in_force",
]
