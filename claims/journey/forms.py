"""The forms of the claim journey, but for those of a line."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from claims.journey.line_forms import MOST_HOURS, QUARTER
from common.dates import today
from people.forms import DayField, NumberField, PickField, PlainForm, TextField, UploadField


class PickForm(PlainForm):
    """One question with the answers to choose from."""

    choice = PickField("an answer")

    def __init__(
        self,
        *args: Any,
        label: str,
        what: str,
        choices: Sequence[tuple[str, str]],
        hints: Mapping[str, str] | None = None,
        help_text: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"] = PickField(
            what, label=label, choices=choices, hints=hints, help_text=help_text
        )

    @property
    def chosen(self) -> str:
        return str(self.cleaned_data["choice"])


class OtherForm(PlainForm):
    """A claim that is for no activity: which project, and which day."""

    on = DayField("the day", label="Which day was it?", latest=today, help_text="For example, 27 3 2026")

    def __init__(self, *args: Any, projects: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(projects) > 1:
            self.fields["project"] = PickField("which project", label="Which project?", choices=projects)
        self.order_fields(["key", "project", "on"])


class HoursForm(PlainForm):
    """How long somebody was there, where it was not as long as planned."""

    quantity = NumberField(
        "the number of hours",
        unit="hours",
        places=2,
        least=QUARTER,
        most=MOST_HOURS,
        help_text="For an hour and a half, write 1.5",
    )

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].label = label


class ReceiptForm(PlainForm):
    """A photo or a file of a receipt."""

    content = UploadField(
        "a photo or PDF of the receipt",
        label="Show us the receipt",
        accept="image/*,application/pdf",
        most_megabytes=10,
        help_text="A photo or a PDF, smaller than 10MB. Everything on it has to be easy to read.",
    )


class LostForm(PlainForm):
    """Why there is no receipt."""

    lost_because = TextField(
        "why there is no receipt",
        line=False,
        longest=300,
        label="Why is there no receipt?",
        help_text="A few words are enough, like “the machine printed none”.",
    )


class AnswerForm(PlainForm):
    """An answer to a question about a line: words, another paper, or both."""

    note = TextField("your answer", line=False, longest=300, required=False, label="Your answer")
    content = UploadField(
        label="A photo or PDF that shows it (if you have one)",
        accept="image/*,application/pdf",
        most_megabytes=10,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """One of the two has to be there."""
        given = super().clean() or {}
        if not self.errors and not given.get("note") and not given.get("content"):
            self.add_error("note", "Enter your answer, or select a file")
        return given


class MilesForm(PlainForm):
    """Car miles driven for others in a tax year."""

    miles = NumberField("the number of miles", unit="miles", places=1, most=Decimal(200_000))

    def __init__(self, *args: Any, years: Sequence[str], label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["miles"].label = label
        self.fields["year"] = PickField(
            "which tax year",
            label="Which tax year?",
            choices=[(year, _tax_year_text(year)) for year in years],
            initial=years[0],
        )


def _tax_year_text(year: str) -> str:
    first = int(year[:4])
    return f"6 April {first} to 5 April {first + 1}"
