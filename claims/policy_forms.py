"""Forms in which a rate policy is chosen, read and proposed."""

from typing import Any

from django import forms

from claims.policy_words import PolicyWords, policy_words
from claims.pricing.csv_rows import decoded
from claims.pricing.policy import PolicyError
from claims.services.policies import check_policy
from common.errors import DomainError
from people.forms import PlainForm, TextField, UploadField
from people.models import Organisation

LONGEST_POLICY = 200_000  # characters


class PolicyForm(PlainForm):
    """A policy file, chosen or pasted."""

    file = UploadField(
        accept=".toml,text/plain",
        most_megabytes=1,
        required=False,
        label="Choose the policy file",
        help_text="A text file in TOML, as in the example in the documentation.",
    )
    text = TextField(
        "the policy", label="Or paste what is in it", line=False, required=False, longest=LONGEST_POLICY
    )
    refusals_at = "text"

    def clean(self) -> dict[str, Any]:
        """The text of the file, when there is one; else what was pasted."""
        content = self.cleaned_data.get("file")
        if content:
            self._take(content)
        if not self.cleaned_data.get("text") and not self.errors:
            self.add_error("file", "Choose a file, or paste what is in it")
        return self.cleaned_data

    def _take(self, content: bytes) -> None:
        try:
            text = decoded(content).replace("\r\n", "\n").strip()
        except DomainError as error:
            self.add_error("file", str(error))
            return
        self.cleaned_data["text"] = text
        self.data = {**self.data, "key": self["key"].value(), "text": text}  # it stays on the page

    def read(self, organisation: Organisation) -> PolicyWords | None:
        """The policy in words, or None after saying everything that is wrong with it."""
        if not self.is_valid():
            return None
        try:
            return policy_words(check_policy(self.cleaned_data["text"], organisation))
        except PolicyError as error:
            for problem in error.problems:
                self.add_error("text", problem)
            return None


class ProposalForm(PlainForm):
    """A policy that was looked at, and is now proposed."""

    text = TextField("the policy", line=False, longest=LONGEST_POLICY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget = forms.HiddenInput()
