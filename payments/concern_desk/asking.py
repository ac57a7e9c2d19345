"""Open a concern: it did not arrive, too much was paid, somebody has died."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from claims.models import CountsAs
from claims.words import line_title
from common.errors import NotPermitted, NotVisible
from common.money import money_text
from payments import concern_permissions as permissions
from payments.concern_desk import pages
from payments.concern_desk.forms import DiedForm, OverpaidForm
from payments.models import Payment
from payments.services.concerns.arriving import answer_by, say_for, say_not_arrived
from payments.services.concerns.died import record_death
from payments.services.concerns.overpaying import ask_overpaid
from payments.workflow import Method
from people.forms import PlainForm, sent, show_form
from people.models import Person
from people.permissions import contributors_linked_to
from people.standing import person_of

QUESTION = "payments/concerns/question.html"


def not_arrived(request: HttpRequest, payment_id: str) -> HttpResponse:
    """One press, and nobody is asked why."""
    actor = person_of(request)
    payment = pages.payment_missed_by(actor, int(payment_id))
    form, is_own = PlainForm(sent(request)), payment.person_id == actor.pk
    if request.method == "POST":
        concern = form.post(say_not_arrived, actor=actor, payment_id=payment.pk)
        if concern is not None:
            messages.success(request, "We are looking into it.")
            return redirect("concerns:concern", concern.pk)
    shown = {
        "title": "Has this money not arrived?" if is_own else f"Has {payment.reference} not arrived?",
        "button": "It has not arrived",
        "back": reverse("payments:payment", args=[payment.pk]),
        "why_not": permissions.may_say_not_arrived(actor, payment) or permissions.not_missed_yet(payment),
    }
    return show_form(request, form, "payments/concerns/not_arrived.html", **shown | _next(payment, is_own))


def _next(payment: Payment | None, is_own: bool) -> dict[str, object]:
    contact = payment.organisation.help_contact if payment is not None else ""
    method = payment.method if payment is not None else Method.BANK
    return {"answer_by": answer_by(), "help_contact": contact, "is_own": is_own, "method": method}


def not_arrived_for(request: HttpRequest, number: str) -> HttpResponse:
    """For somebody one helps: no payment is named, and the page is the same whether there is one or not."""
    actor = person_of(request)
    person = contributors_linked_to(actor).filter(number=number).first()
    if person is None:
        raise NotVisible("There is no such person.")
    form = PlainForm(sent(request))
    if request.method == "POST" and form.post(say_for, actor=actor, person=person) is not None:
        messages.success(request, "Thank you. Finance looks into it, and tells them what they found.")
        return redirect("home")
    shown = {
        "title": f"Has money not reached {person}?",
        "button": "It has not arrived",
        "back": "/",
        "why_not": permissions.may_say_for(actor, person),
    }
    return show_form(request, form, "payments/concerns/not_arrived.html", **shown | _next(None, False))


def overpaid(request: HttpRequest, payment_id: str) -> HttpResponse:
    """Say how much too much was paid on one line of a payment. A second person has to agree."""
    actor = person_of(request)
    payment = pages.payment_missed_by(actor, int(payment_id))
    if payment.person_id == actor.pk:
        raise NotPermitted("Somebody else has to work on what is about you.")
    form = OverpaidForm(sent(request), lines=_lines(payment), currency=payment.run.currency)
    if request.method == "POST":
        proposal = form.post(ask_overpaid, actor=actor)
        if proposal is not None:
            messages.success(request, "A second person has to agree. Nothing changes until then.")
            return redirect("concerns:concern", proposal.concern_id)
    return show_form(
        request,
        form,
        QUESTION,
        title=f"Was too much paid in {payment.reference}?",
        caption=str(payment.person),
        button="Ask a second person to agree",
        back=reverse("payments:payment", args=[payment.pk]),
        intro=(
            "Nothing is ever taken from money that we still owe somebody. They can pay it back when and as "
            "it suits them, or it can be written off.",
        ),
    )


def _lines(payment: Payment) -> list[tuple[str, str]]:
    """The lines of a payment in finance's words: money for time is one thing, without kind or hours."""
    items = payment.items.filter(live=True).select_related("line__claim").order_by("line__date", "pk")
    return [
        (
            str(item.pk),
            f"{_title(item.line.kind, item.line.mode, item.line.counts_as)}, {item.line.claim.reference}: "
            f"{money_text(item.amount, payment.run.currency)}",
        )
        for item in items
    ]


def _title(kind: str, mode: str, counts_as: str) -> str:
    return "Money for time" if counts_as == CountsAs.FEE else line_title(kind, mode)


def died(request: HttpRequest, number: str) -> HttpResponse:
    """Record that somebody has died. What it stops, it stops at once."""
    actor = person_of(request)
    person: Person = pages.person_known_to(actor, number)
    form = DiedForm(sent(request))
    if request.method == "POST":
        concern = form.post(record_death, actor=actor, person=person)
        if concern is not None:
            messages.success(request, f"It is recorded. Nothing is sent to {person} any more.")
            return redirect("concerns:concern", concern.pk)
    return show_form(
        request,
        form,
        QUESTION,
        title=f"Has {person} died?",
        caption=person.number,
        button="Record it",
        back="/",
        intro=(
            "From the moment you record it, we do not write to them any more, they cannot sign in, "
            "invitations lapse, and no money goes to their account. What we owe them goes to their estate.",
            "If it turns out to be a mistake, two people can take it back.",
        ),
    )
