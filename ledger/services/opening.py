"""Where the money of the books comes from: balances brought in, and funding received."""

from datetime import date as Date  # noqa: N812 - the parameter is called date

from audit.actions import Action
from audit.services import record, step
from common.text import tidy
from ledger import permissions
from ledger.models import Account, AccountKind, JournalEntry
from ledger.queries import fundings_like, opening_of
from ledger.said import posted
from ledger.services.accounts import account as account_for
from ledger.services.counters import locked, next_number
from ledger.services.posting import AlreadyPosted, Leg, post_entry
from people.models import Organisation, Person, Project
from people.permissions import require


@step(returns=JournalEntry)
def open_books(
    *,
    actor: Person,
    organisation: Organisation,
    account: Account,
    amount: int,
    date: Date,
    narrative: str,
    key: str = "",
) -> JournalEntry:
    """Bring in what was in a bank account on the first day. Once per account: else AlreadyPosted, by whom."""
    locked(organisation, "entry")  # whoever opens the same account at the same moment waits here
    require(permissions.may_keep_books(actor, organisation))
    if (first := opening_of(account)) is not None:
        raise AlreadyPosted(opened_already(first))
    entry = post_entry(
        organisation=organisation,
        source=f"opening:{account.pk}",
        narrative=tidy(narrative),
        date=date,
        legs=[Leg(debit=account, credit=account_for(organisation, AccountKind.OPENING), amount=amount)],
        actor=actor,
    )
    record(
        actor=actor,
        action=Action.BOOKS_OPENED,
        subject=entry,
        organisation_id=organisation.pk,
        account=account.code,
        amount=amount,
    )
    return entry


@step(returns=JournalEntry)
def fund(
    *,
    actor: Person,
    project: Project,
    account: Account,
    amount: int,
    date: Date,
    narrative: str,
    alike: int | None = None,
    key: str = "",
) -> JournalEntry:
    """Record money received for a project in a bank account of its organisation.

    `alike` is how many records of the same money somebody knew of: same account, project, amount and day.
    When there are more by now, somebody else was faster, and AlreadyPosted says who.
    """
    organisation = project.organisation
    number = next_number(organisation, "funding")  # whoever records funding at the same moment waits here
    require(permissions.may_keep_books(actor, organisation))
    known = list(fundings_like(project, account, amount, date))
    if alike is not None and len(known) > alike:
        raise AlreadyPosted(f"{recorded_already(known[0])} Continue only if it came once more.")
    funding = account_for(organisation, AccountKind.FUNDING, project)
    entry = post_entry(
        organisation=organisation,
        source=f"funding:{number}",
        narrative=tidy(narrative),
        date=date,
        legs=[Leg(debit=account, credit=funding, amount=amount)],
        actor=actor,
    )
    record(
        actor=actor,
        action=Action.PROJECT_FUNDED,
        subject=entry,
        organisation_id=organisation.pk,
        project_id=project.pk,
        amount=amount,
    )
    return entry


def opened_already(first: JournalEntry) -> str:
    """What whoever comes second reads about an account that was opened."""
    return f"This account was opened already, by {posted(first)}."


def recorded_already(first: JournalEntry) -> str:
    """What whoever comes second reads about money that was recorded."""
    return f"The same money was recorded already, by {posted(first)}."
