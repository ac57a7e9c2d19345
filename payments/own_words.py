"""How a payment comes, in the words of the person it is for; whom they named only when asked for."""

from claims.ways import named_by
from payments.models import HandOver, Payment
from payments.when import day_words
from payments.workflow import BY_HAND, Method

_COMES = {
    Method.VOUCHER: "As a voucher or gift card",
    Method.CASH: "In cash",
    Method.CHEQUE: "By cheque",
    Method.CODE: "As a code that you change into cash",
    Method.DONATION: "To the charity that you named",
    Method.GROUP: "To the group that you named",
    Method.LEARNING: "Into your learning fund",
}
_BY = dict.fromkeys(BY_HAND, "with you") | {
    Method.BANK: "in your bank",
    Method.DONATION: "with the charity",
    Method.GROUP: "with the group",
    Method.LEARNING: "in your learning fund",
}
_IN = {
    Method.VOUCHER: " in vouchers",
    Method.CASH: " in cash",
    Method.CHEQUE: " by cheque",
    Method.CODE: " as a cash-out code",
}
# What the number beside a hand-over is, as people read it.
SERIAL_NAMES = {
    Method.CASH: "Number of the receipt",
    Method.CHEQUE: "Number of the cheque",
    Method.DONATION: "Reference of the transfer",
    Method.GROUP: "Reference of the transfer",
}
# Money that was handed over, and what became of it.
BACK = "It did not reach you, so we owe it to you again."
BACK_FROM_NAMED = "It did not get there, so we owe it to you again."


def comes(payment: Payment, *, named: bool) -> str:
    """The way in a few words, as in “In cash”. `named`: with the charity or group that the person named."""
    method = Method(payment.method)
    if named and payment.instruction is not None:
        return f"To {named_by(payment.instruction)}"
    return _COMES[method]


def receipt_words(payment: Payment, handed: HandOver | None) -> str:
    """What became of the receipt that somebody wished from a charity; empty where they wished none."""
    if payment.instruction is None or not payment.instruction.wants_receipt:
        return ""
    if handed is None or handed.collected_on is None:
        return "We ask the charity for one."
    return f"It came on {day_words(handed.collected_on)}. Ask us for it."


def as_sent(payment: Payment, delivery: str, *, named: bool) -> str:
    """The same with how it reaches them: what a remittance advice says of a payment by hand."""
    if payment.instruction_id is not None:
        return f"{comes(payment, named=named)}, as you asked."
    if payment.method == Method.LEARNING:
        return f"{comes(payment, named=named)}, as you asked. {delivery}"
    return f"{comes(payment, named=named)}. {delivery}"


def where(method: str) -> str:
    """Where money of this way arrives, as in “in your bank”: the rest of a sentence about a day."""
    return _BY[Method(method)]


def amount_in(method: str) -> str:
    """What stands behind an amount of this way, as in “ in vouchers”; nothing where it needs no words."""
    return _IN.get(Method(method), "")


def back_words(method: str) -> str:
    """What a person reads of a payment by hand that did not arrive."""
    return BACK_FROM_NAMED if method in (Method.DONATION, Method.GROUP) else BACK
