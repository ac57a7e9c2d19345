"""Find an account by what it is for, or open it at first use."""

from ledger.models import Account, AccountKind
from people.models import Organisation, Project


def account(
    organisation: Organisation,
    kind: AccountKind,
    project: Project | None = None,
    category: str = "",
    name: str = "",
) -> Account:
    """The account of this kind, project and category, with a code like `cost:PROJ-A:travel`.

    `name` tells apart accounts of one kind, as in `bank:Current account`. Raises ValueError when the
    project belongs to another organisation: its books are kept there.
    """
    if project is not None and project.organisation_id != organisation.pk:
        raise ValueError("an account cannot be of another organisation's project")
    parts = [str(kind), project.code if project else "", str(category), name]
    found, _ = Account.objects.get_or_create(
        organisation=organisation,
        code=":".join(part for part in parts if part),
        defaults={
            "kind": kind,
            "project": project,
            "category": category,
            "currency": organisation.currency,
        },
    )
    return found


def bank_ledger_account(organisation: Organisation, name: str) -> Account:
    """The account in the books that stands for a bank account, as in `bank:Current account`."""
    return account(organisation, AccountKind.BANK, name=name)
