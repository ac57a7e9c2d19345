"""Forms about payees: find one, say how an account was checked, or why it cannot be used."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from common.dates import today
from payments.models import Refusal
from payments.services.details import NOTE_LENGTH, CheckedBy
from people.forms import DayField, PickField, PlainForm, TextField
from people.templatetags.ledger_text import day

LONGEST_NAME = 100


class FindForm(PlainForm):
    """The name goes in the body of the request, so that it is in no address and no log."""

    named = TextField(
        "a name or a number", longest=LONGEST_NAME, label="Name or number", autocomplete="off", width="20"
    )


class VerifyForm(PlainForm):
    """How the account was checked with the person; never the account itself."""

    refusals_at = "note"

    how = PickField("how you checked", choices=CheckedBy.choices, label="How did you check the account?")
    on = DayField("the day you checked it", latest=today, label="When did you check it?")
    note = TextField(
        "what was said",
        longest=NOTE_LENGTH,
        line=False,
        label="What was said?",
        help_text="A sentence, for colleagues and the auditor. No account or telephone numbers.",
    )

    def __init__(self, *args: Any, came_on: date, **kwargs: Any) -> None:
        """`came_on` is the day the details were entered: no check before it counts."""
        super().__init__(*args, **kwargs)
        self.came_on = came_on
        self.initial.setdefault("on", today())

    def clean_on(self) -> date:
        """The service's own rule, told at the day it is about."""
        on: date = self.cleaned_data["on"]
        if on < self.came_on:
            raise ValidationError(f"The day you checked it must be {day(self.came_on)} or later")
        return on


class RefuseForm(PlainForm):
    """Why the details cannot be used, in words that the person reads."""

    refusals_at = "note"

    reason = PickField(
        "why they cannot be used",
        choices=Refusal.choices,
        label="Why can they not be used?",
        help_text="The person reads the words that you choose.",
    )
    note = TextField(
        "what colleagues should know",
        longest=NOTE_LENGTH,
        line=False,
        required=False,
        label="Anything colleagues should know (optional)",
        help_text="The person does not read this. No account or telephone numbers.",
    )
