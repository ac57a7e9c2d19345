"""Why a line pays less than was asked, in one short sentence for somebody who is tired."""

from decimal import Decimal

from claims.pricing.vocabulary import CapPer, Kind
from common.money import money_text, rounded

_COVERS = {
    Kind.MILEAGE: "mileage",
    Kind.PASSENGER: "your passenger",
    Kind.FARE: "your fare",
    Kind.PARKING: "parking",
    Kind.CARE: "care",
    Kind.SUPPORT: "support",
    Kind.SUBSISTENCE: "food and drink",
    Kind.ACCOMMODATION: "your overnight stay",
    Kind.ONLINE: "meeting online",
    Kind.PRINTING: "printing",
    Kind.TIME: "your time",
    Kind.OTHER: "other costs",
}
_OVER = {
    CapPer.LINE: "",
    CapPer.HOUR: " for each hour",
    CapPer.DAY: " in one day",
    CapPer.CLAIM: " in one claim",
}

DECLINED = "You chose not to take this money."
RECEIPT_NEEDED = "We need the receipt, or a few words about why there is none, to pay this."


def plain(number: Decimal) -> str:
    """A number without needless zeros: `24`, `4.5`."""
    return f"{number.normalize():f}"


def receipt_needed_over(limit: Decimal, currency: str) -> str:
    """For amounts above `limit` minor units without a receipt."""
    over = money_text(rounded(limit), currency)
    return f"For more than {over} we need the receipt, or a few words about why there is none."


def same_paper(claim: str, line: str) -> str:
    """For the second line that shows the same receipt."""
    return f"The same receipt is already on claim {claim}, line {line}."


def covered(by: Kind) -> str:
    """For a line that another line of the same day already covers."""
    return f"The money for {_COVERS[by]} that day already covers this."


def covered_before(minor: int, currency: str) -> str:
    """For a line that covers something that was paid by itself before."""
    return f"{money_text(minor, currency)} of this was already paid on another line for that day."


def funded(minor: int, currency: str) -> str:
    """For a line that somebody else pays in full."""
    return f"Somebody else pays {money_text(minor, currency)} of this, so nothing is left for us to pay."


def not_due(hours: Decimal) -> str:
    """For a fee that a cancellation in good time ended."""
    return f"This was cancelled at least {plain(hours)} hours before, so there is no money for the time."


def late_share(hours: Decimal, share: Decimal) -> str:
    """For a fee of which a late cancellation leaves a part."""
    part = f"{plain(share * 100)}%" if share else "none"
    return f"This was cancelled less than {plain(hours)} hours before, so {part} of the money is due."


def most(limit: Decimal, per: CapPer, used: int, currency: str) -> str:
    """For a line above a cap of `limit` minor units, `used` of which went to earlier lines."""
    return f"The most we can pay for this{_OVER[per]} is {_amount(limit, used, currency)}."


def most_away(limit: Decimal, over: Decimal, used: int, currency: str) -> str:
    """For a line above the cap for the hours somebody was away that day."""
    amount = _amount(limit, used, currency)
    return f"The most we can pay for this when you are away over {plain(over)} hours is {amount}."


def not_away_long_enough(over: Decimal, away: Decimal) -> str:
    """For a line that is paid only to people who were away longer."""
    return f"We can pay this when you are away over {plain(over)} hours, and you were away {plain(away)}."


def _amount(limit: Decimal, used: int, currency: str) -> str:
    most_of_all = money_text(rounded(limit), currency)
    if not used:
        return most_of_all
    return f"{most_of_all}, and {money_text(used, currency)} of it is on another line"
