"""Work on concerns: read them, find out, answer as the second person, pay the estate, close."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from common.errors import NotVisible
from common.money import money_text
from common.paging import page_of
from payments import concern_permissions as permissions
from payments.concern_desk import forms, pages
from payments.models import Concern, ConcernKind, ProposalKind
from payments.services import details
from payments.services.concerns import answering, arriving, overpaying, repaying
from payments.services.concerns import died as died_services
from people.forms import PlainForm, sent, show_form
from people.standing import person_of
from people.step_up import proof_needed

START = ("Start", "/")
LIST = ("Problems", "/concerns/")
QUESTION = "payments/concerns/question.html"


def concern_list(request: HttpRequest) -> HttpResponse:
    """Everything that somebody has to look into, or what is closed."""
    closed = request.GET.get("status") == "closed"
    rows = pages.concerns_listed(person_of(request), closed=closed)
    page = page_of(rows, request.GET, keep="status=closed&" if closed else "")
    shown = {"page": page.showing(pages.rows_of(page.rows)), "closed": closed, "breadcrumbs": [START]}
    return render(request, "payments/concerns/list.html", shown)


def concern(request: HttpRequest, concern_id: str) -> HttpResponse:
    """One concern: in quiet words for the person, with its story for those who work on it."""
    found = pages.concern_detail(person_of(request), int(concern_id))
    template = "own" if found.is_own else "concern"
    crumbs = [START, ("Payments", "/payments/?view=own")] if found.is_own else [START, LIST]
    return render(request, f"payments/concerns/{template}.html", {"detail": found, "breadcrumbs": crumbs})


def _worked_on(request: HttpRequest, concern_id: str, kind: ConcernKind) -> Concern:
    rows = pages.concerns_worked_on(person_of(request)).filter(kind=kind)
    return pages.concern_for(rows, int(concern_id))


def _ask(
    request: HttpRequest,
    form: PlainForm,
    service: Callable[..., object],
    concern: Concern,
    *,
    fixed: dict[str, Any] | None = None,
    done: str,
    **shown: Any,
) -> HttpResponse:
    """One form about a concern: done, back on its page; refused, the form says why."""
    asked = fixed if fixed is not None else {"concern_id": concern.pk}
    if request.method == "POST" and form.post(service, actor=person_of(request), **asked) is not None:
        messages.success(request, done)
        return redirect("concerns:concern", concern.pk)
    back = reverse("concerns:concern", args=[concern.pk])
    return show_form(request, form, QUESTION, back=back, caption=str(concern.person), **shown)


def note(request: HttpRequest, concern_id: str) -> HttpResponse:
    """What the bank or the person said."""
    found = pages.concern_for(pages.concerns_worked_on(person_of(request)), int(concern_id))
    form = forms.NoteForm(sent(request))
    return _ask(request, form, arriving.note, found, done="It is noted.", button="Save this note")


def name_payment(request: HttpRequest, concern_id: str) -> HttpResponse:
    """Which payment a helper meant."""
    found = _worked_on(request, concern_id, ConcernKind.NOT_ARRIVED)
    form = forms.NamePaymentForm(sent(request), payments=pages.payments_to_choose(found))
    return _ask(
        request, form, arriving.name_payment, found, done="It is this payment.", button="It is this one"
    )


def arrived(request: HttpRequest, concern_id: str) -> HttpResponse:
    """It is there after all: said by the person, or by finance, who then tell them."""
    rows = pages.concerns_visible_to(person_of(request)).filter(kind=ConcernKind.NOT_ARRIVED)
    found = pages.concern_for(rows, int(concern_id))
    is_own = found.person_id == person_of(request).pk
    told = () if is_own else ("They hear that we have finished. Note first what you found, and tell them.",)
    return _ask(
        request,
        PlainForm(sent(request)),
        arriving.arrived,
        found,
        done="Thank you. This is closed.",
        title="Has the money arrived?",
        button="It has arrived",
        intro=told,
        why_not=permissions.may_say_arrived(person_of(request), found),
    )


def never_taken(request: HttpRequest, concern_id: str) -> HttpResponse:
    """Ask a second person to agree that the bank never took it."""
    found = _worked_on(request, concern_id, ConcernKind.NOT_ARRIVED)
    return _ask(
        request,
        forms.NeverTakenForm(sent(request)),
        arriving.ask_never_taken,
        found,
        done="A second person has to agree. Nothing changes until then.",
        title="Has the bank never taken this payment?",
        button="Ask a second person to agree",
        intro=(
            "Ask the bank first. When a second person agrees, we owe this money again, and the next payment "
            "run pays it. It is never paid again by itself.",
        ),
    )


def write_off(request: HttpRequest, concern_id: str) -> HttpResponse:
    """Ask a second person to agree that what has not come back is not asked for any more."""
    found = _worked_on(request, concern_id, ConcernKind.OVERPAID)
    return _ask(
        request,
        forms.WriteOffForm(sent(request)),
        overpaying.ask_write_off,
        found,
        done="A second person has to agree. Nothing changes until then.",
        button="Ask a second person to agree",
    )


def repayment(request: HttpRequest, concern_id: str) -> HttpResponse:
    """A line of the bank that brought some of it back."""
    found = _worked_on(request, concern_id, ConcernKind.OVERPAID)
    left = sum(amount for _, amount in overpaying.outstanding(found))
    seen = {"line_id": request.GET.get("line", "")}
    form = forms.RepaymentForm(sent(request), lines=pages.lines_to_choose(found, left), initial=seen)
    return _ask(
        request,
        form,
        repaying.record_repayment,
        found,
        done="It is recorded.",
        button="It came back with this line",
        intro=(f"{money_text(left, found.organisation.currency)} is still to come.",),
    )


def estate(request: HttpRequest, concern_id: str) -> HttpResponse:
    """Enter the account of an estate."""
    found = _worked_on(request, concern_id, ConcernKind.DECEASED)
    if (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    return _ask(
        request,
        forms.EstateForm(sent(request)),
        died_services.enter_estate,
        found,
        done="Another person has to verify it before it is used.",
        title="What is the account of the estate?",
        button="Save this account",
    )


def check_estate(request: HttpRequest, concern_id: str) -> HttpResponse:
    """Verify the account of an estate as another person. Looking at it is recorded."""
    found = _worked_on(request, concern_id, ConcernKind.DECEASED)
    waiting = pages.waiting_estate(found)
    if waiting is None:
        raise NotVisible("There is no account to verify.")
    if (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    plain = details.reveal(actor=person_of(request), details_id=waiting.details_id)
    return _ask(
        request,
        forms.EstateCheckForm(sent(request)),
        details.verify,
        found,
        fixed={"details_id": waiting.details_id},
        done="The account is verified.",
        title="Is this the account of the estate?",
        button="Verify this account",
        rows=[
            ("Papers that were seen", waiting.seen),
            ("Who looks after it", waiting.care_of),
            ("Name on the account", plain.account_name),
            ("Sort code", plain.sort_code),
            ("Account number", plain.account_number),
        ],
    )


def settled(request: HttpRequest, concern_id: str) -> HttpResponse:
    """Close it when nothing is owed."""
    found = _worked_on(request, concern_id, ConcernKind.DECEASED)
    return _ask(
        request,
        PlainForm(sent(request)),
        died_services.settle,
        found,
        done="This is closed.",
        title="Is everything paid to the estate?",
        button="Close this",
        why_not=permissions.may_work_on(person_of(request), found),
    )


def mistake(request: HttpRequest, concern_id: str) -> HttpResponse:
    """Ask a second person to agree that somebody lives."""
    found = _worked_on(request, concern_id, ConcernKind.DECEASED)
    return _ask(
        request,
        forms.MistakeForm(sent(request)),
        died_services.ask_undo,
        found,
        done="A second person has to agree. Nothing changes until then.",
        title=f"Is it a mistake that {found.person} has died?",
        button="Ask a second person to agree",
        intro=(
            "When a second person agrees, they can sign in again, and we write to them again and say that we "
            "are sorry. They give us their bank details again.",
        ),
    )


def agree(request: HttpRequest, concern_id: str) -> HttpResponse:
    """Agree as the second person. What was asked happens at once."""
    detail = pages.concern_detail(person_of(request), int(concern_id))
    proposal = detail.asked or next(iter(reversed(detail.proposals)), None)
    if detail.is_own or proposal is None:
        raise NotVisible("There is nothing to agree to.")
    moves_money = proposal.kind != ProposalKind.UNDO_DEATH
    if moves_money and (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    return _ask(
        request,
        PlainForm(sent(request)),
        answering.agree,
        detail.concern,
        fixed={"proposal_id": proposal.pk},
        done="You agreed, and it is done.",
        title="Do you agree?",
        button="I agree",
        otherwise=(reverse("concerns:decline", args=[detail.concern.pk]), "I do not agree"),
        why_not=permissions.may_answer(person_of(request), proposal),
        rows=_asked_rows(detail, ProposalKind(proposal.kind), proposal.words, str(proposal.asked_by)),
    )


def _asked_rows(
    detail: pages.ConcernDetail, kind: ProposalKind, words: str, who: str
) -> list[tuple[str, str]]:
    concern, rows = detail.concern, [("Asked by", who), ("What", str(kind.label)), ("Why", words)]
    if concern.payment is not None:
        rows.append(("Payment", concern.payment.reference))
    if kind == ProposalKind.NEVER_TAKEN and concern.payment is not None:
        rows.append(("Amount", money_text(concern.payment.amount, detail.currency)))
    if kind == ProposalKind.OVERPAID:
        rows.append(("Too much", money_text(concern.overpayment.amount, detail.currency)))
    if kind == ProposalKind.WRITE_OFF:
        rows.append(("Not come back", money_text(detail.left, detail.currency)))
    return rows


def decline(request: HttpRequest, concern_id: str) -> HttpResponse:
    """Do not agree, and say why."""
    detail = pages.concern_detail(person_of(request), int(concern_id))
    proposal = detail.asked or next(iter(reversed(detail.proposals)), None)
    if detail.is_own or proposal is None:
        raise NotVisible("There is nothing to answer.")
    return _ask(
        request,
        forms.DeclineForm(sent(request)),
        answering.decline,
        detail.concern,
        fixed={"proposal_id": proposal.pk},
        done="Nothing has changed. Whoever asked can read why.",
        button="I do not agree",
    )
