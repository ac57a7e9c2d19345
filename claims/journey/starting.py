"""The first pages: for whom, for what, and was it as long as planned."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from claims.journey.forms import HoursForm, OtherForm, PickForm
from claims.journey.whose import Journey, Whose, open_journey
from claims.models import Activity, Claim, Offer
from claims.pricing.vocabulary import Kind, Unit
from claims.queries.journey import (
    claimable_activities,
    claimable_projects,
    drafts_for,
    people_helped,
    somebody_helped,
)
from claims.services.claim_steps import has_time_of
from claims.services.claiming import add_line, start_claim
from claims.words import quantity_text
from common.dates import london_day, today
from common.errors import NotPermitted
from people.forms import sent as typed
from people.forms import show_form
from people.standing import person_of
from people.templatetags.ledger_text import day

OTHER = "other"


def choose(request: HttpRequest) -> HttpResponse:
    """Whom is this claim for? For people who type for others."""
    people = people_helped(person_of(request))
    form = PickForm(
        typed(request),
        label="Who is the claim for?",
        what="who the claim is for",
        choices=[(person.number, person.name) for person in people],
    )
    if request.method == "POST" and form.is_valid():
        return redirect("journey:start-for", form.chosen)
    return show_form(request, form, "claims/journey/choose.html", people=people, back=reverse("home"))


def start(request: HttpRequest, number: str = "") -> HttpResponse:
    """What is this claim for? One of the activities, or something else."""
    whose = _whose(request, number)
    activities = {str(activity.pk): activity for activity in claimable_activities(whose.contributor)}
    drafts = drafts_for(whose.actor, whose.contributor)
    if not activities and not drafts:
        return redirect(_address("other", number))
    form = PickForm(
        typed(request),
        label=whose.say("What are you claiming for?", "What is {name} claiming for?"),
        what="what the claim is for",
        choices=[*((pk, each.title) for pk, each in activities.items()), (OTHER, "Something else")],
        hints={pk: _hint(each) for pk, each in activities.items()},
    )
    if request.method == "POST" and form.is_valid():
        if form.chosen == OTHER:
            return redirect(_address("other", number))
        claim = _begin(form, whose, activities[form.chosen])
        if claim is not None:
            return redirect("journey:time", claim.reference)
    shown = {"whose": whose, "drafts": drafts, "back": _before(whose)}
    return show_form(request, form, "claims/journey/start.html", **shown)


def _begin(form: PickForm, whose: Whose, activity: Activity) -> Claim | None:
    return form.ask(
        start_claim,
        actor=whose.actor,
        project=activity.project,
        contributor=whose.contributor,
        activity=activity,
    )


def other(request: HttpRequest, number: str = "") -> HttpResponse:
    """A claim that is for no activity: which project, and which day."""
    whose = _whose(request, number)
    projects = {str(project.pk): project for project in claimable_projects(whose.contributor)}
    if not projects:
        raise NotPermitted("Only somebody who takes part in a project can claim. Ask who invited you.")
    choices = [(pk, project.name) for pk, project in projects.items()]
    form = OtherForm(typed(request), projects=choices, initial={"on": today()})
    if request.method == "POST" and form.is_valid():
        project = projects[form.cleaned_data.get("project") or next(iter(projects))]
        on = form.cleaned_data["on"]
        claim = form.ask(start_claim, actor=whose.actor, project=project, contributor=whose.contributor)
        if claim is not None:
            return redirect(f"{reverse('journey:cost', args=[claim.reference])}?on={on}")
    title = whose.say("What is this claim about?", "What is {name}’s claim about?")
    begun = claimable_activities(whose.contributor) or drafts_for(whose.actor, whose.contributor)
    back = _address("start", number) if begun else _before(whose)
    return show_form(request, form, "claims/journey/question.html", whose=whose, title=title, back=back)


def time(request: HttpRequest, reference: str) -> HttpResponse:
    """Was somebody there, for as long as was planned?"""
    journey = open_journey(request, reference)
    activity = journey.claim.activity
    if activity is None or not activity.time_kind or activity.cancelled_by or has_time_of(journey.claim):
        return redirect(journey.url("cost"))
    planned = quantity_text(activity.time_hours, Unit.HOUR)
    form = PickForm(
        typed(request),
        label=journey.say(f"Were you there for {planned}?", f"Was {{name}} there for {planned}?"),
        what=journey.say(
            f"whether you were there for {planned}", f"whether {{name}} was there for {planned}"
        ),
        choices=[
            ("yes", f"Yes, for {planned}"),
            (OTHER, "Yes, for longer or shorter"),
            ("no", journey.say("No, I was not there", "No, {name} was not there")),
        ],
    )
    if request.method == "POST" and form.is_valid():
        if form.chosen == OTHER:
            return redirect(journey.url("hours"))
        if form.chosen == "no" or _add_time(form, journey, activity):
            return redirect(journey.url("cost"))
    shown = {"whose": journey, "journey": journey, "back": _before(journey)}
    shown["offered"] = _offered(journey, activity)
    return show_form(request, form, "claims/journey/time.html", **shown)


def hours(request: HttpRequest, reference: str) -> HttpResponse:
    """How long somebody was there, where it was not as long as planned."""
    journey = open_journey(request, reference)
    activity = journey.claim.activity
    if activity is None or not activity.time_kind or has_time_of(journey.claim):
        return redirect(journey.url("cost"))
    label = journey.say("How many hours were you there?", "How many hours was {name} there?")
    form = HoursForm(typed(request), label=label)
    if request.method == "POST" and _add_time(form, journey, activity):
        return redirect(journey.url("cost"))
    back = journey.url("time")
    return show_form(request, form, "claims/journey/time.html", whose=journey, journey=journey, back=back)


def _add_time(form: PickForm | HoursForm, journey: Journey, activity: Activity) -> bool:
    """Add the time of the activity, as planned or as typed."""
    if not form.is_valid():
        return False
    quantity = form.cleaned_data.get("quantity") or activity.time_hours
    line = form.ask(
        add_line,
        actor=journey.actor,
        claim_id=journey.claim.pk,
        on=london_day(activity.starts_at),
        kind=Kind.TIME,
        mode=activity.time_kind,
        quantity=quantity,
        unit=Unit.HOUR,
    )
    return line is not None


def _offered(journey: Journey, activity: Activity) -> Offer | None:
    """The offer, to the person it was made to and to nobody else."""
    if not journey.is_own:
        return None
    return Offer.objects.filter(activity=activity, contributor=journey.contributor, amount__gt=0).first()


def _whose(request: HttpRequest, number: str) -> Whose:
    actor = person_of(request)
    return Whose(actor, somebody_helped(actor, number) if number else actor)


def _address(name: str, number: str) -> str:
    return reverse(f"journey:{name}-for", args=[number]) if number else reverse(f"journey:{name}")


def _before(whose: Whose) -> str:
    """Where somebody came from before the first question."""
    return reverse("home") if whose.is_own else reverse("journey:choose")


def _hint(activity: Activity) -> str:
    cancelled = ". It was cancelled: you can claim what it cost you" if activity.cancelled_by else ""
    return f"{day(activity.starts_at)}, {activity.project.name}{cancelled}"
