"""Ask for a file, watch it being made, take it. What is asked for and how far it is, is at one address."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from common.paging import page_of
from people.file_queries import CONTENT_TYPES, file_name, files_read, organisations_for
from people.forms import PlainForm, sent, show_form
from people.models import FileKind, PreparedFile, RoleKind
from people.services.prepared_files import content_of, fetch, look_after
from people.standing import Standing, standing_of
from reports.exports.asking import ask_for_file
from reports.exports.forms import ChecksForm, FileForm, JournalForm, TrailForm, WorkbookForm
from reports.exports.showing import shown

START = ("Start", "/")
FILES = ("Files", "/exports/")
CHECKS = ("Checks", "/exports/checks/")


def file_list(request: HttpRequest) -> HttpResponse:
    """What one may ask for, and the files one asked for."""
    standing = standing_of(request)
    files = files_read(standing).filter(person=standing.person)
    look_after(files)
    page = page_of(files, request.GET)
    rows = page.showing([shown(file) for file in page.rows])
    audits = standing.has(RoleKind.AUDITOR)
    return render(
        request, "reports/exports/list.html", {"page": rows, "audits": audits, "breadcrumbs": [START]}
    )


def workbook(request: HttpRequest) -> HttpResponse:
    """Ask for a workbook."""
    return _ask(request, WorkbookForm, "reports/exports/workbook.html")


def journal(request: HttpRequest) -> HttpResponse:
    """Ask for the journal."""
    return _ask(request, JournalForm, "reports/exports/journal.html")


def trail(request: HttpRequest) -> HttpResponse:
    """Ask for the trail with its checkpoint."""
    return _ask(request, TrailForm, "reports/exports/trail.html")


def checks(request: HttpRequest) -> HttpResponse:
    """Run the checks; below, what they found before, whoever asked."""
    standing = standing_of(request)
    found = files_read(standing).filter(kind=FileKind.CHECKS)
    look_after(found)
    page = page_of(found, request.GET)
    rows = page.showing([shown(file) for file in page.rows])
    return _ask(request, ChecksForm, "reports/exports/checks.html", page=rows, breadcrumbs=[START])


def file(request: HttpRequest, file_id: str) -> HttpResponse:
    """How far a file is; when it is ready, where it can be taken.

    Asked by the page itself while it is being made, the answer is the page again, or that it has changed.
    """
    standing = standing_of(request)
    look_after(files_read(standing).filter(pk=int(file_id)))
    found = _found(standing, file_id)
    details: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by django-htmx
    if details and not found.is_under_way:
        return HttpResponseClientRefresh()
    crumbs = [START, CHECKS if found.kind == FileKind.CHECKS else FILES]
    return render(request, "reports/exports/file.html", {"shown": shown(found), "breadcrumbs": crumbs})


def download(request: HttpRequest, file_id: str) -> HttpResponseBase:
    """The file, one part after the other. Each download is written down; a look at the headers is none."""
    standing = standing_of(request)
    found = _found(standing, file_id)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(found)}"'}
    kind = CONTENT_TYPES[FileKind(found.kind)]
    if request.method == "HEAD":
        return HttpResponse(content_type=kind, headers=headers)
    ready = fetch(standing=standing, file_id=found.pk)
    headers["Content-Length"] = str(ready.size)
    return StreamingHttpResponse(content_of(ready), content_type=kind, headers=headers)


def _found(standing: Standing, file_id: str) -> PreparedFile:
    found = files_read(standing).filter(pk=int(file_id)).first()
    if found is None:
        raise Http404
    return found


def _ask(request: HttpRequest, form_class: type[FileForm], template: str, **more: Any) -> HttpResponse:
    """The page that asks for one kind of file; sent, it leads to the file."""
    standing = standing_of(request)
    asked = request.GET.get("organisation", "")
    form: PlainForm = form_class(sent(request), organisations_for(standing, form_class.kind), asked)
    made = form.post(ask_for_file, actor=standing.person) if request.method == "POST" else None
    if made is not None:
        return redirect("exports:file", made.pk)
    return show_form(request, form, template, **{"breadcrumbs": [START, FILES]} | more)
