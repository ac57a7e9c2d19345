"""The second person: agrees to what somebody asked, or does not. What was agreed happens at once."""

from audit.actions import Action
from audit.services import step
from common.dates import now
from common.errors import DomainError, IllegalMove
from payments import concern_permissions as permissions
from payments.models import Payment, Proposal, ProposalKind
from payments.services.concerns import died, overpaying
from payments.services.concerns.arriving import hold_payment, owe_again
from payments.services.concerns.closing import keep, locked, words_of
from payments.workflow import ConcernStatus
from people.models import Person
from people.permissions import require


@step(returns=Proposal)
def agree(*, actor: Person, proposal_id: int, key: str = "") -> Proposal:
    """Agree as the second person: the money moves, or the record is taken back, in the same moment."""
    proposal, payment = _held(actor, proposal_id)
    proposal.agreed, proposal.answered_by, proposal.answered_at = True, actor, now()
    keep(actor, Action.CONCERN_AGREED, proposal.concern, asked=proposal.kind)
    if proposal.kind == ProposalKind.NEVER_TAKEN:
        if payment is None:
            raise DomainError("First find out which payment this is about.")
        owe_again(actor, proposal, payment)
    else:
        _AGREED[ProposalKind(proposal.kind)](actor, proposal)
    return proposal


@step(returns=Proposal)
def decline(*, actor: Person, proposal_id: int, words: str, key: str = "") -> Proposal:
    """Do not agree, and say why. Nothing moves; where nothing else is left to look into, it is closed."""
    proposal, _ = _held(actor, proposal_id)
    said = words_of(words, "Say why you do not agree")
    proposal.agreed, proposal.answered_by, proposal.answered_at = False, actor, now()
    keep(actor, Action.CONCERN_DECLINED, proposal.concern, asked=proposal.kind, reason=said)
    proposal.concern.notes.create(by=actor, words=said)
    if proposal.kind == ProposalKind.OVERPAID:
        overpaying.not_so(actor, proposal)
    else:
        proposal.save()
    return proposal


_AGREED = {
    ProposalKind.OVERPAID: overpaying.record_overpaid,
    ProposalKind.WRITE_OFF: overpaying.write_off,
    ProposalKind.UNDO_DEATH: died.undo,
}


def _held(actor: Person, proposal_id: int) -> tuple[Proposal, Payment | None]:
    """The proposal with its concern, and the payment where it has one, locked in order; may they answer?"""
    concern_id = Proposal.objects.values_list("concern_id", flat=True).get(pk=proposal_id)
    payment = hold_payment(concern_id)
    concern = locked(concern_id)
    proposal = (
        Proposal.objects.select_related("answered_by").select_for_update(of=("self",)).get(pk=proposal_id)
    )
    proposal.concern = concern
    require(permissions.may_answer(actor, proposal))
    if proposal.agreed is not None:
        did = "agreed to" if proposal.agreed else "did not agree to"
        raise IllegalMove(f"{proposal.answered_by} already {did} this.")
    if concern.status == ConcernStatus.CLOSED:
        raise IllegalMove(f"This is already closed: {concern.get_outcome_display().lower()}.")
    return proposal, payment
