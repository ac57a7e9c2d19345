"""What makes a policy usable: the shape of every row, and no overlap and no hole between rows."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from graphlib import CycleError
from itertools import pairwise

from claims.pricing.policy import NOT_USED, Policy, PolicyError, Rate
from claims.pricing.vocabulary import (
    CapPer,
    Kind,
    Method,
    NotInVocabulary,
    Receipt,
    Unit,
    check_mode,
    units_of,
)
from common.money import AmountError, digits

LARGEST_AMOUNT = Decimal(10) ** 7
LONGEST_NOTICE = Decimal(9999)  # hours: more than a year
WHOLE_FEE = Decimal(1)
# A rate per mile or hour may be finer than a penny, as 45.5p is.
PLACES = {"amount": 4, "then": 4, "first": 2, "size": 2}
USES: dict[Method, frozenset[str]] = {
    Method.PER_UNIT: frozenset({"amount"}),
    Method.TIER: frozenset({"amount", "first", "then"}),
    Method.BAND: frozenset({"bands"}),
    Method.BLOCK: frozenset({"amount", "size"}),
    Method.FLAT: frozenset({"amount"}),
    Method.ACTUAL: frozenset(),
}
_MAY_BE_ZERO = frozenset({"then"})  # nothing more after the first miles is a policy; a free mile is a slip


def check(policy: Policy) -> Policy:
    """Return the policy when every rule holds. Raises PolicyError with every problem."""
    if problems := [*_top_problems(policy), *_row_problems(policy), *_calendar_problems(policy)]:
        raise PolicyError(problems)
    return policy


def _top_problems(policy: Policy) -> Iterator[str]:
    if not policy.name.strip():
        yield "name: say what the policy is called."
    try:
        digits(policy.currency)
    except AmountError as error:
        yield f"currency: {error}"
    yield from _cancellation_problems(policy)
    if not policy.rates:
        yield "rate: the policy has no [[rate]] row."
    try:
        _ = policy.turn
    except CycleError as error:
        yield f"excludes: {' and '.join(sorted(set(error.args[1])))} may not cover each other or themselves."


def _cancellation_problems(policy: Policy) -> Iterator[str]:
    """Zero is a policy in both: no notice is late, or nothing is due for a late one."""
    hours, share = policy.late_cancellation_hours, policy.late_cancellation_share
    if hours != 0:
        yield from _number_problems("late_cancellation_hours", hours, 2, LONGEST_NOTICE)
    if share != 0:
        yield from _number_problems("late_cancellation_share", share, 4, WHOLE_FEE)


def _row_problems(policy: Policy) -> Iterator[str]:
    for number, rate in enumerate(policy.rates, start=1):
        for rule in _ROW_RULES:
            for problem in rule(rate):
                yield f"Rate row {number} ({rate.title}): {problem}"


def _kind_problems(rate: Rate) -> Iterator[str]:
    try:
        check_mode(rate.kind, rate.mode)
    except NotInVocabulary as error:
        yield f"mode: {error}"
    if rate.ends is not None and rate.ends < rate.starts:
        yield f"to: {rate.ends} is before from, {rate.starts}."
    if rate.method == Method.TIER and rate.kind != Kind.MILEAGE:
        yield "method: tier counts the miles of a tax year, so it prices only mileage."
    if len(set(rate.excludes)) < len(rate.excludes):
        yield "excludes: a kind is named twice."


def _amount_problems(rate: Rate) -> Iterator[str]:
    for key, places in PLACES.items():
        value: Decimal = getattr(rate, key)
        if key not in USES[rate.method]:
            if value != NOT_USED:
                yield f"{key}: is not used by method {rate.method}."
        elif not (key in _MAY_BE_ZERO and value == 0):
            yield from _number_problems(key, value, places)


def _number_problems(
    key: str, value: Decimal, places: int, largest: Decimal = LARGEST_AMOUNT
) -> Iterator[str]:
    if not value.is_finite() or not 0 < value <= largest:
        yield f"{key}: must be above zero and at most {largest:,}."
    elif value != value.quantize(Decimal(1).scaleb(-places)):
        yield f"{key}: has at most {places} decimal places."


def _band_problems(rate: Rate) -> Iterator[str]:
    if bool(rate.bands) != (rate.method == Method.BAND):
        what = "is not used by" if rate.bands else "at least one is needed for"
        yield f"bands: {what} method {rate.method}."
    for band in rate.bands:
        yield from _number_problems("bands: amount", band.amount, 2)
    bounds = [band.up_to for band in rate.bands if band.up_to is not None]
    if any(band.up_to is None for band in rate.bands[:-1]):
        yield "bands: only the last band may have no up_to."
    for bound in bounds:
        yield from _number_problems("bands: up_to", bound, 2)
    for lower, upper in pairwise(bounds):
        if upper <= lower:
            yield f"bands: up_to must rise from band to band, and {upper} comes after {lower}."


def _only_actual_problems(rate: Rate) -> Iterator[str]:
    for key in ("cap", "caps", "required_over"):
        if rate.method != Method.ACTUAL and getattr(rate, key) not in (None, ()):
            yield f"{key}: is used only by method actual, because it looks at what was spent."


def _cap_problems(rate: Rate) -> Iterator[str]:
    if rate.cap is not None:
        yield from _number_problems("cap", rate.cap, 2)
    elif rate.cap_per != CapPer.LINE:
        yield "cap_per: there is no cap."
    if rate.cap_per == CapPer.HOUR and Unit.HOUR not in units_of(rate.kind):
        yield f"cap_per: {rate.kind} is not counted in hours."


def _caps_problems(rate: Rate) -> Iterator[str]:
    for cap in rate.caps:
        yield from _number_problems("caps: amount", cap.amount, 2)
        if cap.over != 0:
            yield from _number_problems("caps: over", cap.over, 2)
    if len({cap.over for cap in rate.caps}) < len(rate.caps):
        yield "caps: two rows have the same over."


def _receipt_problems(rate: Rate) -> Iterator[str]:
    if rate.required_over is None:
        return
    if rate.receipt != Receipt.NO:
        yield "required_over: stands instead of receipt; take one of them away."
    if rate.required_over != 0:
        yield from _number_problems("required_over", rate.required_over, 2)


_ROW_RULES: tuple[Callable[[Rate], Iterator[str]], ...] = (
    _kind_problems,
    _amount_problems,
    _band_problems,
    _only_actual_problems,
    _cap_problems,
    _caps_problems,
    _receipt_problems,
)


def _calendar_problems(policy: Policy) -> Iterator[str]:
    """Rows of one kind and mode follow each other without overlap and without hole."""
    for positions in policy.positions.values():
        for earlier, later in pairwise(positions):
            first, second = policy.rates[earlier], policy.rates[later]
            rows = (
                f"Rate rows {earlier + 1} ({first.title}, {first.period}) "
                f"and {later + 1} ({second.title}, {second.period})"
            )
            if first.ends is None or first.ends >= second.starts:
                until = _earlier_end(first.ends, second.ends)
                yield f"{rows} overlap from {second.starts}{until}."
            elif first.ends + timedelta(days=1) < second.starts:
                gap_from, gap_to = first.ends + timedelta(days=1), second.starts - timedelta(days=1)
                yield f"{rows} leave a hole from {gap_from} to {gap_to}."


def _earlier_end(first: date | None, second: date | None) -> str:
    ends = [day for day in (first, second) if day is not None]
    return f" to {min(ends)}" if ends else ""
