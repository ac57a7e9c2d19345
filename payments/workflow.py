"""The life of a payment run, of the payments in it, and of what people worry about them, on one page."""

from django.db.models import TextChoices

from common.workflow import Moves


class Method(TextChoices):
    """How the payments of a run reach people: one run, one way, and a file for whoever carries it out."""

    BANK = "bank", "Bank transfer"
    PAYROLL = "payroll", "Payroll"


class RunStatus(TextChoices):
    PREPARED = "prepared", "Waiting for a second signature"
    AUTHORISED = "authorised", "Signed, not yet sent"
    SENT = "sent", "Sent to the bank"
    VOID = "void", "Void"


class PaymentStatus(TextChoices):
    PREPARED = "prepared", "In a payment run"
    TAKEN_OUT = "taken_out", "Taken out of the run"
    SENT = "sent", "On its way to your bank"
    PAID = "paid", "Paid"
    RETURNED = "returned", "Sent back by the bank"


class ConcernStatus(TextChoices):
    OPEN = "open", "We are looking into it"
    CLOSED = "closed", "Closed"


R, P, C = RunStatus, PaymentStatus, ConcernStatus

# Where a way other than the bank has words of its own; those of payments are for the person paid.
RUN_WORDS = {(Method.PAYROLL, R.SENT): "Sent to payroll"}
PAYMENT_WORDS = {(Method.PAYROLL, P.SENT): "On its way with your pay"}

RUN_MOVES: Moves = {
    "change": (frozenset({R.PREPARED, R.AUTHORISED}), R.PREPARED),  # a signature is for one file only
    "sign": (frozenset({R.PREPARED}), R.AUTHORISED),
    "send": (frozenset({R.AUTHORISED}), R.SENT),
    "void": (frozenset({R.PREPARED, R.AUTHORISED}), R.VOID),
}

PAYMENT_MOVES: Moves = {
    "take out": (frozenset({P.PREPARED}), P.TAKEN_OUT),
    "send": (frozenset({P.PREPARED}), P.SENT),
    "confirm": (frozenset({P.SENT}), P.PAID),
    "undo": (frozenset({P.PAID}), P.SENT),
    "return": (frozenset({P.PAID}), P.RETURNED),
    "undo the return of": (frozenset({P.RETURNED}), P.PAID),
    "owe again": (frozenset({P.SENT}), P.RETURNED),  # the bank never took it, say two persons
}

CONCERN_MOVES: Moves = {
    "close": (frozenset({C.OPEN}), C.CLOSED),
    "open again": (frozenset({C.CLOSED}), C.OPEN),  # only when the bank shows something else after all
}

LIVE = frozenset({P.PREPARED, P.SENT, P.PAID})
