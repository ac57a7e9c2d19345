"""The forms of one line of a claim. What they ask follows from the rate that prices the answer."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from claims.journey.costs import Cost
from claims.models import ClaimLine
from claims.pricing.lines import PricingError
from claims.pricing.policy import Rate
from claims.pricing.vocabulary import CapPer, Kind, Method, Mode, Unit
from claims.words import MODE_WORDS
from common.dates import today
from common.errors import DomainError
from common.money import from_minor, to_minor
from people.forms import DayField, MoneyField, NumberField, PickField, PlainForm, TextField, TickField

MOST_HOURS = Decimal(24)
MOST_MILES = Decimal(1500)
QUARTER = Decimal("0.25")  # of an hour
TIMES = (Mode.SESSION, Mode.PREPARATION, Mode.PRE_MEETING, Mode.DEBRIEF, Mode.CHECK_IN, Mode.TRAINING)
MORE_TIMES = (Mode.CHAIRING, Mode.MINUTES, Mode.TRAVEL)


class LineForm(PlainForm):
    """A line of a claim. Sent with `version` where it changes a line that is there."""

    def __init__(self, *args: Any, asks_day: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_day = asks_day

    def _ask_day(self, on: date) -> None:
        self.on = on
        if self.asks_day:
            self.fields["on"] = DayField(
                "the day",
                label="Which day was it?",
                latest=today,
                initial=on,
                help_text="For example, 27 3 2026",
            )

    def refuse(self, error: DomainError, field: str = "") -> None:
        """A price that cannot be worked out is said without the names that files need."""
        if isinstance(error, PricingError):
            said = error.problems[0].partition(f", {self.cleaned_data.get('on', self.on)}: ")[2]
            error = DomainError(f"We cannot work this out: {said}" if said else error.problems[0])
        super().refuse(error, field)


class TimeForm(LineForm):
    """Time that somebody gave, of a kind and a length."""

    def __init__(
        self, *args: Any, on: date, modes: Sequence[str], line: ClaimLine | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if line is None:
            self.fields["mode"] = PickField(
                "what the time was for",
                label="What was the time for?",
                choices=[(mode, MODE_WORDS[Mode(mode)].capitalize()) for mode in modes],
            )
        self.fields["quantity"] = NumberField(
            "the number of hours",
            label="How many hours?",
            unit="hours",
            places=2,
            least=QUARTER,
            most=MOST_HOURS,
            initial=line.quantity if line else None,
            help_text="For an hour and a half, write 1.5",
        )
        self._ask_day(on)

    def arguments(self) -> dict[str, Any]:
        """What the service needs to know of time."""
        asked = super().arguments()
        return {"on": self.on} | asked | {"unit": Unit.HOUR}


class CostForm(LineForm):
    """A cost. Which fields it has follows from how the policy pays for it."""

    def __init__(
        self,
        *args: Any,
        cost: Cost,
        rate: Rate,
        currency: str,
        question: str,
        on: date,
        line: ClaimLine | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cost, self.currency, self.line = cost, currency, line
        for name, make in _fields(cost, rate, currency).items():
            if name != "back" or line is None:
                self.fields[name] = make()
        self._ask_day(on)
        if len(asked := self.visible_fields()) == 1:
            asked[0].field.label = asked[0].label = question
        if line is not None:
            self._fill_in(line)

    def _fill_in(self, line: ClaimLine) -> None:
        known = {
            "spent": to_minor(line.spent) if line.spent else None,
            "funded_elsewhere": to_minor(line.funded_elsewhere) if line.funded_elsewhere else None,
            "quantity": line.quantity,
            "hours_away": line.hours_away,
            "note": line.note,
        }
        for name in known.keys() & self.fields.keys():
            self.fields[name].initial = known[name]

    def arguments(self) -> dict[str, Any]:
        """What the service needs to know of a cost, doubled where the way back was the same."""
        asked = {"on": self.on} | super().arguments()
        times = 2 if asked.pop("back", None) else 1
        for name in ("spent", "funded_elsewhere"):
            if asked.get(name) is not None:
                asked[name] = from_minor(asked[name] * times, self.currency)
        if self.cost.kind == Kind.ONLINE:
            asked["quantity"] = Decimal(1)
        if asked.get("quantity") is not None:
            asked |= {"quantity": asked["quantity"] * times, "unit": self.cost.unit}
        if self.line is not None:
            asked.setdefault("note", self.line.note)
        return asked


Maker = Callable[[], Any]


def _fields(cost: Cost, rate: Rate, currency: str) -> dict[str, Maker]:
    """What has to be asked about a cost, in the order in which it is asked."""
    actual = rate.method == Method.ACTUAL
    counted = rate.method in (Method.PER_UNIT, Method.TIER, Method.BAND, Method.BLOCK)
    counted = counted or rate.cap_per == CapPer.HOUR or cost.kind == Kind.CARE
    asked: dict[str, Maker] = {}
    if cost.kind == Kind.OTHER:
        asked["note"] = lambda: TextField("what it was", longest=300, label="What was it for?")
    if actual:
        asked["spent"] = lambda: MoneyField(_amount_of(cost), currency=currency, label="Amount")
    if counted and cost.kind != Kind.ONLINE:
        asked["quantity"] = lambda: _quantity(cost)
    if rate.caps:
        asked["hours_away"] = _hours_away
    if actual and cost.kind in (Kind.CARE, Kind.SUPPORT):
        asked["funded_elsewhere"] = lambda: _funded(currency)
    if cost.is_journey:
        asked["back"] = _back
    return asked


def _amount_of(cost: Cost) -> str:
    return f"the {cost.label.lower()}" if cost.kind == Kind.FARE else "what it cost"


def _quantity(cost: Cost) -> NumberField:
    if cost.unit == Unit.MILE:
        return NumberField(
            "the number of miles",
            label="Number of miles",
            unit="miles",
            places=1,
            least=Decimal("0.1"),
            most=MOST_MILES,
        )
    return NumberField(
        "the number of hours",
        label="Number of hours",
        unit="hours",
        places=2,
        least=QUARTER,
        most=Decimal(200),
        help_text="For an hour and a half, write 1.5",
    )


def _hours_away() -> NumberField:
    return NumberField(
        "the number of hours away from home",
        label="Hours away from home that day",
        unit="hours",
        places=2,
        least=QUARTER,
        most=MOST_HOURS,
    )


def _funded(currency: str) -> MoneyField:
    return MoneyField(
        "what somebody else paid",
        currency=currency,
        required=False,
        label="How much of it did somebody else pay? (if anything)",
        help_text="For example, another organisation. Leave this empty if nobody did.",
    )


def _back() -> TickField:
    return TickField(
        "the way back",
        label="Was there a way back?",
        choices=[("same", "The way back was the same: count it twice")],
        required=False,
    )
