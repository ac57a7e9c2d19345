"""What finance types about payroll: who, on which day, and why something is taken back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.dates import today
from payments.payroll.pages import contributors_of
from payments.services.payroll import REASON_LENGTH
from people.forms import DayField, PlainForm, TextField
from people.models import Organisation, Person


class MarkForm(PlainForm):
    """Whose time goes through payroll. By number: two people may have the same name."""

    number = TextField(
        "the number of the person",
        label="What is the person’s number?",
        help_text="For example, P000042. It is on their payments and in the file for payroll.",
        longest=12,
        width="10",
        autocomplete="off",
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.person: Person | None = None

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"]).upper().replace(" ", "")
        self.person = contributors_of(self.organisation).filter(number=number).first()
        if self.person is None:
            raise ValidationError(
                f"Nobody with this number claims from {self.organisation}. Check the number"
            )
        return number

    def arguments(self) -> dict[str, Any]:
        return {"person": self.person, "organisation": self.organisation}


class PrepareForm(PlainForm):
    """The pay day, with what the preparer saw to be due."""

    pay_on = DayField(
        "the pay day",
        label="On which day does payroll pay?",
        help_text="For example, 27 11 2026. It goes into the file, and people are told this day.",
    )
    expected_total = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        max_value=2**53,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "This form has expired. Go back and start it again.",
        ),
    )


class ConfirmForm(PlainForm):
    """The day on which payroll says it has paid."""

    day = DayField(
        "the day payroll paid",
        latest=today,
        label="On which day did people get their pay?",
        help_text="For example, 27 11 2026. They are told that they were paid on this day.",
    )


class UndoForm(PlainForm):
    """Why payroll has not paid after all."""

    reason = TextField(
        "why payroll has not paid this run",
        longest=REASON_LENGTH,
        line=False,
        label="Why has payroll not paid this run?",
        help_text="It is kept in the books beside the reversal. Leave out anything about a person.",
    )
