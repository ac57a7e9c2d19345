"""Look at the whole claim, correct it, send it; later answer a question about it or withdraw it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from claims.journey.adding import after_line, keep
from claims.journey.costs import cost_of, rate_for
from claims.journey.forms import AnswerForm, MilesForm
from claims.journey.line_forms import CostForm, LineForm, TimeForm
from claims.journey.whose import Journey, Whose, journey_of, open_journey
from claims.models import ClaimLine, CountsAs
from claims.pricing.vocabulary import Kind, Mode
from claims.queries.journey import claim_in_the_making, journey_claim, somebody_helped
from claims.services.claiming import answer_question, remove_line, submit
from claims.services.claiming import withdraw as withdraw_claim
from claims.services.correcting import change_line
from claims.services.miles import declare_miles, open_tax_years
from claims.words import line_title
from claims.workflow import ClaimStatus, LineStatus
from common.errors import NotVisible
from people.forms import PlainForm, StampedForm, show_form
from people.forms import sent as typed
from people.standing import person_of


def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that is claimed, line by line, before it is sent; afterwards the place to correct it."""
    journey = open_journey(request, reference)
    claim = journey.claim
    form = StampedForm(typed(request), initial={"version": claim.version})
    if request.method == "POST" and form.post(submit, actor=journey.actor, claim_id=claim.pk) is not None:
        return redirect(journey.url("sent"))
    shown = {
        "journey": journey,
        "whose": journey,
        "made": journey_claim(journey.actor, claim),
        "is_draft": claim.status == ClaimStatus.DRAFT,
        "has_miles": claim.lines.filter(kind=Kind.MILEAGE, mode=Mode.CAR).exists(),
    }
    return show_form(request, form, "claims/journey/check.html", **shown)


def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """The claim is sent: its reference, what comes next and by when, whom to ask."""
    journey = journey_of(request, reference)
    if journey.claim.status == ClaimStatus.DRAFT:
        return redirect(journey.url("check"))
    made = journey_claim(journey.actor, journey.claim)
    by_post = [line.receipt for line in made.lines if line.receipt_comes_by_post]
    shown = {"journey": journey, "made": made, "by_post": by_post}
    return show_form(request, PlainForm(), "claims/journey/sent.html", **shown)


def line(request: HttpRequest, reference: str, position: str) -> HttpResponse:
    """Change one line."""
    journey = open_journey(request, reference)
    found = journey.line(position)
    form = _line_form(request, journey, found)
    if request.method == "POST":
        changed = form.post(change_line, actor=journey.actor, line_id=found.pk)
        if changed is not None:
            changed.claim = journey.claim
            return after_line(journey, changed)
    shown = {"whose": journey, "title": f"Change: {line_title(found.kind, found.mode)}"}
    shown["button"], shown["back"] = "Save", journey.url("check")
    return show_form(request, form, "claims/journey/question.html", **shown)


def _line_form(request: HttpRequest, journey: Journey, found: ClaimLine) -> LineForm:
    """The questions that were asked when the line was added, with its answers."""
    if found.counts_as == CountsAs.FEE:
        return TimeForm(typed(request), on=found.date, modes=(), line=found, asks_day=True)
    what = cost_of(found.kind, found.mode)
    rate = rate_for(journey.policy, what.kind, what.mode, found.date) if what else None
    if what is None or rate is None:
        raise Http404
    return CostForm(
        typed(request),
        cost=what,
        rate=rate,
        currency=journey.claim.currency,
        question=journey.say(what.asks, what.asks_for),
        on=found.date,
        line=found,
        asks_day=True,
    )


def remove(request: HttpRequest, reference: str, position: str) -> HttpResponse:
    """Take one line out."""
    journey = open_journey(request, reference)
    found = journey.line(position)
    form = PlainForm(typed(request))
    if request.method == "POST" and form.post(remove_line, actor=journey.actor, line_id=found.pk) is not None:
        messages.success(request, f"“{line_title(found.kind, found.mode)}” is removed.")
        journey.claim.refresh_from_db()
        if journey.claim.status == ClaimStatus.DECIDED:
            return redirect("claims:claim", reference)
        return redirect(journey.url("check"))
    shown = {"whose": journey, "title": f"Do you want to remove “{line_title(found.kind, found.mode)}”?"}
    shown["button"], shown["back"] = "Remove it", journey.url("check")
    return show_form(request, form, "claims/journey/question.html", **shown)


def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the whole claim back."""
    journey = open_journey(request, reference)
    form = PlainForm(typed(request))
    if request.method == "POST":
        form.post(withdraw_claim, actor=journey.actor, claim_id=journey.claim.pk)
    if form.is_bound and not form.errors:
        messages.success(request, f"Claim {reference} is withdrawn. You can start another one at any time.")
        return redirect("home")
    shown = {"whose": journey, "title": f"Do you want to withdraw claim {reference}?"}
    shown["button"], shown["back"] = "Withdraw this claim", journey.url("check")
    return show_form(request, form, "claims/journey/withdraw.html", **shown)


def answer(request: HttpRequest, reference: str, position: str) -> HttpResponse:
    """Answer a question about a line, in words or with another paper."""
    journey = open_journey(request, reference)
    found = journey.line(position)
    if found.status != LineStatus.QUERIED:
        raise NotVisible("There is no question about this.")
    form = AnswerForm(typed(request), request.FILES)
    if request.method == "POST" and form.is_valid() and _answer(form, journey, found):
        messages.success(request, "Thank you. We have your answer, and decide this next.")
        return redirect("claims:claim", reference)
    shown = {"whose": journey, "line": found, "what": line_title(found.kind, found.mode)}
    shown |= {"title": "What we need from you", "button": "Send your answer"}
    back = reverse("claims:claim", args=[reference])
    return show_form(request, form, "claims/journey/answer.html", back=back, **shown)


def _answer(form: AnswerForm, journey: Journey, found: ClaimLine) -> bool:
    handle = ""
    if content := form.cleaned_data.get("content"):
        kept = form.ask(keep, journey=journey, content=content)
        if kept is None:
            return False
        handle = kept.handle
    answered = form.ask(
        answer_question,
        actor=journey.actor,
        line_id=found.pk,
        note=form.cleaned_data["note"],
        receipt=handle,
    )
    return answered is not None


def miles(request: HttpRequest, number: str = "") -> HttpResponse:
    """Car miles driven for other organisations in a tax year: they use up the higher rate."""
    actor = person_of(request)
    whose = Whose(actor, somebody_helped(actor, number) if number else actor)
    label = whose.say(
        "How many miles did you drive for other organisations?",
        "How many miles did {name} drive for other organisations?",
    )
    form = MilesForm(typed(request), years=open_tax_years(), label=label)
    back = _way_back(request, whose)
    if request.method == "POST":
        form.post(declare_miles, actor=actor, contributor=whose.contributor)
    if form.is_bound and not form.errors:
        messages.success(request, "The miles are saved.")
        return redirect(back)
    title = whose.say("Miles you claimed elsewhere", "Miles {name} claimed elsewhere")
    return show_form(request, form, "claims/journey/miles.html", whose=whose, title=title, back=back)


def _way_back(request: HttpRequest, whose: Whose) -> str:
    """The claim somebody came from, where it is theirs to change; else the start."""
    reference = request.GET.get("claim", "")
    if reference.isascii() and reference.isalnum():
        try:
            claim_in_the_making(whose.actor, reference)
        except NotVisible:
            return reverse("home")
        return reverse("journey:check", args=[reference])
    return reverse("home")
