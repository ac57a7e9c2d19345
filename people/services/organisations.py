"""Set up organisations, and keep what they promise."""

from audit.actions import Action
from audit.services import record, step
from common.errors import DomainError
from common.money import digits
from common.text import bank_text, tidy
from people import permissions
from people.models import Organisation, Person
from people.services.contact import read_email
from people.services.stamps import refuse_stale

STATEMENT_WIDTH = 18  # characters that Bacs carries


@step(returns=Organisation)
def add_organisation(
    *,
    actor: Person | None,
    code: str,
    name: str,
    statement_name: str,
    help_contact: str,
    appeal_contact: str,
    support_contact: str,
    advice_contact: str = "",
    currency: str = "GBP",
    days_to_pay: int = 14,
    key: str = "",
) -> Organisation:
    """Add an organisation that pays contributors. Its statement name is cut to what Bacs can carry."""
    digits(currency)  # refuses what is not a currency
    organisation = Organisation.objects.create(
        code=code,
        name=tidy(name),
        statement_name=as_on_statement(statement_name),
        help_contact=tidy(help_contact),
        appeal_contact=tidy(appeal_contact),
        support_contact=tidy(support_contact),
        advice_contact=tidy(advice_contact),
        currency=currency,
        days_to_pay=days_to_pay,
    )
    record(
        actor=actor,
        action=Action.ORGANISATION_ADDED,
        subject=organisation,
        organisation_id=organisation.pk,
        code=code,
    )
    return organisation


@step(returns=Organisation)
def change_organisation(
    *,
    actor: Person,
    organisation_id: int,
    name: str,
    days_to_pay: int,
    small_group: int,
    help_contact: str,
    appeal_contact: str,
    support_contact: str,
    advice_contact: str | None = None,
    expected_version: int | None = None,
    key: str = "",
) -> Organisation:
    """Change what an organisation promises and whom people can turn to. Claims sent keep their day.

    Without an `advice_contact` the one there is stays; an empty one leaves people with where support is.
    """
    organisation = _locked(actor, organisation_id, expected_version)
    organisation.name = tidy(name)
    organisation.days_to_pay = days_to_pay
    organisation.small_group = small_group
    organisation.help_contact = tidy(help_contact)
    organisation.appeal_contact = tidy(appeal_contact)
    organisation.support_contact = tidy(support_contact)
    if advice_contact is not None:
        organisation.advice_contact = tidy(advice_contact)
    organisation.save()
    _record(actor, organisation)
    return organisation


@step(returns=Organisation)
def set_statement_name(
    *,
    actor: Person,
    organisation_id: int,
    statement_name: str,
    expected_version: int | None = None,
    key: str = "",
) -> Organisation:
    """Say who a payment is from, as the bank statement of somebody paid will show it."""
    organisation = _locked(actor, organisation_id, expected_version)
    organisation.statement_name = as_on_statement(statement_name)
    organisation.save(update_fields=["statement_name"])
    _record(actor, organisation)
    return organisation


@step(returns=Organisation)
def set_adviser(
    *,
    actor: Person,
    organisation_id: int,
    adviser_name: str,
    adviser_email: str,
    expected_version: int | None = None,
    key: str = "",
) -> Organisation:
    """Say who talks to people in confidence. Both are empty when there is nobody: it is then not offered."""
    organisation = _locked(actor, organisation_id, expected_version)
    if bool(adviser_name) != bool(adviser_email):
        raise DomainError("Give the adviser’s name and e-mail address, or neither.")
    organisation.adviser_name = tidy(adviser_name)
    organisation.adviser_email = read_email(adviser_email)
    organisation.save(update_fields=["adviser_name", "adviser_email"])
    _record(actor, organisation)
    return organisation


def as_on_statement(statement_name: str) -> str:
    """The name as a bank carries it. Raises DomainError when nothing of it can be carried."""
    carried = bank_text(statement_name, STATEMENT_WIDTH)
    if not carried:
        raise DomainError("Banks carry only the letters A to Z, figures and . & / -. Use some of those.")
    return carried


def _locked(actor: Person, organisation_id: int, expected_version: int | None) -> Organisation:
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    permissions.require(permissions.may_administer(actor, organisation))
    refuse_stale(organisation, expected_version)
    return organisation


def _record(actor: Person, organisation: Organisation) -> None:
    record(
        actor=actor,
        action=Action.ORGANISATION_CHANGED,
        subject=organisation,
        organisation_id=organisation.pk,
    )
