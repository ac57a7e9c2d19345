"""The form on which several lines of a claim are decided, and the one that undoes a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from claims.models import CountsAs, Outcome
from claims.queries.rows import ApproverTime
from claims.queries.to_decide import ClaimToDecide, LineToDecide
from claims.services.settling import LONGEST_REASON, Choice
from claims.standard_reasons import in_words, reasons_for
from claims.words import line_title
from people.forms import MoneyField, NumberField, PickField, SelectField, StampedForm, TextField

LATER = "later"
OWN_WORDS = 200  # leaves room for a standard sentence before them
WITH_WHY = (Outcome.REDUCE, Outcome.REFUSE, Outcome.ASK)
_SHORT = {Outcome.REDUCE: "part", Outcome.REFUSE: "refuse", Outcome.ASK: "ask"}
_WHY = {
    Outcome.REDUCE: "Why only part of it?",
    Outcome.REFUSE: "Why not?",
    Outcome.ASK: "What do you need to know?",
}


_OUTCOMES = (
    (Outcome.APPROVE.value, "Agree"),
    (Outcome.REDUCE.value, "Agree part of it"),
    (Outcome.REFUSE.value, "Do not agree"),
    (Outcome.ASK.value, "Ask a question"),
    (LATER, "Decide later"),
)


class DecisionForm(StampedForm):
    """Every line that may be decided, each with the four outcomes and “later”."""

    over_budget_reason = TextField(
        "why it is right to spend more than was planned",
        longest=LONGEST_REASON,
        line=False,
        required=False,
        label="Why is it right to spend more than was planned?",
        help_text="The project lead and finance will read this.",
    )

    def __init__(self, *args: Any, page: ClaimToDecide, **kwargs: Any) -> None:
        known = {"version": page.page.version} | kwargs.pop("initial", {})
        super().__init__(*args, initial=known, **kwargs)
        self.page = page
        for line in page.lines:  # also those decided since: a form sent twice has to say the same twice
            self._add(line, page.page.currency)
        self.order_fields([name for name in self.fields if name != "over_budget_reason"])

    def _add(self, line: LineToDecide, currency: str) -> None:
        """The fields of one line, named by its key."""
        name = _name(line)
        self.fields[name] = PickField(
            "what you decide", label="What do you decide?", choices=_OUTCOMES, initial=LATER, required=False
        )
        self.fields[f"{name}-part-amount"] = _how_much(line, currency)
        for outcome in WITH_WHY:
            part = f"{name}-{_SHORT[outcome]}"
            offered = [("", "Choose, or say it below"), *reasons_for(outcome, line.counts_as)]
            self.fields[f"{part}-why"] = SelectField(label=_WHY[outcome], choices=offered, required=False)
            self.fields[f"{part}-words"] = TextField(
                "your own words", longest=OWN_WORDS, line=False, required=False, label="In your own words"
            )

    def clean(self) -> dict[str, Any]:
        """Something is decided, and whatever is not simply agreed says why."""
        super().clean()
        for line in self.page.lines:
            self._check(line)
        if not self.errors and not self.choices():
            first = next(iter(self.page.open_lines or self.page.lines))
            self.add_error(_name(first), "Decide at least one line")
        return self.cleaned_data

    def _check(self, line: LineToDecide) -> None:
        name = _name(line)
        outcome = self._outcome(line)
        if outcome is None or outcome == Outcome.APPROVE:
            return
        part = f"{name}-{_SHORT[outcome]}"
        if outcome == Outcome.REDUCE and self.cleaned_data.get(f"{part}-amount") is None:
            self._missing(f"{part}-amount", f"{_title(line)}: enter how much of it you agree")
        if not self._why(line, outcome) and f"{part}-words" not in self.errors:
            say = "what you need to know" if outcome == Outcome.ASK else "why, in plain words"
            self._missing(f"{part}-why", f"{_title(line)}: say {say}")

    def _missing(self, field: str, error: str) -> None:
        """What was typed and could not be read has its own error already."""
        if field not in self.errors:
            self.add_error(field, error)

    def _outcome(self, line: LineToDecide) -> Outcome | None:
        chosen = self.cleaned_data.get(_name(line)) or LATER
        return None if chosen == LATER else Outcome(chosen)

    def _why(self, line: LineToDecide, outcome: Outcome) -> str:
        part = f"{_name(line)}-{_SHORT[outcome]}"
        said = self.cleaned_data
        return in_words(said.get(f"{part}-why") or "", said.get(f"{part}-words") or "")

    def choices(self, *, without: Sequence[int] = ()) -> list[Choice]:
        """What was decided, line by line; lines left for later, and those in `without`, are not in it."""
        found: list[Choice] = []
        for line in self.page.lines:
            outcome = self._outcome(line)
            if outcome is not None and line.line.pk not in without:
                found.append(self._choice(line, outcome))
        return found

    def _choice(self, line: LineToDecide, outcome: Outcome) -> Choice:
        is_part = outcome == Outcome.REDUCE
        amount = self.cleaned_data.get(f"{_name(line)}-part-amount") if is_part else None
        return Choice(
            line.line.pk,
            outcome,
            allowed=amount if line.counts_as == CountsAs.EXPENSE else None,
            hours=amount if line.counts_as == CountsAs.FEE else None,
            reason=self._why(line, outcome) if outcome in WITH_WHY else "",
            over_budget_reason=self.cleaned_data.get("over_budget_reason") or "",
        )

    def refuse_line(self, line_id: int, problem: str) -> None:
        """A rule said no to one line: its message stands at the amount, or else at the outcome."""
        line = next(each for each in self.page.lines if each.line.pk == line_id)
        is_part = self._outcome(line) == Outcome.REDUCE
        field = f"{_name(line)}-part-amount" if is_part else _name(line)
        self.add_error(field, f"{_title(line)}: {problem.removesuffix('.')}")

    def cards(self) -> list["Card"]:
        """Every line of the claim, with its fields where it may be decided."""
        offered = {line.line.pk for line in self.page.open_lines}
        return [
            Card(line, self[_name(line)], self._options(line))
            if line.line.pk in offered
            else Card(line, None, ())
            for line in self.page.lines
        ]

    def _options(self, line: LineToDecide) -> Sequence["Option"]:
        field = self[_name(line)]
        chosen = str(field.value() or LATER)
        return [
            Option(
                id=field.auto_id if number == 0 else f"{field.auto_id}-{number + 1}",
                value=value,
                label=label,
                is_chosen=value == chosen,
                fields=self._more(line, value),
            )
            for number, (value, label) in enumerate(_outcomes(line))
        ]

    def _more(self, line: LineToDecide, value: str) -> Sequence[BoundField]:
        if value not in WITH_WHY:
            return ()
        name = f"{_name(line)}-{_SHORT[Outcome(value)]}"
        amount = [self[f"{name}-amount"]] if value == Outcome.REDUCE else []
        return [*amount, self[f"{name}-why"], self[f"{name}-words"]]


@dataclass(frozen=True)
class Option:
    """One outcome as it is drawn, with the fields that open under it."""

    id: str
    value: str
    label: str
    is_chosen: bool
    fields: Sequence[BoundField]


@dataclass(frozen=True)
class Card:
    """One line as it is drawn; `field` is None where this person decides nothing about it."""

    shown: LineToDecide
    field: BoundField | None
    options: Sequence[Option]


class UndoForm(StampedForm):
    """Why a decision is taken back."""

    reason = TextField(
        "why you are undoing this decision",
        longest=LONGEST_REASON,
        line=False,
        label="Why are you undoing it?",
        help_text="The person who claimed can read this.",
    )


def _name(line: LineToDecide) -> str:
    return f"line-{line.line.pk}"


def _title(line: LineToDecide) -> str:
    """What the line is for, so that the error summary says which line is meant."""
    kind = "time" if isinstance(line.line, ApproverTime) else line.line.kind
    return line_title(kind, line.line.mode)


def _outcomes(line: LineToDecide) -> list[tuple[str, str]]:
    """A question that was asked is not asked again before it is answered."""
    return [each for each in _OUTCOMES if not (line.is_asked and each[0] == Outcome.ASK)]


def _how_much(line: LineToDecide, currency: str) -> forms.Field:
    if isinstance(line.line, ApproverTime):
        return NumberField(
            f"{_title(line)}: how many hours you agree",
            unit="hours",
            places=2,
            most=Decimal(999),
            required=False,
            label="How many hours do you agree?",
        )
    return MoneyField(
        f"{_title(line)}: how much you agree",
        currency=currency,
        required=False,
        label="How much do you agree?",
    )
