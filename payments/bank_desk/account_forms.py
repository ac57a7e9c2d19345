"""Forms of bank accounts: which account, how its statement files are laid out, and the files themselves."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.errors import DomainError
from payments.details_forms import FiguresField
from payments.formats.statement_columns import DATE_FORMATS, ENCODINGS, LARGEST_PREAMBLE, ColumnMap
from payments.formats.statement_csv import StatementRow, read_statement
from payments.formats.statement_guess import (
    SAMPLE,
    Layout,
    encoding_of,
    head_of,
    layout_of,
    propose,
)
from payments.services.accounts import NAME_LENGTH
from payments.services.details import BankDetailsError, read_details
from people.forms import NumberField, PickField, PlainForm, SelectField, TextField, UploadField
from people.models import Organisation

MEGABYTES = 10
PREVIEW = 5
_SEEMS_RIGHT = {"account_name": "A", "sort_code": "309430", "account_number": "00733445", "roll_number": ""}


def statement_field(label: str, help_text: str) -> UploadField:
    """A statement file, as the bank gives it."""
    return UploadField(
        accept=".csv,text/csv,text/plain", most_megabytes=MEGABYTES, label=label, help_text=help_text
    )


class UploadForm(PlainForm):
    """A statement to import."""

    content = statement_field("Statement file", "The CSV file that you download from the bank, up to 10MB.")


class SampleForm(PlainForm):
    """A statement file of which the first rows are looked at; nothing of it is kept."""

    sample = statement_field(
        "A statement file from this account",
        "CSV, up to 10MB. We only look at how it is laid out: it is not imported yet.",
    )

    def clean_sample(self) -> bytes:
        """A file with rows that begin with dates. Raises ValidationError in the words of the reader."""
        content: bytes = self.cleaned_data["sample"]
        try:
            layout_of(head_of(content), encoding=encoding_of(content))
        except DomainError as error:
            raise ValidationError(str(error).removesuffix(".")) from error
        return content


class AccountForm(SampleForm):
    """A new account of the organisation's own, with a sample of its statements."""

    organisation = PickField("whose account it is", label="Whose account is it?")
    name = TextField("a name for the account", longest=NAME_LENGTH, label="What do you call this account?")
    sort_code = FiguresField("a sort code", label="Sort code", autocomplete="off", width="5")
    account_number = FiguresField("an account number", label="Account number", autocomplete="off", width="10")

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["organisation", "name", "sort_code", "account_number", "sample"])
        self.organisations = {each.code: each for each in organisations}
        if len(organisations) == 1:
            del self.fields["organisation"]
        else:
            picked: Any = self.fields["organisation"]
            picked.choices = [(each.code, each.name) for each in organisations]

    @property
    def chosen(self) -> Organisation:
        """Whose account it is; the form is valid."""
        only = next(iter(self.organisations))
        return self.organisations[self.cleaned_data.get("organisation") or only]

    def clean(self) -> dict[str, Any]:
        """Each field by the services' own rules, before the columns are looked at."""
        super().clean()
        for name, plain in (("sort_code", "sort_code"), ("account_number", "account_number")):
            if name in self.cleaned_data:
                self._judge(name, plain)
        taken = self.cleaned_data.get("name")
        if taken and not self.errors and self.chosen.bank_accounts.filter(name=taken).exists():
            self.add_error("name", f"There is already an account called {taken}")
        return self.cleaned_data

    def _judge(self, name: str, plain: str) -> None:
        try:
            read_details(**_SEEMS_RIGHT | {plain: self.cleaned_data[name]})
        except BankDetailsError as error:
            self.add_error(name, str(error).removesuffix("."))


def encoded(content: bytes) -> str:
    """The head of a file as text that a form carries."""
    return base64.b64encode(head_of(content)).decode("ascii")


def sample_in(carried: str) -> bytes | None:
    """The sample that a form carried, or None for anything else."""
    try:
        return base64.b64decode(carried, validate=True) if len(carried) <= 2 * SAMPLE else None
    except (binascii.Error, ValueError):
        return None


_ROLES = (
    ("date", "Date"),
    ("description", "What it was for"),
    ("reference", "Reference"),
    ("amount", "Amount, in one column"),
    ("paid_in", "Money in, in a column of its own"),
    ("paid_out", "Money out, in a column of its own"),
    ("balance", "Balance after each line"),
)
_OUT = (("negative", "With a minus, or in brackets"), ("positive", "Without a minus"))
_CHARACTERS = {"utf-8-sig": "UTF-8", "cp1252": "Windows (older exports)"}


def known_rows(columns: ColumnMap) -> list[tuple[str, str]]:
    """How statements are read now, for people to read."""
    used = columns.columns()
    rows = [(label, used[role]) for role, label in _ROLES if role in used]
    return [
        *rows,
        ("Dates are written", columns.date_format),
        ("Money out is written", dict(_OUT)[columns.money_out]),
    ]


