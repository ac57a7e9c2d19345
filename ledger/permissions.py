"""Who may do what to the books and budgets. None means yes; otherwise the reason why not."""

from people.models import Organisation, Person, Project, RoleKind
from people.permissions import Reason, holds, is_finance, is_lead


def may_propose_budget(actor: Person, project: Project) -> Reason:
    """The project's lead, or finance."""
    if is_lead(actor, project) or is_finance(actor, project.organisation):
        return None
    return "Only the project's lead or finance can propose a budget."


def may_agree_budget(actor: Person, project: Project, proposed_by_id: int) -> Reason:
    """A finance approver, but never the person who proposed it."""
    if actor.pk == proposed_by_id:
        return "Somebody else has to agree a budget you proposed."
    if holds(actor, [RoleKind.APPROVER], project.organisation):
        return None
    return "Only a finance approver can agree a budget."


def may_keep_books(actor: Person, organisation: Organisation) -> Reason:
    """Finance opens the books and records funding."""
    if is_finance(actor, organisation):
        return None
    return "Only finance of this organisation can do this."


def may_close(actor: Person, organisation: Organisation) -> Reason:
    """A finance approver closes a month: nothing can be posted into it afterwards."""
    if holds(actor, [RoleKind.APPROVER], organisation):
        return None
    return "Only a finance approver can close a month."


def may_ask_to_reopen(actor: Person, organisation: Organisation) -> Reason:
    """Finance asks for a closed month to be opened again; that alone opens nothing."""
    return may_keep_books(actor, organisation)


def may_confirm_reopening(actor: Person, asked_by: Person, organisation: Organisation) -> Reason:
    """Reopening a month takes two people of finance, one of them an approver."""
    if actor == asked_by:
        return "Somebody else has to confirm that a month is reopened."
    if not is_finance(actor, organisation):
        return "Only finance of this organisation can do this."
    if not is_finance(asked_by, organisation):
        return f"{asked_by} is not in finance any more, so it has to be asked for again."
    if not any(holds(person, [RoleKind.APPROVER], organisation) for person in (actor, asked_by)):
        return "A finance approver has to ask for a month to be reopened, or confirm it."
    return None


def may_withdraw_reopening(actor: Person, organisation: Organisation) -> Reason:
    """Whoever asked may think again, and anybody else in finance may say no: the month stays closed."""
    return may_keep_books(actor, organisation)
