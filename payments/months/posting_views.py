"""Opening balances and funding, read once more before they are posted; and any entry of the journal."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from common.paging import asked_key
from ledger.models import JournalEntry
from ledger.services.opening import fund, open_books
from payments.months import pages
from payments.months.forms import FundingForm, OpeningForm, PostingForm
from people.forms import show_form
from people.models import FINANCE
from people.standing import person_of

START = ("Start", "/")
LIST = ("Months", "/months/")


def open_account(request: HttpRequest, code: str) -> HttpResponse:
    """Bring in what was in a bank account on the first day."""
    return _post(request, code, OpeningForm, open_books, "What is the opening balance of the account?")


def fund_project(request: HttpRequest, code: str) -> HttpResponse:
    """Record money received for a project."""
    return _post(request, code, FundingForm, fund, "What money came in for a project?")


def _post(
    request: HttpRequest,
    code: str,
    form_class: type[PostingForm],
    service: Callable[..., JournalEntry],
    title: str,
) -> HttpResponse:
    """Typed, checked on a second page, then posted; the entry is shown."""
    person = person_of(request)
    organisation = pages.organisation_of(person, code, FINANCE)
    stage = request.POST.get("stage")
    form = form_class(request.POST if request.method == "POST" else None, organisation=organisation)
    if stage == "send" and (made := form.post(service, actor=person)) is not None:
        messages.success(request, f"Posted as entry {made.number}.")
        return redirect("months:entry", code, made.number)
    if stage == "check" and form.is_valid():
        form.look_ahead()
        if form.is_valid():
            shown = {"form": form, "title": title, "organisation": organisation}
            return render(request, "payments/months/check.html", shown)
    if stage == "change":
        form = form_class(organisation=organisation, initial=_typed(request))
    shown = {"title": title, "caption": organisation.name, "back": "/months/"}
    return show_form(request, form, "payments/months/post.html", **shown)


def _typed(request: HttpRequest) -> dict[str, object]:
    """What was typed so far, to be changed; the new page gets a key of its own."""
    typed: dict[str, object] = {name: str(value) for name, value in request.POST.items() if name != "key"}
    typed["day"] = tuple(str(request.POST.get(f"day-{part}", "")) for part in ("day", "month", "year"))
    return typed


def entry(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """One entry of the journal with its transfers."""
    organisation = pages.organisation_of(person_of(request), code)
    found = pages.entry_page(organisation, int(number), asked_key(request.GET, "after"))
    shown = {"found": found, "breadcrumbs": [START, LIST]}
    return render(request, "payments/months/entry.html", shown)
