"""The closed vocabularies of pricing: kinds, modes, units, methods, and which of them go together."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from common.errors import DomainError


class Kind(StrEnum):
    """What a claim line is for."""

    MILEAGE = "mileage"
    PASSENGER = "passenger"
    FARE = "fare"
    PARKING = "parking"
    CARE = "care"
    SUPPORT = "support"
    SUBSISTENCE = "subsistence"
    ACCOMMODATION = "accommodation"
    ONLINE = "online"
    PRINTING = "printing"
    TIME = "time"
    OTHER = "other"


class Mode(StrEnum):
    """The variety of a kind that may have a rate of its own; `MODES_OF` says which belongs where."""

    CAR = "car"
    MOTORCYCLE = "motorcycle"
    BICYCLE = "bicycle"
    BUS = "bus"
    TRAIN = "train"
    TRAM = "tram"
    FERRY = "ferry"
    TAXI = "taxi"
    SESSION = "session"
    PREPARATION = "preparation"
    PRE_MEETING = "pre_meeting"
    CHAIRING = "chairing"
    MINUTES = "minutes"
    DEBRIEF = "debrief"
    CHECK_IN = "check_in"
    TRAINING = "training"
    TRAVEL = "travel"
    CHILD = "child"
    ADULT = "adult"


class Unit(StrEnum):
    """What a quantity counts."""

    MILE = "mile"
    HOUR = "hour"
    MEETING = "meeting"


class Method(StrEnum):
    """How a rate row turns a line into money."""

    PER_UNIT = "per_unit"
    TIER = "tier"
    BAND = "band"
    BLOCK = "block"
    FLAT = "flat"
    ACTUAL = "actual"


class Boundary(StrEnum):
    """Where a quantity exactly on the edge of a band belongs: this band, or the next."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"


class CapPer(StrEnum):
    """What a cap is counted over."""

    LINE = "line"
    HOUR = "hour"
    DAY = "day"
    CLAIM = "claim"


class Receipt(StrEnum):
    """Whether every line of a rate row needs a receipt."""

    REQUIRED = "required"
    NO = "no"


class CountsAs(StrEnum):
    """Money for time, or money back for costs; never both in one line."""

    FEE = "fee"
    EXPENSE = "expense"


MODES_OF: dict[Kind, tuple[Mode, ...]] = {
    Kind.MILEAGE: (Mode.CAR, Mode.MOTORCYCLE, Mode.BICYCLE),
    Kind.FARE: (Mode.BUS, Mode.TRAIN, Mode.TRAM, Mode.FERRY, Mode.TAXI),
    Kind.TIME: (
        Mode.SESSION,
        Mode.PREPARATION,
        Mode.PRE_MEETING,
        Mode.CHAIRING,
        Mode.MINUTES,
        Mode.DEBRIEF,
        Mode.CHECK_IN,
        Mode.TRAINING,
        Mode.TRAVEL,
    ),
    Kind.CARE: (Mode.CHILD, Mode.ADULT),
}
# Kinds that are not listed may be counted in any unit.
UNITS_OF: dict[Kind, tuple[Unit, ...]] = {
    Kind.MILEAGE: (Unit.MILE,),
    Kind.PASSENGER: (Unit.MILE,),
    Kind.TIME: (Unit.HOUR,),
    Kind.CARE: (Unit.HOUR,),
    Kind.SUPPORT: (Unit.HOUR, Unit.MEETING),
    Kind.ONLINE: (Unit.MEETING,),
}
_EVERY_UNIT = tuple(Unit)
DECIMAL_PLACES: dict[Unit, int] = {Unit.MILE: 1, Unit.HOUR: 2, Unit.MEETING: 0}
LARGEST_QUANTITY = Decimal(999_999)


class NotInVocabulary(DomainError):
    """A word or a combination of words that the vocabularies do not hold; the message says what fits."""


def choices(words: Iterable[str]) -> str:
    """`car, motorcycle or bicycle`."""
    *rest, last = words
    return f"{', '.join(rest)} or {last}" if rest else last


def units_of(kind: Kind) -> tuple[Unit, ...]:
    """The units in which a kind may be counted."""
    return UNITS_OF.get(kind, _EVERY_UNIT)


def check_mode(kind: Kind, mode: Mode | None) -> None:
    """Refuse a mode that does not belong to the kind; `None` is for rows that price every mode."""
    modes = MODES_OF.get(kind, ())
    if mode is None or mode in modes:
        return
    if not modes:
        raise NotInVocabulary(f"{kind} has no modes, so “{mode}” does not belong here.")
    raise NotInVocabulary(f"“{mode}” is not a mode of {kind}: use {choices(modes)}.")


def check_mode_is_said(kind: Kind, mode: Mode | None) -> None:
    """Refuse a claim line that does not say which mode it is, or says a wrong one."""
    check_mode(kind, mode)
    if mode is None and kind in MODES_OF:
        raise NotInVocabulary(f"{kind} needs a mode: {choices(MODES_OF[kind])}.")


def check_unit(kind: Kind, unit: Unit | None) -> None:
    """Refuse hours of mileage and miles of meetings."""
    units = units_of(kind)
    if unit is not None and unit not in units:
        raise NotInVocabulary(f"{kind} is not counted in {unit}s: use {choices(units)}.")


def check_quantity(quantity: Decimal | None, unit: Unit | None) -> None:
    """Refuse a quantity of zero or less, too exact for its unit, or without a unit (and a unit alone)."""
    if quantity is None and unit is None:
        return
    if quantity is None:
        raise NotInVocabulary(f"A number of {unit}s is missing.")
    if unit is None:
        raise NotInVocabulary(f"{quantity} needs a unit: {choices(Unit)}.")
    if not quantity.is_finite() or not 0 < quantity <= LARGEST_QUANTITY:
        raise NotInVocabulary(f"The number of {unit}s must be above zero and at most {LARGEST_QUANTITY:,}.")
    places = DECIMAL_PLACES[unit]
    if quantity != quantity.quantize(Decimal(1).scaleb(-places)):
        raise NotInVocabulary(f"A number of {unit}s has at most {places} decimal places.")
