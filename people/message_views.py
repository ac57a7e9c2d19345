"""Letters to print and people to ring, for those who do that."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from common.paging import page_of
from people.forms import PlainForm
from people.models import Message
from people.permissions import MESSENGERS, organisations_with
from people.queries import calls_to, messages_handled, packs_visible_to, people_to_ring, post_of
from people.services.messages import mark_told
from people.services.print_packs import LARGEST_PACK, open_pack, print_letters
from people.standing import person_of

START = ("Start", "/")


def letters(request: HttpRequest) -> HttpResponse:
    """What waits to be printed, and the packs printed before."""
    return _letters(request, PlainForm())


def print_waiting(request: HttpRequest, code: str) -> HttpResponse:
    """Put what waits into a pack, and lead to it."""
    actor = person_of(request)
    organisation = get_object_or_404(organisations_with(actor, MESSENGERS), code=code)
    form = PlainForm(request.POST)
    pack = form.post(print_letters, actor=actor, organisation=organisation)
    return _letters(request, form) if pack is None else redirect("letters:pack", pack.pk)


def pack(request: HttpRequest, pack_id: str) -> HttpResponse:
    """One pack: what is in it and how to send it."""
    found = get_object_or_404(packs_visible_to(person_of(request)), pk=int(pack_id))
    crumbs = [START, ("Letters", reverse("letters:list"))]
    return render(request, "people/messages/pack.html", {"pack": found, "breadcrumbs": crumbs})


def pages(request: HttpRequest, pack_id: str) -> HttpResponse:
    """The letters of a pack, as PDF to print. That somebody opened them is recorded."""
    actor = person_of(request)
    found = get_object_or_404(packs_visible_to(actor), pk=int(pack_id))
    if request.method == "HEAD":
        return HttpResponse(content_type="application/pdf")
    content = open_pack(actor=actor, pack_id=found.pk)
    name = f'attachment; filename="letters-{found.pk}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})


def calls(request: HttpRequest) -> HttpResponse:
    """Whom to ring, and what to say."""
    return _calls(request, PlainForm())


def told(request: HttpRequest, message_id: str) -> HttpResponse:
    """Write down that somebody was told."""
    actor = person_of(request)
    handled = Message.objects.filter(messages_handled(actor)).select_related("person")
    message = get_object_or_404(handled, pk=int(message_id))
    form = PlainForm(request.POST)
    if form.post(mark_told, actor=actor, message_id=message.pk) is None:
        return _calls(request, form)
    messages.success(request, f"Written down: {message.person} was told.")
    return redirect("calls:list")


def _letters(request: HttpRequest, form: PlainForm) -> HttpResponse:
    """`form` says what was wrong with what was sent, if something was; each button has a form of its own."""
    actor = person_of(request)
    waiting: list[tuple[Any, PlainForm]] = [(post, PlainForm()) for post in post_of(actor)]
    packs = page_of(packs_visible_to(actor), request.GET)
    shown = {"waiting": waiting, "page": packs, "largest": LARGEST_PACK}
    return _shown(request, "people/messages/letters.html", form, **shown)


def _calls(request: HttpRequest, form: PlainForm) -> HttpResponse:
    actor = person_of(request)
    page = page_of(people_to_ring(actor), request.GET)
    rows = [(call, [(saying, PlainForm()) for saying in call.sayings]) for call in calls_to(actor, page.rows)]
    return _shown(request, "people/messages/calls.html", form, rows=rows, page=page)


def _shown(request: HttpRequest, template: str, form: PlainForm, **shown: Any) -> HttpResponse:
    everything = {"form": form, "breadcrumbs": [START], **shown}
    return render(request, template, everything, status=422 if form.errors else 200)
