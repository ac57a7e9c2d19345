"""How we write to somebody: their own page, and one question for each thing they may change."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from people.contact_forms import FORMS
from people.forms import show_form
from people.models import Channel, PaperFormat, Person
from people.services.contact import FIELDS, change_contact
from people.standing import person_of
from people.step_up import proof_needed

START = ("Start", "/")
FREE = "print"  # the one answer that sends nothing anywhere else


def overview(request: HttpRequest) -> HttpResponse:
    """How we write to the person, and where."""
    rows = _rows(person_of(request))
    return render(request, "people/contact/overview.html", {"rows": rows, "breadcrumbs": [START]})


def change(request: HttpRequest, part: str) -> HttpResponse:
    """Change one thing. Whatever leads our letters and calls elsewhere asks for a fresh proof first."""
    if part != FREE and (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    person = person_of(request)
    typed = request.POST if request.method == "POST" else None
    form = FORMS[part](typed, initial={name: getattr(person, name) for name in FIELDS})
    page = reverse("contact:overview")
    if request.method == "POST" and form.post(change_contact, actor=person) is not None:
        messages.success(request, "Saved. From now on we do it this way.")
        return redirect(page)
    template = f"people/contact/{'channel' if part == 'channel' else 'change'}.html"
    return show_form(request, form, template, back=page, button="Save")


def _rows(person: Person) -> list[tuple[str, str, str]]:
    words = {
        "channel": ("How we tell you things", str(Channel(person.channel).label)),
        "print": ("How you read best", str(PaperFormat(person.paper_format).label)),
        "email": ("E-mail address", person.email),
        "phone": ("Telephone number", person.phone),
        "address": ("Address", person.address),
    }
    return [
        (label, text or "Not given", reverse("contact:change", args=[part]))
        for part, (label, text) in words.items()
    ]
