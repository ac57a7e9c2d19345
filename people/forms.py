"""Forms hold the shape of what people type; rules are the services', and their refusal is an error here."""

import re
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from common.errors import DomainError, IllegalMove, KeyReused, NotPermitted, NotVisible, Stale
from people.form_fields import (
    DayField,
    MoneyField,
    NumberField,
    PickField,
    SelectField,
    TextField,
    TickField,
    UploadField,
)

__all__ = [
    "DayField",
    "MoneyField",
    "NumberField",
    "PickField",
    "PlainForm",
    "SelectField",
    "StampedForm",
    "TextField",
    "TickField",
    "UploadField",
    "sent",
    "show_form",
]

R = TypeVar("R")
PAGES_OF_THEIR_OWN = (NotPermitted, NotVisible, IllegalMove, Stale, KeyReused)
_KEY = re.compile(r"[0-9a-f]{32}", re.ASCII)


def _new_key() -> str:
    return uuid.uuid4().hex


class PlainForm(forms.Form):
    """A form of ours. `key` is new for each page shown, so that a form sent twice has one effect."""

    key = forms.Field(widget=forms.HiddenInput, initial=_new_key, required=False)
    refusals_at = ""  # the field that a service's refusal stands at; the first one when not named
    use_required_attribute = False  # the browser's own message is not in our words

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        """A request always has `files`, if none; a form is sent when there is `data`."""
        super().__init__(data, None if data is None else files, **{"label_suffix": ""} | kwargs)

    def clean_key(self) -> str:
        """Only keys that we could have made: a forged one could be anything."""
        key = str(self.cleaned_data["key"] or "")
        if _KEY.fullmatch(key) is None:
            raise ValidationError("This form has expired. Go back and start it again.")
        return key

    def arguments(self) -> dict[str, Any]:
        """What the service is asked with: every answer but the key."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}

    def post(self, service: Callable[..., R], **fixed: Any) -> R | None:
        """Ask a service with what was typed, with `fixed` and with the key.

        None when the form is wrong or a rule said no: its errors then say why, and nothing typed is lost.
        Refusals that have a page of their own (403, 404, 409) are raised.
        """
        if not self.is_valid():
            return None
        return self.ask(service, **self.arguments(), **fixed)

    def ask(self, service: Callable[..., R], **asked: Any) -> R | None:
        """As `post`, for a form that is valid, with these arguments instead of its answers."""
        try:
            return service(**asked, key=self.cleaned_data["key"])
        except PAGES_OF_THEIR_OWN:
            raise
        except DomainError as error:
            self.refuse(error)
            return None

    def refuse(self, error: DomainError, field: str = "") -> None:
        """Show a service's refusal at a field, so that the error summary leads there."""
        first = next((each.name for each in self.visible_fields()), None)
        self.add_error(field or self.refusals_at or first, str(error).removesuffix("."))


class StampedForm(PlainForm):
    """A form about a record that somebody else may change meanwhile: the service gets `expected_version`.

    Show it with `initial={"version": record.version}`.
    """

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        max_value=2**31 - 1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "This form has expired. Go back and start it again.",
        ),
    )

    def arguments(self) -> dict[str, Any]:
        """Every answer, with the version by the name that services know it by."""
        asked = super().arguments()
        return asked | {"expected_version": asked.pop("version")}


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, be it empty; None when it is only looked at."""
    return request.POST if request.method == "POST" else None


def show_form(request: HttpRequest, form: PlainForm, template: str, **shown: Any) -> HttpResponse:
    """The page of a form: 200 when it is new, 422 when something is wrong with what was sent."""
    return render(request, template, {"form": form, **shown}, status=422 if form.errors else 200)
