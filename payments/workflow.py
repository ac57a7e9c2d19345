"""The life of a payment run, of the payments in it, and of what people worry about them, on one page."""

from django.db.models import TextChoices

from common.workflow import Moves


class Method(TextChoices):
    """How the payments of a run reach people: one run, one way, and a file for whoever carries it out.

    All but payroll are ways that people choose (`claims.models.Way`).
    """

    BANK = "bank", "Bank transfer"
    PAYROLL = "payroll", "Payroll"
    VOUCHER = "voucher", "Voucher or gift card"
    CASH = "cash", "Cash"
    CHEQUE = "cheque", "Cheque"
    CODE = "code", "Cash-out code"
    DONATION = "donation", "Donation to a charity"
    LEARNING = "learning", "Learning or training fund"
    GROUP = "group", "Payment to a group or organisation"


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

BY_HAND = frozenset(set(Method) - {Method.BANK, Method.PAYROLL})

# Who gets the file of a run, in words that fit into a sentence.
CARRIERS = dict.fromkeys(Method, "whoever hands it over") | {
    Method.BANK: "the bank",
    Method.PAYROLL: "payroll",
    Method.DONATION: "whoever pays the charities",
    Method.GROUP: "whoever pays the groups",
    Method.LEARNING: "whoever keeps the learning funds",
}

# How a run pays, and what its file is called, in words that fit into a sentence.
PAID_HOW = {
    Method.BANK: "by bank",
    Method.PAYROLL: "through payroll",
    Method.VOUCHER: "by voucher",
    Method.CASH: "in cash",
    Method.CHEQUE: "by cheque",
    Method.CODE: "by cash-out code",
    Method.DONATION: "to charities",
    Method.LEARNING: "into learning funds",
    Method.GROUP: "to groups",
}
FILES = dict.fromkeys(Method, "list") | {Method.BANK: "bank file", Method.PAYROLL: "payroll file"}

# Where a way other than the bank has words of its own; those of payments are for the person paid.
RUN_WORDS = {(method, R.SENT): "Sent to be handed over" for method in BY_HAND} | {
    (Method.PAYROLL, R.SENT): "Sent to payroll",
    (Method.DONATION, R.SENT): "Sent to be paid",
    (Method.GROUP, R.SENT): "Sent to be paid",
    (Method.LEARNING, R.SENT): "Sent to the learning funds",
}
PAYMENT_WORDS = {
    (Method.PAYROLL, P.SENT): "On its way with your pay",
    (Method.VOUCHER, P.SENT): "Your voucher is being made ready",
    (Method.VOUCHER, P.PAID): "Voucher sent to you",
    (Method.VOUCHER, P.RETURNED): "Your voucher came back",
    (Method.CASH, P.SENT): "Your cash is being made ready",
    (Method.CASH, P.PAID): "Cash handed to you",
    (Method.CASH, P.RETURNED): "Your cash came back",
    (Method.CHEQUE, P.SENT): "Your cheque is being written",
    (Method.CHEQUE, P.PAID): "Cheque sent to you",
    (Method.CHEQUE, P.RETURNED): "Your cheque was stopped",
    (Method.CODE, P.SENT): "Your cash-out code is being made ready",
    (Method.CODE, P.PAID): "Cash-out code sent to you",
    (Method.CODE, P.RETURNED): "Your cash-out code came back",
    (Method.DONATION, P.SENT): "On its way to the charity",
    (Method.DONATION, P.PAID): "Paid to the charity",
    (Method.DONATION, P.RETURNED): "Sent back by the charity",
    (Method.LEARNING, P.SENT): "On its way to your learning fund",
    (Method.LEARNING, P.PAID): "In your learning fund",
    (Method.LEARNING, P.RETURNED): "Out of your learning fund",
    (Method.GROUP, P.SENT): "On its way to the group",
    (Method.GROUP, P.PAID): "Paid to the group",
    (Method.GROUP, P.RETURNED): "Sent back by the group",
}

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
    "owe again": (
        frozenset({P.SENT}),
        P.RETURNED,
    ),  # the bank never took it, say two persons; or not handed over
}

CONCERN_MOVES: Moves = {
    "close": (frozenset({C.OPEN}), C.CLOSED),
    "open again": (frozenset({C.CLOSED}), C.OPEN),  # only when the bank shows something else after all
}

LIVE = frozenset({P.PREPARED, P.SENT, P.PAID})
