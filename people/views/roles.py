"""Parts in the work: given, confirmed by a second person where they have a hand on money, and ended."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from people.directory import roles_confirmed_by, roles_known_to, roles_to_confirm
from people.forms import PlainForm, sent, show_form
from people.part_forms import LastDayForm, PartForm
from people.permissions import may_confirm_role
from people.services import confirm_role, end_role, grant_role
from people.standing import person_of
from people.views.scope import START, organisation_asked, person_asked, was_done


def grant(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Give somebody another part."""
    found, organisation = person_asked(request, number), organisation_asked(request, code)
    form = PartForm(sent(request), organisation=organisation)
    if request.method == "POST":
        role = form.post(grant_role, actor=person_of(request), person=found, organisation=organisation)
        if role is not None:
            waits = " It counts as soon as a second person has confirmed it." if role.waits else ""
            messages.success(request, f"{found} has a new part.{waits}")
            return redirect("people:person", number)
    shown = {"caption": f"{found} in {organisation}", "button": "Give this part", "title": "Give a part"}
    return show_form(request, form, "parts/form/question.html", back=f"/people/{number}/", **shown)


def waiting(request: HttpRequest) -> HttpResponse:
    """Parts that wait for a second person."""
    actor = person_of(request)
    rows = [(role, may_confirm_role(actor, role)) for role in roles_to_confirm(actor)]
    return render(request, "people/roles.html", {"rows": rows, "breadcrumbs": [START]})


def confirm(request: HttpRequest, role_id: str) -> HttpResponse:
    """Confirm a part as the second person."""
    actor = person_of(request)
    role = get_object_or_404(roles_confirmed_by(actor), pk=int(role_id))
    if request.method == "GET" and not role.waits:
        return redirect("people:roles")
    form = PlainForm(sent(request))
    if was_done(request, form, confirm_role, actor=actor, role_id=role.pk):
        messages.success(request, f"The part of {role.person} is confirmed. It counts from now on.")
        return redirect("people:roles")
    logins = list(role.person.logins.filter(is_active=True).values_list("email", flat=True))
    shown = {"role": role, "logins": logins, "why_not": may_confirm_role(actor, role), "back": "/roles/"}
    title = "Is it right that they have this part?"
    return show_form(request, form, "people/confirm.html", title=title, button="Confirm this part", **shown)


def end(request: HttpRequest, role_id: str) -> HttpResponse:
    """Say which day is the last of a part."""
    role = get_object_or_404(roles_known_to(person_of(request)), pk=int(role_id))
    form = LastDayForm(sent(request))
    if was_done(request, form, end_role, actor=person_of(request), role_id=role.pk):
        messages.success(request, f"This part of {role.person} ends on that day.")
        return redirect("people:person", role.person.number)
    shown = {"caption": str(role), "button": "End this part", "back": f"/people/{role.person.number}/"}
    return show_form(request, form, "parts/form/question.html", **shown)
