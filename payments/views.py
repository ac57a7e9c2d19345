"""Pages of payments, runs and remittance advices."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.debug import sensitive_variables

from common.paging import page_of
from payments import pages
from payments.concern_desk.pages import beside_payment
from payments.learning.pages import has_fund
from payments.queries import runs_visible_to
from payments.queries.own_codes import codes_of, own_hand_over
from payments.queries.run_story import story_of
from payments.queries.runs import READERS
from payments.queries.signing import runs_waiting_for, signers_of
from payments.run_desk.doing import doings, may_take_out
from payments.services.fetching import fetch_code
from payments.services.remittances import open_remittance
from payments.workflow import RunStatus
from people.models import RoleKind
from people.standing import person_of, standing_of

START = ("Start", "/")


def payment_list(request: HttpRequest) -> HttpResponse:
    """Money sent to oneself, or, for those who keep or check the money, the organisation's payments."""
    standing = standing_of(request)
    may_read = standing.has(*READERS)
    reads = may_read and request.GET.get("view") != "own"
    rows = pages.payments_read(standing.person) if reads else pages.own_payments(standing.person)
    page = page_of(rows, request.GET, keep="" if reads else "view=own&")
    has_both = may_read and standing.has(RoleKind.CONTRIBUTOR)
    shown = {"page": page, "reads": reads, "has_both": has_both, "breadcrumbs": [START]}
    if not reads:
        shown["own"] = pages.told_apart(standing.person, page.rows)
        shown["adds_up"] = standing.has(RoleKind.CONTRIBUTOR)
        shown["with_pay"] = pages.with_pay(standing.person)
        shown["has_fund"] = has_fund(standing.person)
    return render(request, "payments/list.html", shown)


def payment(request: HttpRequest, payment_id: str) -> HttpResponse:
    """One payment: how it stands, when, how much and for what."""
    detail = pages.payment_detail(person_of(request), int(payment_id))
    crumbs = [START, ("Payments", "/payments/")]
    shown = {"detail": detail, "beside": beside_payment(person_of(request), detail.payment)}
    return render(request, "payments/payment.html", shown | {"breadcrumbs": crumbs})


@sensitive_variables()
def code(request: HttpRequest, payment_id: str) -> HttpResponse:
    """The code of a voucher, or for cash: asked for by a form, shown to its person, kept nowhere."""
    person = person_of(request)
    made = own_hand_over(person, int(payment_id))
    fetch_code(actor=person, hand_over_id=made.pk)
    shown = {"payment": made.payment, "codes": codes_of(made), "day": made.day}
    crumbs = [START, ("Payments", "/payments/?view=own")]
    return render(request, "payments/code.html", shown | {"breadcrumbs": crumbs})


def run_list(request: HttpRequest) -> HttpResponse:
    """Payment runs, newest first; or those that wait for this person to sign or send them."""
    person = person_of(request)
    waiting = runs_waiting_for(person)
    is_waiting = request.GET.get("view") == "waiting"
    rows = waiting if is_waiting else runs_visible_to(person)
    shown = {
        "page": page_of(rows, request.GET, keep="view=waiting&" if is_waiting else ""),
        "is_waiting": is_waiting,
        "waiting": waiting.count(),
        "breadcrumbs": [START],
    }
    return render(request, "payments/runs.html", shown)


def run(request: HttpRequest, run_id: str) -> HttpResponse:
    """One run: how it stands, what this person may do with it now, its signatures and its payments."""
    person = person_of(request)
    detail = pages.run_detail(person, int(run_id))
    shown = {
        "detail": detail,
        "story": story_of(detail.run),
        "doings": doings(person, detail.run),
        "may_take_out": may_take_out(person, detail.run),
        "signers": signers_of(detail.run) if detail.run.status == RunStatus.PREPARED else [],
        "page": page_of(pages.payments_in(detail.run), request.GET),
        "breadcrumbs": [START, ("Payment runs", "/payments/runs/")],
    }
    return render(request, "payments/run.html", shown)


def remittance(request: HttpRequest, number: str) -> HttpResponse:
    """A remittance advice to keep, as PDF. That somebody opened it is recorded."""
    person = person_of(request)
    found = get_object_or_404(pages.remittances_sent(person), pk=int(number.removeprefix("R")))
    if request.method == "HEAD":
        return HttpResponse(content_type="application/pdf")
    content = open_remittance(actor=person, remittance_row=found)
    name = f'attachment; filename="{found.number}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})
