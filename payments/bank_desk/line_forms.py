"""What a statement line was, as a person answers it; and why a match is undone."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from payments.models import MatchKind, StatementLine
from payments.services.reconciling import EXPLANATIONS, NOTE_LENGTH, WAYS
from payments.suggesting import Suggestion
from people.forms import PickField, PlainForm, SelectField, TextField
from people.models import Project

_CHOICE = re.compile(r"(run|payment|return):([0-9]{1,18})", re.ASCII)
_WORDS = {
    MatchKind.CHARGE: "A bank charge",
    MatchKind.INTEREST: "Interest",
    MatchKind.FUNDING: "Funding",
    MatchKind.PAYROLL: "Payroll took what it paid to people",
    MatchKind.CASH: "Cash for the cash box, or brought back from it",
    MatchKind.CHEQUE: "A cheque that was cashed",
    MatchKind.CODE: "Cash-out codes",
    MatchKind.DONATION: "A donation to a charity",
    MatchKind.GROUP: "A payment to a group",
    MatchKind.SUPPLIER: "Vouchers, or something for learning",
    MatchKind.SUSPENSE: "Not known yet",
}
_HINTS = {
    MatchKind.FUNDING.value: "Money for the work. Choose the project below, if it is for one.",
    MatchKind.PAYROLL.value: "The recharge for money that went to people with their pay.",
    MatchKind.SUSPENSE.value: "It goes into the books as not known, and stays on the list of open items.",
}


@dataclass(frozen=True)
class Answer:
    """What a line was said to be; `key` is of the run or payment, 0 for an explanation."""

    kind: MatchKind
    key: int


class AnswerField(PickField):
    """One of the offered answers. Whether it still fits is the services' to say, not the list's:
    a form sent twice must mean the same thing twice.
    """

    def valid_value(self, value: Any) -> bool:
        """Anything that could have been offered."""
        return str(value) in _WORDS or _CHOICE.fullmatch(str(value)) is not None


class AnswerForm(PlainForm):
    """What a line was: one of the payments and runs that fit, or an explanation."""

    what = AnswerField("what this line was", label="What was this line?")
    note = TextField(
        "what it was, in a few words",
        longest=NOTE_LENGTH,
        required=False,
        label="In a few words",
        help_text="Needed unless you choose a run or a payment. An auditor reads it.",
    )
    project = SelectField(label="Project, for funding", required=False)
    refusals_at = "what"

    def __init__(
        self,
        *args: Any,
        line: StatementLine,
        offered: Sequence[Suggestion],
        projects: Sequence[Project],
        explains: bool,
        payroll: bool,
        by_hand: Mapping[MatchKind, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fit = {MatchKind.FUNDING: line.amount > 0, MatchKind.PAYROLL: payroll}
        fit |= {kind: kind in by_hand for kind in WAYS}
        kinds = [kind for kind in _WORDS if explains and fit.get(kind, True)]
        self.explains = explains
        fitting = [each for each in offered if self.offers(each)]
        what: Any = self.fields["what"]
        what.choices = [
            *((each.choice, each.title) for each in fitting),
            *((kind.value, _WORDS[kind]) for kind in kinds),
        ]
        likely = {each.choice: ". ".join(each.reasons) for each in offered if each.key == 0}
        what.hints = (
            {each.choice: ". ".join(each.reasons) for each in fitting}
            | {kind: hint for kind, hint in _HINTS.items() if kind in kinds}
            | {kind.value: hint for kind, hint in by_hand.items() if kind in kinds}
            | {kind: reasons for kind, reasons in likely.items() if kind in kinds}
        )
        if MatchKind.FUNDING in kinds:
            project: Any = self.fields["project"]
            project.choices = [("", "No project"), *((each.code, each.name) for each in projects)]
        else:
            del self.fields["project"]
        if not explains:
            del self.fields["note"]
        elif not fitting:
            self.fields["note"].help_text = "An auditor reads it."

    def offers(self, suggestion: Suggestion | None) -> bool:
        """Can it be chosen? Who may only correct can say that a payment came back, and nothing else."""
        if suggestion is None or not suggestion.key:
            return False
        return self.explains or suggestion.kind == MatchKind.RETURN

    @property
    def has_choices(self) -> bool:
        """Is there anything to choose?"""
        what: Any = self.fields["what"]
        return bool(what.choices)

    def clean(self) -> dict[str, Any]:
        """An explanation has words to it."""
        super().clean()
        is_asked = "note" in self.fields and "note" not in self.errors
        if is_asked and self.cleaned_data.get("what") in _WORDS and not self.cleaned_data.get("note"):
            self.add_error("note", "Say in a few words what it was")
        return self.cleaned_data

    def answer(self) -> Answer:
        """What was chosen; the form is valid."""
        said = str(self.cleaned_data["what"])
        kind, _, key = said.partition(":")
        return Answer(MatchKind(kind), int(key or 0))

    def explanation(self) -> dict[str, Any]:
        """What the service that explains is asked with, beside the line and the project."""
        return {"kind": self.answer().kind, "note": self.cleaned_data.get("note") or ""}

    @property
    def is_explanation(self) -> bool:
        """Is it neither a run nor a payment?"""
        return self.answer().kind in EXPLANATIONS


class UndoForm(PlainForm):
    """Why a match was wrong; `match` is the one that was seen."""

    match = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        max_value=2**63 - 1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "This form has expired. Go back and start it again.",
        ),
    )
    reason = TextField(
        "why it was wrong",
        longest=NOTE_LENGTH,
        line=False,
        label="Why was it wrong?",
        help_text="It is kept with the reversal. An auditor reads it.",
    )
