"""Activities for those who set them up: who was asked, never what anybody answered."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from claims.activity_forms import ActivityForm, CancelForm, InviteForm, NewActivityForm, as_typed
from claims.models import Activity
from claims.permissions import HELPERS
from claims.queries.activities import (
    activities_set_up_by,
    asked_people,
    cancellation_outlook,
    people_on_hand,
    people_to_ask,
)
from claims.services.activities import add_activity, cancel_activity
from claims.services.activity_changes import change_activity, invite
from claims.words import mode_words, quantity_text
from common.dates import now
from common.paging import page_of
from people.forms import sent, show_form
from people.models import Project
from people.permissions import projects_with
from people.services.stamps import version_of
from people.standing import person_of

START = ("Start", "/")
ACTIVITIES = ("Activities", "/activities/")
COSTS = "Fares, miles, parking, care while you are away, and food and drink when you are away for long."


def activity_list(request: HttpRequest) -> HttpResponse:
    """Activities of the projects this person sets them up in, newest first."""
    person = person_of(request)
    page = page_of(activities_set_up_by(person), request.GET)
    projects = projects_with(person, HELPERS).order_by("name", "pk")
    shown = {"page": page, "projects": projects, "now": now(), "breadcrumbs": [START]}
    return render(request, "claims/activities/list.html", shown)


def add(request: HttpRequest, project_id: str) -> HttpResponse:
    """Set up an activity in a project."""
    person = person_of(request)
    project = get_object_or_404(projects_with(person, HELPERS), pk=int(project_id))
    initial = {"link_person": str(person.pk), "costs_met": COSTS, "time_kind": "session"}
    form = NewActivityForm(sent(request), initial=initial, people=list(people_on_hand(project)))
    if request.method == "POST":
        added = form.post(add_activity, actor=person, project=project)
        if added is not None:
            messages.success(request, "The activity is set up. Now ask people to come.")
            return redirect("activities:activity", added.pk)
    return _question(request, form, project, "Set up an activity", "Set it up", "/activities/")


def activity(request: HttpRequest, activity_id: str) -> HttpResponse:
    """One activity, and who was asked to it."""
    found = _asked_for(request, activity_id)
    shown = {
        "activity": found,
        "time": _time_words(found),
        "asked": asked_people(found),
        "can_change": not found.cancelled_by and now() < found.starts_at,
        "breadcrumbs": [START, ACTIVITIES],
    }
    return render(request, "claims/activities/activity.html", shown)


def change(request: HttpRequest, activity_id: str) -> HttpResponse:
    """Change an activity until it starts."""
    found, person = _asked_for(request, activity_id), person_of(request)
    people = list(people_on_hand(found.project))
    if found.link_person not in people:
        people.append(found.link_person)
    initial = as_typed(found) | {"version": version_of(found)}
    form = ActivityForm(sent(request), initial=initial, people=people)
    if (
        request.method == "POST"
        and form.post(change_activity, actor=person, activity_id=found.pk) is not None
    ):
        messages.success(
            request, "The activity is changed. Tell the people you asked, if it matters to them."
        )
        return redirect("activities:activity", found.pk)
    back = f"/activities/{found.pk}/"
    return _question(request, form, found.project, "Change the activity", "Save the activity", back)


def ask(request: HttpRequest, activity_id: str) -> HttpResponse:
    """Ask contributors of the project to come, several at once."""
    found, person = _asked_for(request, activity_id), person_of(request)
    to_ask = list(people_to_ask(found))
    known = [*to_ask, *(each for each, _ in asked_people(found))] if request.method == "POST" else to_ask
    form = InviteForm(sent(request), people=known)
    if request.method == "POST" and form.post(invite, actor=person, activity_id=found.pk) is not None:
        messages.success(request, "They have been asked, each in the way they want to hear from us.")
        return redirect("activities:activity", found.pk)
    shown = {"caption": found.title, "button": "Ask these people", "time": _time_words(found)}
    back = f"/activities/{found.pk}/"
    return show_form(request, form, "claims/activities/ask.html", back=back, to_ask=to_ask, **shown)


def cancel(request: HttpRequest, activity_id: str) -> HttpResponse:
    """Say who called it off and when people were told; see what follows; then cancel it."""
    found, person = _asked_for(request, activity_id), person_of(request)
    form = CancelForm(sent(request))
    is_sure = "sure" in request.POST
    if is_sure and form.post(cancel_activity, actor=person, activity_id=found.pk) is not None:
        messages.success(request, "The activity is cancelled, and everybody who was asked is told.")
        return redirect("activities:activity", found.pk)
    if request.method == "POST" and not is_sure and form.is_valid():
        return _outlook(request, found, form)
    shown = {"title": "Cancel this activity", "caption": found.title, "button": "See what follows"}
    back = f"/activities/{found.pk}/"
    return show_form(request, form, "parts/form/question.html", back=back, **shown)


def _outlook(request: HttpRequest, found: Activity, form: CancelForm) -> HttpResponse:
    asked = form.arguments()
    outlook = cancellation_outlook(found, asked["cancelled_by"], asked["told_at"])
    hours, minutes = divmod(int(outlook.notice.total_seconds()) // 60, 60)
    kept = [(name, request.POST[name]) for name in request.POST if name != "csrfmiddlewaretoken"]
    shown = {
        "activity": found,
        "outlook": outlook,
        "hours": hours,
        "minutes": minutes,
        "kept": kept,
        "told_at": asked["told_at"],
        "by_us": asked["cancelled_by"] == "organisation",
        "back": f"/activities/{found.pk}/cancel/",
    }
    return render(request, "claims/activities/cancel.html", shown)


def _asked_for(request: HttpRequest, activity_id: str) -> Activity:
    return get_object_or_404(activities_set_up_by(person_of(request)), pk=int(activity_id))


def _time_words(found: Activity) -> str:
    """“3 hours of session”, or nothing where no time is offered."""
    if not found.time_kind:
        return ""
    return f"{quantity_text(found.time_hours, 'hour')} ({mode_words(found.time_kind)})"


def _question(
    request: HttpRequest, form: Any, project: Project, title: str, button: str, back: str
) -> HttpResponse:
    shown = {"title": title, "caption": project.name, "button": button, "back": back}
    return show_form(request, form, "parts/form/question.html", **shown)
