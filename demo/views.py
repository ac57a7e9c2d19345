"""Sign in as one of the made-up people: only in the demonstration, where everybody is made up."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from common.dates import today
from people.models import Role, User
from people.permissions import in_force


@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """List who can sign in; sign in as the person whose number was sent."""
    if not settings.DEMO:
        raise Http404
    if request.method == "POST":
        return _enter(request, request.POST.get("person", ""))
    return render(request, "demo/sign_in.html", {"people": _cast()})


def _enter(request: HttpRequest, number: str) -> HttpResponse:
    if not (number.isascii() and number.isalnum()):
        raise Http404
    user = get_object_or_404(User, person__number=number, is_active=True)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")


def _cast() -> list[User]:
    roles = Role.objects.filter(in_force(today())).select_related("organisation", "project").order_by("kind")
    logins = User.objects.filter(is_active=True).select_related("person").order_by("person__number")
    return list(logins.prefetch_related(Prefetch("person__roles", queryset=roles, to_attr="held_today")))
