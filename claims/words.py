"""What a claim line is for, in the words people use for it."""

from decimal import Decimal

from claims.pricing.vocabulary import Kind, Mode, Unit

_KIND = {
    Kind.MILEAGE: "Miles travelled",
    Kind.PASSENGER: "Passenger",
    Kind.FARE: "Fare",
    Kind.PARKING: "Parking",
    Kind.CARE: "Care while you were away",
    Kind.SUPPORT: "Support worker",
    Kind.SUBSISTENCE: "Food and drink",
    Kind.ACCOMMODATION: "Overnight stay",
    Kind.ONLINE: "Taking part online",
    Kind.PRINTING: "Printing",
    Kind.TIME: "Time",
    Kind.OTHER: "Other cost",
}
MODE_WORDS = {
    Mode.CAR: "by car",
    Mode.MOTORCYCLE: "by motorcycle",
    Mode.BICYCLE: "by bicycle",
    Mode.BUS: "bus",
    Mode.TRAIN: "train",
    Mode.TRAM: "tram",
    Mode.FERRY: "ferry",
    Mode.TAXI: "taxi",
    Mode.SESSION: "session",
    Mode.PREPARATION: "preparation",
    Mode.PRE_MEETING: "pre-meeting",
    Mode.CHAIRING: "chairing",
    Mode.MINUTES: "taking minutes",
    Mode.DEBRIEF: "de-brief",
    Mode.CHECK_IN: "check-in",
    Mode.TRAINING: "training",
    Mode.TRAVEL: "travelling",
    Mode.CHILD: "for a child",
    Mode.ADULT: "for an adult",
}
_UNIT = {Unit.MILE: "mile", Unit.HOUR: "hour", Unit.MEETING: "meeting"}


def line_title(kind: str, mode: str) -> str:
    """`fare`, `bus` as “Bus fare”; `mileage`, `car` as “Miles travelled by car”; `time`, `session` as
    “Time, session”. Every page says it in these words, so that people find what they claimed again.
    """
    what = _KIND.get(Kind(kind), kind) if kind in list(Kind) else kind
    how = mode_words(mode)
    if not how:
        return what
    if kind == Kind.FARE:
        return f"{how.capitalize()} fare"
    if kind == Kind.CARE:
        return f"Care {how}"
    return f"{what} {how}" if how.startswith("by ") else f"{what}, {how}"


def mode_words(mode: str) -> str:
    """`bus` as “bus”, `car` as “by car”."""
    return MODE_WORDS.get(Mode(mode), mode) if mode in list(Mode) else mode


def quantity_text(quantity: Decimal | None, unit: str) -> str:
    """“24 miles”, “1 hour”, “2.5 hours”; empty without a quantity."""
    if quantity is None:
        return ""
    number = f"{quantity.normalize():f}"
    word = _UNIT.get(Unit(unit), unit) if unit in list(Unit) else unit
    return f"{number} {word}{'' if number == '1' or not word else 's'}".strip()
