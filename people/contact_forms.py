"""How somebody wants to hear from us, one question to a page."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError

from common.errors import DomainError
from people.forms import PickField, PlainForm, TextField
from people.models import Channel, PaperFormat
from people.services.contact import (
    LONGEST_ADDRESS,
    LONGEST_EMAIL,
    LONGEST_PHONE,
    read_address,
    read_email,
    read_phone,
)

_BELONGS = {Channel.EMAIL: "email", Channel.POST: "address", Channel.PHONE: "phone"}


class EmailField(TextField):
    """An e-mail address; phones then show the keys for one."""

    inputmode = "email"


class PhoneField(TextField):
    """A telephone number; phones then show the keys for one."""

    inputmode = "tel"


def _email(**options: Any) -> TextField:
    return EmailField(
        "your e-mail address",
        longest=LONGEST_EMAIL,
        autocomplete="email",
        help_text="One that only you read, if you can.",
        **options,
    )


def _phone(**options: Any) -> TextField:
    return PhoneField(
        "your telephone number",
        longest=LONGEST_PHONE,
        autocomplete="tel",
        width="20",
        help_text="We ask for you by name, and say who we are only to you.",
        **options,
    )


def _address(**options: Any) -> TextField:
    return TextField(
        "your address",
        longest=LONGEST_ADDRESS,
        line=False,
        autocomplete="street-address",
        help_text="Where post may safely go. Our envelopes are plain.",
        **options,
    )


def _judge(name: str, read: Callable[[str], str]) -> Callable[[PlainForm], str]:
    """By the service's own rule, so that the mistake is told at its own box."""

    def clean(form: PlainForm) -> str:
        try:
            return read(form.cleaned_data[name])
        except DomainError as error:
            raise ValidationError(str(error)) from error

    return clean


class ChannelForm(PlainForm):
    """By e-mail, by post or by telephone, with what is needed for the one that is chosen."""

    channel = PickField(
        "how you want to hear from us",
        label="How do you want to hear from us?",
        choices=[(str(each), str(each.label)) for each in Channel],
    )
    email = _email(label="E-mail address", required=False)
    address = _address(label="Address", required=False)
    phone = _phone(label="Telephone number", required=False)

    def clean(self) -> dict[str, Any]:
        """Only the box of the chosen answer counts."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = _BELONGS.get(Channel(cleaned["channel"])) if cleaned.get("channel") else None
        readers = {"email": read_email, "address": read_address, "phone": read_phone}
        for name, read in readers.items():
            if name != chosen:
                self.errors.pop(name, None)
                cleaned[name] = None
            elif name in cleaned:
                self._read(cleaned, name, read)
        return cleaned

    def _read(self, cleaned: dict[str, Any], name: str, read: Callable[[str], str]) -> None:
        try:
            cleaned[name] = read(cleaned[name])
        except DomainError as error:
            self.add_error(name, str(error))
            return
        if not cleaned[name]:
            self.add_error(name, str(self.fields[name].error_messages["required"]))


class FormatForm(PlainForm):
    """The size of print, and how much of it."""

    paper_format = PickField(
        "how you read best",
        label="How do you read best?",
        choices=[(str(each), str(each.label)) for each in PaperFormat],
        hints={
            PaperFormat.LARGE: "Letters one and a half times as large.",
            PaperFormat.PLAIN: "Words only, without tables or pictures.",
            PaperFormat.EASY_READ: "Short sentences in large letters. Ask us if you need pictures with them.",
        },
    )


class EmailForm(PlainForm):
    """Where e-mails go."""

    email = _email(label="What is your e-mail address?", required=False)
    clean_email = _judge("email", read_email)


class PhoneForm(PlainForm):
    """Where to ring."""

    phone = _phone(label="What is your telephone number?", required=False)
    clean_phone = _judge("phone", read_phone)


class AddressForm(PlainForm):
    """Where letters go."""

    address = _address(label="What is your address?", required=False)
    clean_address = _judge("address", read_address)


FORMS: dict[str, type[PlainForm]] = {
    "channel": ChannelForm,
    "print": FormatForm,
    "email": EmailForm,
    "phone": PhoneForm,
    "address": AddressForm,
}
