"""Organisations: what they promise, whom people can turn to, and the name on bank statements."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from common.errors import DomainError
from people.directory import administered_by
from people.forms import sent, show_form
from people.models import Organisation
from people.services.organisations import (
    as_on_statement,
    change_organisation,
    set_adviser,
    set_statement_name,
)
from people.services.stamps import version_of
from people.setup_forms import AdviserForm, OrganisationForm, StatementNameForm
from people.standing import person_of
from people.views.scope import SET_UP, START, organisation_asked, was_done


def organisation_list(request: HttpRequest) -> HttpResponse:
    """The organisations this person administers; straight to it when it is only one."""
    organisations = list(administered_by(person_of(request)))
    if len(organisations) == 1:
        return redirect("people:organisation", organisations[0].code)
    shown = {"organisations": organisations, "breadcrumbs": [START]}
    return render(request, "people/organisations.html", shown)


def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """How an organisation is set up, with its projects."""
    found = organisation_asked(request, code)
    projects = found.projects.select_related("lead").order_by("name", "pk")
    crumbs = [START, SET_UP] if administered_by(person_of(request)).count() > 1 else [START]
    shown = {"organisation": found, "projects": projects, "breadcrumbs": crumbs}
    return render(request, "people/organisation.html", shown)


def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change what it promises and whom people can turn to."""
    found = organisation_asked(request, code)
    initial = {name: getattr(found, name) for name in OrganisationForm.base_fields if hasattr(found, name)}
    form = OrganisationForm(sent(request), initial=initial | {"version": version_of(found)})
    actor = person_of(request)
    if was_done(request, form, change_organisation, actor=actor, organisation_id=found.pk):
        messages.success(request, "The details are changed.")
        return redirect("people:organisation", code)
    shown = {"title": "What do people need to know?", "caption": found.name, "button": "Save the details"}
    return show_form(request, form, "parts/form/question.html", back=f"/organisations/{code}/", **shown)


def statement_name(request: HttpRequest, code: str) -> HttpResponse:
    """Change the name on bank statements, after a look at how it will stand there."""
    found = organisation_asked(request, code)
    initial = {"statement_name": found.statement_name, "version": version_of(found)}
    form = StatementNameForm(sent(request), initial=initial)
    actor = person_of(request)
    looks = "look" in request.POST
    if not looks and was_done(request, form, set_statement_name, actor=actor, organisation_id=found.pk):
        messages.success(request, "The name on bank statements is changed.")
        return redirect("people:organisation", code)
    shown = {"title": "", "caption": found.name, "button": "Save the name", "back": f"/organisations/{code}/"}
    preview = _preview(form, found)
    return show_form(request, form, "people/statement_name.html", preview=preview, **shown)


def adviser(request: HttpRequest, code: str) -> HttpResponse:
    """Say who talks to people in confidence before they answer an invitation."""
    found = organisation_asked(request, code)
    initial = {name: getattr(found, name) for name in ("adviser_name", "adviser_email")}
    form = AdviserForm(sent(request), initial=initial | {"version": version_of(found)})
    if was_done(request, form, set_adviser, actor=person_of(request), organisation_id=found.pk):
        messages.success(request, "The adviser is changed.")
        return redirect("people:organisation", code)
    shown = {"title": "Who talks to people in confidence?", "caption": found.name, "button": "Save"}
    return show_form(request, form, "people/adviser.html", back=f"/organisations/{code}/", **shown)


def _preview(form: StatementNameForm, organisation: Organisation) -> str:
    """The name as a bank would carry it: what was typed, or what stands now."""
    if not form.is_bound or not form.is_valid():
        return organisation.statement_name
    try:
        return as_on_statement(form.cleaned_data["statement_name"])
    except DomainError as error:
        form.refuse(error)
        return organisation.statement_name
