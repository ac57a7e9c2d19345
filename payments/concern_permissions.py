"""Who may do what about money that did not arrive, was too much, or is owed to an estate.

None means yes; otherwise the reason why not. Whoever the money is for never works on it as finance.
"""

from django.db.models import Q

from claims.models import Claim
from common.dates import today
from payments.models import Concern, ConcernKind, Payment, Proposal, ProposalKind
from payments.workflow import BY_HAND, PaymentStatus
from people.models import FINANCE, Organisation, Person, Role, RoleKind
from people.permissions import Reason, holds, is_finance, is_linked, organisations_with

RECORDERS = FINANCE | {RoleKind.ADMINISTRATOR}


def may_say_not_arrived(actor: Person, payment: Payment) -> Reason:
    """The person it was sent to, and finance."""
    if actor.pk != payment.person_id and not is_finance(actor, payment.organisation):
        return "Only the person it was sent to and finance can say this."
    return None


def not_missed_yet(payment: Payment) -> Reason:
    """Why a payment cannot be missed: it is not with the bank, or its promised day is not over."""
    if payment.status not in {PaymentStatus.SENT, PaymentStatus.PAID}:
        return "This payment is not on its way."
    day = payment.run.pay_on
    if payment.method in BY_HAND and payment.paid_on is not None:
        day = max(day, payment.paid_on)  # handed over late: it may still be in the post
    if today() <= day:
        return f"This money may still come: it should be there by the end of {day.day} {day:%B %Y}."
    return None


def may_say_for(actor: Person, person: Person) -> Reason:
    """Their link person, who sees neither the payment nor whether there is one."""
    if is_linked(actor, person) and organisations_with(actor, [RoleKind.LINK]).exists():
        return None
    return "You can say this only for people you are linked with."


def may_work_on(actor: Person, concern: Concern) -> Reason:
    """Finance, but not about their own money."""
    if actor.pk == concern.person_id:
        return "Somebody else has to work on what is about you."
    if is_finance(actor, concern.organisation):
        return None
    return "Only finance of this organisation can do this."


def may_say_arrived(actor: Person, concern: Concern) -> Reason:
    """The person whose money it is, or finance."""
    return None if actor.pk == concern.person_id else may_work_on(actor, concern)


def may_ask(actor: Person, concern: Concern, kind: ProposalKind) -> Reason:
    """Finance asks, an approver to write money off; administrators too that a death was a mistake."""
    if kind == ProposalKind.UNDO_DEATH and actor.pk != concern.person_id:
        return None if holds(actor, RECORDERS, concern.organisation) else _NOT_OURS
    if reason := may_work_on(actor, concern):
        return reason
    if kind == ProposalKind.WRITE_OFF and not holds(actor, [RoleKind.APPROVER], concern.organisation):
        return "Only a finance approver can ask to write money off."
    return None


_NOT_OURS = "Only finance and administrators of this organisation can do this."


def may_answer(actor: Person, proposal: Proposal) -> Reason:
    """Somebody who might have asked, but did not; whoever had a hand in the payment is no second person."""
    if actor.pk == proposal.asked_by_id:
        return "Somebody else has to answer what you asked."
    if proposal.kind == ProposalKind.UNDO_DEATH:
        return may_ask(actor, proposal.concern, ProposalKind.UNDO_DEATH)
    return may_work_on(actor, proposal.concern)


def may_record_death(actor: Person, person: Person) -> Reason:
    """Finance or an administrator where the person takes part. One person is enough: it protects."""
    if actor == person:
        return "Somebody else has to do this."
    if concerned_organisations(person, actor):
        return None
    return _NOT_OURS


def concerned_organisations(person: Person, actor: Person | None = None) -> list[Organisation]:
    """Where the person has or had a part or a claim; with an actor, only where they may record it."""
    theirs = Role.objects.filter(person=person).values("organisation")
    claimed = Claim.objects.filter(contributor=person).values("organisation")
    found = Organisation.objects.filter(Q(pk__in=theirs) | Q(pk__in=claimed))
    if actor is not None:
        found = found.filter(pk__in=organisations_with(actor, RECORDERS).values("pk"))
    return list(found.order_by("pk"))


def may_enter_estate(actor: Person, concern: Concern) -> Reason:
    """A finance preparer, as with all bank details that come on paper."""
    if concern.kind == ConcernKind.DECEASED and holds(actor, [RoleKind.PREPARER], concern.organisation):
        return None
    return "Only a finance preparer can enter the account of an estate."


def may_take_repayment(actor: Person, concern: Concern) -> Reason:
    """A finance preparer says what a line of the bank was, but not about their own money."""
    if reason := may_work_on(actor, concern):
        return reason
    if holds(actor, [RoleKind.PREPARER], concern.organisation):
        return None
    return "Only a finance preparer can do this with bank statements."
