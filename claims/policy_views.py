"""What we pay, for everybody who was invited; and how a rate policy is proposed and put in force."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from claims.models import RatePolicy
from claims.permissions import may_confirm_policy, may_import_policy
from claims.policy_forms import PolicyForm, ProposalForm
from claims.policy_words import PolicyWords, differences, policy_words
from claims.pricing_rows import as_policy
from claims.queries import NoPolicy, policy_in_force
from claims.services.policies import confirm_policy, import_policy
from common.dates import today
from people.forms import PlainForm, sent, show_form
from people.models import FINANCE, Organisation, RoleKind
from people.standing import person_of, standing_of

READERS = FINANCE | {RoleKind.ADMINISTRATOR, RoleKind.AUDITOR}
START = ("Start", "/")


def start(request: HttpRequest) -> HttpResponse:
    """The organisations whose rates this person may read; straight to them when it is only one."""
    organisations = list(_invited_by(request))
    if len(organisations) == 1:
        return redirect("what-we-pay:now", organisations[0].code)
    shown = {"organisations": organisations, "breadcrumbs": [START]}
    return render(request, "claims/policies/start.html", shown)


def what_we_pay(request: HttpRequest, code: str, version: str = "") -> HttpResponse:
    """What an organisation pays now, or what an older version of its policy said."""
    organisation = get_object_or_404(_invited_by(request), code=code)
    confirmed = organisation.policies.filter(confirmed_at__isnull=False).order_by("-version")
    policy = get_object_or_404(confirmed, version=int(version)) if version else confirmed.first()
    words = policy_words(as_policy(policy)) if policy else None
    shown = {
        "organisation": organisation,
        "policy": policy,
        "older": confirmed.exclude(pk=policy.pk) if policy else confirmed,
        "is_old": policy is not None and policy != confirmed.first(),
        "words": words.standing(today()) if words else None,
        "over": words.over(today()) if words else (),
        "keeps": _kept_by(request).filter(pk=organisation.pk).exists(),
        "breadcrumbs": [START],
    }
    return render(request, "claims/policies/what_we_pay.html", shown)


def policy_list(request: HttpRequest, code: str) -> HttpResponse:
    """Every version of an organisation's policy, newest first."""
    organisation = get_object_or_404(_kept_by(request), code=code)
    shown = {
        "organisation": organisation,
        "policies": organisation.policies.select_related("imported_by", "confirmed_by").order_by("-version"),
        "in_force": _in_force(organisation),
        "may_propose": may_import_policy(person_of(request), organisation) is None,
        "breadcrumbs": [START],
    }
    return render(request, "claims/policies/list.html", shown)


def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Read a policy file, show it in plain words, then propose it."""
    organisation, actor = get_object_or_404(_kept_by(request), code=code), person_of(request)
    if may_import_policy(actor, organisation):
        raise Http404
    if "propose" in request.POST:
        proposal = ProposalForm(request.POST)
        stored = proposal.post(import_policy, actor=actor, organisation=organisation)
        if stored is not None:
            messages.success(request, "The policy is proposed. Somebody else in finance puts it in force.")
            return redirect("policies:policy", code, stored.version)
    form = PolicyForm(sent(request), request.FILES if request.method == "POST" else None)
    words = form.read(organisation) if request.method == "POST" else None
    if words is not None:
        ready = ProposalForm(initial={"text": form.cleaned_data["text"]})
        return _preview(request, organisation, words, ready)
    shown = {"title": "Which policy do you propose?", "caption": organisation.name, "button": "Read it"}
    back = f"/policies/{code}/"
    return show_form(request, form, "claims/policies/propose.html", back=back, **shown)


def policy(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """One version in plain words; somebody else in finance can put a proposed one in force here."""
    organisation, actor = get_object_or_404(_kept_by(request), code=code), person_of(request)
    found = get_object_or_404(organisation.policies, version=int(version))
    form = PlainForm(sent(request))
    if request.method == "POST" and form.post(confirm_policy, actor=actor, policy_id=found.pk) is not None:
        messages.success(request, "The policy is in force.")
        return redirect("policies:list", code)
    words, in_force = policy_words(as_policy(found)), _in_force(organisation)
    newer = organisation.policies.filter(version__gt=found.version).exists()
    shown = {
        "organisation": organisation,
        "policy": found,
        "words": words,
        "changes": _changes(in_force, found, words),
        "waits": found.confirmed_at is None and not newer,
        "why_not": may_confirm_policy(actor, found),
        "is_in_force": found == in_force,
        "back": f"/policies/{code}/",
    }
    return show_form(request, form, "claims/policies/policy.html", **shown)


def _preview(
    request: HttpRequest, organisation: Organisation, words: PolicyWords, form: ProposalForm
) -> HttpResponse:
    shown = {
        "organisation": organisation,
        "words": words,
        "changes": _changes(_in_force(organisation), None, words),
        "back": f"/policies/{organisation.code}/propose/",
    }
    return show_form(request, form, "claims/policies/preview.html", **shown)


def _changes(in_force: RatePolicy | None, found: RatePolicy | None, words: PolicyWords) -> Any:
    """(new, gone) against the version in force; None when there is nothing to compare with."""
    if in_force is None or in_force == found:
        return None
    return differences(policy_words(as_policy(in_force)), words)


def _in_force(organisation: Organisation) -> RatePolicy | None:
    try:
        return policy_in_force(organisation)
    except NoPolicy:
        return None


def _invited_by(request: HttpRequest) -> QuerySet[Organisation]:
    """The organisations in which this person has any part, or had one as a contributor."""
    keys = {part.organisation_id for part in standing_of(request).held}
    return Organisation.objects.filter(pk__in=keys).order_by("name", "pk")


def _kept_by(request: HttpRequest) -> QuerySet[Organisation]:
    """The organisations whose policies this person keeps or checks."""
    return Organisation.objects.filter(pk__in=standing_of(request).organisations(READERS))
