"""Months: what is left in each, closing one, and reopening one with a second person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ledger.permissions import may_close, may_confirm_reopening
from ledger.services.periods import ask_to_reopen, confirm_reopening, withdraw_reopening
from payments.models import Explainable
from payments.months import pages
from payments.months.forms import ExplainForm, ReasonForm
from payments.permissions import may_reconcile
from payments.queries.month_end import checklist
from payments.services.months import close_month, explain_item
from people.forms import PlainForm, sent, show_form
from people.models import FINANCE, RoleKind
from people.permissions import is_finance
from people.standing import person_of
from people.step_up import proof_needed

START = ("Start", "/")
LIST = ("Months", "/months/")


def month_list(request: HttpRequest) -> HttpResponse:
    """The months of the books, and what is left to do in those that are open."""
    shown = {"books": pages.books_of(person_of(request)), "breadcrumbs": [START]}
    return render(request, "payments/months/list.html", shown)


def month_page(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """One month: the checklist that knows what is left, or who closed it."""
    person = person_of(request)
    period = pages.period_of(person, code, month)
    found = pages.month_page(period)
    asked_by = found.waiting.asked_by if found.waiting else person
    shown = {
        "found": found,
        "period": period,
        "may_close": may_close(person, period.organisation) is None,
        "may_explain": may_reconcile(person, period.organisation) is None,
        "may_confirm": may_confirm_reopening(person, asked_by, period.organisation) is None,
        "keeps": is_finance(person, period.organisation),
        "breadcrumbs": [START, LIST],
    }
    return render(request, "payments/months/month.html", shown)


def close(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Close a month, with a fresh proof, once nothing is left that keeps it open."""
    person = person_of(request)
    period = pages.period_of(person, code, month, [RoleKind.APPROVER])
    if (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    form = PlainForm(sent(request))
    asked = {"actor": person, "organisation": period.organisation, "month": period.month}
    if request.method == "POST" and form.post(close_month, **asked) is not None:
        messages.success(request, f"{period.name} is closed. Nothing more can be posted in it.")
        return redirect("months:month", code, month)
    shown = {"found": pages.month_page(period), "period": period, "back": _path(code, month)}
    title = f"Close {period.name}?"
    return show_form(request, form, "payments/months/close.html", title=title, button="Close month", **shown)


def explain(request: HttpRequest, code: str, month: str, item: str) -> HttpResponse:
    """Say why something that a month leaves open may stay as it is."""
    person = person_of(request)
    period = pages.period_of(person, code, month, [RoleKind.PREPARER])
    found = next(each for each in checklist(period.organisation, period.month) if each.name == item)
    if request.method != "POST" and not found.keeps_open:
        return redirect("months:month", code, month)
    form = ExplainForm(sent(request), initial={"about": found.about})
    asked = {"actor": person, "organisation": period.organisation, "month": period.month}
    if request.method == "POST" and form.post(explain_item, **asked, item=Explainable(item)) is not None:
        messages.success(request, "It is explained, and no longer keeps the month open.")
        return redirect("months:month", code, month)
    shown = {"item": found, "period": period, "back": _path(code, month), "title": "Explain what is left"}
    return show_form(request, form, "payments/months/explain.html", button="Save this explanation", **shown)


def reopen(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """Ask for a closed month to be opened again, and say why."""
    person = person_of(request)
    period = pages.period_of(person, code, month, FINANCE)
    form = ReasonForm(sent(request))
    asked = {"actor": person, "organisation": period.organisation, "month": period.month}
    if request.method == "POST" and form.post(ask_to_reopen, **asked) is not None:
        messages.success(request, f"You asked to reopen {period.name}. A second person has to confirm it.")
        return redirect("months:month", code, month)
    shown = {"period": period, "back": _path(code, month), "title": f"Ask to reopen {period.name}"}
    return show_form(request, form, "parts/form/question.html", button="Ask to reopen", **shown)


def confirm(request: HttpRequest, code: str, month: str, reopening_id: str) -> HttpResponse:
    """Open a closed month again as the second person, with a fresh proof."""
    person = person_of(request)
    asked = pages.reopening_of(person, code, month, reopening_id)
    if (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    form = PlainForm(sent(request))
    answer = {"actor": person, "reopening_id": asked.pk}
    if request.method == "POST" and form.post(confirm_reopening, **answer) is not None:
        messages.success(request, f"{asked.period.name} is open again.")
        return redirect("months:month", code, month)
    shown = {
        "asked": asked,
        "why_not": may_confirm_reopening(person, asked.asked_by, asked.period.organisation),
        "back": _path(code, month),
        "title": f"Reopen {asked.period.name}?",
        "effect": "Entries can be posted in this month again, until it is closed once more.",
    }
    return show_form(request, form, "payments/months/answer.html", button="Reopen month", **shown)


def withdraw(request: HttpRequest, code: str, month: str, reopening_id: str) -> HttpResponse:
    """Leave a month closed that somebody asked to have reopened."""
    person = person_of(request)
    asked = pages.reopening_of(person, code, month, reopening_id)
    form = PlainForm(sent(request))
    answer = {"actor": person, "reopening_id": asked.pk}
    if request.method == "POST" and form.post(withdraw_reopening, **answer) is not None:
        messages.success(request, f"{asked.period.name} stays closed.")
        return redirect("months:month", code, month)
    shown = {
        "asked": asked,
        "back": _path(code, month),
        "title": f"Leave {asked.period.name} closed?",
        "effect": "The request ends here. It can be asked for again.",
    }
    return show_form(request, form, "payments/months/answer.html", button="Leave it closed", **shown)


def _path(code: str, month: str) -> str:
    return f"/months/{code}/{month}/"
