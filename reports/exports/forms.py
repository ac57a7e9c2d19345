"""What is asked before a file is made: which organisation, which days."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from common.dates import today
from people.file_queries import Days
from people.forms import DayField, PickField, PlainForm
from people.models import FileKind, Organisation
from people.templatetags.ledger_text import day
from reports.exports.periods import Period, days_of


class FileForm(PlainForm):
    """Asks for the organisation, when there is more than one to choose from."""

    kind: FileKind
    organisation = PickField("an organisation", label="Organisation")

    def __init__(self, data: Any, organisations: Iterable[Organisation], asked: str = "") -> None:
        self.organisations = {each.code: each for each in organisations}
        first = asked if asked in self.organisations else next(iter(self.organisations), "")
        super().__init__(data, initial={"organisation": first})
        self._offer()

    def _offer(self) -> None:
        field: Any = self.fields["organisation"]
        field.choices = [(code, each.name) for code, each in self.organisations.items()]
        if len(self.organisations) == 1:
            del self.fields["organisation"]

    def arguments(self) -> dict[str, Any]:
        """What the service is asked with; the only organisation need not be picked."""
        code = self.cleaned_data.get("organisation") or next(iter(self.organisations))
        return {"organisation": self.organisations[code], "kind": self.kind}


class JournalForm(FileForm):
    kind = FileKind.JOURNAL


class TrailForm(FileForm):
    kind = FileKind.TRAIL


class ChecksForm(FileForm):
    kind = FileKind.CHECKS


class WorkbookForm(FileForm):
    """Asks for the days as well: some that people ask for most, or any."""

    kind = FileKind.WORKBOOK
    refusals_at = "since"
    period = PickField("which days", label="Which days?", choices=Period.choices)
    since = DayField("the first day", label="First day", required=False, latest=today)
    until = DayField("the last day", label="Last day", required=False)
    field_order = ("organisation", "period", "since", "until")

    def __init__(self, data: Any, organisations: Iterable[Organisation], asked: str = "") -> None:
        super().__init__(data, organisations, asked)
        self.initial["period"] = Period.LAST_MONTH
        field: Any = self.fields["period"]
        field.hints = {
            each: _from_to(days_of(each, today())) for each in Period.values if each != Period.OTHER
        }

    def clean(self) -> dict[str, Any]:
        """Typed days count, and have to be there, only for other days."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("period") != Period.OTHER:
            for name in ("since", "until"):
                self.errors.pop(name, None)
            return cleaned
        for name, what in (("since", "the first day"), ("until", "the last day")):
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, ValidationError(f"Enter {what}"))
        since, until = cleaned.get("since"), cleaned.get("until")
        if isinstance(since, date) and isinstance(until, date) and until < since:
            self.add_error("until", ValidationError("The last day must be on or after the first day"))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """The organisation and the days."""
        cleaned = self.cleaned_data
        other = cleaned["period"] == Period.OTHER
        days = Days(cleaned["since"], cleaned["until"]) if other else days_of(cleaned["period"], today())
        return super().arguments() | {"days": days}


def _from_to(days: Days) -> str:
    return f"{day(days.since)} to {day(days.until)}"
