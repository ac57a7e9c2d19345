"""Forms of months, and of money that is posted by hand."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import cached_property

from common.dates import month_key, today
from common.errors import DomainError
from common.money import money_text
from ledger.models import Account, AccountKind, JournalEntry
from ledger.queries import fundings_like, opening_of
from ledger.services.accounts import bank_ledger_account
from ledger.services.opening import opened_already, recorded_already
from ledger.services.periods import REASON_LENGTH
from ledger.services.posting import AlreadyPosted, PeriodClosed
from payments.services.months import WORDS_LENGTH
from people.forms import DayField, MoneyField, PickField, PlainForm, TextField
from people.models import Organisation, Project
from people.templatetags.ledger_text import day as day_text

_EXPIRED = dict.fromkeys(
    ("invalid", "min_value", "max_value"), "This form has expired. Go back and start it again."
)
CLOSED = "Choose a day in a month that is open, or have that month reopened first"


class ReasonForm(PlainForm):
    """Why a closed month should be opened again."""

    reason = TextField(
        "why it has to be reopened",
        longest=REASON_LENGTH,
        line=False,
        label="Why does it have to be reopened?",
        help_text="The person who confirms it and the auditor will read this.",
    )


class ExplainForm(PlainForm):
    """Why something may stay open. `about` stands for what was seen."""

    about = forms.CharField(widget=forms.HiddenInput, max_length=64)
    words = TextField(
        "why it may stay as it is",
        longest=WORDS_LENGTH,
        line=False,
        label="Why may it stay as it is?",
        help_text="Whoever closes the month and the auditor will read this.",
    )


class PostingForm(PlainForm):
    """Money that came into a bank account: which account, how much, when, in what words."""

    refusals_at = "day"

    account = PickField("the bank account", label="Which bank account?")
    amount = MoneyField("the amount", label="How much?")
    day = DayField("the day", label="On which day?", latest=today)
    words = TextField("what it is", label="What is it?", help_text="As it should appear in the journal.")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.fields["account"] = PickField(
            "the bank account", label="Which bank account?", choices=self._accounts()
        )
        self.fields["amount"] = MoneyField("the amount", label="How much?", currency=organisation.currency)
        self.order_fields(["account", "project", "amount", "day", "words"])

    def _accounts(self) -> list[tuple[str, str]]:
        accounts = self.organisation.bank_accounts.order_by("name")
        return [(str(each.pk), each.name) for each in accounts]

    def arguments(self) -> dict[str, Any]:
        """What the service is asked with: the account as the books know it."""
        said = self.cleaned_data
        return {
            "account": bank_ledger_account(self.organisation, self._label("account")),
            "amount": said["amount"],
            "date": said["day"],
            "narrative": said["words"],
        }

    def refuse(self, error: DomainError, field: str = "") -> None:
        """A closed month at the day, with what to do; a second opening at the account."""
        if isinstance(error, PeriodClosed):
            error = PeriodClosed(f"{error} {CLOSED}")
        super().refuse(error, "account" if isinstance(error, AlreadyPosted) else field)

    def look_ahead(self) -> None:
        """Say on the first page already what the books would refuse."""
        day = self.cleaned_data["day"]
        month = self.organisation.periods.filter(month=month_key(day), closed=True).first()
        if month is not None:
            self.refuse(PeriodClosed(f"{month.name} is closed, so nothing can be posted in it."))

    def carried(self) -> list[tuple[str, str]]:
        """What was typed, as the check page carries it on to be sent."""
        left = ("csrfmiddlewaretoken", "stage")
        return [(name, str(self.data[name])) for name in self.data if name not in left]

    @property
    def warning(self) -> str:
        """What should be known before it is posted; empty when there is nothing."""
        return ""

    @property
    def ledger_account(self) -> Account | None:
        """The account in the books; None before anything was ever posted to it."""
        code = f"{AccountKind.BANK}:{self._label('account')}"
        return Account.objects.filter(organisation=self.organisation, code=code).first()

    def rows(self) -> list[tuple[str, str]]:
        """What is about to be posted, to be read once more."""
        said = self.cleaned_data
        return [
            ("Bank account", self._label("account")),
            ("Amount", money_text(said["amount"], self.organisation.currency)),
            ("Day", day_text(said["day"])),
            ("In the journal", said["words"]),
        ]

    def _label(self, name: str) -> str:
        choices: Sequence[tuple[str, str]] = self.fields[name].choices  # type: ignore[attr-defined]
        return dict(choices)[self.cleaned_data[name]]


class OpeningForm(PostingForm):
    """What was in a bank account on the first day."""

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"organisation": self.organisation}

    def look_ahead(self) -> None:
        super().look_ahead()
        account = self.ledger_account
        if account is not None and (first := opening_of(account)) is not None:
            self.refuse(AlreadyPosted(opened_already(first)))


class FundingForm(PostingForm):
    """Money received for a project. `alike` is how many records of the same money were shown."""

    alike = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=10**6, error_messages=_EXPIRED
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = self.organisation.projects.order_by("name")
        choices = [(str(each.pk), f"{each.name} ({each.code})") for each in projects]
        self.fields["project"] = PickField("the project", label="For which project?", choices=choices)
        self.order_fields(["account", "project", "amount", "day", "words"])

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"project": self._project(), "alike": self.cleaned_data["alike"] or 0}

    def _project(self) -> Project:
        projects = self.organisation.projects.select_related("organisation")
        return projects.get(pk=self.cleaned_data["project"])

    def carried(self) -> list[tuple[str, str]]:
        """With how many records of the same money the check page shows, so that another one is noticed."""
        known = [(name, value) for name, value in super().carried() if name != "alike"]
        return [*known, ("alike", str(len(self.known)))]

    @property
    def warning(self) -> str:
        """That the same money was recorded, and by whom; empty when it was not."""
        return recorded_already(self.known[0]) if self.known else ""

    @cached_property
    def known(self) -> list[JournalEntry]:
        """Records of the same money, the newest first."""
        said, account = self.cleaned_data, self.ledger_account
        if account is None:
            return []
        return list(fundings_like(self._project(), account, said["amount"], said["day"]))

    def rows(self) -> list[tuple[str, str]]:
        return [("Project", self._label("project")), *super().rows()]
