"""What somebody can claim, in the words of the journey: one entry for each thing with a page of its own."""

from dataclasses import dataclass
from datetime import date

from claims.pricing.policy import Policy, Rate
from claims.pricing.vocabulary import Kind, Mode, Unit


@dataclass(frozen=True)
class Cost:
    """One thing to claim. `asks` and `asks_for` are the question to oneself and about somebody else."""

    code: str
    kind: Kind
    mode: Mode | None
    label: str
    asks: str
    asks_for: str
    hint: str = ""

    @property
    def is_journey(self) -> bool:
        """Could it be doubled for the way back?"""
        return self.kind in (Kind.FARE, Kind.MILEAGE, Kind.PASSENGER)

    @property
    def unit(self) -> Unit:
        """What it is counted in, where it is counted."""
        if self.kind in (Kind.MILEAGE, Kind.PASSENGER):
            return Unit.MILE
        return Unit.MEETING if self.kind == Kind.ONLINE else Unit.HOUR


def _fare(mode: Mode, name: str) -> Cost:
    return Cost(
        code=mode,
        kind=Kind.FARE,
        mode=mode,
        label=f"{name} fare",
        asks=f"How much was the {name.lower()} fare?",
        asks_for=f"How much was {{name}}’s {name.lower()} fare?",
    )


def _miles(mode: Mode, label: str, name: str) -> Cost:
    return Cost(
        code=mode,
        kind=Kind.MILEAGE,
        mode=mode,
        label=label,
        asks=f"How many miles was it by {name}?",
        asks_for=f"How many miles did {{name}} go by {name}?",
    )


COSTS: tuple[Cost, ...] = (
    _fare(Mode.BUS, "Bus"),
    _fare(Mode.TRAIN, "Train"),
    _fare(Mode.TAXI, "Taxi"),
    _miles(Mode.CAR, "Driving a car", "car"),
    _fare(Mode.TRAM, "Tram"),
    _fare(Mode.FERRY, "Ferry"),
    _miles(Mode.MOTORCYCLE, "Riding a motorcycle", "motorcycle"),
    _miles(Mode.BICYCLE, "Cycling", "bicycle"),
    Cost(
        "passenger",
        Kind.PASSENGER,
        None,
        "A passenger in the car",
        "How many miles did the passenger come with you?",
        "How many miles did the passenger come with {name}?",
        "Somebody who took part as well and came in the same car",
    ),
    Cost(
        "parking",
        Kind.PARKING,
        None,
        "Parking",
        "How much was the parking?",
        "How much was {name}’s parking?",
    ),
    Cost(
        "child",
        Kind.CARE,
        Mode.CHILD,
        "Care for a child",
        "What did the care for the child cost?",
        "What did the care for {name}’s child cost?",
        "Somebody looked after a child in the meantime",
    ),
    Cost(
        "adult",
        Kind.CARE,
        Mode.ADULT,
        "Care for an adult",
        "What did the care for the adult cost?",
        "What did the care for the adult cost {name}?",
        "Somebody looked after an adult in the meantime",
    ),
    Cost(
        "support",
        Kind.SUPPORT,
        None,
        "A support worker",
        "What did your support worker cost?",
        "What did {name}’s support worker cost?",
        "Somebody who helped with taking part, or their ticket",
    ),
    Cost(
        "food",
        Kind.SUBSISTENCE,
        None,
        "Food and drink",
        "What did your food and drink cost?",
        "What did {name}’s food and drink cost?",
    ),
    Cost(
        "overnight",
        Kind.ACCOMMODATION,
        None,
        "A night away",
        "What did the night away cost?",
        "What did {name}’s night away cost?",
    ),
    Cost(
        "online",
        Kind.ONLINE,
        None,
        "Taking part online",
        "Did you take part online?",
        "Did {name} take part online?",
        "For internet, telephone and electricity",
    ),
    Cost(
        "printing",
        Kind.PRINTING,
        None,
        "Printing",
        "What did the printing cost?",
        "What did {name}’s printing cost?",
    ),
    Cost(
        "other",
        Kind.OTHER,
        None,
        "Something else",
        "What else did it cost you?",
        "What else did it cost {name}?",
    ),
)
MORE_TRAVEL = frozenset({"tram", "ferry", "motorcycle", "bicycle", "passenger"})
BY_CODE = {cost.code: cost for cost in COSTS}


def cost_of(kind: str, mode: str) -> Cost | None:
    """The entry of a saved line; None for time, and for a kind that the journey does not know."""
    return next((cost for cost in COSTS if cost.kind == kind and (cost.mode or "") == mode), None)


def rate_for(policy: Policy, kind: Kind, mode: Mode | None, on: date) -> Rate | None:
    """The rate row that prices this on a day, if the policy has one."""
    position = policy.position(kind, mode, on)
    return None if position is None else policy.rates[position]


def on_offer(policy: Policy, on: date) -> list[Cost]:
    """What the policy pays something for on a day: nothing else is asked about."""
    return [cost for cost in COSTS if rate_for(policy, cost.kind, cost.mode, on) is not None]
