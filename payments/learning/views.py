"""The learning fund: one's own and asking for something from it; what people asked, and the answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from common.money import money_text
from common.paging import page_of
from payments import permissions
from payments.learning import pages
from payments.learning.forms import AnswerForm, AskForm
from payments.services.learning import answer_learning, ask_for_learning, balance_of
from people.forms import sent, show_form
from people.standing import person_of

START = ("Start", "/")


def own(request: HttpRequest) -> HttpResponse:
    """What is in one's own learning fund, and what one asked for."""
    funds = pages.funds_of(person_of(request))
    crumbs = [START, ("Payments", "/payments/?view=own")]
    return render(request, "payments/learning/own.html", {"funds": funds, "breadcrumbs": crumbs})


def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for something from one's own fund."""
    actor = person_of(request)
    fund = pages.fund_of(actor, code)
    currency = fund.organisation.currency
    form = AskForm(sent(request), currency=currency)
    if form.is_bound and form.post(ask_for_learning, actor=actor, organisation=fund.organisation) is not None:
        messages.success(request, "Thank you. We have what you asked for.")
        return redirect("learning:own")
    return show_form(
        request,
        form,
        "payments/learning/ask.html",
        title="Ask for something from your learning fund",
        caption=fund.organisation.name,
        fund=fund,
        back=reverse("learning:own"),
        button="Ask for it",
    )


def asked(request: HttpRequest) -> HttpResponse:
    """What people asked for: what waits for an answer, or what has one."""
    answered = request.GET.get("view") == "answered"
    rows = pages.spends_read(person_of(request)).filter(agreed__isnull=not answered)
    page = page_of(rows, request.GET, keep="view=answered&" if answered else "")
    keeps = set(pages.spends_kept(person_of(request)).filter(pk__in=[each.pk for each in page.rows]))
    shown = {"page": page, "answered": answered, "keeps": keeps, "breadcrumbs": [START]}
    return render(request, "payments/learning/asked.html", shown)


def answer(request: HttpRequest, spend_id: str) -> HttpResponse:
    """Say yes, which puts it into the books, or no with the reason."""
    actor = person_of(request)
    spend = get_object_or_404(pages.spends_kept(actor), pk=int(spend_id))
    if request.method != "POST" and spend.agreed is not None:
        return redirect("learning:asked")
    form = AnswerForm(sent(request))
    if form.is_bound and form.post(answer_learning, actor=actor, spend_id=spend.pk) is not None:
        messages.success(request, f"{spend.person} can read your answer on their own page.")
        return redirect("learning:asked")
    currency = spend.organisation.currency
    rows = [
        ("Person", f"{spend.person} ({spend.person.number})"),
        ("What they would like", spend.item),
        ("What it costs", money_text(spend.amount, currency)),
        ("In their learning fund", money_text(balance_of(spend.person, spend.organisation), currency)),
    ]
    return show_form(
        request,
        form,
        "payments/learning/answer.html",
        title="Something from a learning fund",
        rows=rows,
        why_not=permissions.may_answer_learning(actor, spend),
        back=reverse("learning:asked"),
        button="Send this answer",
    )
