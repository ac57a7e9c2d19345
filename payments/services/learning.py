"""The learning fund: what somebody put into it, what they ask for, and what finance agrees to.

The balance is what the books say of one person on the learning account. The counter row of the learning funds
is the lock: what is in a fund is never agreed to twice.
"""

from django.db.models import Q, QuerySet, Sum

from audit.actions import Action
from audit.services import record, step
from common.dates import now, today
from common.errors import DomainError, IllegalMove
from common.money import money_text
from common.text import tidy
from ledger.models import AccountKind, Transfer
from ledger.services.accounts import account
from ledger.services.counters import locked
from ledger.services.posting import Leg, post_entry
from payments import permissions
from payments.models import LearningSpend, Payment
from payments.services import telling
from payments.workflow import Method
from people.models import Organisation, Person
from people.permissions import require

ITEM_LENGTH = 200
WORDS_LENGTH = 300


def balance_of(person: Person, organisation: Organisation) -> int:
    """What the books hold in this person's learning fund: what went in, less what was agreed. Minor units."""
    moved = Transfer.objects.filter(party=person.pk)
    into = Q(credit__kind=AccountKind.LEARNING, credit__organisation=organisation)
    out = Q(debit__kind=AccountKind.LEARNING, debit__organisation=organisation)
    return _sum(moved.filter(into)) - _sum(moved.filter(out))


def free_of(person: Person, organisation: Organisation) -> int:
    """What the person can still ask for: the balance, less what they asked for that nobody answered yet."""
    waiting = person.learning_spends.filter(organisation=organisation, agreed__isnull=True)
    return balance_of(person, organisation) - _sum(waiting)


@step(returns=LearningSpend)
def ask_for_learning(
    *, actor: Person, organisation: Organisation, item: str, amount: int, key: str = ""
) -> LearningSpend:
    """Somebody asks to have something paid from their own fund. `amount` is in minor units."""
    locked(organisation, "learning")
    free = free_of(actor, organisation)
    if free <= 0:
        raise IllegalMove("There is nothing in your learning fund that you can ask for now.")
    text = tidy(item)
    if not text or len(text) > ITEM_LENGTH:
        raise DomainError(f"Say what it is in at most {ITEM_LENGTH} characters.")
    if not 0 < amount <= free:
        raise DomainError(f"You can ask for at most {money_text(free, organisation.currency)} now.")
    made = LearningSpend.objects.create(organisation=organisation, person=actor, item=text, amount=amount)
    _record(actor, Action.LEARNING_ASKED, made)
    return made


@step(returns=LearningSpend)
def answer_learning(
    *, actor: Person, spend_id: int, agreed: bool, words: str = "", key: str = ""
) -> LearningSpend:
    """Finance agrees: Dr learning Cr supplier, which the bank's line later clears. Or says why not."""
    organisation = LearningSpend.objects.select_related("organisation").get(pk=spend_id).organisation
    locked(organisation, "learning")
    spend = LearningSpend.objects.select_related("person", "answered_by", "organisation").get(pk=spend_id)
    require(permissions.may_answer_learning(actor, spend))
    if spend.agreed is not None:
        raise IllegalMove(f"{spend.answered_by} has answered this already.")
    spend.words = "" if agreed else _words(words)
    if agreed:
        _post(actor, spend)
    spend.agreed, spend.answered_by, spend.answered_at = agreed, actor, now()
    spend.save()
    _record(actor, Action.LEARNING_AGREED if agreed else Action.LEARNING_REFUSED, spend)
    telling.learning_answered(spend)
    return spend


def refuse_spent(payment: Payment) -> None:
    """Raise when money that should leave somebody's learning fund was spent already. Held until the end."""
    if payment.method != Method.LEARNING:
        return
    locked(payment.organisation, "learning")
    if balance_of(payment.person, payment.organisation) < payment.amount:
        raise DomainError("Some of this was spent from the learning fund already, so it stays there.")


def _post(actor: Person, spend: LearningSpend) -> None:
    left = balance_of(spend.person, spend.organisation)
    if spend.amount > left:
        text = money_text(left, spend.organisation.currency)
        raise DomainError(f"There is only {text} in this learning fund now. Say no, and why.")
    spend.entry = post_entry(
        organisation=spend.organisation,
        source=f"learning:{spend.pk}:agreed",
        narrative=f"{spend} agreed",
        date=today(),
        legs=[
            Leg(
                debit=spend.organisation.ways.select_related("control").get(way=Method.LEARNING).control,
                credit=account(spend.organisation, AccountKind.SUPPLIER),
                amount=spend.amount,
                party=spend.person_id,
            )
        ],
        actor=actor,
    )


def _words(words: str) -> str:
    text = tidy(words)
    if not text or len(text) > WORDS_LENGTH:
        raise DomainError(f"Say why not in at most {WORDS_LENGTH} characters.")
    return text


def _sum(rows: QuerySet[Transfer] | QuerySet[LearningSpend]) -> int:
    return int(rows.aggregate(sum=Sum("amount"))["sum"] or 0)


def _record(actor: Person, action: Action, spend: LearningSpend) -> None:
    """Never what it is for: that is between the person and who pays it."""
    record(
        actor=actor,
        action=action,
        subject=spend,
        organisation_id=spend.organisation_id,
        about=spend.person,
        amount=spend.amount,
    )
