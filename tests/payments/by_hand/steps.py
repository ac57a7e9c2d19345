"""Steps of what is paid by hand, for its tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from claims.models import CountsAs, Instruction, Way
from claims.services.instructing import choose_way
from common.dates import set_now
from ledger.models import AccountKind, AccountMonth
from payments.models import (
    BankAccount,
    HandOver,
    Match,
    MatchKind,
    Payment,
    PaymentRun,
    StatementLine,
    VoucherBatch,
)
from payments.services import handing, reconciling, runs, stock
from payments.workflow import Method
from people.models import Person
from tests.cast import Cast
from tests.payments.office import MONDAY, PAY_ON, hash_of, imported

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


def shown(cast: Cast, pence: int, words: str = "COUNTER") -> StatementLine:
    """A line on the bank's statement, each on a day of its own this month; money out is negative."""
    account = BankAccount.objects.get(organisation=cast.riverside)
    last = account.statements.order_by("pk").last()
    opening = last.closing_balance or 0 if last else 0
    day = DAY - timedelta(days=15 - account.statements.count())
    imported(cast, account, [(day, words, pence)], opening=opening)
    return account.lines.latest("pk")


def explained(cast: Cast, pence: int, kind: MatchKind, words: str = "COUNTER", note: str = "Ours.") -> Match:
    """The same, and what Fern says that it is."""
    line = shown(cast, pence, words)
    return reconciling.explain(actor=cast.fern, line_id=line.pk, kind=kind, note=note)


def fetched(cast: Cast, pence: int = 10_000) -> Match:
    """Cash for the box, £100 unless said otherwise."""
    return explained(cast, -pence, MatchKind.CASH, "CASH WITHDRAWAL")


def early(cast: Cast, person: Person, way: Way, *, at: int = 9, **more: Any) -> Instruction:
    """What somebody chose before the activity, so that it may also be given away. `at`: the hour."""
    with set_now(datetime(2026, 11, 19, at, tzinfo=UTC)):
        return chosen(cast, person, way, **more)


def waiting_by(cast: Cast, way: Way) -> Payment:
    """Cora's £40, in a run of this way that was sent; what it takes to hand it over is there."""
    early(cast, cast.cora, way)
    if way == Way.VOUCHER:
        bought(cast)
    if way == Way.CASH:
        fetched(cast)
    return sent_by(cast, Method(way)).payments.get()
