"""Statement lines: the list of those that wait, one line, and undoing what was said of it."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from common.errors import DomainError, IllegalMove, KeyReused
from common.paging import asked_key
from payments import permissions
from payments.bank_desk.by_hand_kinds import by_hand_kinds
from payments.bank_desk.line_forms import AnswerForm, UndoForm
from payments.models import Match, MatchKind, StatementLine
from payments.queries.bank_desk import line_for, line_page
from payments.queries.bank_line import LineDetail, line_detail, payroll_holds, standing_match, undoing
from payments.queries.concerns import ToComeBack, to_come_back
from payments.services.reconciling import explain, match, returned, undo
from people.forms import sent, show_form
from people.models import Person
from people.standing import person_of

START = ("Start", "/")
BANK = ("Bank accounts", "/bank/")
LINES = ("Statement lines to match", "/bank/lines/")
MOVED_ON = (IllegalMove, KeyReused)


def lines(request: HttpRequest) -> HttpResponse:
    """Lines that wait, oldest first, each with what it most likely is."""
    page = line_page(
        person_of(request), account_id=asked_key(request.GET, "account"), after=request.GET.get("after", "")
    )
    return render(request, "payments/bank/lines.html", {"page": page, "breadcrumbs": [START, BANK]})


def line(request: HttpRequest, line_id: str) -> HttpResponse:
    """One line: confirm what it is, choose something else, explain it; or see what it was."""
    person = person_of(request)
    detail = line_detail(line_for(person, int(line_id)), request.GET.get("q", ""))
    form = _answer_form(request, person, detail)
    if request.method == "POST" and form.is_valid():
        try:
            made = _say(person, detail.line, form)
        except MOVED_ON as error:
            return _moved_on(request, detail.line, error)
        if made is not None:
            messages.success(request, f"The line is in the books as: {made.get_kind_display().lower()}.")
            return redirect("bank:lines")
    return _show(request, person, detail, form)


def _answer_form(request: HttpRequest, person: Person, detail: LineDetail) -> AnswerForm:
    organisation = detail.line.account.organisation
    return AnswerForm(
        sent(request),
        line=detail.line,
        offered=[each for each in detail.offered if each != detail.best],
        projects=list(organisation.projects.order_by("name")) if detail.line.amount > 0 else [],
        explains=permissions.may_reconcile(person, organisation) is None,
        payroll=payroll_holds(organisation) != 0,
        by_hand=by_hand_kinds(detail.line),
    )


def _say(person: Person, found: StatementLine, form: AnswerForm) -> Match | None:
    """Ask the service that the answer belongs to."""
    said = form.answer()
    if said.kind == MatchKind.RUN:
        return form.ask(match, actor=person, line_id=found.pk, run_id=said.key)
    if said.kind == MatchKind.PAYMENT:
        return form.ask(match, actor=person, line_id=found.pk, payment_id=said.key)
    if said.kind == MatchKind.RETURN:
        return form.ask(returned, actor=person, line_id=found.pk, payment_id=said.key)
    code = form.cleaned_data.get("project") if said.kind == MatchKind.FUNDING else ""
    project = found.account.organisation.projects.filter(code=code).first() if code else None
    return form.ask(explain, actor=person, line_id=found.pk, project=project, **form.explanation())


def _show(request: HttpRequest, person: Person, detail: LineDetail, form: AnswerForm) -> HttpResponse:
    organisation = detail.line.account.organisation
    shown = {
        "form": form,
        "detail": detail,
        "line": detail.line,
        "best": detail.best if form.offers(detail.best) else None,
        "currency": organisation.currency,
        "repayments": _repayments(person, detail) if form.explains else [],
        "asked": request.GET.get("q", "")[:60],
        "may_correct": permissions.may_correct_matches(person, organisation) is None,
        "breadcrumbs": [START, BANK, LINES],
    }
    return render(request, "payments/bank/line.html", shown, status=422 if form.errors else 200)


def _repayments(person: Person, detail: LineDetail) -> Sequence[ToComeBack]:
    """Overpayments that a line which waits could bring back."""
    if detail.match is not None or detail.line.amount <= 0:
        return []
    return to_come_back(detail.line.account.organisation, person, detail.line.amount)


def undo_line(request: HttpRequest, line_id: str) -> HttpResponse:
    """What undoing would do, said first; then a reason, and the reversal."""
    person = person_of(request)
    found = line_for(person, int(line_id))
    form = UndoForm(sent(request))
    back = f"/bank/lines/{found.pk}/"
    if request.method == "POST" and form.is_valid():
        meant = found.matches.filter(pk=form.cleaned_data["match"]).first()
        if meant is None:
            form.refuse(DomainError("This form has expired. Go back and start it again."))
        else:
            try:
                reason = form.cleaned_data["reason"]
                if form.ask(undo, actor=person, match_id=meant.pk, reason=reason) is not None:
                    messages.success(request, "It is undone. The line waits again.")
                    return redirect("bank:line", found.pk)
            except MOVED_ON as error:
                return _moved_on(request, found, error)
    if request.method != "POST" and not found.matches.filter(undone_at__isnull=True).exists():
        return redirect("bank:line", found.pk)
    standing = standing_match(found)
    if not form.is_bound:
        form = UndoForm(initial={"match": standing.pk})
    shown = {"line": found, "told": undoing(standing), "currency": found.account.organisation.currency}
    return show_form(
        request,
        form,
        "payments/bank/undo.html",
        title="Undo this match?",
        button="Undo the match",
        back=back,
        **shown,
    )


def _moved_on(request: HttpRequest, found: StatementLine, error: DomainError) -> HttpResponse:
    """Somebody was faster: who did what, and the way back to how the line stands now."""
    shown = {"message": str(error), "back": (f"/bank/lines/{found.pk}/", "See how this line stands now")}
    return render(request, "payments/bank/moved_on.html", shown, status=409)
