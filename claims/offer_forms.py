"""How much of the money offered for their time somebody takes, and how. There is no place for a reason."""

from typing import Any

from django.forms import BoundField
from django.views.decorators.debug import sensitive_variables

from claims.asked import ALL, NONE, Invitation, ReadOut, choices
from claims.models import Answer, Way
from claims.way_forms import NamingForm
from people.forms import MoneyField, PickField, PlainForm

WHAT = "how much you want to take"


class UsualAnswerForm(PlainForm):
    """What counts when nothing was said by the start."""

    answer = PickField(
        "all of it, or none of it",
        label="What do you want to get when you have not answered an invitation?",
        choices=[(Answer.ACCEPTED.value, ALL), (Answer.DECLINED.value, f"{NONE}: only your costs back")],
    )


class AnswerForm(NamingForm):
    """The same answers in the same order for everybody, and nothing chosen beforehand.

    “All of it” by each way is one answer: its value is the answer and the way, as in “accepted:cash”.
    """

    answer = PickField("all of it, less, or none of it")
    less_amount = MoneyField(WHAT, required=False, label="How much do you want to take?")
    field_order = ("answer",)

    def __init__(self, *args: Any, asked: Invitation | ReadOut, label: str, **kwargs: Any) -> None:
        super().__init__(*args, ways=[each.way for each in asked.ways], **kwargs)
        offered = choices(asked)
        field: Any = self.fields["answer"]
        field.choices = [(value, words) for value, words, _ in offered]
        field.hints = {value: hint for value, _, hint in offered}
        field.label = label
        self.fields["less_amount"].currency = asked.currency  # type: ignore[attr-defined]  # of the offer
        self.fields["less_amount"].help_text = f"Less than {asked.offered}."

    def boxes(self, value: str) -> list[BoundField]:
        """What can be typed or ticked with this answer."""
        if value == Answer.LESS:
            return [self["less_amount"]]
        return super().boxes(value.partition(":")[2])

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        """A box belongs to its answer alone: what else stands in it does not count."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        answer, _, way = str(cleaned.get("answer") or "").partition(":")
        self.refusals_at = "less_amount" if answer == Answer.LESS else "answer"
        if answer != Answer.LESS:
            self.errors.pop("less_amount", None)
            cleaned["less_amount"] = None
        elif cleaned.get("less_amount") is None and "less_amount" not in self.errors:
            self.add_error("less_amount", f"Enter {WHAT}")
        return self.settle(cleaned, Way(way) if way else None)

    def arguments(self) -> dict[str, Any]:
        """The answer and the way apart, as the service is asked."""
        answer, _, way = self.cleaned_data["answer"].partition(":")
        return {
            "answer": Answer(answer),
            "less_amount": self.cleaned_data["less_amount"],
            "way": Way(way) if way else None,
            **self.named_arguments(),
        }
