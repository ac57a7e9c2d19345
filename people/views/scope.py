"""What the signed-in administrator may open; anything else is not there."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from people.directory import administered_by, people_known_to
from people.forms import PlainForm
from people.models import Organisation, Person, Project
from people.standing import person_of

Crumbs = list[tuple[str, str]]
START: tuple[str, str] = ("Start", "/")
PEOPLE: tuple[str, str] = ("People", "/people/")
SET_UP: tuple[str, str] = ("Set up", "/organisations/")


def organisation_asked(request: HttpRequest, code: str) -> Organisation:
    """An organisation this person administers, or 404."""
    return get_object_or_404(administered_by(person_of(request)), code=code)


def person_asked(request: HttpRequest, number: str) -> Person:
    """Somebody with a part in an organisation this person administers, or 404."""
    return get_object_or_404(people_known_to(person_of(request)), number=number)


def project_asked(request: HttpRequest, code: str, project_id: str) -> Project:
    """A project of an organisation this person administers, or 404."""
    projects = Project.objects.select_related("organisation", "lead", "administrator")
    return get_object_or_404(projects, pk=int(project_id), organisation=organisation_asked(request, code))


def of_organisation(organisation: Organisation) -> Crumbs:
    """The way back from a page of an organisation."""
    return [START, SET_UP, (organisation.name, f"/organisations/{organisation.code}/")]


def was_done(request: HttpRequest, form: PlainForm, service: Callable[..., object], **fixed: Any) -> bool:
    """Ask the service with what was sent. False when nothing was sent, or when the form now says why not."""
    return request.method == "POST" and form.post(service, **fixed) is not None
