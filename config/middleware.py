"""Ask the table of access, turn business answers into pages, keep signed-in pages out of caches."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django_structlog.middlewares import RequestMiddleware

from common.errors import DomainError, IllegalMove, KeyReused, NotPermitted, NotVisible, Stale
from config.access import TABLE, Policy, Reach
from people.standing import standing_of

STATUS = {NotPermitted: 403, NotVisible: 404, IllegalMove: 409, Stale: 409, KeyReused: 409}

Handler = Callable[[HttpRequest], HttpResponse]


class AccessMiddleware:
    """Let a request through only as the table of access says; an address without a row is closed."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        policy = TABLE.get(request.resolver_match.view_name if request.resolver_match else "")
        if policy is None or policy.reach is Reach.NOT_OFFERED:
            raise Http404
        if request.method not in policy.methods:
            return HttpResponseNotAllowed(sorted(policy.methods))
        if policy.reach is Reach.ANYONE:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return _refusal(request, policy)


def _refusal(request: HttpRequest, policy: Policy) -> HttpResponse | None:
    if not policy.roles or policy.roles & standing_of(request).kinds:
        return None
    if policy.is_record:
        raise Http404
    return render(request, "403.html", status=403)


class DomainErrorMiddleware:
    """Show a DomainError as it stands; anything else stays a bug and a 500."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
        return render(request, f"{status}.html", {"message": str(error)}, status=status)


class RequestLogMiddleware(RequestMiddleware):
    """Log requests without their query strings: these may hold a name somebody looked for."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


class NoStoreMiddleware:
    """Pages of this site must not stay in a shared computer's cache, nor in a proxy's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cache-Control"] = "no-store, private"
        return response
