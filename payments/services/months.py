"""Close a month once nothing of it is left to do, and say why something may stay as it is."""

from audit.actions import Action
from audit.services import record, step
from claims.services.giving import post_given_time
from common.dates import month_name
from common.errors import DomainError, IllegalMove, Stale
from common.text import tidy
from ledger.models import Period
from ledger.permissions import may_close
from ledger.services.periods import close, lock_month
from payments import permissions
from payments.models import Explainable, MonthNote
from payments.queries.month_end import checklist
from people.models import Organisation, Person
from people.permissions import require

WORDS_LENGTH = 300


class MonthNotReady(DomainError):
    """Something is left to do in the month; the message says what."""


@step(returns=Period)
def close_month(*, actor: Person, organisation: Organisation, month: int, key: str = "") -> Period:
    """Close a month to every posting, if its checklist has nothing left that keeps it open.

    It is asked behind the lock that postings take: nothing can be added between the look and the close.
    """
    require(may_close(actor, organisation))
    period = lock_month(organisation, month)
    left = [] if period.closed else [item for item in checklist(organisation, month) if item.keeps_open]
    if left:
        what = "; ".join(f"{item.title}: {item.says}" for item in left)
        raise MonthNotReady(f"{month_name(month)} cannot be closed yet. {what}.")
    if not period.closed:
        post_given_time(actor=actor, organisation=organisation, month=month)
    return close(actor=actor, organisation=organisation, month=month)


@step(returns=MonthNote)
def explain_item(
    *,
    actor: Person,
    organisation: Organisation,
    month: int,
    item: Explainable,
    about: str,
    words: str,
    key: str = "",
) -> MonthNote:
    """Say why something that a month leaves open may stay as it is. A preparer's word; an approver closes.

    `about` stands for the rows that were seen; when they are others by now, it raises Stale.
    """
    require(permissions.may_reconcile(actor, organisation))
    period = lock_month(organisation, month)
    if period.closed:
        raise IllegalMove("This month is closed already.")
    found = next(each for each in checklist(organisation, month) if each.name == item)
    if found.left == 0 or found.about != about:
        raise Stale("This has changed since you opened the page. Look at it again.")
    note = MonthNote.objects.create(
        organisation=organisation, month=month, item=item, about=about, words=_words(words), written_by=actor
    )
    record(
        actor=actor,
        action=Action.MONTH_EXPLAINED,
        subject=note,
        organisation_id=organisation.pk,
        month=month,
        kind=str(item),
        note=note.words,
    )
    return note


def _words(words: str) -> str:
    text = tidy(words)
    if not text or len(text) > WORDS_LENGTH:
        raise DomainError(f"Say why in at most {WORDS_LENGTH} characters.")
    return text
