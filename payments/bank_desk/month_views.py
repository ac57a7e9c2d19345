"""The reconciliation of a month: page, PDF, workbook, and the two signatures."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from common.dates import now
from common.errors import IllegalMove, KeyReused, Stale
from payments import permissions
from payments.bank_desk.month_forms import CheckForm, PrepareForm, SignForm
from payments.formats.reconciliation_book import reconciliation_book
from payments.formats.reconciliation_pdf import reconciliation_pdf
from payments.models import SignedReconciliation
from payments.queries.bank_desk import account_for
from payments.queries.bank_months import MonthPage, month_page_of
from payments.services.reconciliations import check_reconciliation, prepare_reconciliation, take_away
from people.forms import sent
from people.models import Person
from people.standing import person_of
from people.step_up import proof_needed

START = ("Start", "/")
BANK = ("Bank accounts", "/bank/")
MOST_ROWS = 200  # of each list on the page; the workbook has all
MOVED_ON = (IllegalMove, KeyReused, Stale)
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _found(request: HttpRequest, account_id: str, month: str) -> MonthPage:
    return month_page_of(account_for(person_of(request), int(account_id)), int(month))


def month_page(request: HttpRequest, account_id: str, month: str) -> HttpResponse:
    """One month of an account: per bank, per books, and every item between."""
    page = _found(request, account_id, month)
    account = page.account
    shown = _shown(page) | {
        "may_sign": _wanted(person_of(request), page),
        "breadcrumbs": [START, BANK, (account.name, f"/bank/{account.pk}/")],
    }
    return render(request, "payments/bank/month.html", shown)


def _shown(page: MonthPage) -> dict[str, Any]:
    found = page.found
    return {
        "page": page,
        "found": found,
        "currency": page.account.organisation.currency,
        "expected": None if found.bank is None else found.bank - found.between,
        "unmatched": [(each, found.age(each.day)) for each in found.unmatched[:MOST_ROWS]],
        "in_transit": [(each, found.age(each.pay_on)) for each in found.in_transit[:MOST_ROWS]],
        "not_known": [(each, found.age(each.day)) for each in found.not_known[:MOST_ROWS]],
    }


def _wanted(person: Person, page: MonthPage) -> str:
    """Which signature this person could give now: `prepared`, `checked`, or none."""
    if page.is_frozen or page.not_ready:
        return ""
    if page.signed is None or page.changed:
        barred = permissions.may_reconcile(person, page.account.organisation)
        return "" if barred else "prepared"
    return "" if permissions.may_check_reconciliation(person, page.signed) else "checked"


def sign(request: HttpRequest, account_id: str, month: str) -> HttpResponse:
    """Sign as prepared, or as checked; each with a fresh proof of who is at the screen."""
    page = _found(request, account_id, month)
    if (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    person = person_of(request)
    asked = request.POST.get("as")
    wanted = asked if asked in ("prepared", "checked") else _wanted(person, page)
    if request.method != "POST" and not wanted:
        return redirect("bank:reconciliation", page.account.pk, page.month)
    kind = CheckForm if wanted == "checked" else PrepareForm
    form = kind(sent(request), initial={"sha256": page.sha256})
    if isinstance(form, PrepareForm) and not page.found.difference:
        form.fields.pop("note")
        form.refusals_at = "sure"
    try:
        if form.is_valid() and (made := _give(person, page, form)) is not None:
            messages.success(request, _told(made))
            return redirect("bank:reconciliation", page.account.pk, page.month)
    except MOVED_ON as error:
        back = (f"/bank/{page.account.pk}/{page.month}/", f"See {page.words} as it stands now")
        shown = {"message": str(error), "back": back}
        return render(request, "payments/bank/moved_on.html", shown, status=409)
    shown = _shown(page) | {"form": form, "as": wanted, "title": f"Sign as {wanted or 'prepared'}"}
    return render(request, "payments/bank/sign.html", shown, status=422 if form.errors else 200)


def _give(person: Person, page: MonthPage, form: SignForm) -> SignedReconciliation | None:
    seen = form.cleaned_data["sha256"]
    if isinstance(form, CheckForm):
        if page.signed is None:
            raise IllegalMove("Nobody has signed these figures as prepared yet.")
        return form.ask(check_reconciliation, actor=person, reconciliation_id=page.signed.pk, sha256=seen)
    return form.ask(
        prepare_reconciliation,
        actor=person,
        bank_account=page.account,
        month=page.month,
        sha256=seen,
        note=form.cleaned_data.get("note") or "",
    )


def _told(made: SignedReconciliation) -> str:
    if made.checked_at is None:
        return "You signed it as prepared. Now a finance approver checks and signs it."
    return "It is signed by two people. These figures never change now."


def as_pdf(request: HttpRequest, account_id: str, month: str) -> HttpResponse:
    """The month as a PDF. That somebody took it away is recorded."""
    page = _found(request, account_id, month)
    return _file(request, page, "pdf", "application/pdf")


def as_workbook(request: HttpRequest, account_id: str, month: str) -> HttpResponse:
    """The month as a workbook. That somebody took it away is recorded."""
    page = _found(request, account_id, month)
    return _file(request, page, "xlsx", _WORKBOOK)


def _file(request: HttpRequest, page: MonthPage, kind: str, content_type: str) -> HttpResponse:
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type)
    paper = page.paper()
    content = reconciliation_pdf(paper) if kind == "pdf" else reconciliation_book(paper, made_at=now())
    take_away(actor=person_of(request), bank_account=page.account, month=page.month, kind=kind)
    name = f'attachment; filename="reconciliation-{page.account.pk}-{page.month}.{kind}"'
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": name})
