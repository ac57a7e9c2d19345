"""Pages that belong to no app."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit import guards
from people.models import Organisation, User
from people.standing import standing_of


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page shown when a form's token is missing or too old (CSRF)."""
    return render(
        request, "403.html", {"message": "This form has expired. Go back and try again."}, status=403
    )


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, what is never asked, who sees what, and whom to complain to."""
    return render(request, "pages/privacy.html", {"organisations": _organisations(request)})


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """How well these pages work for everybody, and whom to tell when they do not."""
    return render(request, "pages/accessibility.html", {"organisations": _organisations(request)})


def _organisations(request: HttpRequest) -> list[Organisation]:
    """Those the person works with: their contacts are nobody else's business."""
    if not isinstance(request.user, User):
        return []
    keys = {part.organisation_id for part in standing_of(request).held}
    return list(Organisation.objects.filter(pk__in=keys).order_by("name", "pk"))


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Can the site work: is the database there, with every guard? Says yes or no, never why."""
    try:
        well = not guards.disagreements(connection)
    except DatabaseError:
        well = False
    words, status = ("ok", 200) if well else ("not ok", 503)
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