class ColumnsForm(PlainForm):
    """Which column of a statement file is what: proposed from a sample, looked at, and confirmed.

    Raises StatementError when the sample cannot be cut into columns with these settings.
    """

    sample = forms.CharField(widget=forms.HiddenInput)
    refusals_at = "date"

    date_format = SelectField(label="How are dates written?", choices=[(each, each) for each in DATE_FORMATS])
    money_out = SelectField(label="How is money out written?", choices=_OUT)
    lines_above = NumberField(
        "how many lines are above the headings",
        unit="lines",
        most=LARGEST_PREAMBLE,  # type: ignore[arg-type]  # an int compares with a Decimal
        label="How many lines are above the headings, or above the first row?",
    )
    encoding = SelectField(
        label="Character encoding", choices=[(each, _CHARACTERS[each]) for each in ENCODINGS]
    )

    def __init__(
        self, data: Any = None, *, sample: bytes, currency: str, content: bytes = b"", **kwargs: Any
    ) -> None:
        """`content` is the whole file when the form is first shown; later only its head is there."""
        self.currency = currency
        self.layout = self._cut(data, sample, content)
        proposed = propose(self.layout, currency) | {"sample": encoded(sample)}
        super().__init__(data, initial=proposed | kwargs.pop("initial", {}), **kwargs)
        names = [("", "Not in the file"), *((name, self._shown(name)) for name in self.layout.names if name)]
        for role, label in _ROLES:
            self.fields[role] = SelectField(
                label=label, choices=names, required=role in ("date", "description")
            )
            self.fields[role].error_messages["required"] = f"Choose the column for “{label}”"
            self.fields[role].error_messages["invalid_choice"] = f"Choose the column for “{label}” again"
        self.order_fields(["key", "sample", "date", "date_format", *(role for role, _ in _ROLES)])

    def _cut(self, data: Any, sample: bytes, content: bytes) -> Layout:
        encoding = (data or {}).get("encoding")
        if encoding not in ENCODINGS:
            encoding = encoding_of(content or sample)
        above = str((data or {}).get("lines_above", "")).strip()
        number = int(above) if above.isascii() and above.isdigit() and len(above) < 4 else None
        return layout_of(sample, encoding=encoding, lines_above=number)

    def _shown(self, name: str) -> str:
        """A column as the list offers it: its heading, or its place with what stands in it."""
        if self.layout.has_header:
            return name
        first = next(iter(self.layout.cells(name)), "empty")
        return f"Column {name}: {first[:30]}"

    def columns(self) -> ColumnMap:
        """The map as chosen; the form is valid. Raises ColumnMapError."""
        chosen = {name: self.cleaned_data[name] for name in (*dict(_ROLES), "date_format", "money_out")}
        return ColumnMap(
            **chosen,
            encoding=self.cleaned_data["encoding"],
            lines_above=self.layout.lines_above,
            has_header=self.layout.has_header,
            delimiter=self.layout.delimiter,
            currency=self.currency,
        )

    def clean(self) -> dict[str, Any]:
        """The sample can be read like this: what is confirmed is what was seen."""
        super().clean()
        self._clean_money()
        self._clean_repeated()
        if not self.errors:
            try:
                self.read()
            except DomainError as error:
                self.add_error("date", str(error).removesuffix("."))
        return self.cleaned_data

    def _clean_money(self) -> None:
        """One column with every amount, or one each for money in and out; told where it is chosen."""
        chosen = {name for name in ("amount", "paid_in", "paid_out") if self.cleaned_data.get(name)}
        if chosen not in ({"amount"}, {"paid_in", "paid_out"}):
            self.add_error(
                "amount", "Choose one column for the amount, or one for money in and one for money out"
            )

    def _clean_repeated(self) -> None:
        """A column is one thing only; told at the second that claims it, with both by name."""
        first: dict[str, str] = {}
        for role, label in _ROLES:
            column = self.cleaned_data.get(role)
            if column and column in first:
                said = (
                    f"“{column}” is chosen for “{first[column]}” too. Choose another column for one of them"
                )
                self.add_error(role, said)
            elif column:
                first[column] = label

    def read(self) -> Sequence[StatementRow]:
        """The rows of the sample, read with the columns as chosen. Raises DomainError."""
        sample = sample_in(self.cleaned_data["sample"]) or b""
        return read_statement(sample, self.columns()).rows

    def preview(self) -> Sequence[StatementRow]:
        """The first rows as they are read now; none where they cannot be."""
        if not self.is_bound:
            as_proposed = type(self)(
                {name: str(self.get_initial_for_field(field, name)) for name, field in self.fields.items()},
                sample=sample_in(str(self.initial["sample"])) or b"",
                currency=self.currency,
            )
            return as_proposed.preview()
        return self.read()[:PREVIEW] if self.is_valid() else ()


class AddColumnsForm(ColumnsForm):
    """The columns of a new account, which is carried along."""

    organisation = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(widget=forms.HiddenInput)
    sort_code = forms.CharField(widget=forms.HiddenInput)
    account_number = forms.CharField(widget=forms.HiddenInput)


class ChangeColumnsForm(ColumnsForm):
    """The columns of an account that has some already; `seen` is how they were when asked."""

    seen = forms.CharField(widget=forms.HiddenInput)
