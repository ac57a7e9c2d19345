"""The form in which a budget is proposed, with a sum for planned activities beside it."""

from decimal import Decimal
from typing import Any

from common.money import decimal_text
from ledger.models import Category
from people.forms import MoneyField, NumberField, PlainForm

LARGEST_PLAN = 10**12  # minor units


class BudgetForm(PlainForm):
    """The plan for each category. Nothing typed is nothing planned.

    The sums are a help only: activities × people × an amount for each. They are not kept.
    """

    activities = NumberField(
        "the activities", label="How many activities?", required=False, most=Decimal(10_000)
    )
    places = NumberField("the people", label="How many people at each?", required=False, most=Decimal(10_000))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for category in Category:
            self.fields[f"each-{category}"] = MoneyField(
                f"{category.label}: the amount for each person",
                label=f"{category.label}: for each person, each time",
                currency=currency,
                least=0,
                required=False,
            )
            self.fields[category] = MoneyField(
                f"the plan for {category.label.lower()}",
                label=str(category.label),
                currency=currency,
                least=0,
                required=False,
            )
        self.currency = currency

    def plan_fields(self) -> list[Any]:
        return [self[category] for category in Category]

    def sum_fields(self) -> list[Any]:
        return [self["activities"], self["places"], *(self[f"each-{category}"] for category in Category)]

    def clean(self) -> dict[str, Any]:
        for category in Category:
            if (self.cleaned_data.get(category) or 0) > LARGEST_PLAN:
                self.add_error(category, f"The plan for {category.label.lower()} must be smaller")
        return self.cleaned_data

    def worked_out(self) -> dict[str, Any]:
        """What stands in the form after the sums were worked out: each fills its category."""
        asked = {name: self.data.get(name, "") for name in self.fields}
        if not self.is_valid():
            return asked
        times = (self.cleaned_data["activities"] or 0) * (self.cleaned_data["places"] or 0)
        for category in Category:
            each = self.cleaned_data[f"each-{category}"]
            if each is not None and times:
                asked[category] = decimal_text(int(times) * each, self.currency)
        return asked

    def arguments(self) -> dict[str, Any]:
        planned = {str(category): self.cleaned_data[category] or 0 for category in Category}
        return {"lines": planned if any(planned.values()) else {}}
