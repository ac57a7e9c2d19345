"""Fields of forms: what may be typed in them, in GOV.UK's words when it may not.

Each field knows the piece of `templates/parts/form/` that draws it. `what` is the thing asked for, as it
stands in a sentence: “the fare” gives “Enter the fare”.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from common.errors import DomainError
from common.money import decimal_text, money_text, parse_amount
from common.text import tidy

LONGEST_LINE = 200
MEGABYTE = 1_000_000
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_PARTS = ("day", "month", "year")


def _sentence(what: str) -> str:
    return what[:1].upper() + what[1:]


class TextField(forms.CharField):
    """One line of text without hidden marks, or several with `line=False`."""

    def __init__(
        self,
        what: str,
        *,
        longest: int = LONGEST_LINE,
        line: bool = True,
        autocomplete: str = "",
        width: str = "",
        **kwargs: Any,
    ) -> None:
        self.piece = "text" if line else "textarea"
        self.what, self.longest, self.line = what, longest, line
        self.autocomplete, self.width = autocomplete, width
        super().__init__(strip=False, widget=forms.TextInput if line else forms.Textarea, **kwargs)
        self.error_messages["required"] = f"Enter {what}"
        self.validators = []  # tidy() refuses what Django's would, in better words

    def to_python(self, value: Any) -> str:
        """The text made regular. Raises ValidationError."""
        text = str(value or "")
        if len(text) > self.longest * 4:  # do not make a flood of text regular before refusing it
            raise ValidationError(self._too_long())
        try:
            tidied = tidy(text, line=self.line).replace("\r\n", "\n")
        except DomainError as error:
            raise ValidationError(str(error)) from error
        if len(tidied) > self.longest:
            raise ValidationError(self._too_long())
        return tidied

    def _too_long(self) -> str:
        return f"{_sentence(self.what)} must be {self.longest} characters or fewer"


class MoneyField(forms.Field):
    """An amount as people type it, as whole minor units of `currency`."""

    piece = "money"
    widget = forms.TextInput

    def __init__(self, what: str, *, currency: str = "GBP", least: int = 1, **kwargs: Any) -> None:
        self.what, self.currency, self.least = what, currency, least
        super().__init__(**kwargs)
        self.error_messages["required"] = f"Enter {what}"

    @property
    def symbol(self) -> str:
        """What stands before the input, as in £."""
        return money_text(0, self.currency).removesuffix("0.00").strip()

    def prepare_value(self, value: Any) -> Any:
        """What stands in the input: an amount known before is in minor units."""
        return decimal_text(value, self.currency) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        """Minor units; None when nothing was typed. Raises ValidationError."""
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            minor = parse_amount(str(value), self.currency)
        except DomainError as error:
            raise ValidationError(f"{_sentence(self.what)}: {_lower(str(error))}") from error
        if minor < self.least:
            smallest = money_text(self.least, self.currency)
            raise ValidationError(f"{_sentence(self.what)} must be {smallest} or more")
        return minor


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")


class NumberField(forms.Field):
    """A number of something, as a Decimal. `unit` stands after the input, as in hours."""

    piece = "number"
    widget = forms.TextInput

    def __init__(
        self,
        what: str,
        *,
        unit: str = "",
        places: int = 0,
        least: Decimal = Decimal(0),
        most: Decimal = Decimal(999_999),
        **kwargs: Any,
    ) -> None:
        self.what, self.unit, self.places = what, unit, places
        self.least, self.most = least, most
        super().__init__(**kwargs)
        self.error_messages["required"] = f"Enter {what}"

    def prepare_value(self, value: Any) -> Any:
        """What stands in the input, without zeros at the end."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        """The number; None when nothing was typed. Raises ValidationError."""
        text = str(value or "").strip()
        if not text:
            return None
        what = _sentence(self.what)
        if _NUMBER.fullmatch(text) is None:
            raise ValidationError(f"{what} must be a number, like {'2.5' if self.places else '2'}")
        number = Decimal(text.replace(",", ""))
        if number != number.quantize(Decimal(1).scaleb(-self.places)):
            few = f"{self.places} figures" if self.places > 1 else "1 figure"
            raise ValidationError(
                f"{what} must have no more than {few} after the point"
                if self.places
                else f"{what} must be a whole number"
            )
        if not self.least <= number <= self.most:
            raise ValidationError(f"{what} must be between {self.least:f} and {self.most:f}")
        return number


class DayWidget(forms.Widget):
    """A day as three inputs: day, month, year."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> tuple[str, ...]:
        return tuple(str(data.get(f"{name}-{part}") or "").strip() for part in _DAY_PARTS)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Mapping[str, Any], name: str) -> bool:
        return all(f"{name}-{part}" not in data for part in _DAY_PARTS)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}-day"


