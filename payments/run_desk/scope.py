"""Which runs, payments and organisations the pages of the runs desk are about. A stranger's answers 404."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from common.errors import DomainError, IllegalMove, KeyReused, Stale
from payments.models import Payment, PaymentRun
from payments.queries.run_story import story_of
from payments.queries.runs import payments_visible_to, runs_visible_to
from people.forms import PlainForm, show_form
from people.models import FINANCE, RoleKind
from people.permissions import organisations_with
from people.standing import person_of

START = ("Start", "/")
RUNS = ("Payment runs", "/payments/runs/")
MOVED_ON = (IllegalMove, KeyReused, Stale)


def run_asked(request: HttpRequest, run_id: str, kinds: Iterable[RoleKind] = FINANCE) -> PaymentRun:
    """A run of an organisation where the person has one of these parts."""
    person = person_of(request)
    rows = runs_visible_to(person).select_related("prepared_by", "authorised_by", "released_by")
    return get_object_or_404(rows, pk=int(run_id), organisation__in=organisations_with(person, kinds))


def payment_asked(request: HttpRequest, payment_id: str) -> Payment:
    """A payment of an organisation that the person prepares runs for."""
    person = person_of(request)
    theirs = organisations_with(person, [RoleKind.PREPARER])
    return get_object_or_404(payments_visible_to(person), pk=int(payment_id), organisation__in=theirs)


def crumbs(run: PaymentRun) -> list[tuple[str, str]]:
    """The way back to the page of a run."""
    return [START, RUNS, (f"Payment run {run.number}", f"/payments/runs/{run.pk}/")]


def step_page(
    request: HttpRequest,
    run: PaymentRun,
    form: PlainForm,
    do: Callable[[], object | None],
    *,
    template: str,
    said: str,
    **shown: Any,
) -> HttpResponse:
    """Show a step's form, or do the step and go back to the run. Who is too late reads who was faster."""
    try:
        if request.method == "POST" and do() is not None:
            messages.success(request, said)
            return redirect("payments:run", run.pk)
    except MOVED_ON as error:
        return moved_on(request, run, error)
    known = {"run": run, "caption": run.organisation.name, "back": f"/payments/runs/{run.pk}/"}
    return show_form(request, form, f"payments/runs/{template}.html", **known, **shown)


def moved_on(request: HttpRequest, run: PaymentRun, error: DomainError) -> HttpResponse:
    """Somebody was faster: who did what and when, and the way to how the run stands now."""
    fresh = PaymentRun.objects.select_related("prepared_by", "authorised_by", "released_by").get(pk=run.pk)
    shown = {"message": str(error), "run": fresh, "story": story_of(fresh)}
    return render(request, "payments/runs/moved_on.html", shown, status=409)
