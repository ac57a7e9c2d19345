"""Why a line comes to what it comes to, where nothing was taken off: “25 miles at 55p”."""

from decimal import Decimal

from claims.models import ClaimLine, Rate
from claims.pricing.vocabulary import Method
from claims.words import quantity_text
from common.money import digits, money_text, rounded


def basis(line: ClaimLine) -> str:
    """How the policy works a line out, in a few words for its contributor."""
    rate, counted = line.rate, quantity_text(line.quantity, line.unit)
    if rate.method == Method.ACTUAL:
        return "What was paid, less what somebody else paid." if line.funded_elsewhere else "What was paid."
    if rate.method == Method.PER_UNIT:
        return f"{counted} at {rate_text(rate.amount, line.claim.currency)}."
    if rate.method == Method.TIER:
        return _tier(rate, line, counted)
    return f"Our rate for {counted}." if counted else "Our rate for this."


def _tier(rate: Rate, line: ClaimLine, counted: str) -> str:
    first, then = rate_text(rate.amount, line.claim.currency), rate_text(rate.then, line.claim.currency)
    major = (rate.amount or Decimal(0)) * (line.quantity or Decimal(0))
    if line.estimate == rounded(major * 10 ** digits(line.claim.currency)):
        return f"{counted} at {first}."
    return f"{first} for the first {rate.first:,.0f} miles in a tax year, then {then}."


def rate_text(amount: Decimal | None, currency: str) -> str:
    """A rate as people say it: 55p, 24.5p, £27.50."""
    minor = (amount or Decimal(0)) * 10 ** digits(currency)
    if currency == "GBP" and minor < 100:
        return f"{minor.normalize():f}p"
    return money_text(rounded(minor), currency)
