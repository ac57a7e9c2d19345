"""Steps of what is paid by hand, for its tests."""

from typing import Any

from claims.models import CountsAs, Instruction, Way
from claims.services.instructing import choose_way
from ledger.models import AccountKind, AccountMonth
from payments.models import HandOver, Payment, PaymentRun, VoucherBatch
from payments.services import handing, runs, stock
from payments.workflow import Method
from people.models import Person
from tests.cast import Cast
from tests.payments.office import MONDAY, PAY_ON, hash_of

DAY = MONDAY.date()
BESIDE: dict[Method, dict[str, Any]] = {  # what is written down beside a hand-over
    Method.CASH: {"serial": "Receipt 7"},
    Method.CHEQUE: {"serial": "100045"},
    Method.CODE: {"code": "CODE-4711"},
    Method.DONATION: {"serial": "Transfer 3"},
    Method.GROUP: {"serial": "Transfer 4"},
}
NAMES = {Way.DONATION: "Friends of the Library", Way.GROUP: "River Voices"}


def chosen(cast: Cast, person: Person, way: Way, kind: CountsAs = CountsAs.FEE, **more: Any) -> Instruction:
    """How this person is usually paid from now on."""
    named = {"named": NAMES[way]} if way in NAMES else {}
    return choose_way(
        actor=person, person=person, organisation=cast.riverside, kind=kind, way=way, **(named | more)
    )


def listed(cast: Cast, method: Method) -> PaymentRun:
    """A run of this way, prepared by Fern."""
    return runs.prepare_list(actor=cast.fern, organisation=cast.riverside, pay_on=PAY_ON, method=method)


def sent_by(cast: Cast, method: Method) -> PaymentRun:
    """The same, signed by Farah and sent."""
    run = listed(cast, method)
    runs.authorise(actor=cast.farah, run_id=run.pk, sha256=hash_of(run))
    return runs.release(actor=cast.fern, run_id=run.pk)


def given(cast: Cast, payment: Payment, **more: Any) -> HandOver:
    """A payment that Fern hands over today."""
    beside = BESIDE.get(Method(payment.method), {})
    return handing.hand_over(actor=cast.fern, payment_id=payment.pk, day=DAY, **(beside | more))


def held(cast: Cast, kind: AccountKind) -> int:
    """Debits less credits of Riverside's accounts of a kind. Minor units."""
    months = AccountMonth.objects.filter(account__organisation=cast.riverside, account__kind=kind)
    return sum(month.debits - month.credits for month in months)


def bought(cast: Cast, face_value: int = 1000, count: int = 4, **more: Any) -> VoucherBatch:
    """Vouchers in stock: four of £10, unless said otherwise."""
    asked: dict[str, Any] = {
        "actor": cast.fern,
        "organisation": cast.riverside,
        "supplier": "High Street Vouchers",
        "face_value": face_value,
        "count": count,
        "charge": 110,
        "bought_on": DAY,
    }
    return stock.buy_vouchers(**(asked | more))
