"""Budgets: proposed by leads or finance, agreed by a finance approver, kept version by version."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ledger.budget_pages import plan_of, planned_now, projects_budgeted_by, versions_of
from ledger.forms import BudgetForm
from ledger.models import Budget, BudgetStatus
from ledger.permissions import may_agree_budget, may_propose_budget
from ledger.services.budgets import agree, propose
from people.forms import PlainForm, sent, show_form
from people.models import Project
from people.standing import person_of, standing_of

START = ("Start", "/")


def budget_list(request: HttpRequest, project_id: str) -> HttpResponse:
    """Every version of a project's budget, newest first."""
    project = _project(request, project_id)
    shown = {
        "project": project,
        "plans": versions_of(project),
        "may_propose": may_propose_budget(person_of(request), project) is None,
        "breadcrumbs": [START],
    }
    return render(request, "ledger/budgets.html", shown)


def budget(request: HttpRequest, project_id: str, version: str) -> HttpResponse:
    """One version beside the agreed one. A finance approver agrees a proposed one here."""
    project, actor = _project(request, project_id), person_of(request)
    budgets = project.budgets.select_related("proposed_by", "agreed_by").prefetch_related("lines")
    found = get_object_or_404(budgets, version=int(version))
    form = PlainForm(sent(request))
    if request.method == "POST" and form.post(agree, actor=actor, budget_id=found.pk) is not None:
        messages.success(request, f"Version {found.version} of the budget is agreed.")
        return redirect("budgets:list", project.pk)
    shown = {
        "project": project,
        "plan": plan_of(found, _agreed(project)),
        "waits": found.status == BudgetStatus.PROPOSED,
        "why_not": may_agree_budget(actor, project, found.proposed_by_id),
        "back": f"/projects/{project.pk}/budgets/",
    }
    return show_form(request, form, "ledger/budget.html", **shown)


def propose_budget(request: HttpRequest, project_id: str) -> HttpResponse:
    """Propose the next version, from what is agreed now; work out sums on the way."""
    project, actor = _project(request, project_id), person_of(request)
    if may_propose_budget(actor, project):
        raise Http404
    currency = project.organisation.currency
    form = BudgetForm(sent(request), currency=currency, initial=planned_now(_agreed(project)))
    if "work_out" in request.POST:
        form = BudgetForm(form.worked_out(), currency=currency)
    elif request.method == "POST":
        made = form.post(propose, actor=actor, project=project)
        if made is not None:
            messages.success(request, "The budget is proposed. A finance approver can agree it now.")
            return redirect("budgets:version", project.pk, made.version)
    back = f"/projects/{project.pk}/budgets/"
    return show_form(request, form, "ledger/propose.html", project=project, back=back)


def _project(request: HttpRequest, project_id: str) -> Project:
    return get_object_or_404(projects_budgeted_by(standing_of(request)), pk=int(project_id))


def _agreed(project: Project) -> Budget | None:
    return project.budgets.filter(status=BudgetStatus.AGREED).prefetch_related("lines").first()
