"""How much of the money offered for their time somebody takes. Nothing is typed but an amount."""

from typing import Any

from claims.invitations import ALL, NONE, Invitation, ReadOut, choices
from claims.models import Answer
from people.forms import MoneyField, PickField, PlainForm

WHAT = "how much you want to take"


class UsualAnswerForm(PlainForm):
    """What counts when nothing was said by the start."""

    answer = PickField(
        "all of it, or none of it",
        label="What do you want to get when you have not answered an invitation?",
        choices=[(Answer.ACCEPTED.value, ALL), (Answer.DECLINED.value, f"{NONE}: only your costs back")],
    )


class AnswerForm(PlainForm):
    """The same answers in the same order for everybody, and nothing chosen beforehand."""

    answer = PickField("all of it, less, or none of it")
    less_amount = MoneyField(WHAT, required=False, label="How much do you want to take?")
    refusals_at = "less_amount"

    def __init__(self, *args: Any, asked: Invitation | ReadOut, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = choices(asked)  # type: ignore[attr-defined]  # a field with choices
        self.fields["answer"].label = label
        self.fields["less_amount"].currency = asked.currency  # type: ignore[attr-defined]  # of the offer
        self.fields["less_amount"].help_text = f"Less than {asked.offered}."

    def clean(self) -> dict[str, Any]:
        """An amount belongs to “less” alone: what else stands in its box does not count."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("answer") != Answer.LESS:
            self.errors.pop("less_amount", None)
            cleaned["less_amount"] = None
        elif cleaned.get("less_amount") is None and "less_amount" not in self.errors:
            self.add_error("less_amount", f"Enter {WHAT}")
        return cleaned
