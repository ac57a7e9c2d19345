"""Decide the lines of a claim on one page, check what that does, send it; and undo a decision."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from claims.deciding.forms import DecisionForm, UndoForm
from claims.queries.to_decide import ClaimToDecide, LineToDecide, claim_to_decide, holders_of
from claims.services.deciding import decide_claim
from claims.services.settling import Choice
from claims.services.trial import Trial, Tried, try_out
from claims.services.undoing import undo_decision
from common.errors import DomainError, IllegalMove, KeyReused, NotVisible, Stale
from people.models import Person
from people.standing import person_of

MOVED_ON = (IllegalMove, KeyReused, Stale)
START = ("Start", "/")
LIST = ("Claims", "/claims/?view=lead")


def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Every line of a claim, and what this person decides about it: typed, checked, then sent."""
    person = person_of(request)
    page = claim_to_decide(person, reference)
    if request.method != "POST":
        return _lines(request, DecisionForm(page=page))
    if request.POST.get("step") == "change":
        return _lines(request, DecisionForm(page=page, initial=_typed(request)))
    step = _send if request.POST.get("step") == "send" else _check
    try:
        return step(request, person, DecisionForm(request.POST, page=page))
    except MOVED_ON as error:
        return _moved_on(request, reference, error)


def _typed(request: HttpRequest) -> dict[str, str]:
    """What was typed so far, to be changed; a new page gets a new key and shows the newest version."""
    return {name: str(value) for name, value in request.POST.items() if name not in ("key", "version")}


def _lines(request: HttpRequest, form: DecisionForm) -> HttpResponse:
    shown = {"form": form, "found": form.page, "breadcrumbs": [START, LIST]}
    return render(request, "claims/deciding/decide.html", shown, status=422 if form.errors else 200)


def _check(request: HttpRequest, person: Person, form: DecisionForm) -> HttpResponse:
    """What the decisions would do, before they are sent."""
    if not form.is_valid():
        return _lines(request, form)
    choices = form.choices()
    trial = try_out(
        actor=person,
        claim_id=form.page.pk,
        decisions=choices,
        expected_version=form.cleaned_data["version"],
    )
    for line in trial.lines:
        if line.problem:
            form.refuse_line(line.line_id, line.problem)
    if form.errors:
        return _lines(request, form)
    if request.POST.get("step") == "send" and trial.goes_over and not form.cleaned_data["over_budget_reason"]:
        form.add_error("over_budget_reason", "Enter why it is right to spend more than was planned")
    shown = {
        "form": form,
        "found": form.page,
        "trial": trial,
        "rows": _rows(form.page, trial, choices),
        "holders": sorted({name for effect in trial.effects for name in holders_of(effect.project)}),
        "can_send": any(line.would_stand for line in trial.lines),
    }
    return render(request, "claims/deciding/check.html", shown, status=422 if form.errors else 200)


def _rows(
    page: ClaimToDecide, trial: Trial, choices: Sequence[Choice]
) -> list[tuple[LineToDecide, Choice, Tried]]:
    lines = {line.line.pk: line for line in page.lines}
    chosen = {choice.line_id: choice for choice in choices}
    return [(lines[tried.line_id], chosen[tried.line_id], tried) for tried in trial.lines]


def _send(request: HttpRequest, person: Person, form: DecisionForm) -> HttpResponse:
    """Decide all lines but those that only a budget holder may; the check page said which these are."""
    if not form.is_valid():
        return _lines(request, form)
    left = [int(key) for key in request.POST.getlist("leave") if key.isascii() and key.isdigit()]
    try:
        decide_claim(
            actor=person,
            claim_id=form.page.pk,
            decisions=tuple(form.choices(without=left)),
            expected_version=form.cleaned_data["version"],
            key=form.cleaned_data["key"],
        )
    except (*MOVED_ON, NotVisible):
        raise
    except DomainError:
        return _check(request, person, form)  # it says line by line what is wrong
    messages.success(request, f"Your decisions on claim {form.page.page.claim.reference} are sent.")
    return redirect(f"{reverse('claims:list')}?view=lead")


def undo(request: HttpRequest, reference: str, decision_id: str) -> HttpResponse:
    """Take a decision back before its money is on the way."""
    person = person_of(request)
    page = claim_to_decide(person, reference)
    line = next((line for line in page.lines if line.decision == int(decision_id)), None)
    back = reverse("deciding:decide", args=[reference])
    if line is None and request.method != "POST":
        return redirect(back)
    sent = request.POST if request.method == "POST" else None
    form = UndoForm(sent, initial={"version": page.page.version})
    try:
        if sent and form.post(undo_decision, actor=person, decision_id=int(decision_id)) is not None:
            messages.success(request, f"Decision undone. This line of claim {reference} is waiting again.")
            return redirect(back)
    except MOVED_ON as error:
        return _moved_on(request, reference, error)
    shown = {
        "form": form,
        "line": line,
        "page": page.page,
        "back": back,
        "title": "Undo this decision?",
        "button": "Undo decision",
    }
    return render(request, "claims/deciding/undo.html", shown, status=422 if form.errors else 200)


def _moved_on(request: HttpRequest, reference: str, error: DomainError) -> HttpResponse:
    """Somebody was faster: who did what, and the way back to how it stands now."""
    shown = {"message": str(error), "reference": reference}
    return render(request, "claims/deciding/moved_on.html", shown, status=409)
