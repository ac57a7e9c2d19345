"""Projects: what they are for, when, who leads them, and who shares their cost."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from people.directory import project_detail, staff_of
from people.forms import sent, show_form
from people.models import Organisation, Person, Project
from people.services import add_project, change_project, set_partners
from people.services.stamps import version_of
from people.setup_forms import NewProjectForm, ProjectForm, SharesForm
from people.standing import person_of
from people.views.scope import of_organisation, organisation_asked, project_asked, was_done


def project(request: HttpRequest, code: str, project_id: str) -> HttpResponse:
    """How a project is set up, and who has which part in it."""
    found = project_asked(request, code, project_id)
    shown = {"detail": project_detail(found), "breadcrumbs": of_organisation(found.organisation)}
    return render(request, "people/project.html", shown)


def add(request: HttpRequest, code: str) -> HttpResponse:
    """Add a project to an organisation."""
    organisation, actor = organisation_asked(request, code), person_of(request)
    form = NewProjectForm(sent(request), staff=staff_of(organisation))
    if request.method == "POST":
        added = form.post(add_project, actor=actor, organisation=organisation)
        if added is not None:
            messages.success(request, f"{added} is added.")
            return redirect("people:project", code, added.pk)
    shown = {"title": "Add a project", "caption": organisation.name, "button": "Add this project"}
    return show_form(request, form, "parts/form/question.html", back=f"/organisations/{code}/", **shown)


def change(request: HttpRequest, code: str, project_id: str) -> HttpResponse:
    """Change a project. Its code stays."""
    found, actor = project_asked(request, code, project_id), person_of(request)
    plain = {name: getattr(found, name) for name in ("name", "purpose", "starts_on", "ends_on")}
    people = {"lead": str(found.lead_id), "administrator": str(found.administrator_id)}
    initial = plain | people | {"version": version_of(found)}
    form = ProjectForm(sent(request), initial=initial, staff=_staff_with(found))
    if was_done(request, form, change_project, actor=actor, project_id=found.pk):
        messages.success(request, "The project is changed.")
        return redirect("people:project", code, found.pk)
    shown = {"title": "Change the project", "caption": found.code, "button": "Save the project"}
    return show_form(request, form, "parts/form/question.html", back=_page_of(found), **shown)


def shares(request: HttpRequest, code: str, project_id: str) -> HttpResponse:
    """Say who carries which share of a project's cost."""
    found, actor = project_asked(request, code, project_id), person_of(request)
    organisations = list(Organisation.objects.order_by("name", "pk"))
    weights = dict(found.partners.values_list("organisation_id", "weight"))
    initial = {f"share-{each.pk}": str(weights.get(each.pk, 0)) for each in organisations}
    form = SharesForm(sent(request), initial=initial, organisations=organisations)
    if was_done(request, form, set_partners, actor=actor, project_id=found.pk):
        messages.success(request, "The shares are changed.")
        return redirect("people:project", code, found.pk)
    shown = {"title": "Who shares the cost?", "caption": found.name, "button": "Save the shares"}
    return show_form(request, form, "people/shares.html", back=_page_of(found), **shown)


def _page_of(found: Project) -> str:
    return f"/organisations/{found.organisation.code}/projects/{found.pk}/"


def _staff_with(found: Project) -> list[Person]:
    """The staff, and whoever leads or administers the project now."""
    staff = staff_of(found.organisation)
    return [*staff, *(each for each in {found.lead, found.administrator} if each not in staff)]
