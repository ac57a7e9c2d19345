"""It did not arrive: said with one press, looked into, answered. Never paid again by itself."""

from datetime import date

from audit.actions import Action
from audit.services import step
from common.dates import london_day, today
from common.errors import DomainError, IllegalMove
from ledger.services.posting import Leg, post_entry
from payments import concern_permissions as permissions
from payments.banking_days import shifted
from payments.matching import reference_in
from payments.models import (
    BankAccount,
    Concern,
    ConcernKind,
    ConcernNote,
    ConcernOutcome,
    Payment,
    Proposal,
    ProposalKind,
    StatementLine,
)
from payments.queries.reconciling import unmatched_lines
from payments.services.concerns import telling
from payments.services.concerns.closing import close, keep, locked, words_of
from payments.services.moving import move, shares_of
from payments.workflow import BY_HAND, ConcernStatus, PaymentStatus
from people.models import Organisation, Person, RoleKind
from people.permissions import organisations_with, require

# Our own promise. A credit that Bacs cannot pay is back with us by the fifth working day, so by then we know.
DAYS_TO_ANSWER = 5


def answer_by() -> date:
    """The day by which we say what we found: five working days of the banks from today."""
    return shifted(today(), DAYS_TO_ANSWER)


@step(returns=Concern)
def say_not_arrived(*, actor: Person, payment_id: int, key: str = "") -> Concern:
    """Say that a payment did not arrive. Nobody is asked why. Raises IllegalMove when it was said already."""
    payment = Payment.objects.select_related("run", "organisation", "person").select_for_update(of=("self",))
    found = payment.get(pk=payment_id)
    require(permissions.may_say_not_arrived(actor, found))
    if reason := permissions.not_missed_yet(found):
        raise IllegalMove(reason)
    known = Concern.objects.filter(payment=found, kind=ConcernKind.NOT_ARRIVED, status=ConcernStatus.OPEN)
    _refuse_known(known.select_related("opened_by").first())
    return _open(actor, found.person, found.organisation, found)


@step(returns=Concern)
def say_for(*, actor: Person, person: Person, key: str = "") -> Concern:
    """Say for somebody one helps that money did not arrive. Which payment is meant, finance finds out."""
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    require(permissions.may_say_for(actor, person))
    organisation = _helped_in(actor, person)
    known = Concern.objects.filter(
        person=person,
        organisation=organisation,
        kind=ConcernKind.NOT_ARRIVED,
        status=ConcernStatus.OPEN,
        payment__isnull=True,
    )
    _refuse_known(known.select_related("opened_by").first())
    return _open(actor, person, organisation, None)


def _helped_in(actor: Person, person: Person) -> Organisation:
    """Where the person takes part with the help of the actor. Raises DomainError when nowhere."""
    helped = organisations_with(actor, [RoleKind.LINK]).filter(roles__person=person).order_by("pk").first()
    if helped is None:
        raise DomainError("You can say this only for people who take part where you help.")
    return helped


def _refuse_known(known: Concern | None) -> None:
    if known is not None:
        day = london_day(known.opened_at)
        raise IllegalMove(
            f"{known.opened_by} already told us, on {day.day} {day:%B %Y}. We are looking into it."
        )


def _open(actor: Person, person: Person, organisation: Organisation, payment: Payment | None) -> Concern:
    concern = Concern.objects.create(
        organisation=organisation,
        kind=ConcernKind.NOT_ARRIVED,
        person=person,
        payment=payment,
        opened_by=actor,
        answer_by=answer_by(),
    )
    keep(actor, Action.CONCERN_OPENED, concern)
    telling.heard(concern)
    return concern


@step(returns=Concern)
def name_payment(*, actor: Person, concern_id: int, payment_id: int, key: str = "") -> Concern:
    """Say which payment it is that did not arrive, when the person's helper could not know."""
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    concern = locked(concern_id)
    require(permissions.may_work_on(actor, concern))
    _refuse_closed(concern)
    if concern.payment_id is not None:
        raise IllegalMove("It is already known which payment this is about.")
    if (payment.person_id, payment.organisation_id) != (concern.person_id, concern.organisation_id):
        raise DomainError("Choose a payment to this person.")
    if payment.status not in {PaymentStatus.SENT, PaymentStatus.PAID}:
        raise DomainError("Choose a payment that was sent and has not come back.")
    known = Concern.objects.filter(payment=payment, kind=ConcernKind.NOT_ARRIVED, status=ConcernStatus.OPEN)
    _refuse_known(known.select_related("opened_by").first())
    concern.payment = payment
    concern.save()
    keep(actor, Action.CONCERN_PLACED, concern, reference=payment.reference)
    return concern


@step(returns=ConcernNote)
def note(*, actor: Person, concern_id: int, words: str, key: str = "") -> ConcernNote:
    """Note what the bank or the person said. Never figures of an account."""
    concern = locked(concern_id)
    require(permissions.may_work_on(actor, concern))
    _refuse_closed(concern)
    made = ConcernNote.objects.create(concern=concern, by=actor, words=words_of(words, "Say what was said"))
    keep(actor, Action.CONCERN_NOTED, concern, note=made.words)
    return made


