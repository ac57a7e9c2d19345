"""The forms with which a payment run is prepared, signed, sent, stopped, or made without one payment."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.dates import today
from payments.banking_days import shifted
from payments.models import BankAccount
from payments.services.runs import REASON_LENGTH
from people.forms import DayField, PickField, PlainForm, StampedForm, TextField

TO_PAY = 3  # banking days from preparing to money in the bank: one to sign in, and two that Bacs takes
FURTHEST = timedelta(days=92)  # a pay day further away is a slip of the pen
_EXPIRED = "This form has expired. Go back and start it again."


class PrepareForm(PlainForm):
    """From which account, and on which day."""

    bank_account = PickField("an account", label="Which account is it paid from?")
    pay_on = DayField(
        "the payment day",
        label="On which day should the money arrive?",
        help_text="A banking day. Bacs takes two banking days after the file is at the bank.",
    )
    refusals_at = "pay_on"

    def __init__(self, *args: Any, accounts: Sequence[BankAccount], **kwargs: Any) -> None:
        known: dict[str, Any] = {"pay_on": shifted(today(), TO_PAY)}
        if len(accounts) == 1:
            known["bank_account"] = str(accounts[0].pk)
        super().__init__(*args, initial=known, **kwargs)
        self.accounts = {str(account.pk): account for account in accounts}
        offered = [(pk, account.name) for pk, account in self.accounts.items()]
        self.fields["bank_account"].choices = offered  # type: ignore[attr-defined]

    def clean_pay_on(self) -> date:
        day: date = self.cleaned_data["pay_on"]
        if day > today() + FURTHEST:
            raise ValidationError("The payment day must be within the next three months")
        return day

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        return asked | {"bank_account": self.accounts[asked["bank_account"]]}


class SignForm(PlainForm):
    """A signature is for one file: the form carries the hash of the file that the signer looked at."""

    sha256 = forms.RegexField(
        r"\A[0-9a-f]{64}\Z",
        widget=forms.HiddenInput,
        error_messages={"required": _EXPIRED, "invalid": _EXPIRED},
    )


class SendForm(StampedForm):
    """Nothing to type: the run, as it was looked at."""


class VoidForm(StampedForm):
    """Why a run is stopped."""

    reason = TextField(
        "why you stop this run",
        longest=REASON_LENGTH,
        line=False,
        label="Why do you stop it?",
        help_text="Your colleagues and the auditor can read this. Write nothing personal in it.",
    )


class TakeOutForm(StampedForm):
    """Why a payment is taken out."""

    reason = TextField(
        "why you take it out",
        longest=REASON_LENGTH,
        line=False,
        label="Why do you take it out?",
        help_text="Your colleagues and the auditor can read this. Write nothing personal in it.",
    )
