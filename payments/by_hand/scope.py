"""Whose records the pages of what is paid by hand are about, and how a step is asked for and answered."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from claims.models import WayOffered
from people.forms import PlainForm, show_form
from people.models import Organisation, RoleKind
from people.permissions import organisations_with
from people.standing import person_of

START = ("Start", "/")
BY_HAND = ("Paid by hand", "/payments/by-hand/")


def organisation_of(request: HttpRequest, code: str, kinds: Iterable[RoleKind]) -> Organisation:
    """An organisation where this person has one of these parts, or 404."""
    return get_object_or_404(organisations_with(person_of(request), kinds), code=code)


def way_of(organisation: Organisation, way: str) -> WayOffered:
    """A way that the organisation has switched on at least once, or 404."""
    found = organisation.ways.filter(way=way).first()
    if found is None:
        raise Http404
    found.organisation = organisation
    return found


def step_page(
    request: HttpRequest,
    form: PlainForm,
    template: str,
    do: Callable[[], Any],
    *,
    said: str,
    then: Callable[[Any], str],
    back: str,
    **shown: Any,
) -> HttpResponse:
    """Show a step's form; or do the step, say so, and go where `then` says. What is refused stands in it."""
    if form.is_bound and (made := do()) is not None:
        messages.success(request, said)
        return redirect(then(made))
    return show_form(request, form, f"payments/by_hand/{template}.html", back=back, **shown)


def list_of(name: str, organisation: Organisation, way: str) -> str:
    """The address of a list of one way: `waiting` or `handed`."""
    return reverse(f"by-hand:{name}", args=[organisation.code, way])
