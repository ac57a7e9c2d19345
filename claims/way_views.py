"""How somebody is usually paid by each organisation, and how they change it. Nobody is asked why."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from claims.models import CountsAs
from claims.own_ways import Standing, own_standing, own_standing_of
from claims.services.instructing import choose_way
from claims.way_forms import WayForm, boxes_of
from guidance.queries import beside_answer
from people.forms import sent, show_form
from people.models import Organisation
from people.standing import person_of

KINDS = {"time": CountsAs.FEE, "costs": CountsAs.EXPENSE}
TITLES = {CountsAs.FEE: "Money for your time", CountsAs.EXPENSE: "Your costs back"}
ASKED = {
    CountsAs.FEE: "How do you want to get the money for your time?",
    CountsAs.EXPENSE: "How do you want your costs back?",
}
_Row = tuple[str, str, str]  # for what, how, and where to change it


@sensitive_variables()
def overview(request: HttpRequest) -> HttpResponse:
    """The usual way for time and for costs, by organisation."""
    found: dict[Organisation, list[_Row]] = {}
    for each in own_standing(person_of(request)):
        found.setdefault(each.organisation, []).append(_row(each))
    shown = {"found": found.items(), "breadcrumbs": [("Start", "/")]}
    return render(request, "claims/ways/overview.html", shown)


def _row(standing: Standing) -> _Row:
    word = next(word for word, kind in KINDS.items() if kind == standing.kind)
    where = reverse("paid:change", args=[standing.organisation.pk, word]) if standing.can_change else ""
    how = standing.paid.words
    return TITLES[standing.kind], how[:1].upper() + how[1:], where


@sensitive_post_parameters()
@sensitive_variables()
def change(request: HttpRequest, organisation_id: str, kind: str) -> HttpResponse:
    """One question: how somebody is usually paid by this organisation, for time or for costs."""
    person = person_of(request)
    standing = own_standing_of(person, int(organisation_id), KINDS[kind])
    known = {"way": str(standing.paid.way), **boxes_of(standing.paid)} if standing.paid.is_said else {}
    form = WayForm(sent(request), ways=standing.ways, label=ASKED[standing.kind], initial=known)
    asked = {"actor": person, "person": person, "organisation": standing.organisation, "kind": standing.kind}
    if request.method == "POST" and form.post(choose_way, **asked) is not None:
        messages.success(request, "How you are paid is changed.")
        return redirect("paid:overview")
    shown = {"standing": standing, "button": "Save", "back": reverse("paid:overview")}
    if standing.kind == CountsAs.FEE:
        shown["beside"] = beside_answer(standing.organisation)
    return show_form(request, form, "claims/ways/change.html", **shown)
