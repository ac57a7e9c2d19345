"""Bank details as people type them, in the words of GOV.UK when they cannot be right."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError

from payments.services.details import BankDetailsError, read_details
from people.forms import PlainForm, TextField

_WITHOUT_FAULT = {
    "account_name": "A Person",
    "sort_code": "309430",
    "account_number": "00733445",
    "roll_number": "",
}


class FiguresField(TextField):
    """A number that is not an amount: figures, with the spaces and hyphens that people put between them."""

    inputmode = "numeric"


def _judge(name: str) -> Callable[["DetailsForm"], str]:
    """Each field by the service's own rules, so that every mistake is told at once and where it is."""

    def clean(form: "DetailsForm") -> str:
        typed: str = form.cleaned_data[name]
        try:
            read_details(**_WITHOUT_FAULT | {name: typed})
        except BankDetailsError as error:
            raise ValidationError(str(error)) from error
        return typed

    return clean


class DetailsForm(PlainForm):
    """Never the bank's name: the sort code says it."""

    account_name = TextField("the name on the account", label="Name on the account", autocomplete="name")
    sort_code = FiguresField(
        "a sort code", label="Sort code", help_text="Must be 6 digits long", autocomplete="off", width="5"
    )
    account_number = FiguresField(
        "an account number",
        label="Account number",
        help_text="Must be between 6 and 8 digits long",
        autocomplete="off",
        width="10",
    )
    roll_number = TextField(
        "the roll number",
        required=False,
        label="Building society roll number (if you have one)",
        help_text="You can find it on your card, statement or passbook",
        autocomplete="off",
        width="10",
    )

    clean_account_name = _judge("account_name")
    clean_sort_code = _judge("sort_code")
    clean_account_number = _judge("account_number")
    clean_roll_number = _judge("roll_number")

    def rows(self) -> list[tuple[str, str]]:
        """What was typed, to check it once more."""
        typed: dict[str, Any] = self.cleaned_data
        return [
            ("Name on the account", typed["account_name"]),
            ("Sort code", typed["sort_code"]),
            ("Account number", typed["account_number"]),
            ("Building society roll number", typed["roll_number"] or "Not provided"),
        ]


class OthersDetailsForm(DetailsForm):
    """Somebody else's bank details, as paper says them: a browser offers the typist's own name to none."""

    account_name = TextField("the name on the account", label="Name on the account", autocomplete="off")
    roll_number = TextField(
        "the roll number",
        required=False,
        label="Building society roll number (if there is one)",
        autocomplete="off",
        width="10",
    )
