"""What leads most often have to say about a line, in words that a tired person understands.

A closed list, so that two people are told the same in the same case; the lead's own words come after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.models import CountsAs, Outcome

COST, TIME = CountsAs.EXPENSE, CountsAs.FEE
PART, NONE, ASK = Outcome.REDUCE, Outcome.REFUSE, Outcome.ASK


@dataclass(frozen=True)
class StandardReason:
    """One sentence the contributor reads, and for which outcome and kind of line it may be chosen."""

    code: str
    outcome: Outcome
    counts_as: CountsAs
    words: str


STANDARD_REASONS: Sequence[StandardReason] = (
    StandardReason("cost-part-receipt", PART, COST, "The receipt is for less than you asked for."),
    StandardReason("cost-part-other", PART, COST, "Part of this was for something else."),
    StandardReason("cost-part-elsewhere", PART, COST, "Somebody else already pays part of this."),
    StandardReason("cost-part-agreed", PART, COST, "We had agreed a lower amount before you came."),
    StandardReason("cost-none-paid", NONE, COST, "We already pay this on another claim."),
    StandardReason("cost-none-other", NONE, COST, "This was not for this work."),
    StandardReason("cost-none-elsewhere", NONE, COST, "Somebody else already pays for this."),
    StandardReason("cost-none-agreed", NONE, COST, "This cost has to be agreed before you spend the money."),
    StandardReason("cost-ask-receipt", ASK, COST, "Please send us the receipt."),
    StandardReason("cost-ask-unclear", ASK, COST, "We cannot read the receipt. Please send it again."),
    StandardReason("cost-ask-what", ASK, COST, "Please tell us what this was for."),
    StandardReason("cost-ask-day", ASK, COST, "Please tell us which day this was."),
    StandardReason("time-part-shorter", PART, TIME, "It took less time than was planned."),
    StandardReason("time-part-there", PART, TIME, "You were there for part of the time."),
    StandardReason("time-none-place", NONE, TIME, "This did not take place."),
    StandardReason("time-none-there", NONE, TIME, "Our list does not show that you were there."),
    StandardReason("time-none-twice", NONE, TIME, "This time is on another claim as well."),
    StandardReason("time-ask-long", ASK, TIME, "Please tell us how long this took."),
    StandardReason("time-ask-what", ASK, TIME, "Please tell us what you did in this time."),
    StandardReason("time-ask-day", ASK, TIME, "Please tell us which day this was."),
)

_WORDS = {reason.code: reason.words for reason in STANDARD_REASONS}


def reasons_for(outcome: Outcome, counts_as: CountsAs) -> list[tuple[str, str]]:
    """What may be chosen for this outcome of this kind of line: (code, words)."""
    wanted = (outcome, counts_as)
    return [(each.code, each.words) for each in STANDARD_REASONS if (each.outcome, each.counts_as) == wanted]


def in_words(code: str, own_words: str) -> str:
    """The standard sentence, the lead's own words, or both."""
    return f"{_WORDS.get(code, '')} {own_words}".strip()
