"""What a person sees of the money they received. All of it is asked for as whoever is signed in.

The one address takes every form of its page, and what is pressed stands in the form: neither an address nor a
line of the log says which days somebody looks at, or what they keep here.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from payments.own_money import files
from payments.own_money.forms import DaysForm, LimitForm, limit_form
from payments.own_money.given import given_lately
from payments.own_money.private import forget, keep, kept_by
from payments.own_money.spans import Asked, By
from payments.own_money.totals import on_its_way, totals, totals_between, years_of
from people.standing import person_of

CRUMBS = [("Start", "/"), ("Payments", "/payments/?view=own")]


@sensitive_post_parameters()
@sensitive_variables()
def overview(request: HttpRequest) -> HttpResponse:
    """Totals by day received, of days of the person's own, and what they want to be told before."""
    stage = request.POST.get("stage", "")
    if request.method != "POST":
        return _page(request)
    if stage == "file":
        return _file(request)
    if stage in ("keep", "forget"):
        return _keep(request, stage)
    return _page(request, days=DaysForm(request.POST))


@sensitive_variables()
def _page(
    request: HttpRequest, *, days: DaysForm | None = None, limits: LimitForm | None = None
) -> HttpResponse:
    person, asked, kept = person_of(request), Asked.read(request.GET), kept_by(request)
    form = limits or days or DaysForm()
    looked_at = days.span if days is not None and days.is_valid() else None
    span = looked_at or (kept.span if days is None else None)
    shown = {
        "asked": asked,
        "ways": list(By),
        "years": years_of(person),
        "sections": totals(person, asked),
        "on_its_way": on_its_way(person),
        "given": given_lately(person, asked.span),
        "days": days or DaysForm(),
        "looked_at": looked_at,
        "own_span": span,
        "own": totals_between(person, span) if span else None,
        "limits": limits or limit_form(kept),
        "keeps": not kept.is_empty,
        "form": form,
        "breadcrumbs": CRUMBS,
    }
    return render(request, "payments/own_money/totals.html", shown, status=422 if form.errors else 200)


@sensitive_variables()
def _keep(request: HttpRequest, stage: str) -> HttpResponse:
    """Keep or remove what is for this person alone. Afterwards the page says it, and nothing else does."""
    if stage == "forget":
        forget(request)
        return redirect("own-money:totals")
    limits = LimitForm(request.POST)
    if not limits.is_valid():
        return _page(request, limits=limits)
    keep(request, limits.kept)
    return redirect("own-money:totals")


@sensitive_variables()
def _file(request: HttpRequest) -> HttpResponse:
    """What the page shows, as a file: of the days that were typed, else by year, month or week."""
    days, own, person = DaysForm(request.POST), "first-day" in request.POST, person_of(request)
    if own and not days.is_valid():
        return _page(request, days=days)
    found = totals_between(person, days.span) if own else totals(person, Asked.read(request.POST))
    headers = {"Content-Disposition": f'attachment; filename="{files.NAME}"'}
    return HttpResponse(files.totals_csv(found), content_type="text/csv; charset=utf-8", headers=headers)
