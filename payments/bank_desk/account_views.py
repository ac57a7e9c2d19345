"""Bank accounts: what stands in them, how their statements are read, and the statements themselves."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from common.errors import DomainError, IllegalMove, NotPermitted
from payments import permissions
from payments.bank_desk.account_forms import (
    AccountForm,
    AddColumnsForm,
    ChangeColumnsForm,
    ColumnsForm,
    SampleForm,
    UploadForm,
    encoded,
    known_rows,
    sample_in,
)
from payments.formats.statement_columns import ColumnMap
from payments.models import BankAccount
from payments.queries.bank_desk import account_for, account_rows, statement_for
from payments.queries.bank_months import account_page
from payments.queries.taken_in import taken_in
from payments.services.accounts import add_bank_account, change_columns, column_map
from payments.services.statements import take_in
from people.forms import sent, show_form
from people.models import FINANCE, Organisation
from people.permissions import organisations_with, require
from people.standing import person_of, standing_of
from people.step_up import proof_needed

START = ("Start", "/")
BANK = ("Bank accounts", "/bank/")
_EXPIRED = "This form has expired. Choose the file again."


def accounts(request: HttpRequest) -> HttpResponse:
    """Every bank account, with what waits in it."""
    standing = standing_of(request)
    rows = account_rows(standing.person)
    shown = {"rows": rows, "may_add": standing.is_finance, "breadcrumbs": [START]}
    return render(request, "payments/bank/accounts.html", shown)


def account(request: HttpRequest, account_id: str) -> HttpResponse:
    """One account: its statements, its months and who signed them."""
    person = person_of(request)
    page = account_page(account_for(person, int(account_id)))
    shown = {
        "page": page,
        "may_upload": permissions.may_reconcile(person, page.account.organisation) is None,
        "may_keep": permissions.may_keep_accounts(person, page.account.organisation) is None,
        "breadcrumbs": [START, BANK],
    }
    return render(request, "payments/bank/account.html", shown)


def add(request: HttpRequest) -> HttpResponse:
    """A new account: its numbers and a sample statement; then its columns, looked at and confirmed."""
    if (elsewhere := proof_needed(request)) is not None:
        return elsewhere
    person = person_of(request)
    theirs = list(organisations_with(person, FINANCE).order_by("name"))
    if request.POST.get("stage") in ("read", "save"):
        return _confirm_new(request, theirs)
    form = AccountForm(sent(request), request.FILES, organisations=theirs)
    if form.is_valid():
        content = form.cleaned_data["sample"]
        known = {name: form.cleaned_data[name] for name in ("name", "sort_code", "account_number")}
        columns = AddColumnsForm(
            sample=sample_in(encoded(content)) or b"",
            content=content,
            currency=form.chosen.currency,
            initial=known | {"organisation": form.chosen.code},
        )
        return _show_columns(request, columns, back="/bank/add/")
    return show_form(request, form, "payments/bank/add.html", title="Add a bank account", back="/bank/")


def _confirm_new(request: HttpRequest, theirs: list[Organisation]) -> HttpResponse:
    organisation = next((each for each in theirs if each.code == request.POST.get("organisation")), None)
    if organisation is None:
        raise NotPermitted("Only finance of this organisation can do this.")
    form = _columns_form(AddColumnsForm, request, organisation.currency)
    if form is None:
        messages.error(request, _EXPIRED)
        return redirect("bank:add")
    if request.POST["stage"] == "save" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("name", "sort_code", "account_number")}
        made = form.ask(
            add_bank_account,
            actor=person_of(request),
            organisation=organisation,
            columns=form.columns(),
            **typed,
        )
        if made is not None:
            messages.success(request, f"{made.name} is added. Its statements can be uploaded now.")
            return redirect("bank:account", made.pk)
    return _show_columns(request, form, back="/bank/add/")


def _columns_form(kind: type[ColumnsForm], request: HttpRequest, currency: str) -> Any:
    """The form of the columns as it was sent; None when the sample that it carried is no longer one."""
    sample = sample_in(request.POST.get("sample", ""))
    try:
        return None if sample is None else kind(request.POST, sample=sample, currency=currency)
    except DomainError:
        return None


def _show_columns(request: HttpRequest, form: ColumnsForm, *, back: str) -> HttpResponse:
    """The columns with the first rows as they are read; 422 only when they were to be saved and cannot."""
    shown = {
        "form": form,
        "rows": form.preview(),
        "currency": form.currency,
        "back": back,
        "title": "Is your file read correctly?",
    }
    wrong = bool(form.errors) and request.POST.get("stage") in ("read", "save")
    return render(request, "payments/bank/columns.html", shown, status=422 if wrong else 200)


def columns(request: HttpRequest, account_id: str) -> HttpResponse:
    """Read the statements of an account in another way, from the next file on."""
    person = person_of(request)
    found = account_for(person, int(account_id))
    require(permissions.may_keep_accounts(person, found.organisation))
    known, back = column_map(found), f"/bank/{found.pk}/"
    if request.POST.get("stage") in ("read", "save"):
        form = _columns_form(ChangeColumnsForm, request, known.currency)
        if form is not None:
            return _change(request, found, form) or _show_columns(request, form, back=back)
    upload = SampleForm(sent(request), request.FILES)
    if upload.is_valid():
        content = upload.cleaned_data["sample"]
        form = ChangeColumnsForm(
            sample=sample_in(encoded(content)) or b"",
            content=content,
            currency=known.currency,
            initial={"seen": known.to_json()},
        )
        return _show_columns(request, form, back=back)
    title = f"How the statements of {found.name} are read"
    return show_form(
        request, upload, "payments/bank/sample.html", title=title, back=back, known=known_rows(known)
    )


def _change(request: HttpRequest, found: BankAccount, form: ChangeColumnsForm) -> HttpResponse | None:
    if request.POST["stage"] != "save" or not form.is_valid():
        return None
    changed = form.ask(
        change_columns,
        actor=person_of(request),
        bank_account=found,
        columns=form.columns(),
        seen=ColumnMap.from_json(form.cleaned_data["seen"]),
    )
    if changed is None:
        return None
    messages.success(request, f"The next statements of {found.name} are read like this.")
    return redirect("bank:account", found.pk)


def upload(request: HttpRequest, account_id: str) -> HttpResponse:
    """Import a statement; whatever can mean only one thing is matched at once."""
    person = person_of(request)
    found = account_for(person, int(account_id))
    form = UploadForm(sent(request), request.FILES)
    try:
        made = form.post(take_in, actor=person, bank_account=found) if request.method == "POST" else None
    except IllegalMove as error:
        shown = {"message": str(error), "back": (f"/bank/{found.pk}/", f"See the statements of {found.name}")}
        return render(request, "payments/bank/moved_on.html", shown, status=409)
    if made is not None:
        return redirect("bank:statement", made.pk)
    title, back = f"Upload a statement for {found.name}", f"/bank/{found.pk}/"
    return show_form(request, form, "payments/bank/upload.html", title=title, back=back, account=found)


def statement(request: HttpRequest, statement_id: str) -> HttpResponse:
    """What a statement file brought: new lines, lines known already, matched and why, left to a person."""
    found = statement_for(person_of(request), int(statement_id))
    crumbs = [START, BANK, (found.account.name, f"/bank/{found.account_id}/")]
    shown = {"page": taken_in(found), "breadcrumbs": crumbs}
    return render(request, "payments/bank/statement.html", shown)
