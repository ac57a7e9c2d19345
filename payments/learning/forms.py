"""What people type about a learning fund: what they would like, and what finance says to it."""

from typing import Any

from django.core.exceptions import ValidationError

from payments.services.learning import ITEM_LENGTH, WORDS_LENGTH
from people.forms import MoneyField, PickField, PlainForm, TextField

ANSWERS = [("yes", "Yes, we pay for it"), ("no", "No, and the person reads why")]


class AskForm(PlainForm):
    """What somebody would like to have paid from their fund."""

    refusals_at = "amount"
    item = TextField(
        "what you would like",
        label="What would you like?",
        help_text="Say what it is and where we can get it. You need not say why you want it.",
        longest=ITEM_LENGTH,
        line=False,
    )
    amount = MoneyField("how much it costs", label="How much does it cost?")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].currency = currency  # type: ignore[attr-defined]


class AnswerForm(PlainForm):
    """Whether it is paid; a no has words for the person."""

    agreed = PickField("yes or no", label="Do we pay for it?", choices=ANSWERS)
    words = TextField(
        "why not",
        label="Why not? (if no)",
        help_text="The person reads this. Say what they can do instead.",
        longest=WORDS_LENGTH,
        line=False,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """A no needs words; a yes drops what was typed."""
        found = super().clean() or self.cleaned_data
        if found.get("agreed") == "no" and "words" in found and not found["words"].strip():
            self.add_error("words", ValidationError("Enter why not"))
        return found

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        return asked | {"agreed": asked["agreed"] == "yes"}
