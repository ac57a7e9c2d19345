"""What every page needs: where the person may go, whom to ask, and whether this is the demonstration."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from common.questions import ask
from config.access import TABLE
from people.models import Organisation, RoleKind, User
from people.standing import Standing, standing_of

QUICK_EXIT = "https://www.bbc.co.uk/weather"  # an everyday page that gives nothing away

FOOTER = (("privacy", "Privacy"), ("accessibility", "Accessibility"))
CONTACTS = ("help_contact", "advice_contact", "support_contact")
# (name of the address, what the menu calls it); shown to whoever the table of access lets in
MENU = (
    ("home", "Start"),
    ("invitations:list", "Invitations"),
    ("claims:list", "Claims"),
    ("payees:list", "Payees"),
    ("runs:due", "Due"),
    ("payments:runs", "Payment runs"),
    ("payments:list", "Payments"),
    ("payroll:overview", "Payroll"),
    ("by-hand:overview", "By hand"),
    ("bank:accounts", "Bank"),
    ("months:list", "Months"),
    ("concerns:list", "Problems"),
    ("reports:projects", "Projects"),
    ("activities:list", "Activities"),
    ("people:organisations", "Set up"),
    ("people:people", "People"),
    ("people:roles", "Parts to confirm"),
    ("what-we-pay:start", "What we pay"),
    ("reports:trail", "Trail"),
    ("exports:checks", "Checks"),
    ("exports:list", "Files"),
    ("search", "Search"),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """The menu, the quick way out, whom to ask, and the demonstration banner's switch."""
    footer = [(label, reverse(name)) for name, label in FOOTER]
    shown: dict[str, Any] = {"demo": settings.DEMO, "footer_links": footer}
    if isinstance(getattr(request, "user", None), User):
        standing = standing_of(request)
        shown["navigation"] = _navigation(request.path, standing)
        shown["who_to_ask"], shown["talk_to"] = _who_to_ask(standing)
        footer.append(("Help with money and benefits", reverse("guidance:help")))
        if standing.has(RoleKind.CONTRIBUTOR):
            shown["quick_exit_url"] = QUICK_EXIT
    return shown


def _navigation(path: str, standing: Standing) -> list[tuple[str, str, bool]]:
    offered = [(label, reverse(name)) for name, label in MENU if _may_open(name, standing)]
    current = max((url for _, url in offered if path.startswith(url)), key=len, default="")
    exact = path if path == "/" else current
    return [(label, url, url == exact and (url != "/" or path == "/")) for label, url in offered]


def _may_open(name: str, standing: Standing) -> bool:
    if name == "search":  # open to all, but who only contributes has little to look through
        return bool(standing.kinds - {RoleKind.CONTRIBUTOR})
    roles = TABLE[name].roles
    return not roles or bool(roles & standing.kinds)


def _who_to_ask(standing: Standing) -> tuple[str, str]:
    """Whom to ask, and whom to talk to in confidence about money, in the organisation the person works with.

    In the first one when there are several.
    """
    keys = sorted(part.organisation_id for part in standing.held)
    if not keys:
        return "", ""
    [contacts] = ask(_contacts, keys[0])
    organisation = Organisation(**dict(zip(CONTACTS, contacts, strict=True)))
    return organisation.help_contact, organisation.adviser


def _contacts(organisation_id: int) -> QuerySet[Organisation, Any]:
    return Organisation.objects.filter(pk=organisation_id).values_list(*CONTACTS)
