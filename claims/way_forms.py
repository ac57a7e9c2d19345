"""How somebody is paid, and what belongs to a way: whom the money goes to instead. Nobody is asked why."""

from collections.abc import Collection, Sequence
from typing import Any

from django.forms import BoundField
from django.views.decorators.debug import sensitive_variables

from claims.models import Way
from claims.own_ways import Choosable, Paid
from claims.services.instructing import NAME_LENGTH
from people.forms import PickField, PlainForm, TextField, TickField

RECEIPT = "yes"
NAME_BOX = {Way.DONATION: "charity", Way.GROUP: "group"}
BOXES = {Way.DONATION: ("charity", "wants_receipt"), Way.GROUP: ("group",)}


class NamingForm(PlainForm):
    """The boxes of ways that go to somebody else, where these ways are offered."""

    charity = TextField(
        "the name of the charity",
        longest=NAME_LENGTH,
        required=False,
        label="Which charity?",
        autocomplete="off",
    )
    wants_receipt = TickField(
        "whether you want a receipt",
        choices=[(RECEIPT, "Ask the charity for a receipt")],
        required=False,
        label="Receipt",
    )
    group = TextField(
        "the name of the group or organisation",
        longest=NAME_LENGTH,
        required=False,
        label="Which group or organisation?",
        autocomplete="off",
    )

    def __init__(self, *args: Any, ways: Collection[Way], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for way, names in BOXES.items():
            for name in names if way not in ways else ():
                del self.fields[name]

    def boxes(self, value: str) -> list[BoundField]:
        """What can be typed or ticked with this way."""
        names = {str(way): names for way, names in BOXES.items()}.get(value, ())
        return [self[name] for name in names]

    @sensitive_variables()
    def settle(self, cleaned: dict[str, Any], chosen: Way | None) -> dict[str, Any]:
        """Ask for the name that belongs to the way that was chosen, and forget what stands in other boxes."""
        if chosen in NAME_BOX:
            self.refusals_at = NAME_BOX[chosen]
        for way, names in BOXES.items():
            if way != chosen:
                for name in names:
                    self.errors.pop(name, None)
                    cleaned.pop(name, None)
            elif not cleaned.get(NAME_BOX[way]) and NAME_BOX[way] not in self.errors:
                field: Any = self.fields[NAME_BOX[way]]
                self.add_error(NAME_BOX[way], f"Enter {field.what}")
        return cleaned

    def named_arguments(self) -> dict[str, Any]:
        """What the service is asked with beside the way."""
        typed = self.cleaned_data
        return {
            "named": typed.get("charity") or typed.get("group") or "",
            "wants_receipt": bool(typed.get("wants_receipt")),
        }


class WayForm(NamingForm):
    """One way among those that everybody can choose here; nothing chosen beforehand that nobody said."""

    way = PickField("how you want to be paid")
    field_order = ("way",)
    refusals_at = "way"

    def __init__(self, *args: Any, ways: Sequence[Choosable], label: str, **kwargs: Any) -> None:
        super().__init__(*args, ways=[each.way for each in ways], **kwargs)
        field: Any = self.fields["way"]
        field.choices = [(str(each.way), each.title) for each in ways]
        field.hints = {str(each.way): each.hint for each in ways}
        field.label = label

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        """A box belongs to its way alone."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        way = cleaned.get("way")
        return self.settle(cleaned, Way(way) if way else None)

    def arguments(self) -> dict[str, Any]:
        """The way and what belongs to it."""
        return {"way": Way(self.cleaned_data["way"]), **self.named_arguments()}


def boxes_of(paid: Paid) -> dict[str, Any]:
    """What stands in the boxes for somebody who chose before."""
    box = {NAME_BOX[paid.way]: paid.named} if paid.way in NAME_BOX else {}
    return box | ({"wants_receipt": [RECEIPT]} if paid.wants_receipt else {})
