"""People: who they are, how to reach them, how they sign in, who helps them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from common.paging import page_of
from people.directory import administered_by, helpers_in, people_found, people_known_to, person_detail
from people.forms import sent, show_form
from people.models import Link, Organisation
from people.part_forms import LastDayForm, LinkForm, LoginForm, NewPersonForm, PersonForm
from people.services import (
    add_login,
    change_person,
    end_link,
    end_parts,
    invite_person,
    link,
)
from people.services.stamps import version_of
from people.standing import person_of
from people.views.scope import PEOPLE, START, of_organisation, organisation_asked, person_asked, was_done

LONGEST_SEARCH = 100


def person_list(request: HttpRequest) -> HttpResponse:
    """Everybody with a part in the organisations this person administers, newest first."""
    actor = person_of(request)
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    page = page_of(people_found(actor, asked), request.GET, keep=f"q={asked}&" if asked else "")
    shown = {"page": page, "asked": asked, "organisations": administered_by(actor), "breadcrumbs": [START]}
    return render(request, "people/list.html", shown)


def person(request: HttpRequest, number: str) -> HttpResponse:
    """One person: contact, parts, who helps them, and how they sign in."""
    detail = person_detail(person_of(request), person_asked(request, number))
    shown = {"detail": detail, "person": detail.person, "breadcrumbs": [START, PEOPLE]}
    return render(request, "people/person.html", shown)


def add(request: HttpRequest, code: str) -> HttpResponse:
    """Add somebody with their first part in an organisation."""
    organisation = organisation_asked(request, code)
    form = NewPersonForm(sent(request), organisation=organisation)
    if request.method == "POST":
        added = form.post(invite_person, actor=person_of(request), organisation=organisation)
        if added is not None:
            messages.success(request, f"{added} is added, as {added.number}.")
            return redirect("people:person", added.number)
    shown = {"title": "Add somebody", "caption": organisation.name, "button": "Add this person"}
    back = of_organisation(organisation)[-1][1]
    return show_form(request, form, "parts/form/question.html", back=back, **shown)


def change(request: HttpRequest, number: str) -> HttpResponse:
    """Change what somebody is called, how to reach them and how they read best."""
    found = person_asked(request, number)
    initial = {name: getattr(found, name) for name in PersonForm.base_fields if hasattr(found, name)}
    form = PersonForm(sent(request), initial=initial | {"version": version_of(found)})
    if was_done(request, form, change_person, actor=person_of(request), person_id=found.pk):
        messages.success(request, "The details are changed.")
        return redirect("people:person", number)
    shown = {"title": "How do we reach them?", "caption": str(found), "button": "Save the details"}
    return show_form(request, form, "parts/form/question.html", back=f"/people/{number}/", **shown)


def invite(request: HttpRequest, number: str) -> HttpResponse:
    """Let somebody sign in with a code by e-mail."""
    found = person_asked(request, number)
    form = LoginForm(sent(request), initial={"email": found.email})
    if was_done(request, form, add_login, actor=person_of(request), person=found):
        messages.success(request, f"{found} can sign in now, and is told so.")
        return redirect("people:person", number)
    shown = {"caption": str(found), "button": "Let them sign in", "back": f"/people/{number}/"}
    return show_form(request, form, "parts/form/question.html", **shown)


def add_link(request: HttpRequest, number: str) -> HttpResponse:
    """Say who helps a contributor claim."""
    found, ours = person_asked(request, number), list(administered_by(person_of(request)))
    theirs = [each for each in ours if found.roles.filter(organisation=each, until__isnull=True).exists()]
    form = LinkForm(sent(request), helpers=helpers_in(theirs, found))
    asked = {"actor": person_of(request), "contributor": found}
    if was_done(request, form, link, organisation=_shared(form, theirs), **asked):
        messages.success(request, f"{form.arguments()['link_person']} can now claim for {found}.")
        return redirect("people:person", number)
    shown = {"caption": str(found), "button": "Link them", "back": f"/people/{number}/"}
    return show_form(request, form, "people/link.html", **shown)


def _shared(form: LinkForm, organisations: list[Organisation]) -> Organisation | None:
    """The organisation in which both have a part; the form offers nobody without one."""
    helper = form.arguments()["link_person"] if form.is_valid() else None
    return next((each for each in organisations if each.roles.filter(person=helper).exists()), None)


def close_link(request: HttpRequest, number: str, link_id: str) -> HttpResponse:
    """Say until when somebody helps a contributor claim."""
    found, actor = person_asked(request, number), person_of(request)
    links = Link.objects.filter(contributor=found, link_person__in=people_known_to(actor))
    ours = get_object_or_404(links.select_related("link_person"), pk=int(link_id))
    organisation = administered_by(actor).filter(roles__person=found).first()
    form = LastDayForm(sent(request))
    if was_done(request, form, end_link, actor=actor, link_id=ours.pk, organisation=organisation):
        messages.success(request, f"{ours.link_person} no longer claims for {found} after that day.")
        return redirect("people:person", number)
    caption = f"{ours.link_person} helps {found}"
    shown = {"caption": caption, "button": "End this link", "back": f"/people/{number}/"}
    return show_form(request, form, "parts/form/question.html", **shown)


def leave(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """End every part that somebody has in an organisation."""
    found, organisation = person_asked(request, number), organisation_asked(request, code)
    form = LastDayForm(sent(request))
    asked = {"actor": person_of(request), "organisation": organisation, "person_id": found.pk}
    if was_done(request, form, end_parts, **asked):
        messages.success(request, f"Every part of {found} in {organisation} ends on that day.")
        return redirect("people:person", number)
    shown = {"caption": f"{found} leaves {organisation}", "button": "End every part"}
    return show_form(request, form, "people/leave.html", back=f"/people/{number}/", **shown)
