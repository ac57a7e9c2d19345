"""Hand payments over one by one, and say what became of each."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from claims.ways import named_by
from common.dates import today
from common.errors import DomainError
from common.paging import page_of
from payments.by_hand import pages
from payments.by_hand.forms import BackForm, CollectedForm, HandOverForm, ReasonForm
from payments.by_hand.scope import BY_HAND, START, list_of, organisation_of, step_page, way_of
from payments.models import HandOver, Payment
from payments.permissions import may_hand_over, may_keep_accounts, may_read_codes
from payments.queries.own_codes import has_codes
from payments.queries.runs import READERS
from payments.services import handing, stock
from payments.services.codes import open_codes
from payments.workflow import Method, PaymentStatus
from people.forms import PlainForm, sent, show_form
from people.permissions import is_finance
from people.standing import person_of
from people.step_up import proof_needed


def waiting(request: HttpRequest, code: str, way: str) -> HttpResponse:
    """Payments of one way that were sent, and that nobody has handed over yet."""
    organisation = organisation_of(request, code, READERS)
    offered, actor = way_of(organisation, way), person_of(request)
    shown = {
        "offered": offered,
        "organisation": organisation,
        "page": page_of(pages.waiting(organisation, Method(way)), request.GET),
        "keeps": may_keep_accounts(actor, organisation) is None,
        "me": actor,
        "breadcrumbs": [START, BY_HAND],
    }
    return render(request, "payments/by_hand/waiting.html", shown)


def hand_over(request: HttpRequest, payment_id: str) -> HttpResponse:
    """Write down that one payment was handed over or sent, and on which day."""
    actor, payment = person_of(request), _payment(request, payment_id)
    if request.method != "POST" and payment.status != PaymentStatus.SENT:
        return redirect(list_of("handed", payment.organisation, payment.method))
    method = Method(payment.method)
    form = HandOverForm(sent(request), method=method, initial={"day": today()})
    fits = stock.fitting(payment) if method == Method.VOUCHER else []
    do = partial(form.post, handing.hand_over, actor=actor, payment_id=payment.pk)
    return step_page(
        request,
        form,
        "hand_over",
        do,
        said=f"{payment} is written down as handed over.",
        then=lambda made: reverse("by-hand:one", args=[made.pk]),
        back=list_of("waiting", payment.organisation, payment.method),
        title=f"Hand over {payment.reference}",
        button="It is handed over",
        payment=payment,
        to=_to(request, payment),
        why_not=may_hand_over(actor, payment),
        is_voucher=method == Method.VOUCHER,
        fits=pages.told([each.pk for each in fits]),
        there=pages.values_there(payment.organisation) if method == Method.VOUCHER and not fits else [],
    )


def not_handed_over(request: HttpRequest, payment_id: str) -> HttpResponse:
    """Say that a payment will not be handed over: it is owed again."""
    actor, payment = person_of(request), _payment(request, payment_id)
    back = list_of("waiting", payment.organisation, payment.method)
    if request.method != "POST" and payment.status != PaymentStatus.SENT:
        return redirect(back)
    form = ReasonForm(sent(request))
    return step_page(
        request,
        form,
        "reason",
        partial(form.post, handing.not_handed_over, actor=actor, payment_id=payment.pk),
        said=f"{payment} will not be handed over. It is owed again.",
        then=lambda made: back,
        back=reverse("by-hand:hand-over", args=[payment.pk]),
        title=f"Will {payment.reference} not be handed over?",
        button="It will not be handed over",
        told="It is owed again and goes into a later run. We tell the person.",
        payment=payment,
        why_not=may_hand_over(actor, payment),
    )


def handed(request: HttpRequest, code: str, way: str) -> HttpResponse:
    """What was handed over of one way, and what became of it."""
    organisation = organisation_of(request, code, READERS)
    shown = {
        "offered": way_of(organisation, way),
        "organisation": organisation,
        "page": page_of(pages.handed(organisation, Method(way)), request.GET),
        "breadcrumbs": [START, BY_HAND],
    }
    return render(request, "payments/by_hand/handed.html", shown)


def one(request: HttpRequest, hand_over_id: str) -> HttpResponse:
    """One hand-over: what it was, what became of it, and what may be said of it now. Never a code."""
    actor = person_of(request)
    made = get_object_or_404(pages.hand_overs_read(actor), pk=int(hand_over_id))
    payment, organisation = made.payment, made.organisation
    keeps = may_keep_accounts(actor, organisation) is None
    vouchers = pages.vouchers_with(made)
    shown = {
        "made": made,
        "payment": payment,
        "to": _to(request, payment),
        "vouchers": vouchers,
        "keeps": keeps,
        "why_not": may_hand_over(actor, payment) if keeps else None,
        "has_codes": has_codes(made) and may_read_codes(actor, made) is None,
        "waits": pages.waiting(organisation, Method(payment.method)).count() if keeps else 0,
        "waiting_url": list_of("waiting", organisation, payment.method),
        "breadcrumbs": [
            START,
            BY_HAND,
            ("Handed over", list_of("handed", organisation, payment.method)),
        ],
    }
    return render(request, "payments/by_hand/one.html", shown)


def collected(request: HttpRequest, hand_over_id: str) -> HttpResponse:
    """Write down the day on which it was collected, or its receipt came."""
    made = _kept(request, hand_over_id)
    form = CollectedForm(sent(request))
    return _about(
        request,
        made,
        form,
        partial(form.post, handing.collected, actor=person_of(request), hand_over_id=made.pk),
        said="It is written down as collected.",
        title="Was it collected?",
        button="It was collected",
        told="It moves no money. You cannot change it here afterwards.",
        is_calm=True,
    )


def back(request: HttpRequest, hand_over_id: str) -> HttpResponse:
    """Say that it did not reach the person: it is owed again."""
    made = _kept(request, hand_over_id)
    form = BackForm(sent(request), method=Method(made.payment.method))
    return _about(
        request,
        made,
        form,
        partial(form.post, handing.take_back, actor=person_of(request), hand_over_id=made.pk),
        said=f"{made.payment} did not reach its person. It is owed again.",
        title="Did it not reach them?",
        button="It did not reach them",
        told="It is owed again and goes into a later run. We tell the person.",
        template="back",
    )


def undo(request: HttpRequest, hand_over_id: str) -> HttpResponse:
    """Say that it was a mistake: nothing was handed over."""
    made = _kept(request, hand_over_id)
    form = ReasonForm(sent(request))
    return _about(
        request,
        made,
        form,
        partial(form.post, handing.undo_hand_over, actor=person_of(request), hand_over_id=made.pk),
        said=f"{made.payment} waits to be handed over again.",
        title="Was this a mistake?",
        button="This was a mistake",
        told="Its entry in the books is reversed, and the payment waits to be handed over again.",
    )


def codes(request: HttpRequest, hand_over_id: str) -> HttpResponse:
    """The codes, for somebody without a login. Asked for by a form after a fresh proof; each look is kept."""
    made, actor = _kept(request, hand_over_id), person_of(request)
    if (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    form, found = PlainForm(sent(request)), None
    why_not = may_read_codes(actor, made)
    if form.is_bound and form.is_valid() and not why_not:
        try:
            found = open_codes(actor=actor, hand_over_id=made.pk)
        except DomainError as error:
            why_not = str(error)
    shown = {
        "made": made,
        "payment": made.payment,
        "codes": found,
        "why_not": why_not,
        "title": f"Codes of {made.payment.reference}",
        "button": "Show the codes",
        "back": reverse("by-hand:one", args=[made.pk]),
    }
    return show_form(request, form, "payments/by_hand/codes.html", **shown)


def _payment(request: HttpRequest, payment_id: str) -> Payment:
    return get_object_or_404(pages.payments_kept(person_of(request)), pk=int(payment_id))


def _kept(request: HttpRequest, hand_over_id: str) -> HandOver:
    return get_object_or_404(pages.hand_overs_kept(person_of(request)), pk=int(hand_over_id))


def _to(request: HttpRequest, payment: Payment) -> str:
    """The charity or group that is paid instead, for finance; empty when it goes to the person."""
    if payment.instruction is None or not is_finance(person_of(request), payment.organisation):
        return ""
    return named_by(payment.instruction)


def _about(
    request: HttpRequest,
    made: HandOver,
    form: PlainForm,
    do: Any,
    *,
    template: str = "reason",
    **shown: Any,
) -> HttpResponse:
    """The page of a step about one hand-over."""
    here = reverse("by-hand:one", args=[made.pk])
    if request.method != "POST" and made.ended:
        return redirect(here)
    why_not = may_hand_over(person_of(request), made.payment)
    shown |= {"made": made, "payment": made.payment, "why_not": why_not}
    return step_page(request, form, template, do, then=lambda _: here, back=here, **shown)
