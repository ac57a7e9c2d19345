"""What is paid by hand: how it stands, which ways are switched on, and the runs for them."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from claims.models import Way
from claims.services.offering import CONTROLS, offer_way
from payments.by_hand import pages
from payments.by_hand.forms import COSTS, TIME, PrepareForm, WayForm
from payments.by_hand.scope import BY_HAND, START, organisation_of, step_page, way_of
from payments.permissions import may_keep_accounts
from payments.queries.due_pages import left_out_by_reason
from payments.queries.runs import READERS
from payments.queries.sorting import preview
from payments.services.runs import prepare_list
from payments.workflow import PAID_HOW, Method
from people.forms import sent
from people.models import FINANCE, RoleKind
from people.standing import person_of

SHOWN = 100  # payments on the page of a run that is not prepared yet; the run has them all


def overview(request: HttpRequest) -> HttpResponse:
    """What is due by each way, what waits to be handed over, and what its account holds."""
    shown = {"offices": pages.offices(person_of(request)), "breadcrumbs": [START]}
    return render(request, "payments/by_hand/overview.html", shown)


def ways(request: HttpRequest, code: str) -> HttpResponse:
    """Every way of paying, and what people can choose it for."""
    organisation = organisation_of(request, code, READERS)
    known = {each.way: each for each in organisation.ways.all()}
    shown = {
        "organisation": organisation,
        "rows": [(way, known.get(way)) for way in Way if way in CONTROLS],
        "keeps": may_keep_accounts(person_of(request), organisation) is None,
        "breadcrumbs": [START, BY_HAND],
    }
    return render(request, "payments/by_hand/ways.html", shown)


def way(request: HttpRequest, code: str, way: str) -> HttpResponse:
    """Switch one way on, change it, or switch it off for new choices."""
    organisation, asked = organisation_of(request, code, FINANCE), Way(way)
    known = organisation.ways.filter(way=asked).first()
    before = {}
    if known is not None:
        money = [kind for kind, on in ((TIME, known.for_time), (COSTS, known.for_costs)) if on]
        before = {"money": money, "most": known.most, "delivery": known.delivery}
    form = WayForm(sent(request), way=asked, initial=before)
    do = partial(form.post, offer_way, actor=person_of(request), organisation=organisation, way=asked)
    here = reverse("by-hand:ways", args=[organisation.code])
    return step_page(
        request,
        form,
        "way",
        do,
        said=f"{asked.label}: saved.",
        then=lambda made: here,
        back=here,
        title=asked.label,
        caption=organisation.name,
        button="Save",
    )


def prepare(request: HttpRequest, code: str, way: str) -> HttpResponse:
    """What a run of one way would pay, whom it leaves out and why, and the run."""
    actor, organisation = person_of(request), organisation_of(request, code, [RoleKind.PREPARER])
    method = Method(way_of(organisation, way).way)
    would = preview(organisation, actor, method)
    form = PrepareForm(sent(request), initial={"expected_total": would.total})
    do = partial(form.post, prepare_list, actor=actor, organisation=organisation, method=method)
    return step_page(
        request,
        form,
        "prepare",
        do,
        said="The payment run is prepared. Somebody else has to sign it.",
        then=lambda run: reverse("payments:run", args=[run.pk]),
        back=reverse("by-hand:overview"),
        title=f"Prepare a run: {method.label.lower()}",
        caption=organisation.name,
        button="Prepare the run",
        organisation=organisation,
        how=PAID_HOW[method],
        would=would,
        payees=would.payees[:SHOWN],
        more=max(0, would.count - SHOWN),
        left_out=left_out_by_reason(would.left_out),
    )
