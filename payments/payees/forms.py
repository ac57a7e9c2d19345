"""Forms about payees: find one, say how an account was checked, or why it cannot be used."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from common.dates import today
from payments.details_forms import OthersDetailsForm
from payments.models import Acting, Refusal
from payments.services.details import NOTE_LENGTH, CheckedBy
from people.forms import DayField, PickField, PlainForm, TextField
from people.templatetags.ledger_text import day

LONGEST_NAME = 100


class FindForm(PlainForm):
    """The name goes in the body of the request, so that it is in no address and no log."""

    named = TextField(
        "a name or a number", longest=LONGEST_NAME, label="Name or number", autocomplete="off", width="20"
    )


PAPERS = "For example, a letter of 3 March 2026. Keep no copies, and no account or telephone numbers here."


class PapersField(TextField):
    """Which papers show that somebody may act for the person."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            "which papers you saw",
            longest=NOTE_LENGTH,
            line=False,
            help_text=PAPERS,
            **kwargs,
        )


class PaperDetailsForm(OthersDetailsForm):
    """Bank details from a paper form: the person's own account, or that of somebody who acts for them."""

    field_order = ("acting", *OthersDetailsForm.base_fields, "papers")
    refusals_at = "papers"

    acting = PickField(
        "whose account it is",
        choices=[("own", "Their own"), *((value, f"Their {label}") for value, label in Acting.choices)],
        label="Whose account is it?",
    )
    papers = PapersField(required=False, label="If it is not their own: which papers did you see?")

    def clean(self) -> dict[str, Any]:
        """Papers belong to somebody who acts for the person, and are needed then."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("acting") in Acting.values:
            if not cleaned.get("papers") and "papers" not in self.errors:
                self.add_error("papers", "Enter which papers you saw")
        elif "acting" in cleaned:
            self.errors.pop("papers", None)
            cleaned["papers"] = ""
        return cleaned

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        return asked | {"acting": "" if asked["acting"] == "own" else asked["acting"]}

    def rows(self) -> list[tuple[str, str]]:
        """What was typed, with whose account it is."""
        field = self.fields["acting"]
        whose = dict(field.choices)[self.cleaned_data["acting"]]  # type: ignore[attr-defined]  # has choices
        papers = self.cleaned_data["papers"]
        return [("Whose account", whose), *super().rows(), *([("Papers you saw", papers)] if papers else [])]


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

    papers = PapersField(label="Which papers did you see?")

    def __init__(self, *args: Any, came_on: date, acting: str, **kwargs: Any) -> None:
        """`came_on` is the day the details were entered: no check before it counts. `acting` is empty for an
        account of the person's own, which needs no papers.
        """
        super().__init__(*args, **kwargs)
        self.came_on = came_on
        if not acting:
            del self.fields["papers"]
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
