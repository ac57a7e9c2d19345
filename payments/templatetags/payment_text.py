"""How pages write the state of payments and runs: `{% load payment_text %}`.

The statuses of payments are written for the person paid; these are the words for finance.
"""

from django import template

from payments.formats.signing_sheet import KIND_WORDS, short_fingerprint
from payments.models import Payment
from payments.own_words import back_words, where
from payments.workflow import BY_HAND, PaymentStatus, RunStatus

register = template.Library()

_COLOURS = {
    PaymentStatus.PREPARED: "blue",
    PaymentStatus.TAKEN_OUT: "grey",
    PaymentStatus.SENT: "purple",
    PaymentStatus.PAID: "green",
    PaymentStatus.RETURNED: "red",
}
_WORDS = {
    PaymentStatus.PREPARED: "In a payment run",
    PaymentStatus.TAKEN_OUT: "Taken out of the run",
    PaymentStatus.SENT: "Sent",
    PaymentStatus.PAID: "Paid",
    PaymentStatus.RETURNED: "Sent back",
}
_RUN_COLOURS = {
    RunStatus.PREPARED: "yellow",
    RunStatus.AUTHORISED: "blue",
    RunStatus.SENT: "green",
    RunStatus.VOID: "grey",
}


@register.filter
def payment_colour(status: str) -> str:
    """The colour of a payment's tag; the tag always has its words as well."""
    return _COLOURS[PaymentStatus(status)]


@register.filter
def payment_words(status: str) -> str:
    """How a payment stands, as finance says it."""
    return _WORDS[PaymentStatus(status)]


@register.filter
def is_by_hand(payment: Payment) -> bool:
    """Is it handed over, or paid to whom the person named, rather than by bank or with their pay?"""
    return payment.method in BY_HAND


@register.filter
def arrives(method: str) -> str:
    """Where money of this way arrives, as in “with you”, for the person it is for."""
    return where(method)


@register.filter
def came_back_words(method: str) -> str:
    """What the person reads of a payment by hand that did not arrive."""
    return back_words(method)


@register.filter
def run_colour(status: str) -> str:
    """The colour of a run's tag; the tag always has its words as well."""
    return _RUN_COLOURS[RunStatus(status)]


@register.filter
def kind_words(counts_as: str) -> str:
    """What a payment is for, as finance says it: money for time, or money back for costs."""
    return KIND_WORDS[counts_as]


@register.filter
def fingerprint(sha256: str) -> str:
    """The first sixteen figures of a SHA-256 in groups of four: enough to compare by eye or by phone."""
    return short_fingerprint(sha256)
