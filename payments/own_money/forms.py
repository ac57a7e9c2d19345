"""The days that somebody looks at, and the letter they make."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.views.decorators.debug import sensitive_variables

from payments.own_money.letters import LetterKind
from payments.own_money.private import Kept
from payments.own_money.spans import Span
from people.forms import DayField, MoneyField, PickField, PlainForm, SelectField
from people.models import Organisation


class DaysForm(PlainForm):
    """Two days, both included. They stand in no address and are kept only where the person saves them."""

    first = DayField("the first day", label="First day")
    last = DayField("the last day", label="Last day")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        first, last = typed.get("first"), typed.get("last")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last", "The last day must be the first day or after it")
        return typed

    @property
    def span(self) -> Span:
        """What was typed, once it is valid."""
        return Span(self.cleaned_data["first"], self.cleaned_data["last"])


class LimitForm(PlainForm):
    """Above how much money for their time somebody wants to be told: in a week, a month, their own days."""

    prefix = "keep"  # the days of the other form on the page are not these

    week = MoneyField("an amount for a week", least=0, required=False, label="In a week, Monday to Sunday")
    month = MoneyField("an amount for a month", least=0, required=False, label="In a calendar month")
    days = MoneyField("an amount for your own days", least=0, required=False, label="In your own days")
    first = DayField("the first of your own days", required=False, label="First of your own days")
    last = DayField("the last of your own days", required=False, label="Last of your own days")

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        first, last = typed.get("first"), typed.get("last")
        known = self.errors.keys() & {"first", "last", "days"}
        if not known and (first is None) != (last is None):
            self.add_error("last" if last is None else "first", "Enter both days, or none")
        elif not known and first and last and last < first:
            self.add_error("last", "The last day must be the first day or after it")
        elif not known and typed.get("days") is not None and first is None:
            self.add_error("first", "Enter the days that the amount is for")
        return typed

    @property
    def kept(self) -> Kept:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        span = Span(typed["first"], typed["last"]) if typed["first"] else None
        return Kept(typed["week"], typed["month"], typed["days"], span)


def limit_form(kept: Kept) -> LimitForm:
    """The form filled in with what is kept."""
    span = kept.span
    days = {"first": span.first, "last": span.last} if span else {}
    amounts = {"week": kept.week, "month": kept.month, "days": kept.days}
    return LimitForm(initial=amounts | days)


class LetterForm(DaysForm):
    """Which letter, about which organisation and which days."""

    kind = PickField(
        "what the letter is about", label="What is the letter about?", choices=LetterKind.choices
    )
    organisation = SelectField(label="Which organisation is it about?")

    field_order = ("key", "kind", "organisation", "first", "last")

    def __init__(self, data: Any = None, *, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["organisation"]
        field.choices = [(str(each.pk), each.name) for each in organisations]

    def carried(self) -> list[tuple[str, str]]:
        """What was typed, for the buttons that make the PDF."""
        names = ("kind", "organisation", "key")
        days = [f"{name}-{part}" for name in ("first", "last") for part in ("day", "month", "year")]
        return [(name, str(self.data.get(name, ""))) for name in (*names, *days)]
