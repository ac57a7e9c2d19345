"""What Cora has of a payment by hand, for tests of her own pages: paid on Monday, as she chose before."""

from datetime import UTC, date, datetime
from typing import Any, Final

from claims.models import CountsAs, Way
from common.dates import set_now
from payments.models import BankAccount, MatchKind, Payment
from payments.services import reconciling, stock
from payments.workflow import Method
from tests.cast import Cast
from tests.payments.by_hand.steps import DAY, chosen, given, sent_by
from tests.payments.office import imported

BEFORE: Final = datetime(2026, 11, 19, 9, tzinfo=UTC)  # before the day of her time
LATER: Final = datetime(2026, 11, 30, 9, tzinfo=UTC)
CODES: Final = ("CANARY-7Q1", "CANARY-7Q2", "CANARY-7Q3", "CANARY-7Q4")
CASH_CODE: Final = "CANARY-CASH-88"
CHARITY: Final = "Canary Friends of the Library"


def on_its_way(cast: Cast, way: Way, kind: CountsAs = CountsAs.FEE, *, at: int = 9, **more: Any) -> Payment:
    """A payment to Cora, sent and not handed over; `at` is the hour at which she chose its way."""
    with set_now(BEFORE.replace(hour=at)):
        chosen(cast, cast.cora, way, kind, **more)
    if way == Way.VOUCHER:
        stocked(cast)
    if way == Way.CASH:
        cash_in_the_box(cast)
    payment: Payment = sent_by(cast, Method(way)).payments.get(person=cast.cora)
    return payment


def handed(cast: Cast, way: Way, **more: Any) -> Payment:
    """The same, handed over on Monday."""
    payment = on_its_way(cast, way, **more)
    given(cast, payment, **({"code": CASH_CODE} if way == Way.CODE else {}))
    payment.refresh_from_db()
    return payment


def cash_in_the_box(cast: Cast) -> None:
    """£100 taken out at the counter, as the bank's statement shows it."""
    account = BankAccount.objects.get(organisation=cast.riverside)
    imported(cast, account, [(date(2026, 11, 9), "CASH WITHDRAWAL", -10_000)])
    reconciling.explain(
        actor=cast.fern, line_id=account.lines.get().pk, kind=MatchKind.CASH, note="For the cash box."
    )


def stocked(cast: Cast) -> None:
    """Four vouchers of £10, each with a code."""
    stock.buy_vouchers(
        actor=cast.fern,
        organisation=cast.riverside,
        supplier="High Street Vouchers",
        face_value=1000,
        count=4,
        charge=110,
        bought_on=DAY,
        codes=CODES,
    )
