"""How a claim stands, in words a tired person understands: where it is, what comes next, by when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from claims.models import ClaimLine
from claims.queries import OwnClaimRow
from claims.workflow import PAYABLE, ClaimStatus, LineStatus
from payments.models import PaymentItem
from payments.own_words import where
from payments.workflow import PAYMENT_WORDS, Method, PaymentStatus


@dataclass(frozen=True)
class State:
    """How a claim stands, what happens next, and by when the money is promised."""

    text: str
    colour: str
    next_step: str = ""
    by: date | None = None


_BEFORE_SENDING = {
    ClaimStatus.DRAFT: State("Not sent yet", "grey", "Send it when you are ready."),
    ClaimStatus.WITHDRAWN: State("Withdrawn", "grey"),
}
_ASKED = State("We need something from you", "yellow", "Answer our question on the claim.")
_NOTHING = State("Decided", "grey", "There is nothing to send. The reasons are on the claim.")
# From the least to the most advanced: the least advanced line says how the claim stands.
_STEPS = (PaymentStatus.RETURNED, PaymentStatus.PREPARED, PaymentStatus.SENT, PaymentStatus.PAID)
_PAID_STATES: Mapping[str, State] = {
    PaymentStatus.RETURNED: State("Sent back by the bank", "red", "We check the account with you."),
    PaymentStatus.PREPARED: State("Agreed, not sent yet", "blue", "We send the money."),
    PaymentStatus.SENT: State("On its way to your bank", "purple", "It arrives in your account."),
    PaymentStatus.PAID: State("Paid", "green"),
}
_WITH_PAY = State("On its way with your pay", "purple", "It comes with your pay.")
_Step = tuple[str, str]  # how far a payment is, and its method
_PREPARED: _Step = (PaymentStatus.PREPARED, Method.BANK)


@dataclass(frozen=True)
class _Money:
    """What is known of one claim's lines: is something asked, and how far is each amount."""

    is_asked: bool
    reached: frozenset[_Step]


def states_of(claims: Iterable[OwnClaimRow]) -> dict[int, State]:
    """How each of a contributor's claims stands, by its key. Two queries, however many claims."""
    rows = list(claims)
    known = _money(row.pk for row in rows)
    return {row.pk: _state(row, known.get(row.pk, _Money(False, frozenset()))) for row in rows}


def _state(claim: OwnClaimRow, money: _Money) -> State:
    status = ClaimStatus(claim.status)
    if status in _BEFORE_SENDING:
        return _BEFORE_SENDING[status]
    if money.is_asked:
        return _ASKED
    if status == ClaimStatus.SUBMITTED:
        return State(
            "Waiting for a decision", "blue", "We decide it, then send the money.", claim.promised_by
        )
    least = next((step for step in _STEPS if any(status == step for status, _ in money.reached)), None)
    if least is None:
        return _NOTHING
    found = _of_methods(least, [method for status, method in money.reached if status == least])
    by = None if least == PaymentStatus.PAID else claim.promised_by
    return State(found.text, found.colour, found.next_step, by)


def _of_methods(status: PaymentStatus, methods: Sequence[str]) -> State:
    """How money stands of which every part is as far as this: paid several ways, it is simply paid."""
    found, first = _PAID_STATES[status], min(map(Method, methods), key=list(Method).index)
    if status == PaymentStatus.PREPARED or first == Method.BANK:
        return found
    if first == Method.PAYROLL:
        return _WITH_PAY if status == PaymentStatus.SENT else found
    if status == PaymentStatus.PAID and len(set(methods)) > 1:
        return found
    steps = {
        PaymentStatus.RETURNED: "We owe it to you again.",
        PaymentStatus.SENT: f"It should soon be {where(first)}.",
    }
    return State(PAYMENT_WORDS[first, status], found.colour, steps.get(status, ""))


def _money(claim_ids: Iterable[int]) -> dict[int, _Money]:
    lines = list(
        ClaimLine.objects.filter(claim_id__in=list(claim_ids)).values_list(
            "claim_id", "pk", "status", "allowed"
        )
    )
    paid = _payment_states(pk for _, pk, status, allowed in lines if status in PAYABLE and allowed)
    found: dict[int, _Money] = {}
    for claim_id, pk, status, allowed in lines:
        before = found.get(claim_id, _Money(False, frozenset()))
        is_due = status in PAYABLE and bool(allowed)
        step = frozenset({paid.get(pk, _PREPARED)}) if is_due else frozenset()
        found[claim_id] = _Money(before.is_asked or status == LineStatus.QUERIED, before.reached | step)
    return found


def _payment_states(line_ids: Iterable[int]) -> dict[int, _Step]:
    """How far each line's newest payment is; one that was taken out of its run does not count."""
    items = PaymentItem.objects.filter(line_id__in=list(line_ids))
    counted = items.exclude(payment__status=PaymentStatus.TAKEN_OUT).exclude(payment__run__status="void")
    rows = counted.order_by("pk").values_list("line_id", "payment__status", "payment__method")
    return {line: (status, method) for line, status, method in rows}
