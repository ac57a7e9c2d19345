"""What each method makes of a line, before anything is taken off: exact minor units, not yet rounded."""

from collections.abc import Callable
from decimal import ROUND_CEILING, Decimal

from claims.pricing.lines import ClaimLine, LineRefused
from claims.pricing.policy import Rate
from claims.pricing.vocabulary import Boundary, Method, choices, units_of

ZERO = Decimal(0)


def full_amount(rate: Rate, line: ClaimLine, *, high_miles: Decimal, scale: int) -> Decimal:
    """The policy's price of a line in minor units (`scale` of them to the whole unit), not rounded.

    Raises LineRefused when the line lacks what the method needs, or lies beyond a closed last band.
    """
    if rate.method == Method.ACTUAL:
        return _spent(line)
    return _METHODS[rate.method](rate, line, high_miles) * scale


def high_miles(rate: Rate, line: ClaimLine, miles_before: Decimal) -> Decimal:
    """How many units of a line fall below the threshold of a tier; none for the other methods."""
    if rate.method != Method.TIER:
        return ZERO
    return max(ZERO, min(quantity_of(line), rate.first - miles_before))


def quantity_of(line: ClaimLine) -> Decimal:
    """The quantity of a line that is priced by it. Raises LineRefused when there is none."""
    if line.quantity is None:
        units = choices(f"{unit}s" for unit in units_of(line.kind))
        raise LineRefused(f"{line.kind} needs a quantity: how many {units}.")
    return line.quantity


def _spent(line: ClaimLine) -> Decimal:
    if line.amount is None:
        raise LineRefused(f"{line.kind} needs an amount: what was spent.")
    return Decimal(line.amount)


def _per_unit(rate: Rate, line: ClaimLine, _: Decimal) -> Decimal:
    return rate.amount * quantity_of(line)


def _tier(rate: Rate, line: ClaimLine, high: Decimal) -> Decimal:
    return rate.amount * high + rate.then * (quantity_of(line) - high)


def _band(rate: Rate, line: ClaimLine, _: Decimal) -> Decimal:
    quantity = quantity_of(line)
    inclusive = rate.boundary == Boundary.INCLUSIVE
    for band in rate.bands:
        if band.up_to is None or quantity < band.up_to or (inclusive and quantity == band.up_to):
            return band.amount
    raise LineRefused(f"{quantity} {line.unit}s is beyond the last band of the policy for {rate.title}.")


def _block(rate: Rate, line: ClaimLine, _: Decimal) -> Decimal:
    return rate.amount * (quantity_of(line) / rate.size).to_integral_value(ROUND_CEILING)


def _flat(rate: Rate, line: ClaimLine, _: Decimal) -> Decimal:
    return rate.amount


_METHODS: dict[Method, Callable[[Rate, ClaimLine, Decimal], Decimal]] = {
    Method.PER_UNIT: _per_unit,
    Method.TIER: _tier,
    Method.BAND: _band,
    Method.BLOCK: _block,
    Method.FLAT: _flat,
}
