"""A cheque that the bank's statement shows as cashed."""

import re

from common.errors import DomainError
from common.money import money_text
from payments.models import HandOver, Match, MatchKind, StatementLine
from payments.workflow import Method


def cash_cheque(line: StatementLine, note: str) -> None:
    """Write down the day on which a cheque of exactly this amount was cashed, in the caller's step.

    The number in the line or in the note tells it from others of the same amount. Raises DomainError.
    """
    organisation = line.account.organisation
    out = list(
        HandOver.objects.select_for_update().filter(
            organisation=organisation,
            payment__method=Method.CHEQUE,
            payment__amount=-line.amount,
            ended="",
            collected_on__isnull=True,
        )
    )
    text = f"{line.description} {line.reference} {note}"
    named = [each for each in out if stands_in(each.serial, text)] or out
    if len(named) != 1:
        amount = money_text(-line.amount, organisation.currency)
        raise DomainError(
            f"No cheque of {amount} is out."
            if not named
            else f"{len(named)} cheques of {amount} are out. Write the number of the one cashed in the note."
        )
    [cashed] = named
    cashed.collected_on = max(line.date, cashed.day)
    cashed.cashed_by = line
    cashed.save(update_fields=["collected_on", "cashed_by"])


def stands_in(serial: str, text: str) -> bool:
    """Is this number there, whole and not as a part of another?"""
    return re.search(rf"(?<!\w){re.escape(serial)}(?!\w)", text, re.IGNORECASE) is not None


def not_cashed(undone: Match) -> None:
    """The line was no cheque after all: the one that it showed is out again."""
    if undone.kind == MatchKind.CHEQUE:
        HandOver.objects.filter(cashed_by=undone.line_id).update(collected_on=None, cashed_by=None)