class DayField(forms.Field):
    """A day of the calendar, typed as day, month and year; a month may be written as a word."""

    piece = "day"
    widget = DayWidget

    def __init__(
        self,
        what: str,
        *,
        latest: Callable[[], date] | None = None,
        earliest: date = date(2015, 1, 1),
        **kwargs: Any,
    ) -> None:
        self.what, self.latest, self.earliest = what, latest, earliest
        super().__init__(**kwargs)
        self.error_messages["required"] = f"Enter {what}"
        self.empty_values = [*self.empty_values, ("", "", "")]

    def prepare_value(self, value: Any) -> Any:
        """What stands in the three inputs."""
        if isinstance(value, date):
            return (str(value.day), str(value.month), str(value.year))
        return value or ("", "", "")

    def to_python(self, value: Any) -> date | None:
        """The day; None when nothing was typed. Raises ValidationError."""
        if value in self.empty_values:
            return None
        what = _sentence(self.what)
        missing = [part for part, text in zip(_DAY_PARTS, value, strict=True) if not text]
        if missing:
            raise ValidationError(f"{what} must include a {' and '.join(missing)}")
        day, month, year = value
        if not re.fullmatch(r"[0-9]{4}", year, re.ASCII):
            raise ValidationError(f"{what}: year must include 4 numbers, like 2026")
        try:
            found = date(int(year), _month(month), _whole(day))
        except ValueError as error:
            raise ValidationError(f"{what} must be a real date, like 27 3 2026") from error
        return self._in_bounds(found, what)

    def _in_bounds(self, found: date, what: str) -> date:
        if found < self.earliest:
            raise ValidationError(f"{what} must be in {self.earliest.year} or later")
        if self.latest is not None and found > self.latest():
            raise ValidationError(f"{what} must be today or in the past")
        return found


def _whole(text: str) -> int:
    """Raises ValueError for anything but one or two ASCII digits."""
    if not re.fullmatch(r"[0-9]{1,2}", text, re.ASCII):
        raise ValueError(text)
    return int(text)


def _month(text: str) -> int:
    word = text.lower()
    found = [number for number, name in enumerate(_MONTHS, start=1) if word.startswith(name)]
    return found[0] if found and word.isalpha() else _whole(text)


class PickField(forms.ChoiceField):
    """One of some answers, as radio buttons. `hints` says more about an answer, by its value."""

    piece = "radios"

    def __init__(
        self,
        what: str,
        *,
        choices: Sequence[tuple[str, str]] = (),
        hints: Mapping[str, str] | None = None,
        inline: bool = False,
        **kwargs: Any,
    ) -> None:
        self.hints, self.inline = dict(hints or {}), inline
        super().__init__(choices=choices, widget=forms.RadioSelect, **kwargs)
        for name in ("required", "invalid_choice"):
            self.error_messages[name] = f"Select {what}"


class SelectField(forms.ChoiceField):
    """One of some answers, from a list that opens."""

    piece = "select"


class TickField(forms.MultipleChoiceField):
    """Any of some answers, as checkboxes."""

    piece = "checkboxes"

    def __init__(
        self,
        what: str,
        *,
        choices: Sequence[tuple[str, str]] = (),
        hints: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.hints = dict(hints or {})
        super().__init__(choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)
        for name in ("required", "invalid_choice", "invalid_list"):
            self.error_messages[name] = f"Select {what}"


class UploadField(forms.Field):
    """A file, as its bytes. What kind of file it is, the service finds out from the bytes."""

    piece = "file"
    widget = forms.FileInput

    def __init__(self, what: str = "a file", *, accept: str, most_megabytes: int, **kwargs: Any) -> None:
        self.accept, self.most_megabytes = accept, most_megabytes
        super().__init__(**kwargs)
        self.error_messages["required"] = f"Select {what}"

    def to_python(self, value: Any) -> bytes | None:
        """The content of the file; None when there is none. Raises ValidationError."""
        if not isinstance(value, UploadedFile):
            return None
        if (value.size or 0) > self.most_megabytes * MEGABYTE:
            raise ValidationError(f"The selected file must be smaller than {self.most_megabytes}MB")
        content = bytes(value.read())
        if not content:
            raise ValidationError("The selected file is empty")
        return content
