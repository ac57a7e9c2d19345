"""Forms in which activities are set up, changed and cancelled, and people are asked to come."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from claims.models import Activity, CancelledBy
from claims.pricing.vocabulary import MODES_OF, Kind
from claims.words import mode_words
from common.dates import LONDON, london_day, now, today
from people.forms import DayField, NumberField, PickField, PlainForm, StampedForm, TextField, TickField
from people.models import Person

_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(am|pm)?", re.ASCII)
NO_MONEY = "none"
LONGEST_TEXT = 2000


class ClockField(TextField):
    """A time of day as people write it: 10, 10am, 10.30, 2:15pm, 14:15."""

    def __init__(self, what: str, **kwargs: Any) -> None:
        super().__init__(what, width="5", longest=20, **kwargs)

    def clean(self, value: Any) -> Any:
        """The time. Raises ValidationError."""
        text = super().clean(value).lower()
        words = {"midday": "12pm", "noon": "12pm", "midnight": "12am"}
        found = _CLOCK.fullmatch(words.get(text, text))
        if found is None:
            raise ValidationError(f"{self._name()} must be a time, like 10:30am or 14:15")
        hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
        if half and not 1 <= hour <= 12 or hour > 23 or minute > 59:
            raise ValidationError(f"{self._name()} must be a real time, like 10:30am or 14:15")
        return time(hour % 12 + (12 if half == "pm" else 0) if half else hour, minute)

    def _name(self) -> str:
        return self.what[:1].upper() + self.what[1:]


def clock_text(moment: datetime) -> str:
    """A moment as London clocks show it, in the way the field reads it: 14:15."""
    return f"{moment.astimezone(LONDON):%H:%M}"


def _moment(day: date, clock: time) -> datetime | None:
    """The moment that London clocks show so; None for an hour that is skipped in spring."""
    local = datetime.combine(day, clock, LONDON)
    moment = local.astimezone(UTC)
    return moment if moment.astimezone(LONDON).replace(tzinfo=None) == local.replace(tzinfo=None) else None


class ActivityFields(PlainForm):
    """What people need to know about an activity before they come."""

    title = TextField("a title", label="Title", help_text="Something neutral: people may see it on a screen.")
    purpose = TextField("what it is for", label="What is it for?", line=False, longest=LONGEST_TEXT)
    day = DayField("the day", label="Which day?", help_text="For example, 27 3 2027")
    starts = ClockField("the start time", label="When does it start?", help_text="For example, 10:30am")
    ends = ClockField("the end time", label="When does it end?", help_text="For example, 12:30pm")
    place = TextField(
        "the place", label="Where is it? (leave empty if it is online)", required=False, longest=300
    )
    access = TextField(
        "access",
        label="How easy is it to get in and take part?",
        help_text="Steps, hearing loop, parking, quiet room.",
        line=False,
        required=False,
        longest=LONGEST_TEXT,
    )
    costs_met = TextField(
        "which costs are met",
        label="Which costs do you meet?",
        help_text="In plain words. The rates themselves are added for you.",
        line=False,
        longest=LONGEST_TEXT,
    )
    time_kind = PickField(
        "what time you offer money for",
        label="Which time do you offer money for?",
        choices=[
            *((str(mode), mode_words(mode).capitalize()) for mode in MODES_OF[Kind.TIME]),
            (NO_MONEY, "None: only costs are met"),
        ],
    )
    time_hours = NumberField(
        "the number of hours",
        label="How many hours?",
        unit="hours",
        places=2,
        least=Decimal("0.25"),
        most=Decimal(100),
        required=False,
    )
    link_person = PickField("who people ask", label="Who do people ask about it?")

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["link_person"].choices = [(pk, str(each)) for pk, each in self.people.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Both moments, and hours exactly where money is offered for time."""
        self._add_moments()
        kind, hours = self.cleaned_data.get("time_kind"), self.cleaned_data.get("time_hours")
        if kind and kind != NO_MONEY and hours is None and "time_hours" not in self.errors:
            self.add_error("time_hours", "Enter the number of hours")
        if kind == NO_MONEY and hours is not None:
            self.add_error("time_hours", "Leave this empty, or choose which time you offer money for")
        return self.cleaned_data

    def _add_moments(self) -> None:
        asked = self.cleaned_data
        for name, clock in (("starts_at", "starts"), ("ends_at", "ends")):
            if "day" in asked and clock in asked:
                moment = _moment(asked["day"], asked[clock])
                if moment is None:
                    self.add_error(clock, "This time is skipped on that day, because the clocks change")
                asked[name] = moment
        starts_at, ends_at = asked.get("starts_at"), asked.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends", "The end time must be after the start time")

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        for name in ("day", "starts", "ends"):
            del asked[name]
        kind = "" if asked["time_kind"] == NO_MONEY else asked["time_kind"]
        return asked | {"time_kind": kind, "link_person": self.people[asked["link_person"]]}


class NewActivityForm(ActivityFields):
    """An activity that is not there yet."""


class ActivityForm(StampedForm, ActivityFields):
    """An activity that is there already."""


def as_typed(activity: Activity) -> dict[str, Any]:
    """An activity as its form shows it."""
    names = ("title", "purpose", "place", "access", "costs_met", "time_hours")
    return {name: getattr(activity, name) for name in names} | {
        "day": london_day(activity.starts_at),
        "starts": clock_text(activity.starts_at),
        "ends": clock_text(activity.ends_at),
        "time_kind": activity.time_kind or NO_MONEY,
        "link_person": str(activity.link_person_id),
    }


class CancelForm(PlainForm):
    """Who called it off, and when people were told."""

    cancelled_by = PickField(
        "who called it off",
        label="Who called it off?",
        choices=[
            (str(CancelledBy.ORGANISATION), "We did"),
            (str(CancelledBy.CONTRIBUTOR), "The people who were asked"),
        ],
    )
    told_on = DayField(
        "the day people were told",
        label="On which day were people told?",
        latest=today,
        help_text="For example, 27 3 2027",
    )
    told_time = ClockField(
        "the time people were told", label="At what time?", help_text="For example, 8:30pm"
    )
    refusals_at = "told_time"

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        if "told_on" in asked and "told_time" in asked:
            asked["told_at"] = _moment(asked["told_on"], asked["told_time"])
            if asked["told_at"] is None:
                self.add_error("told_time", "This time was skipped on that day, because the clocks changed")
            elif asked["told_at"] > now():
                self.add_error("told_time", "Enter when people were told, not when they will be")
        return asked

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        return {"cancelled_by": CancelledBy(asked["cancelled_by"]), "told_at": asked["told_at"]}


class InviteForm(PlainForm):
    """Whom to ask. Who was asked meanwhile still counts as an answer, so that sending twice is harmless."""

    contributors = TickField("at least one person", label="Who do you want to ask?")

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contributors"].choices = [  # type: ignore[attr-defined]
            (str(person.pk), f"{person.name} ({person.number})") for person in people
        ]

    def arguments(self) -> dict[str, Any]:
        return {"contributor_ids": sorted(int(each) for each in super().arguments()["contributors"])}
