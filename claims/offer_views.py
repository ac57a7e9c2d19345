"""Invitations: what somebody is asked to, what is offered, and their answer."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from claims import invitations
from claims.asked import Invitation, value_of
from claims.formats.activity_sheet import sheet_pdf
from claims.models import Answer, CountsAs, Way
from claims.offer_forms import AnswerForm, UsualAnswerForm
from claims.own_ways import Choosable
from claims.services.instructing import choose_way
from claims.services.noting import show_note
from claims.services.offers import answer_offer, set_usual_answer
from claims.way_forms import WayForm, boxes_of
from common.pdf.look import Size
from people.forms import show_form
from people.models import LARGE_PRINT, RoleKind
from people.standing import person_of, standing_of

START = ("Start", "/")
LIST = ("Invitations", "/invitations/")
BUTTON = "Save your answer"
ASKED = "How much of the money for your time do you want to take?"
ASKED_COSTS = "How do you want your costs back from this?"
ASKED_TIME = "How do you want to get the money for your time?"


def sent_to(request: HttpRequest) -> QueryDict | None:
    """What a form was filled in with; None while it is only looked at."""
    return request.POST if request.method == "POST" else None


def invitation_list(request: HttpRequest) -> HttpResponse:
    """One's own invitations, and those of the people one helps."""
    standing = standing_of(request)
    shown = {
        "own": invitations.own_invitations(standing.person) if standing.has(RoleKind.CONTRIBUTOR) else None,
        "helped": invitations.helped_invitations(standing.person) if standing.has(RoleKind.LINK) else None,
        "breadcrumbs": [START],
    }
    return render(request, "claims/offers/list.html", shown)


def invitation(request: HttpRequest, offer_id: str) -> HttpResponse:
    """The activity sheet, and the answer as it stands."""
    person = person_of(request)
    shown = {
        "found": invitations.own_invitation(person, int(offer_id)),
        "sheet": invitations.own_sheet(person, int(offer_id)),
        "breadcrumbs": [START, LIST],
    }
    return render(request, "claims/offers/invitation.html", shown)


@sensitive_post_parameters()
@sensitive_variables()
def answer(request: HttpRequest, offer_id: str) -> HttpResponse:
    """All of it and how, less, none or nothing."""
    person = person_of(request)
    found = invitations.own_invitation(person, int(offer_id))
    page = reverse("invitations:invitation", args=[offer_id])
    if request.method != "POST" and not found.can_answer:
        return redirect(page)
    form = AnswerForm(sent_to(request), asked=found, label=ASKED, initial=_known(found))
    if request.method == "POST":
        offer = form.post(answer_offer, actor=person, offer_id=found.pk)
        if offer is not None:
            asks = found.chooses_costs and offer.answer not in (Answer.NOTHING, Answer.TALK)
            return redirect("invitations:costs" if asks else "invitations:answered", offer_id)
    shown = {"found": found, "button": BUTTON, "beside": show_note(reader=person, offer_id=found.pk)}
    return show_form(request, form, "claims/offers/answer.html", back=page, **shown)


def _known(found: Invitation) -> dict[str, object]:
    """What was answered before, as the form has it."""
    if found.answer == Answer.ACCEPTED and found.says_how:
        return {"answer": value_of(found.paid.way), **boxes_of(found.paid)}
    return {"answer": found.answer, "less_amount": found.less_amount}


def costs(request: HttpRequest, offer_id: str) -> HttpResponse:
    """How somebody wants their costs back from this one activity, where there is more than one way."""
    found = invitations.own_invitation(person_of(request), int(offer_id))
    known = found.costs.way if found.says_costs else None
    ways = found.cost_ways if found.chooses_costs else ()
    return _one_activity(request, found, CountsAs.EXPENSE, ways, known)


def time(request: HttpRequest, offer_id: str) -> HttpResponse:
    """Once it has started: how the money for their time comes. Until then it is part of the answer."""
    found = invitations.own_invitation(person_of(request), int(offer_id))
    return _one_activity(request, found, CountsAs.FEE, found.later_ways, found.paid.way)


@sensitive_post_parameters()
@sensitive_variables()
def _one_activity(
    request: HttpRequest, found: Invitation, kind: CountsAs, ways: Sequence[Choosable], known: Way | None
) -> HttpResponse:
    """One question, for one activity alone; back to the invitation where there is nothing to choose."""
    person, page = person_of(request), reverse("invitations:invitation", args=[found.pk])
    after = reverse("invitations:answered", args=[found.pk]) if found.was_answered else page
    if not ways:
        return redirect(page)
    activity = invitations.own_activity(person, found.pk)
    label = ASKED_COSTS if kind == CountsAs.EXPENSE else ASKED_TIME
    form = WayForm(sent_to(request), ways=ways, label=label, initial={"way": known})
    asked = {"actor": person, "person": person, "organisation": activity.project.organisation}
    if request.method == "POST" and form.post(choose_way, **asked, kind=kind, activity=activity) is not None:
        return redirect(after)
    usual = invitations.usually_paid(person, activity, kind)
    shown = {"found": found, "button": "Save", "usual": usual, "after": after, "kind": kind}
    return show_form(request, form, "claims/offers/one_activity.html", back=page, **shown)


def answered(request: HttpRequest, offer_id: str) -> HttpResponse:
    """What somebody just told us, when, and until when they can change it."""
    found = invitations.own_invitation(person_of(request), int(offer_id))
    if not found.was_answered:
        return redirect("invitations:invitation", offer_id)
    return render(request, "claims/offers/answered.html", {"found": found, "breadcrumbs": [START, LIST]})


def usual(request: HttpRequest) -> HttpResponse:
    """What counts for somebody who has not answered by the start of what they were asked to."""
    person = person_of(request)
    form = UsualAnswerForm(sent_to(request), initial={"answer": invitations.usual_answer(person)})
    if request.method == "POST" and form.post(set_usual_answer, actor=person) is not None:
        messages.success(request, "Your usual answer is changed.")
        return redirect("invitations:list")
    page = reverse("invitations:list")
    return show_form(request, form, "claims/offers/usual.html", back=page, button="Save")


@sensitive_post_parameters()
@sensitive_variables()
def read_out(request: HttpRequest, offer_id: str) -> HttpResponse:
    """For a helper: the sheet to read out, and a place to write the answer down. It never shows an answer."""
    person = person_of(request)
    found = invitations.helped_invitation(person, int(offer_id))
    label = f"How much of the money for their time does {found.name} want to take?"
    form = AnswerForm(sent_to(request), asked=found, label=label)
    if request.method == "POST" and form.post(answer_offer, actor=person, offer_id=found.pk) is not None:
        messages.success(request, f"You wrote the answer down. We tell {found.name} that you did.")
        return redirect("invitations:list")
    shown = {
        "found": found,
        "sheet": invitations.helped_sheet(person, found.pk),
        "button": "Write the answer down",
        "beside": show_note(reader=person, offer_id=found.pk),
    }
    return show_form(request, form, "claims/offers/read_out.html", back=reverse("invitations:list"), **shown)


def sheet(request: HttpRequest, offer_id: str) -> HttpResponse:
    """The activity sheet as PDF, in the size of print that the person who was asked reads best."""
    found, asked = invitations.sheet_to_keep(person_of(request), int(offer_id))
    size = Size.LARGE if asked.paper_format in LARGE_PRINT else Size.STANDARD
    name = f'attachment; filename="{found.number}.pdf"'
    content = sheet_pdf(found, size=size) if request.method == "GET" else b""
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})
