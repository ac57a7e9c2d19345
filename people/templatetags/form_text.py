"""How templates draw the answers of a field to choose from: `{% load form_text %}`."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.forms.boundfield import BoundField

register = template.Library()


@dataclass(frozen=True)
class Choice:
    """One answer. The first one has the field's own id, so that an error leads there."""

    id: str
    value: str
    label: str
    hint: str
    is_chosen: bool


@register.filter
def answers(field: BoundField) -> list[Choice]:
    """The answers that a radio or checkbox field offers, with those already chosen."""
    given: Any = field.value()
    chosen = {str(each) for each in given} if isinstance(given, list | tuple) else {str(given)}
    asked: Any = field.field
    return [
        Choice(
            id=field.auto_id if number == 0 else f"{field.auto_id}-{number + 1}",
            value=str(value),
            label=str(label),
            hint=asked.hints.get(value, ""),
            is_chosen=str(value) in chosen,
        )
        for number, (value, label) in enumerate(asked.choices)
    ]


@register.filter
def is_group(label: Any) -> bool:
    """Whether an answer of a drop-down list is a group of answers."""
    return isinstance(label, list | tuple)
