"""Too much was paid on one line. Two persons say so; it comes back in parts, or is written off by two.

Nothing is ever taken from money that is still owed: docs/decisions/0018-three-gentle-paths.md says why.
"""

from collections import defaultdict

from django.db.models import Sum

from audit.actions import Action
from audit.services import step
from common.dates import today
from common.errors import DomainError, IllegalMove
from common.money import money_text, split
from ledger.models import Account, AccountKind, Transfer
from ledger.services.accounts import account
from ledger.services.posting import Leg, post_entry
from payments import concern_permissions as permissions
from payments.models import (
    Concern,
    ConcernKind,
    ConcernOutcome,
    Overpayment,
    Payment,
    PaymentItem,
    Proposal,
    ProposalKind,
)
from payments.services.concerns import telling
from payments.services.concerns.arriving import propose
from payments.services.concerns.closing import close, keep, locked, words_of
from payments.workflow import ConcernStatus, PaymentStatus
from people.models import Person
from people.permissions import require


@step(returns=Proposal)
def ask_overpaid(*, actor: Person, item_id: int, amount: int, reason: str, key: str = "") -> Proposal:
    """Say how much too much was paid on a line, and why in words the person will read; ask a second person.

    `amount` is in minor units. Raises DomainError for more than the line paid, less what is known already.
    """
    payment_id = PaymentItem.objects.values_list("payment_id", flat=True).get(pk=item_id)
    rows = Payment.objects.select_related("organisation", "person", "run").select_for_update(of=("self",))
    payment = rows.get(pk=payment_id)
    item = payment.items.get(pk=item_id)
    concern = Concern(
        organisation=payment.organisation,
        kind=ConcernKind.OVERPAID,
        person=payment.person,
        payment=payment,
        opened_by=actor,
    )
    require(permissions.may_ask(actor, concern, ProposalKind.OVERPAID))
    if payment.status != PaymentStatus.PAID:
        raise IllegalMove(f"Payment {payment.reference} is {payment.status}, not paid.")
    _check_amount(item, amount, payment.run.currency)
    words = words_of(reason, "Say what happened")
    concern.save()
    Overpayment.objects.create(concern=concern, item=item, amount=amount, reason=words)
    keep(actor, Action.CONCERN_OPENED, concern, amount=amount)
    return propose(actor, concern, ProposalKind.OVERPAID, words)


def _check_amount(item: PaymentItem, amount: int, currency: str) -> None:
    known = item.overpayments.exclude(concern__outcome=ConcernOutcome.NOT_SO)
    most = item.amount - (known.aggregate(total=Sum("amount"))["total"] or 0)
    if amount <= 0:
        raise DomainError("Enter how much too much was paid.")
    if amount > most:
        raise DomainError(f"It can be at most {money_text(most, currency)} of this line.")


def record_overpaid(actor: Person, proposal: Proposal) -> None:
    """What two persons agreed. Dr overpaid Cr cost, in the shares that the line was paid from."""
    concern = proposal.concern
    overpayment = concern.overpayment
    shares = list(overpayment.item.shares.select_related("owed__project").order_by("owed_id"))
    parts = split(overpayment.amount, [share.amount for share in shares])
    legs = [
        Leg(
            debit=_beside(share.owed, AccountKind.OVERPAID),
            credit=_beside(share.owed, AccountKind.COST),
            amount=part,
            party=concern.person_id,
        )
        for share, part in zip(shares, parts, strict=True)
        if part
    ]
    _post(actor, proposal, f"concern:{concern.pk}:overpaid", "Paid too much, to come back", legs)
    telling.overpaid(concern)


def not_so(actor: Person, proposal: Proposal) -> None:
    """The second person did not agree: there was no overpayment."""
    proposal.save()
    close(actor, proposal.concern, ConcernOutcome.NOT_SO)


@step(returns=Proposal)
def ask_write_off(*, actor: Person, concern_id: int, reason: str, key: str = "") -> Proposal:
    """An approver asks to write off what has not come back."""
    concern = locked(concern_id)
    require(permissions.may_ask(actor, concern, ProposalKind.WRITE_OFF))
    refuse_not_standing(concern)
    return propose(actor, concern, ProposalKind.WRITE_OFF, words_of(reason, "Say why"))


def write_off(actor: Person, proposal: Proposal) -> None:
    """What two persons agreed. Dr cost Cr overpaid, for all that has not come back."""
    concern = proposal.concern
    refuse_not_standing(concern)
    legs = [
        Leg(debit=_beside(place, AccountKind.COST), credit=place, amount=amount, party=concern.person_id)
        for place, amount in outstanding(concern)
    ]
    _post(actor, proposal, f"concern:{concern.pk}:written_off", "Overpaid money written off", legs)
    close(actor, concern, ConcernOutcome.WRITTEN_OFF)
    telling.cleared_up(concern)


def refuse_not_standing(concern: Concern) -> None:
    """Raise IllegalMove unless two persons agreed that too much was paid, and some of it is still to come."""
    if concern.kind != ConcernKind.OVERPAID or concern.status != ConcernStatus.OPEN:
        raise IllegalMove("There is nothing to come back here.")
    if not concern.proposals.filter(kind=ProposalKind.OVERPAID, agreed=True).exists():
        raise IllegalMove("A second person has to agree first that too much was paid.")


def outstanding(concern: Concern) -> list[tuple[Account, int]]:
    """What has not come back, by account of the books, in minor units; empty when all has."""
    left: dict[int, int] = defaultdict(int)
    made = Transfer.objects.filter(
        entry__proposal__concern=concern, entry__proposal__kind=ProposalKind.OVERPAID
    )
    for place, amount in made.values_list("debit_id", "amount"):
        left[place] += amount
    back = Transfer.objects.filter(
        entry__match__repayment__concern=concern, entry__match__undone_at__isnull=True
    )
    off = Transfer.objects.filter(
        entry__proposal__concern=concern, entry__proposal__kind=ProposalKind.WRITE_OFF
    )
    for place, amount in [*back.values_list("credit_id", "amount"), *off.values_list("credit_id", "amount")]:
        left[place] -= amount
    accounts = Account.objects.select_related("organisation", "project").in_bulk(left)
    return [(accounts[place], left[place]) for place in sorted(left) if left[place]]


def _beside(place: Account, kind: AccountKind) -> Account:
    """The account of another kind for the same project and category."""
    return account(place.organisation, kind, place.project, place.category)


def _post(actor: Person, proposal: Proposal, source: str, narrative: str, legs: list[Leg]) -> None:
    proposal.entry = post_entry(
        organisation=proposal.concern.organisation,
        source=source,
        narrative=narrative,
        date=today(),
        legs=legs,
        actor=actor,
    )
    proposal.save()
