"""Add one thing at a time: what it was, what it cost, and the paper that shows it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from claims.journey.costs import BY_CODE, COSTS, MORE_TRAVEL, Cost, on_offer, rate_for
from claims.journey.forms import LostForm, PickForm, ReceiptForm
from claims.journey.line_forms import MORE_TIMES, TIMES, CostForm, TimeForm
from claims.journey.whose import Journey, open_journey
from claims.models import ClaimLine, Receipt
from claims.pricing.vocabulary import Kind, Mode
from claims.queries.journey import BY_POST, needs_receipt
from claims.services.claiming import add_line
from claims.services.correcting import show_receipt
from claims.services.receipts import add_receipt
from claims.words import line_title
from people.forms import PlainForm, show_form
from people.forms import sent as typed

TRAVEL, TIME, NOTHING = "travel", "time", "nothing"


def cost(request: HttpRequest, reference: str) -> HttpResponse:
    """What did it cost to take part?"""
    journey = open_journey(request, reference)
    on = journey.day(request.GET.get("on", ""))
    is_first = not journey.claim.lines.filter(counts_as="expense").exists()
    question = ("What did it cost you to take part?", "What did it cost {name} to take part?")
    more = ("What else did it cost you?", "What else did it cost {name}?")
    form = PickForm(
        typed(request),
        label=journey.say(*(question if is_first else more)),
        what="what it cost, or “Nothing to add”",
        help_text="One thing at a time. You can add more after this one.",
        choices=_choices(journey, on_offer(journey.policy, on)),
        hints={each.code: each.hint for each in COSTS},
    )
    if request.method == "POST" and form.is_valid():
        if form.chosen == NOTHING:
            return redirect(journey.url("check"))
        page = {TRAVEL: "travel", TIME: "more-time"}.get(form.chosen)
        address = journey.url(page) if page else journey.url("details", form.chosen)
        return redirect(f"{address}?on={on}")
    back = journey.url("check")
    return show_form(request, form, "claims/journey/question.html", whose=journey, back=back)


def _choices(journey: Journey, offered: list[Cost]) -> list[tuple[str, str]]:
    """The usual ones first; rarer ways to travel have a page of their own, so that this one stays short."""
    choices = [(each.code, each.label) for each in offered if each.code not in MORE_TRAVEL]
    if any(each.code in MORE_TRAVEL for each in offered):
        place = sum(code in {"bus", "train", "taxi", "car"} for code, _ in choices)
        choices.insert(place, (TRAVEL, "Another way of travelling"))
    choices.append((TIME, journey.say("Time that I gave", "Time that {name} gave")))
    return [*choices, (NOTHING, "Nothing to add")]


def travel(request: HttpRequest, reference: str) -> HttpResponse:
    """The ways to travel that are claimed less often."""
    journey = open_journey(request, reference)
    on = journey.day(request.GET.get("on", ""))
    offered = [each for each in on_offer(journey.policy, on) if each.code in MORE_TRAVEL]
    form = PickForm(
        typed(request),
        label=journey.say("How did you travel?", "How did {name} travel?"),
        what=journey.say("how you travelled", "how {name} travelled"),
        choices=[(each.code, each.label) for each in offered],
        hints={each.code: each.hint for each in offered},
    )
    if request.method == "POST" and form.is_valid():
        return redirect(f"{journey.url('details', form.chosen)}?on={on}")
    back = journey.url("cost")
    return show_form(request, form, "claims/journey/question.html", whose=journey, back=back)


def details(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """One cost: the amount, or the miles or hours that its price follows from."""
    journey = open_journey(request, reference)
    what, on = BY_CODE.get(code), journey.day(request.GET.get("on", ""))
    rate = rate_for(journey.policy, what.kind, what.mode, on) if what else None
    if what is None or rate is None:
        raise Http404
    form = CostForm(
        typed(request),
        cost=what,
        rate=rate,
        currency=journey.claim.currency,
        question=journey.say(what.asks, what.asks_for),
        on=on,
        asks_day=journey.activity_day is None,
    )
    if request.method == "POST":
        line = form.post(
            add_line, actor=journey.actor, claim_id=journey.claim.pk, kind=what.kind, mode=what.mode or ""
        )
        if line is not None:
            return after_line(journey, line)
    shown = {"whose": journey, "journey": journey, "cost": what, "back": journey.url("cost")}
    shown["title"] = "" if _is_one_question(form) else journey.say(what.asks, what.asks_for)
    return show_form(request, form, "claims/journey/details.html", **shown)


def _is_one_question(form: PlainForm) -> bool:
    return len(form.visible_fields()) == 1


def more_time(request: HttpRequest, reference: str) -> HttpResponse:
    """Time that was not offered with the activity, or that belongs to none: preparing, a check-in."""
    journey = open_journey(request, reference)
    on, policy = journey.day(request.GET.get("on", "")), journey.policy
    modes = [mode for mode in (*TIMES, *MORE_TIMES) if rate_for(policy, Kind.TIME, Mode(mode), on)]
    form = TimeForm(typed(request), on=on, modes=modes, asks_day=journey.activity_day is None)
    if request.method == "POST":
        line = form.post(add_line, actor=journey.actor, claim_id=journey.claim.pk, kind=Kind.TIME)
        if line is not None:
            return redirect(journey.url("check"))
    title = journey.say("Time that you gave", "Time that {name} gave")
    back = journey.url("cost")
    return show_form(request, form, "claims/journey/question.html", whose=journey, title=title, back=back)


def after_line(journey: Journey, line: ClaimLine) -> HttpResponse:
    """Ask for the receipt where one is needed, else go back to the claim."""
    if needs_receipt(line) and not line.receipt:
        return redirect(journey.url("receipt", line.position))
    return redirect(journey.url("check"))


def receipt(request: HttpRequest, reference: str, position: str) -> HttpResponse:
    """The photo or file of a receipt; it can also come by post, or be lost."""
    journey = open_journey(request, reference)
    line = journey.line(position)
    form = ReceiptForm(typed(request), request.FILES)
    if request.method == "POST" and form.is_valid():
        kept = form.ask(keep, journey=journey, content=form.cleaned_data["content"])
        if kept is not None and _name(form, journey, line, kept.handle):
            return redirect(journey.url("check"))
    shown = {
        "whose": journey,
        "journey": journey,
        "line": line,
        "what": line_title(line.kind, line.mode),
        "by_post": PlainForm(),
        "back": journey.url("check"),
    }
    return show_form(request, form, "claims/journey/receipt.html", **shown)


def keep(*, journey: Journey, content: bytes, key: str) -> Receipt:
    """Keep a file for the claim's contributor. Raises ReceiptError."""
    claim = journey.claim
    return add_receipt(
        actor=journey.actor,
        contributor=claim.contributor,
        organisation=claim.organisation,
        content=content,
        claim=claim,
        key=f"{key}-file",
    )


def _name(form: PlainForm, journey: Journey, line: ClaimLine, handle: str) -> bool:
    named = form.ask(show_receipt, actor=journey.actor, line_id=line.pk, receipt=handle)
    return named is not None


def post(request: HttpRequest, reference: str, position: str) -> HttpResponse:
    """The paper comes by post, with a number on it."""
    journey = open_journey(request, reference)
    line = journey.line(position)
    form = PlainForm(request.POST)
    handle = f"{BY_POST}{journey.claim.reference}-{line.position}"
    if form.is_valid() and _name(form, journey, line, handle):
        messages.success(request, f"Write {handle} on the receipt before you post it.")
        return redirect(journey.url("check"))
    return redirect(journey.url("receipt", position))


def lost(request: HttpRequest, reference: str, position: str) -> HttpResponse:
    """There is no receipt, and why."""
    journey = open_journey(request, reference)
    line = journey.line(position)
    form = LostForm(typed(request))
    if request.method == "POST":
        form.post(show_receipt, actor=journey.actor, line_id=line.pk)
    if form.is_bound and not form.errors:
        return redirect(journey.url("check"))
    back = journey.url("receipt", position)
    return show_form(request, form, "claims/journey/question.html", whose=journey, back=back)
