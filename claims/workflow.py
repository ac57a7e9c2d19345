"""The life of a claim and of its lines, on one page."""

from django.db.models import TextChoices

from common.workflow import Moves


class ClaimStatus(TextChoices):
    DRAFT = "draft", "Not sent yet"
    SUBMITTED = "submitted", "Waiting for a decision"
    DECIDED = "decided", "Decided"
    WITHDRAWN = "withdrawn", "Withdrawn"


class LineStatus(TextChoices):
    OPEN = "open", "Waiting for a decision"
    QUERIED = "queried", "We need something from you"
    APPROVED = "approved", "Agreed"
    REDUCED = "reduced", "Agreed in part"
    REFUSED = "refused", "Not agreed"
    WITHDRAWN = "withdrawn", "Removed"


C, L = ClaimStatus, LineStatus

CLAIM_MOVES: Moves = {
    "submit": (frozenset({C.DRAFT}), C.SUBMITTED),
    "withdraw": (frozenset({C.DRAFT, C.SUBMITTED}), C.WITHDRAWN),
    "close": (frozenset({C.SUBMITTED}), C.DECIDED),
    "reopen": (frozenset({C.DECIDED}), C.SUBMITTED),
}

LINE_MOVES: Moves = {
    "approve": (frozenset({L.OPEN, L.QUERIED}), L.APPROVED),
    "reduce": (frozenset({L.OPEN, L.QUERIED}), L.REDUCED),
    "refuse": (frozenset({L.OPEN, L.QUERIED}), L.REFUSED),
    "ask about": (frozenset({L.OPEN}), L.QUERIED),
    "answer": (frozenset({L.QUERIED}), L.OPEN),
    "take out": (frozenset({L.OPEN, L.QUERIED}), L.WITHDRAWN),
    "undo": (frozenset({L.APPROVED, L.REDUCED, L.REFUSED}), L.OPEN),
}

PAYABLE = frozenset({L.APPROVED, L.REDUCED})
UNDECIDED = frozenset({L.OPEN, L.QUERIED})
OPEN_TO_CHANGE = frozenset({C.DRAFT, C.SUBMITTED})
