"""A fresh proof of who is at the screen, before something that money or safety hangs on is changed.

Signing in counts as one, and so does showing again that it is you. What is typed into a form is never kept
in the session to be sent later: a form that was opened with a fresh proof can be sent for half an hour.
"""

import time

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

FORM_TIME = 30 * 60  # seconds to fill a form in: far more than the slowest typist needs


def proof_needed(request: HttpRequest, *, form_at: str = "") -> HttpResponse | None:
    """Where to show again who you are; None for whoever just did, or sends a form they opened after it.

    `form_at` is the address of the page with the form, where that is another one.
    """
    form_at = form_at or request.path
    if _is_fresh(request):
        request.session[_mark(form_at)] = time.time()
        return None
    if request.method == "POST" and _age(request.session.get(_mark(form_at), 0)) < FORM_TIME:
        return None
    if get_reauthentication_flows(request.user):
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': form_at})}")
    return render(request, "account/sign_in_again.html", {"after": form_at}, status=403)


def _is_fresh(request: HttpRequest) -> bool:
    """Was the last proof, a sign-in too, given within the time that the settings name?"""
    records = get_authentication_records(request, request.user)
    newest = max((float(record["at"]) for record in records), default=0.0)
    return _age(newest) < int(settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def _age(moment: float) -> float:
    """Seconds since a moment of the real clock: allauth writes down real time, whatever ours is set to."""
    return time.time() - moment


def _mark(form_at: str) -> str:
    return f"proven:{form_at}"
