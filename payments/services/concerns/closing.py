"""Open and close concerns, and what statement lines do to them by themselves.

Locks: bank account, payment, concern, proposal, in this order.
"""

import re
from typing import Any

from audit.actions import Action
from audit.services import record
from common.dates import now
from common.errors import DomainError
from common.text import tidy
from common.workflow import next_status
from payments.models import (
    Concern,
    ConcernKind,
    ConcernNote,
    ConcernOutcome,
    Match,
    MatchKind,
    Payment,
)
from payments.workflow import CONCERN_MOVES, ConcernStatus
from people.models import Person

NOTE_LENGTH = 300
_FIGURES = re.compile(r"(?:[0-9][\s\-\u2010-\u2013]*){6}")


def locked(concern_id: int) -> Concern:
    """The concern, held until the end of the transaction."""
    rows = Concern.objects.select_related("organisation", "person", "payment__run")
    return rows.select_for_update(of=("self",)).get(pk=concern_id)


def words_of(text: str, ask: str) -> str:
    """What was typed, if it can be kept: no account figures. `ask` says what to type instead."""
    words = tidy(text)
    if _FIGURES.search(words):
        raise DomainError("Leave account and telephone numbers out of this.")
    if not words or len(words) > NOTE_LENGTH:
        raise DomainError(f"{ask} in at most {NOTE_LENGTH} characters.")
    return words


def close(actor: Person, concern: Concern, outcome: ConcernOutcome) -> None:
    """Close a locked concern and say how it ended. Raises IllegalMove when it is closed already."""
    concern.status = next_status(CONCERN_MOVES, "close", concern.status, what="a concern")
    concern.outcome, concern.closed_by, concern.closed_at = outcome, actor, now()
    concern.save()
    keep(actor, Action.CONCERN_CLOSED, concern, outcome=str(outcome))


def reopen(actor: Person, concern: Concern, words: str) -> None:
    """Open a locked concern again, with a note that says why."""
    concern.status = next_status(CONCERN_MOVES, "open again", concern.status, what="a concern")
    concern.outcome, concern.closed_by, concern.closed_at = "", None, None
    concern.save()
    ConcernNote.objects.create(concern=concern, by=actor, words=words)
    keep(actor, Action.CONCERN_REOPENED, concern)


def keep(actor: Person, action: Action, concern: Concern, **details: Any) -> None:
    """One event of the trail about a concern."""
    record(
        actor=actor,
        action=action,
        subject=concern,
        organisation_id=concern.organisation_id,
        about=concern.person,
        kind=str(concern.kind),
        **details,
    )


def came_back(actor: Person, payment: Payment) -> None:
    """The bank sent a payment back: whoever missed it has their answer (the message is the return's own)."""
    missed = Concern.objects.filter(payment=payment, kind=ConcernKind.NOT_ARRIVED, status=ConcernStatus.OPEN)
    for concern in missed.select_for_update():
        close(actor, concern, ConcernOutcome.CAME_BACK)


def match_undone(actor: Person, made: Match) -> None:
    """A match turned out wrong: what it had closed is open again."""
    ended = Concern.objects.select_for_update().filter(status=ConcernStatus.CLOSED)
    if made.kind == MatchKind.REPAYMENT:
        repaid = ended.filter(repayments__match=made, outcome=ConcernOutcome.REPAID)
        for concern in repaid:
            reopen(actor, concern, "A repayment was matched to the wrong line of the bank.")
    elif made.kind == MatchKind.RETURN:
        back = ended.filter(payment=made.payment, outcome=ConcernOutcome.CAME_BACK)
        for concern in back.order_by("-pk")[:1]:
            reopen(actor, concern, "The bank had not sent this payment back after all.")
