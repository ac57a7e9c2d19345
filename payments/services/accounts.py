"""The organisation's own bank accounts: where runs are paid from and statements come from."""

from dataclasses import asdict

from audit.actions import Action
from audit.services import record, step
from common.errors import DomainError, IllegalMove, Stale
from ledger.services.accounts import bank_ledger_account
from payments import permissions
from payments.formats.statement_columns import ColumnMap
from payments.models import BankAccount
from payments.services.details import read_details
from people.models import Organisation, Person
from people.permissions import require

NAME_LENGTH = 60


@step(returns=BankAccount)
def add_bank_account(
    *,
    actor: Person,
    organisation: Organisation,
    name: str,
    sort_code: str,
    account_number: str,
    columns: ColumnMap,
    key: str = "",
) -> BankAccount:
    """Add an account that the organisation pays from, with the layout of its statement files."""
    require(permissions.may_keep_accounts(actor, organisation))
    plain = read_details(name, sort_code, account_number, "")
    if len(plain.account_name) > NAME_LENGTH:
        raise DomainError(f"Enter a name of {NAME_LENGTH} characters or fewer.")
    if columns.currency != organisation.currency:
        raise DomainError(f"The statements of this account must be in {organisation.currency}.")
    if organisation.bank_accounts.filter(name=plain.account_name).exists():
        raise DomainError(f"There is already an account called {plain.account_name}.")
    account = BankAccount.objects.create(
        organisation=organisation,
        name=plain.account_name,
        sort_code=plain.sort_code,
        account_number=plain.account_number,
        columns=asdict(columns),
    )
    bank_ledger_account(organisation, account.name)
    record(
        actor=actor,
        action=Action.BANK_ACCOUNT_ADDED,
        subject=account,
        organisation_id=organisation.pk,
        name=account.name,
    )
    return account


@step(returns=BankAccount)
def change_columns(
    *, actor: Person, bank_account: BankAccount, columns: ColumnMap, seen: ColumnMap, key: str = ""
) -> BankAccount:
    """Read later statement files of an account in another way. `seen` is the way it was when asked.

    Lines that were imported stay as they are. Raises Stale when somebody else changed it meanwhile.
    """
    account = BankAccount.objects.select_for_update(no_key=True).get(pk=bank_account.pk)
    require(permissions.may_keep_accounts(actor, account.organisation))
    before = column_map(account)
    if before != seen:
        raise Stale("Somebody changed how these statements are read while you looked at it. Start again.")
    if columns.currency != account.organisation.currency:
        raise DomainError(f"The statements of this account must be in {account.organisation.currency}.")
    if before == columns:
        raise IllegalMove("The statements of this account are read like this already.")
    account.columns = asdict(columns)
    account.save(update_fields=["columns"])
    record(
        actor=actor,
        action=Action.BANK_ACCOUNT_COLUMNS,
        subject=account,
        organisation_id=account.organisation_id,
        before=before.to_json(),
        after=columns.to_json(),
    )
    return account


def column_map(account: BankAccount) -> ColumnMap:
    """The saved layout of the account's statement files. Raises ColumnMapError."""
    return ColumnMap(**account.columns)
