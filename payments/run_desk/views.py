"""What is due, and the steps of a payment run: prepared, signed, sent, stopped, or made without a payment."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from common.dates import today
from payments.banking_days import shifted
from payments.models import PaymentRun
from payments.permissions import may_prepare, may_release, may_sign
from payments.queries.due_pages import asked_page, left_out_by_reason, owed_page, owing
from payments.queries.foreseeing import foresee
from payments.queries.runs import READERS, runs_visible_to
from payments.queries.signing import sheet_of
from payments.run_desk.doing import OPEN
from payments.run_desk.forms import PrepareForm, SendForm, SignForm, TakeOutForm, VoidForm
from payments.run_desk.scope import START, payment_asked, run_asked, step_page
from payments.services import runs, seen_runs
from payments.workflow import Method, PaymentStatus, RunStatus
from people.forms import sent, show_form
from people.models import RoleKind
from people.permissions import organisations_with
from people.standing import person_of
from people.step_up import proof_needed

LATEST = 3
BACS = 2  # banking days from the file at the bank to money in the account


def due(request: HttpRequest) -> HttpResponse:
    """What is owed and in no run yet, person by person; whom a run would leave out, and why."""
    actor = person_of(request)
    organisations = list(organisations_with(actor, READERS).order_by("name", "pk"))
    asked = request.GET.get("of", "")
    organisation = next((each for each in organisations if each.code == asked), organisations[0])
    would = foresee(organisation, actor)
    keep = f"of={organisation.code}&" if len(organisations) > 1 else ""
    shown = {
        "organisation": organisation,
        "organisations": organisations,
        "owing": owing(organisation),
        "would": would,
        "left_out": left_out_by_reason(would.left_out),
        "page": owed_page(organisation, asked_page(request.GET.get("page", "")), would.left_out, keep=keep),
        "why_not": may_prepare(actor, organisation),
        "breadcrumbs": [START],
    }
    return render(request, "payments/runs/due.html", shown)


def prepare(request: HttpRequest, code: str) -> HttpResponse:
    """Choose account and day, see what the run would pay and whom it would leave out, and prepare it."""
    actor = person_of(request)
    organisation = get_object_or_404(organisations_with(actor, [RoleKind.PREPARER]), code=code)
    form = PrepareForm(sent(request), accounts=list(organisation.bank_accounts.order_by("name")))
    ask = partial(form.post, runs.prepare, actor=actor, organisation=organisation)
    if request.method == "POST" and (run := ask()) is not None:
        messages.success(request, f"Payment run {run.number} is prepared. Somebody else has to sign it.")
        return redirect("payments:run", run.pk)
    would = foresee(organisation, actor)
    latest = runs_visible_to(actor).filter(organisation=organisation).select_related("prepared_by")
    shown = {
        "organisation": organisation,
        "would": would,
        "left_out": left_out_by_reason(would.left_out),
        "latest": latest.order_by("-pk")[:LATEST],
        "title": "Prepare a payment run",
        "caption": organisation.name,
        "button": "Prepare this run",
        "back": f"/payments/due/?of={organisation.code}",
    }
    return show_form(request, form, "payments/runs/prepare.html", **shown)


def sign(request: HttpRequest, run_id: str) -> HttpResponse:
    """Sign a run after a fresh proof, for the file whose hash the form carries."""
    run, actor = run_asked(request, run_id, [RoleKind.APPROVER]), person_of(request)
    if request.method != "POST" and run.status != RunStatus.PREPARED:
        return redirect("payments:run", run.pk)
    why_not = may_sign(actor, run)
    if why_not is None and (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    sheet = None if run.status == RunStatus.VOID else sheet_of(run)
    form = SignForm(sent(request), initial={"sha256": sheet.sha256 if sheet else ""})
    do = partial(form.post, runs.authorise, actor=actor, run_id=run.pk)
    said = f"You signed payment run {run.number}. Next, it is sent to {run.goes_to}."
    shown = {"title": f"Sign payment run {run.number}", "button": "Sign this run", "why_not": why_not}
    return step_page(request, run, form, do, template="sign", said=said, sheet=sheet, **shown)


def release(request: HttpRequest, run_id: str) -> HttpResponse:
    """Send a signed run after a fresh proof: its file is read and hashed once more."""
    run, actor = run_asked(request, run_id), person_of(request)
    if request.method != "POST" and run.status != RunStatus.AUTHORISED:
        return redirect("payments:run", run.pk)
    why_not = may_release(actor, run)
    if why_not is None and (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    form = SendForm(sent(request), initial={"version": run.version})
    do = partial(form.post, seen_runs.release, actor=actor, run_id=run.pk)
    what = "list" if run.is_by_hand else "file"
    said = f"Payment run {run.number} is sent. Download its {what} and give it to {run.goes_to}."
    shown = {
        "title": f"Send payment run {run.number} to {run.goes_to}?",
        "button": "Send this run",
        "sheet": None if run.status == RunStatus.VOID else sheet_of(run),
        "why_not": why_not,
        "is_past": _is_past(run),
    }
    return step_page(request, run, form, do, template="release", said=said, **shown)


def _is_past(run: PaymentRun) -> bool:
    """Whether the payment day is too near for a file that is given to the bank today."""
    return run.method == Method.BANK and run.pay_on < shifted(today(), BACS)


def void(request: HttpRequest, run_id: str) -> HttpResponse:
    """Stop a run before it is sent."""
    run, actor = run_asked(request, run_id, [RoleKind.APPROVER]), person_of(request)
    if request.method != "POST" and run.status not in OPEN:
        return redirect("payments:run", run.pk)
    form = VoidForm(sent(request), initial={"version": run.version})
    do = partial(form.post, seen_runs.void, actor=actor, run_id=run.pk)
    said = f"Payment run {run.number} is void. What it would have paid is due again."
    shown = {"title": f"Stop payment run {run.number}?", "button": "Stop this run"}
    return step_page(request, run, form, do, template="void", said=said, **shown)


def take_out(request: HttpRequest, payment_id: str) -> HttpResponse:
    """Take one payment out before the run is sent; the rest needs a new signature."""
    payment, actor = payment_asked(request, payment_id), person_of(request)
    run = run_asked(request, str(payment.run_id), [RoleKind.PREPARER])
    is_over = run.status not in OPEN or payment.status != PaymentStatus.PREPARED
    if request.method != "POST" and is_over:
        return redirect("payments:run", run.pk)
    form = TakeOutForm(sent(request), initial={"version": run.version})
    do = partial(form.post, seen_runs.take_out, actor=actor, payment_id=payment.pk)
    said = f"{payment.reference} is out of payment run {run.number}. The run needs a new signature."
    shown = {"title": f"Take a payment out of run {run.number}?", "button": "Take it out", "payment": payment}
    return step_page(request, run, form, do, template="take_out", said=said, **shown)
