"""Who may do what with bank details, runs and statements. None means yes; otherwise the reason why not.

Every rule of separation compares persons, not logins: the same human being never holds both ends.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Claim
from payments.models import (
    BankDetails,
    HandOver,
    LearningSpend,
    Payment,
    PaymentItem,
    PaymentRun,
    SignedReconciliation,
)
from payments.workflow import PaymentStatus, RunStatus
from people.models import FINANCE, Organisation, Person, Role, RoleKind
from people.permissions import Reason, holds, is_finance, organisations_with


def _works_with(actor: Person, kinds: frozenset[RoleKind], person: Person) -> bool:
    """Does the actor hold one of these roles in an organisation that this person works with?"""
    theirs = Role.objects.filter(person=person, organisation=OuterRef("pk"))
    claimed = Claim.objects.filter(contributor=person, organisation=OuterRef("pk"))
    held = organisations_with(actor, kinds)
    return held.filter(Q(Exists(theirs)) | Q(Exists(claimed))).exists()


def may_enter_details(actor: Person, person: Person) -> Reason:
    """People give their own bank details; a finance preparer keys in what came on paper."""
    if actor == person or _works_with(actor, frozenset({RoleKind.PREPARER}), person):
        return None
    return "Only the person themselves or a finance preparer can enter bank details."


def has_hand_in(actor: Person, details: BankDetails) -> Reason:
    """Whose account it is, and who entered it, are not the second person. Costs no query."""
    if actor.pk == details.person_id:
        return "Somebody else has to verify your own bank details."
    if actor.pk == details.entered_by_id:
        return "Somebody else has to verify bank details you entered."
    return None


def may_verify_details(actor: Person, details: BankDetails) -> Reason:
    """Finance, but neither whose account it is nor who entered it."""
    if reason := has_hand_in(actor, details):
        return reason
    if _works_with(actor, FINANCE, details.person):
        return None
    return "Only finance can verify bank details."


def may_see_details(actor: Person, details: BankDetails) -> Reason:
    """The person themselves, whoever verifies them while they wait for that, and the auditor."""
    if actor.pk == details.person_id:
        return None
    waiting = details.verified_at is None and details.retired_at is None
    if waiting and may_verify_details(actor, details) is None:
        return None
    if _works_with(actor, frozenset({RoleKind.AUDITOR}), details.person):
        return None
    return "You can see only the last two figures of this account."


def may_keep_accounts(actor: Person, organisation: Organisation) -> Reason:
    """Finance says which accounts the organisation pays from."""
    if is_finance(actor, organisation):
        return None
    return "Only finance of this organisation can do this."


def may_prepare(actor: Person, organisation: Organisation) -> Reason:
    """A finance preparer builds a run and takes payments out of it."""
    if holds(actor, [RoleKind.PREPARER], organisation):
        return None
    return "Only a finance preparer can prepare a payment run."


def may_sign(actor: Person, run: PaymentRun) -> Reason:
    """A finance approver who had no hand in anything the run pays."""
    if not holds(actor, [RoleKind.APPROVER], run.organisation):
        return "Only a finance approver can sign a payment run."
    if actor.pk == run.prepared_by_id or _took_one_out(actor, run):
        return "Somebody else has to sign a payment run you prepared."
    if is_paid_in(actor, run):
        return "Somebody else has to sign a payment run that pays you."
    # Not by `live`: once a large run was stopped, statistics say that next to nothing is live, and PostgreSQL
    # would go through every live item for each payment of the run.
    paid = PaymentItem.objects.filter(payment__run=run).exclude(payment__status=PaymentStatus.TAKEN_OUT)
    if paid.filter(line__decided_by=actor).exists():
        return "Somebody else has to sign this run: you decided a claim line in it."
    if paid.filter(line__claim__entered_by=actor).exists():
        return "Somebody else has to sign this run: you typed in a claim that it pays."
    if _live_payments(run).filter(details__entered_by=actor).exists():
        return "Somebody else has to sign this run: you entered bank details that it pays to."
    return None


def _took_one_out(actor: Person, run: PaymentRun) -> bool:
    history = Payment.history.filter(run_id=run.pk, status=PaymentStatus.TAKEN_OUT)
    return bool(history.filter(history_user_id=actor.pk).exists())


def _live_payments(run: PaymentRun) -> QuerySet[Payment]:
    return run.payments.exclude(status=PaymentStatus.TAKEN_OUT)


def is_paid_in(actor: Person, run: PaymentRun) -> bool:
    """Does this run pay the person?"""
    return _live_payments(run).filter(person=actor).exists()


def may_release(actor: Person, run: PaymentRun) -> Reason:
    """Finance sends a signed run, unless it pays them."""
    if not is_finance(actor, run.organisation):
        return "Only finance of this organisation can send a payment run."
    if is_paid_in(actor, run):
        return "Somebody else has to send a payment run that pays you."
    return None


def may_void(actor: Person, run: PaymentRun) -> Reason:
    """A finance approver stops a run that was not sent yet."""
    if holds(actor, [RoleKind.APPROVER], run.organisation):
        return None
    return "Only a finance approver can stop a payment run."


def may_download(actor: Person, run: PaymentRun) -> Reason:
    """A finance approver; a preparer once the run is signed."""
    if holds(actor, [RoleKind.APPROVER], run.organisation):
        return None
    if not holds(actor, [RoleKind.PREPARER], run.organisation):
        return "Only finance of this organisation can download the file of a run."
    if run.status in {RunStatus.AUTHORISED, RunStatus.SENT}:
        return None
    return "You can download the file once another person has signed it."


def may_open_remittances(actor: Person, run: PaymentRun) -> Reason:
    """Finance prints what people are told about a run, once it is sent."""
    if not is_finance(actor, run.organisation):
        return "Only finance of this organisation can print remittance advices."
    if run.status != RunStatus.SENT:
        return "There are no remittance advices before the run is sent."
    return None


def may_reconcile(actor: Person, organisation: Organisation) -> Reason:
    """A finance preparer imports statements and says what each line was."""
    if holds(actor, [RoleKind.PREPARER], organisation):
        return None
    return "Only a finance preparer can do this with bank statements."


def may_correct_matches(actor: Person, organisation: Organisation) -> Reason:
    """Finance records a returned payment, and undoes a match that was wrong."""
    if is_finance(actor, organisation):
        return None
    return "Only finance of this organisation can do this."


def may_check_reconciliation(actor: Person, signed: SignedReconciliation) -> Reason:
    """A finance approver, other than the person who signed it as prepared."""
    if not holds(actor, [RoleKind.APPROVER], signed.organisation):
        return "Only a finance approver can sign a reconciliation as checked."
    if actor.pk == signed.prepared_by_id:
        return "Somebody else has to check a reconciliation you prepared."
    return None


def may_audit(actor: Person, organisation: Organisation) -> Reason:
    """Finance and the auditor read runs, statements and reconciliations."""
    if holds(actor, [*FINANCE, RoleKind.AUDITOR], organisation):
        return None
    return "Only finance and the auditor can see this."


def may_mark_payroll(actor: Person, organisation: Organisation, person: Person) -> Reason:
    """Finance says whose time is paid through payroll; never about themselves."""
    if actor == person:
        return "Somebody else has to say how you are paid."
    if is_finance(actor, organisation):
        return None
    return "Only finance of this organisation can say who is paid through payroll."


def may_hand_over(actor: Person, payment: Payment) -> Reason:
    """Finance hands payments over and says what became of them; never money of their own."""
    if not is_finance(actor, payment.organisation):
        return "Only finance of this organisation can hand payments over."
    if actor.pk == payment.person_id:
        return "Somebody else has to hand over a payment that pays you."
    return None


def may_read_codes(actor: Person, made: HandOver) -> Reason:
    """Who hands over reads the codes of somebody without a login to them, until they are collected."""
    if reason := may_hand_over(actor, made.payment):
        return reason
    if made.ended:
        return "This does not count any more, so nobody needs its codes."
    if made.collected_on is not None:
        return "This is written down as collected, so nobody here needs its codes any more."
    if made.payment.person.logins.exists():
        return f"{made.payment.person} has a login and reads the codes there."
    return None


def may_answer_learning(actor: Person, spend: LearningSpend) -> Reason:
    """Finance says whether something is paid from a learning fund; never from their own."""
    if not is_finance(actor, spend.organisation):
        return "Only finance of this organisation can answer this."
    if actor.pk == spend.person_id:
        return "Somebody else has to answer what you asked for."
    return None


def may_confirm_payroll(actor: Person, run: PaymentRun) -> Reason:
    """Finance says that payroll has paid, and takes that back; never about money of their own."""
    if not is_finance(actor, run.organisation):
        return "Only finance of this organisation can say that payroll has paid."
    if is_paid_in(actor, run):
        return "Somebody else has to say that payroll has paid a run that pays you."
    return None
