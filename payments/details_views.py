"""A person's own bank details: see how they stand, give new ones, check them, send them.

What is typed goes from page to page in the form itself, and is kept nowhere before it is sent.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from payments.details_forms import DetailsForm
from payments.own_details import own_details
from payments.services.details import enter
from people.forms import show_form
from people.standing import person_of
from people.step_up import proof_needed

START = ("Start", "/")
ASKED = "What are your bank details?"


def overview(request: HttpRequest) -> HttpResponse:
    """Two figures of the account, how it stands, and who looked at it."""
    found = own_details(person_of(request))
    return render(request, "payments/details/overview.html", {"found": found, "breadcrumbs": [START]})


def change(request: HttpRequest) -> HttpResponse:
    """Type new details, check them on a second page, and send them."""
    if (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    person, stage = person_of(request), request.POST.get("stage")
    form = DetailsForm(request.POST if request.method == "POST" else None)
    if stage == "send" and form.post(enter, actor=person, person=person) is not None:
        return redirect("bank-details:sent")
    if stage == "check" and form.is_valid():
        return render(request, "payments/details/check.html", {"form": form})
    if stage == "change":
        form = DetailsForm(initial={name: request.POST.get(name, "") for name in DetailsForm.base_fields})
    back = reverse("bank-details:overview")
    return show_form(request, form, "payments/details/change.html", back=back, title=ASKED)


def sent(request: HttpRequest) -> HttpResponse:
    """What happens next, and from when the new account is used."""
    found = own_details(person_of(request))
    if found.waiting is None:
        return redirect("bank-details:overview")
    return render(request, "payments/details/sent.html", {"found": found, "breadcrumbs": [START]})
