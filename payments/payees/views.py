"""Payees: what waits, one person, and the check of bank details by a second person with a fresh proof."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from common.dates import london_day
from common.errors import IllegalMove, KeyReused
from payments import permissions
from payments.models import BankDetails
from payments.payees.forms import FindForm, PaperDetailsForm, RefuseForm, VerifyForm
from payments.queries.details import missing_page, payees_of, waiting_page
from payments.queries.payee import (
    contact_changes,
    details_for,
    first_usable,
    in_words,
    papers_seen,
    payee_for,
    who_acts_now,
    whom_to_ring,
)
from payments.services.details import enter, refuse, reveal, verify
from people.forms import sent, show_form
from people.models import RoleKind
from people.standing import person_of, standing_of
from people.step_up import proof_needed
from people.templatetags.ledger_text import moment

START, LIST = ("Start", "/"), ("Payees", "/payees/")
MOVED_ON = (IllegalMove, KeyReused)


def payee_list(request: HttpRequest) -> HttpResponse:
    """Bank details that wait to be checked, oldest first; then people owed money who have none."""
    form, person = FindForm(sent(request)), person_of(request)
    named = form.cleaned_data["named"] if form.is_bound and form.is_valid() else ""
    asked = {} if named else request.GET
    shown = {
        "waiting": waiting_page(person, asked, named),
        "missing": missing_page(person, asked, named),
        "named": named,
        "may_enter": standing_of(request).has(RoleKind.PREPARER),
        "breadcrumbs": [START],
    }
    return show_form(request, form, "payments/payees/list.html", **shown)


def payee(request: HttpRequest, number: str) -> HttpResponse:
    """How one person's bank details stand: two figures, who did what, and what can be done now."""
    found = payee_for(person_of(request), number)
    return render(request, "payments/payees/payee.html", {"found": found, "breadcrumbs": [START, LIST]})


def enter_details(request: HttpRequest, number: str) -> HttpResponse:
    """Key in bank details from a paper form, check them on a second page, and send them."""
    actor, stage = person_of(request), request.POST.get("stage")
    person = get_object_or_404(payees_of(actor, [RoleKind.PREPARER]), number=number)
    if (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    form = PaperDetailsForm(sent(request))
    if stage == "send" and form.post(enter, actor=actor, person=person) is not None:
        messages.success(
            request, f"The bank details of {person} are entered. Somebody else has to check them."
        )
        return redirect("payees:payee", number)
    shown: dict[str, Any] = {"payee": person, "back": reverse("payees:payee", args=[number])}
    if stage == "check" and form.is_valid():
        return render(request, "payments/payees/check.html", {"form": form, **shown})
    if stage == "change":
        typed = {name: request.POST.get(name, "") for name in PaperDetailsForm.base_fields}
        form = PaperDetailsForm(initial=typed)
    title = "Bank details from a paper form"
    return show_form(request, form, "payments/payees/enter.html", title=title, caption=str(person), **shown)


def verify_details(request: HttpRequest, number: str, details_id: str) -> HttpResponse:
    """Say that the account was checked with the person, how and when."""
    details = details_for(person_of(request), number, int(details_id))
    if (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    if request.method != "POST":
        return _verify_page(request, details, _verify_form(details))
    form = _verify_form(details, request.POST)
    try:
        done = form.post(verify, actor=person_of(request), details_id=details.pk)
    except MOVED_ON as error:
        return _moved_on(request, number, str(error))
    if done is None:
        return _verify_page(request, details, form)
    messages.success(
        request,
        f"The account ending {done.last_digits} is checked. It can be used from {moment(done.usable_from)}.",
    )
    return redirect("payees:payee", number)


def reveal_details(request: HttpRequest, number: str, details_id: str) -> HttpResponse:
    """The account in full, for the call that checks it. Each look is written down, a reload too."""
    actor = person_of(request)
    details = details_for(actor, number, int(details_id))
    here = reverse("payees:verify", args=[number, details_id])
    if (elsewhere := proof_needed(request, form_at=here)) is not None:
        return elsewhere
    if _is_settled(details):
        return _moved_on(request, number, "These bank details do not wait to be checked any more.")
    plain = reveal(actor=actor, details_id=details.pk)
    return _verify_page(request, details, _verify_form(details), plain=plain)


def refuse_details(request: HttpRequest, number: str, details_id: str) -> HttpResponse:
    """Say that the details are wrong, or could not be checked."""
    actor = person_of(request)
    details = details_for(actor, number, int(details_id))
    if (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    form = RefuseForm(sent(request))
    try:
        if request.method == "POST" and form.post(refuse, actor=actor, details_id=details.pk) is not None:
            messages.success(
                request, f"The account ending {details.last_digits} is refused. {details.person} is told."
            )
            return redirect("payees:payee", number)
    except MOVED_ON as error:
        return _moved_on(request, number, str(error))
    if request.method != "POST" and _is_settled(details):
        return redirect("payees:payee", number)
    shown = {
        "details": details,
        "why_not": permissions.may_verify_details(actor, details),
        "title": "These bank details cannot be used",
        "caption": str(details.person),
        "button": "Refuse these details",
        "back": reverse("payees:payee", args=[number]),
    }
    return show_form(request, form, "payments/payees/refuse.html", **shown)


def _verify_form(details: BankDetails, typed: QueryDict | None = None) -> VerifyForm:
    return VerifyForm(typed, came_on=london_day(details.entered_at), acting=details.acting)


def _verify_page(request: HttpRequest, details: BankDetails, form: VerifyForm, **more: Any) -> HttpResponse:
    """The page of the check; with `plain`, the account in full."""
    if request.method != "POST" and _is_settled(details):
        return redirect("payees:payee", details.person.number)
    number = details.person.number
    shown = {
        "details": details,
        "why_not": permissions.may_verify_details(person_of(request), details),
        "changes": in_words(contact_changes(details)),
        "ring": whom_to_ring(details),
        "papers_seen": papers_seen(details),
        "acts_now": "" if details.acting else who_acts_now(details.person),
        "usable_from": first_usable(details),
        "title": "Check these bank details",
        "back": reverse("payees:payee", args=[number]),
        "verify_at": reverse("payees:verify", args=[number, details.pk]),
        "reveal_at": reverse("payees:reveal", args=[number, details.pk]),
        "refuse_at": reverse("payees:refuse", args=[number, details.pk]),
        **more,
    }
    return show_form(request, form, "payments/payees/verify.html", **shown)


def _is_settled(details: BankDetails) -> bool:
    return details.verified_at is not None or details.retired_at is not None


def _moved_on(request: HttpRequest, number: str, message: str) -> HttpResponse:
    """Somebody was faster: who did what, and the way back to how it stands now."""
    shown = {"message": message, "number": number}
    return render(request, "payments/payees/moved_on.html", shown, status=409)
