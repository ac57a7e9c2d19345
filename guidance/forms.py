"""Forms of the register: a version of a text, a figure of a year, and the day of the next review."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from common.dates import today
from guidance.models import LONGEST_BODY, Unit
from people.forms import DayField, MoneyField, PlainForm, SelectField, TextField

SOURCE_LINES = 3000  # characters


class TextForm(PlainForm):
    """A version of a text with its sources, one a line."""

    title = TextField("the title", label="Title", longest=120)
    body = TextField(
        "the text",
        label="Text",
        line=False,
        longest=LONGEST_BODY,
        help_text="Short sentences in your own words. An empty line begins a paragraph; a line that begins "
        "with a dash belongs to a list. Do not call anything safe, and do not say what somebody will get.",
    )
    sources = TextField(
        "the sources",
        label="Sources",
        line=False,
        longest=SOURCE_LINES,
        help_text="One a line: name | address | day you read it, as in "
        "Council guide | https://example.org/guide | 2026-11-24",
    )
    review_on = DayField("the day of the next review", label="When does somebody read the sources again?")
    refusals_at = "sources"

    def clean_sources(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Each line as name, address and day; what stands there is a source that can be found."""
        lines = [line for line in self.cleaned_data["sources"].splitlines() if line.strip()]
        return tuple(_source(line) for line in lines)

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        return asked | {"sources": [dict(each) for each in asked["sources"]]}


def _source(line: str) -> tuple[tuple[str, str], ...]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 3 or not all(parts):
        raise ValidationError("Write each source as: name | address | day you read it")
    name, url, read_on = parts
    try:
        day = date.fromisoformat(read_on)
    except ValueError as error:
        raise ValidationError("Write the day you read a source like 2026-11-24") from error
    if day > today():
        raise ValidationError("The day you read a source must be today or in the past")
    return (("name", name), ("url", url), ("read_on", day.isoformat()))


class ReviewForm(PlainForm):
    """When a text is read against its sources again."""

    review_on = DayField("the day of the next review", label="When does somebody read the sources again?")


class FigureForm(PlainForm):
    """A figure of one year, with where it stands."""

    name = TextField(
        "the name", label="What is the figure?", longest=120, help_text="The same name for each year."
    )
    starts_on = DayField("the first day", label="First day")
    ends_on = DayField("the last day", label="Last day")
    amount = MoneyField("the amount", label="Amount")
    unit = SelectField(label="For", choices=Unit.choices)
    source = TextField("the source", label="Where does it stand?", longest=200)
    url = TextField("the address", label="Address of the page", longest=500)
    read_on = DayField("the day you read it", label="When did you read it?", latest=today)
    refusals_at = "url"