@step(returns=Concern)
def arrived(*, actor: Person, concern_id: int, key: str = "") -> Concern:
    """Close it: the money is there after all. The person says so, or finance found out and tells them."""
    concern = locked(concern_id)
    require(permissions.may_say_arrived(actor, concern))
    _refuse_closed(concern)
    if concern.kind != ConcernKind.NOT_ARRIVED:
        raise IllegalMove("This is not about money that did not arrive.")
    if concern.proposals.filter(agreed__isnull=True).exists():
        raise IllegalMove("A second person was asked about this. Wait for their answer.")
    close(actor, concern, ConcernOutcome.ARRIVED)
    if actor.pk != concern.person_id:
        telling.found(concern)
    return concern


@step(returns=Proposal)
def ask_never_taken(*, actor: Person, concern_id: int, words: str, key: str = "") -> Proposal:
    """Ask a second person to agree that the bank never took a payment, so that it is owed again."""
    payment = _locked_payment(concern_id)
    concern = locked(concern_id)
    require(permissions.may_ask(actor, concern, ProposalKind.NEVER_TAKEN))
    _refuse_closed(concern)
    refuse_taken(payment)
    return propose(actor, concern, ProposalKind.NEVER_TAKEN, words_of(words, "Say what the bank said"))


def propose(actor: Person, concern: Concern, kind: ProposalKind, words: str) -> Proposal:
    """Ask a second person, once at a time."""
    if concern.proposals.filter(agreed__isnull=True).exists():
        raise IllegalMove("A second person was already asked about this.")
    made = Proposal.objects.create(concern=concern, kind=kind, words=words, asked_by=actor)
    keep(actor, Action.CONCERN_ASKED, concern, asked=str(kind), reason=words)
    return made


def hold_payment(concern_id: int) -> Payment | None:
    """The payment of a concern with its bank account, both locked, or None when it has none."""
    payment_id = Concern.objects.values_list("payment_id", flat=True).get(pk=concern_id)
    if payment_id is None:
        return None
    account = Payment.objects.values_list("run__bank_account_id", flat=True).get(pk=payment_id)
    if account is not None:  # payroll pays from no account of ours
        BankAccount.objects.select_for_update(no_key=True).get(pk=account)
    rows = Payment.objects.select_related("run__bank_account", "organisation", "person")
    return rows.select_for_update(of=("self",)).get(pk=payment_id)


def _locked_payment(concern_id: int) -> Payment:
    payment = hold_payment(concern_id)
    if payment is None:
        raise DomainError("First find out which payment this is about.")
    return payment


def refuse_taken(payment: Payment) -> None:
    """Raise, in words, while anything says that the bank may have taken the money of a payment."""
    if payment.method in BY_HAND:
        raise DomainError("The bank did not pay this. Write down beside its hand-over what became of it.")
    if payment.status != PaymentStatus.SENT:
        raise IllegalMove(f"Payment {payment.reference} is {payment.status}, so the bank has taken it.")
    account, pay_on = payment.run.bank_account, payment.run.pay_on
    if account is None:
        raise DomainError("This went through payroll. Ask payroll if it was paid, and note what they say.")
    if not account.statements.filter(last_day__gte=pay_on).exists():
        raise DomainError(
            f"Import the bank statement of {pay_on.day} {pay_on:%B %Y} first: it may show this payment."
        )
    on_its_way = payment.run.payments.filter(status=PaymentStatus.SENT).values_list("amount", flat=True)
    for line in unmatched_lines(account, today()):
        if _could_be(line, payment, sum(on_its_way)):
            raise DomainError(
                f"The line of {line.date.day} {line.date:%B %Y} on the bank statement could be this payment. "
                "Say what it is first."
            )


def _could_be(line: StatementLine, payment: Payment, run_total: int) -> bool:
    """A line that names the payment, or is as large as everything of its run that is still on its way."""
    names_it = reference_in(f"{line.reference} {line.description}") == payment.reference
    return line.amount < 0 and (names_it or -line.amount in {run_total, payment.run.total})


def owe_again(actor: Person, proposal: Proposal, payment: Payment) -> None:
    """What two persons agreed: the mirror of sending it. Dr in transit Cr owed; its lines are due again."""
    refuse_taken(payment)
    proposal.entry = post_entry(
        organisation=payment.organisation,
        source=f"concern:{proposal.concern_id}:never_taken:{proposal.pk}",
        narrative=f"Payment {payment.reference} never taken by the bank",
        date=today(),
        legs=[
            Leg(debit=share.in_transit, credit=share.owed, amount=share.amount, party=share.person_id)
            for share in shares_of([payment])[payment.pk]
        ],
        actor=actor,
    )
    proposal.save()
    move([payment], "owe again")
    payment.items.filter(live=True).update(live=False)
    close(actor, proposal.concern, ConcernOutcome.NEVER_TAKEN)
    telling.not_taken(proposal.concern)


def _refuse_closed(concern: Concern) -> None:
    if concern.status == ConcernStatus.CLOSED:
        raise IllegalMove(f"This is already closed: {concern.get_outcome_display().lower()}.")
