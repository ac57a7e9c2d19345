"""Signing the reconciliation of a month."""

from django import forms

from payments.services.reconciliations import NOTE_LENGTH
from people.forms import PlainForm, TextField, TickField

_EXPIRED = dict.fromkeys(("required", "invalid"), "This form has expired. Go back and start it again.")


class SignForm(PlainForm):
    """One signature under the figures that were seen; `sha256` says which."""

    sha256 = forms.RegexField(r"\A[0-9a-f]{64}\Z", widget=forms.HiddenInput, error_messages=_EXPIRED)


class PrepareForm(SignForm):
    """The first signature: I have compared these figures with the bank's statement."""

    note = TextField(
        "what explains the difference",
        longest=NOTE_LENGTH,
        line=False,
        required=False,
        label="What explains the difference?",
    )
    sure = TickField(
        "that you compared these figures with the bank’s statement",
        choices=[("yes", "I compared these figures with the bank’s statement")],
        label="Your signature",
    )
    refusals_at = "note"


class CheckForm(SignForm):
    """The second signature: I have checked what somebody else prepared."""

    sure = TickField(
        "that you checked these figures and every item between",
        choices=[("yes", "I checked these figures and every item between")],
        label="Your signature",
    )
