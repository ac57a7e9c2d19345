"""Pages about money that people and finance read, for docs/wording.md, each with its address."""

from collections.abc import Iterator

from claims.models import CountsAs, Way
from claims.services.offering import offer_way
from payments.models import HandOver, Payment
from payments.services.learning import ask_for_learning
from tests.cast import Cast
from tests.payments.by_hand.own import handed, on_its_way
from tests.payments.office import fare, hours

Page = tuple[str, str]  # what it is, and its address


def played(cast: Cast) -> tuple[Payment, HandOver]:
    """Cora is paid in four ways: a voucher waits to be handed over, and more is due by cheque."""
    for way in (Way.CASH, Way.CHEQUE, Way.VOUCHER, Way.CODE, Way.LEARNING):
        offer_way(
            actor=cast.fern,
            organisation=cast.riverside,
            way=way,
            for_time=True,
            for_costs=way != Way.LEARNING,
            delivery="We send it to you by post.",
        )
    for way, hour in ((Way.CODE, 9), (Way.LEARNING, 10)):
        hours(cast, cast.cora, 2)
        handed(cast, way, at=hour)
    ask_for_learning(actor=cast.cora, organisation=cast.riverside, item="A course", amount=1000)
    hours(cast, cast.cora, 2)
    waiting = on_its_way(cast, Way.VOUCHER, at=11)
    fare(cast, cast.cora, 1000)
    on_its_way(cast, Way.CHEQUE, CountsAs.EXPENSE, at=12)
    fare(cast, cast.cora, 500)
    return waiting, HandOver.objects.order_by("pk")[0]


def own_pages() -> Iterator[Page]:
    """What Cora reads of her money, and of what she is told before it comes."""
    yield "Your usual answer", "/invitations/usual/"
    yield "Payments", "/payments/?view=own"
    for payment in Payment.objects.order_by("pk"):
        yield f"A payment: {payment.get_method_display().lower()}", f"/payments/{payment.pk}/"
    yield "Your money", "/your-money/"
    yield "Your statements", "/your-money/statements/"
    yield "Your statement of a year", "/your-money/statements/2026-27/"
    yield "A letter to take along", "/your-money/letters/"


def desk_pages(cast: Cast, waiting: Payment, made: HandOver) -> Iterator[Page]:
    """What finance reads of payments by hand and of learning funds."""
    desk, own = "/payments/by-hand/", "/payments/by-hand/riverside/"
    yield "Paid by hand", desk
    yield "Ways of paying", f"{own}ways/"
    yield "Change a way of paying", f"{own}cheque/change/"
    yield "Prepare a run by hand", f"{own}cheque/prepare/"
    yield "What waits to be handed over", f"{own}voucher/waiting/"
    yield "Hand a payment over", f"{desk}payments/{waiting.pk}/"
    yield "A payment that will not be handed over", f"{desk}payments/{waiting.pk}/not/"
    yield "What was handed over", f"{own}code/handed/"
    for title, end in (
        ("A payment that was handed over", ""),
        ("It was collected", "collected/"),
        ("It did not reach somebody", "back/"),
        ("It was not handed over after all", "undo/"),
    ):
        yield title, f"{desk}handed/{made.pk}/{end}"
    yield "The stock of vouchers", f"{own}stock/"
    yield "Take vouchers into stock", f"{own}stock/buy/"
    batch = cast.riverside.voucher_batches.get()
    yield "Write vouchers off", f"{desk}stock/{batch.pk}/write-off/"
    yield "The counts of the cash", f"{own}counts/"
    yield "Count the cash", f"{own}counts/new/"
    spend = cast.riverside.learning_spends.get()
    yield "Answer what somebody asked of a learning fund", f"/learning-funds/{spend.pk}/"
