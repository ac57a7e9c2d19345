"""Correct a line until it is decided: what it says, and which paper shows it."""

from datetime import date
from decimal import Decimal

from moneyed import Money

from audit.actions import Action
from audit.services import step
from claims.models import Claim, ClaimLine
from claims.pricing_rows import LOST
from claims.services.claim_steps import (
    LONGEST_RECEIPT,
    bump,
    estimate_again,
    locked_line,
    refuse_stale,
    short,
)
from claims.workflow import LINE_MOVES, OPEN_TO_CHANGE, UNDECIDED, LineStatus
from common.errors import DomainError, IllegalMove
from common.workflow import next_status
from people.models import Person


@step(returns=ClaimLine)
def change_line(
    *,
    actor: Person,
    line_id: int,
    on: date,
    quantity: Decimal | None = None,
    unit: str = "",
    spent: Money | None = None,
    funded_elsewhere: Money | None = None,
    hours_away: Decimal | None = None,
    note: str = "",
    expected_version: int | None = None,
    key: str = "",
) -> ClaimLine:
    """Say again what a line is; all of it but its kind, its receipt and the answer to an offer.

    Changing a line that was asked about answers the question. Raises PricingError with what is missing.
    """
    claim, line = _open(actor, line_id, expected_version)
    line.date = on
    line.quantity, line.unit = quantity, unit
    line.spent, line.funded_elsewhere = spent, funded_elsewhere
    line.hours_away = hours_away
    line.note = short(note)
    return _save(actor, claim, line)


@step(returns=ClaimLine)
def show_receipt(
    *,
    actor: Person,
    line_id: int,
    receipt: str = "",
    lost_because: str = "",
    expected_version: int | None = None,
    key: str = "",
) -> ClaimLine:
    """Name the paper that shows a line, or say why there is none.

    `receipt` is the handle of a file that was sent, or of a paper that comes by post.
    """
    claim, line = _open(actor, line_id, expected_version)
    if lost_because:
        line.receipt, line.note = LOST, short(lost_because)
    else:
        line.receipt = short(receipt, LONGEST_RECEIPT)
    if not line.receipt or (line.receipt == LOST and not lost_because):
        raise DomainError("Name the receipt, or say why there is none.")
    return _save(actor, claim, line)


def _open(actor: Person, line_id: int, expected_version: int | None) -> tuple[Claim, ClaimLine]:
    """The claim and a line of it that nobody has decided, under lock."""
    claim, line = locked_line(actor, line_id)
    refuse_stale(claim, expected_version)
    if claim.status not in OPEN_TO_CHANGE:
        raise IllegalMove(f"Cannot change a claim that is {claim.status}.")
    if line.status not in UNDECIDED:
        raise IllegalMove(f"Cannot change a line that is {line.status}.")
    return claim, line


def _save(actor: Person, claim: Claim, line: ClaimLine) -> ClaimLine:
    if line.status == LineStatus.QUERIED:
        line.status = next_status(LINE_MOVES, "answer", line.status, what="a question about a line")
        line.reason = ""
    line.save()
    estimate_again(claim)
    bump(actor, Action.LINE_CHANGED, claim, line=line.position)
    line.refresh_from_db()
    return line
