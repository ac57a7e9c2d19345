"""Say whose time goes through payroll, prepare the run for it, and write down what payroll has paid."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from common.paging import page_of
from payments.payroll import pages
from payments.payroll.forms import ConfirmForm, MarkForm, PrepareForm, UndoForm
from payments.services import payroll
from payments.services.runs import prepare_list
from payments.workflow import Method
from people.forms import PlainForm, sent, show_form
from people.models import FINANCE, Organisation, RoleKind
from people.permissions import organisations_with
from people.standing import person_of

START = ("Start", "/")
FEW = 10


def overview(request: HttpRequest) -> HttpResponse:
    """What is due through payroll, its runs, and whose time goes through it."""
    person = person_of(request)
    shown = {
        "offices": pages.offices(person),
        "runs": pages.runs_read(person).order_by("-pk")[:FEW],
        "page": page_of(pages.marks_read(person), request.GET),
        "keeps": set(organisations_with(person, FINANCE).values_list("pk", flat=True)),
        "breadcrumbs": [START],
    }
    return render(request, "payments/payroll/overview.html", shown)


def mark(request: HttpRequest, code: str) -> HttpResponse:
    """Name somebody, check what that changes, and say it."""
    organisation, stage = _kept(request, code), request.POST.get("stage")
    if stage == "change":
        form = MarkForm(initial={"number": request.POST.get("number", "")}, organisation=organisation)
    else:
        form = MarkForm(sent(request), organisation=organisation)
    if stage == "send" and form.post(payroll.mark, actor=person_of(request)) is not None:
        messages.success(request, f"Money for time of {form.person} is paid through payroll from now on.")
        return redirect("payroll:overview")
    if stage == "check" and form.is_valid() and form.person is not None:
        waiting = pages.unsent(organisation, form.person, Method.BANK)
        shown = {"form": form, "organisation": organisation, "waiting": waiting}
        return render(request, "payments/payroll/check.html", shown)
    return _shown(
        request, form, "mark", caption=organisation.name, title="Pay somebody’s time through payroll"
    )


def end(request: HttpRequest, mark_id: str) -> HttpResponse:
    """Pay somebody's time by bank again."""
    actor = person_of(request)
    found = get_object_or_404(pages.marks_kept(actor), pk=int(mark_id))
    if request.method == "GET" and found.until is not None:
        return redirect("payroll:overview")
    form = PlainForm(sent(request))
    if form.is_bound and form.post(payroll.end_mark, actor=actor, mark_id=found.pk) is not None:
        messages.success(request, f"Money for time of {found.person} is paid by bank again from now on.")
        return redirect("payroll:overview")
    waiting = pages.unsent(found.organisation, found.person, Method.PAYROLL)
    title = "Pay their time by bank again?"
    return _shown(request, form, "end", title=title, mark=found, waiting=waiting)


def prepare(request: HttpRequest, code: str) -> HttpResponse:
    """What is due through payroll, and the run that pays it."""
    actor = person_of(request)
    organisation = get_object_or_404(organisations_with(actor, [RoleKind.PREPARER]), code=code)
    due = pages.due_through_payroll(organisation, actor)
    form = PrepareForm(sent(request), initial={"expected_total": due.total})
    if form.is_bound and (run := form.post(prepare_list, actor=actor, organisation=organisation)):
        messages.success(request, f"Payment run {run.number} is prepared. Somebody else has to sign it.")
        return redirect("payments:run", run.pk)
    shown = {"organisation": organisation, "due": due, "page": page_of(due.rows, request.GET)}
    return _shown(request, form, "prepare", title="Prepare a run for payroll", **shown)


def confirm(request: HttpRequest, run_id: str) -> HttpResponse:
    """Write down on which day payroll has paid a run."""
    actor = person_of(request)
    run = get_object_or_404(pages.runs_kept(actor), pk=int(run_id))
    form = ConfirmForm(sent(request))
    if form.is_bound and form.post(payroll.confirm_payroll, actor=actor, run_id=run.pk) is not None:
        messages.success(request, f"It is recorded that payroll has paid run {run.number}.")
        return redirect("payroll:overview")
    return _shown(request, form, "confirm", title=f"Has payroll paid run {run.number}?", run=run)


def undo(request: HttpRequest, confirmation_id: str) -> HttpResponse:
    """Take back that payroll has paid a run."""
    actor = person_of(request)
    found = get_object_or_404(pages.confirmations_kept(actor), pk=int(confirmation_id))
    form = UndoForm(sent(request))
    undone = payroll.undo_confirmation
    if form.is_bound and form.post(undone, actor=actor, confirmation_id=found.pk) is not None:
        messages.success(request, f"Run {found.run.number} is not paid by payroll yet.")
        return redirect("payroll:overview")
    title = f"Has payroll not paid run {found.run.number}?"
    return _shown(request, form, "undo", title=title, run=found.run, confirmation=found)


def _kept(request: HttpRequest, code: str) -> Organisation:
    """An organisation whose money this person keeps, or 404."""
    return get_object_or_404(organisations_with(person_of(request), FINANCE), code=code)


def _shown(request: HttpRequest, form: PlainForm, name: str, **shown: Any) -> HttpResponse:
    return show_form(
        request, form, f"payments/payroll/{name}.html", back=reverse("payroll:overview"), **shown
    )
