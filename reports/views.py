"""Reading pages that ask across apps."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from common.paging import page_of
from people.standing import standing_of
from reports import claim_pages, project_pages
from reports.formats.budget_picture import budget_rows, budget_svg
from reports.history import history_of
from reports.history_trail import history_address, trail_page
from reports.home import home_of

START = ("Start", "/")


def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person: one section for each part they have in the work."""
    return render(request, "reports/home.html", {"home": home_of(standing_of(request))})


def claim_list(request: HttpRequest) -> HttpResponse:
    """The claims somebody may read, in one of the parts they hold."""
    found = claim_pages.claim_list(standing_of(request), request.GET)
    return render(request, "claims/list.html", {"found": found, "breadcrumbs": [START]})


def claim(request: HttpRequest, reference: str) -> HttpResponse:
    """One claim, as its reader may see it."""
    found = claim_pages.claim_page(standing_of(request), reference)
    if found is None:
        raise Http404
    crumbs = [START, ("Claims", "/claims/")]
    return render(request, "claims/claim.html", {"found": found, "breadcrumbs": crumbs})


def project_list(request: HttpRequest) -> HttpResponse:
    """Projects whose budget somebody may see."""
    page = page_of(project_pages.projects_read(standing_of(request)), request.GET)
    return render(request, "reports/projects.html", {"page": page, "breadcrumbs": [START]})


def position(request: HttpRequest, project_id: str) -> HttpResponse:
    """Plan against spend of one project, as a picture and as figures."""
    found = project_pages.position_of(standing_of(request), int(project_id))
    if found is None:
        raise Http404
    shown = {
        "found": found,
        "rows": budget_rows(found.budget),
        "breadcrumbs": [START, ("Projects", "/projects/")],
    }
    return render(request, "reports/position.html", shown)


def picture(request: HttpRequest, project_id: str) -> HttpResponse:
    """The picture of a project's budget, for the page of its position."""
    found = project_pages.position_of(standing_of(request), int(project_id))
    if found is None:
        raise Http404
    return HttpResponse(budget_svg(found.budget), content_type="image/svg+xml")


def history(request: HttpRequest, subject: str, key: str) -> HttpResponse:
    """Everything recorded about one record, as far as its reader may know."""
    found = history_of(standing_of(request), subject, key, request.GET)
    if found is None:
        raise Http404
    crumbs = [START] if found.back == START else [START, found.back]
    return render(request, "audit/history.html", {"history": found, "breadcrumbs": crumbs})


def trail(request: HttpRequest) -> HttpResponse:
    """Everything that anybody did in the auditor's organisations, or what was asked for of it."""
    standing = standing_of(request)
    found = trail_page(standing, request.GET)
    if found.filters.is_valid() and (handle := found.filters.cleaned_data["handle"]):
        if address := history_address(standing, handle):
            return redirect(address)
        found.filters.add_error("handle", "Check the number: there is no such record that you may see")
    status = 422 if found.filters.errors else 200
    shown = {"trail": found, "form": found.filters, "breadcrumbs": [START]}
    return render(request, "audit/trail.html", shown, status=status)
