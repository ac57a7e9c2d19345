"""Activities and offers, rate policies, claims, receipts and decisions."""

from claims.models.activities import OPEN_ANSWERS, REFUSING, Activity, Answer, CancelledBy, Offer, UsualAnswer
from claims.models.claims import (
    Claim,
    ClaimLine,
    CountsAs,
    Decision,
    FeeAnswer,
    LineShare,
    MileageDeclaration,
    Outcome,
)
from claims.models.policies import Rate, RatePolicy
from claims.models.receipts import Receipt, ReceiptKind
from claims.models.undoing import Undoing, UndoneShare
from claims.models.ways import GIVEN_AWAY, NAMED, Instruction, Way, WayOffered

__all__ = [
    "OPEN_ANSWERS",
    "REFUSING",
    "Activity",
    "Answer",
    "CancelledBy",
    "Claim",
    "ClaimLine",
    "CountsAs",
    "Decision",
    "FeeAnswer",
    "LineShare",
    "MileageDeclaration",
    "Offer",
    "Outcome",
    "Rate",
    "RatePolicy",
    "Receipt",
    "ReceiptKind",
    "Undoing",
    "UndoneShare",
    "UsualAnswer",
    "GIVEN_AWAY",
    "NAMED",
    "Instruction",
    "Way",
    "WayOffered",
]
