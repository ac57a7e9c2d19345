"""The stock of vouchers: bought, handed over, back in the drawer, or written off.

A voucher is worth its face value to the person; what the supplier charges beside it is a charge of the
organisation. The counter row of the stock is the lock: two hand-overs never take one voucher.
"""

from collections.abc import Sequence
from datetime import date

from django.db.models import F, Q, QuerySet

from audit.actions import Action
from audit.services import record, step
from common.dates import now, today
from common.errors import DomainError, IllegalMove
from common.money import money_text
from common.text import tidy
from ledger.models import Account, AccountKind, JournalEntry
from ledger.services.accounts import account
from ledger.services.counters import locked
from ledger.services.posting import Leg, post_entry
from payments import permissions
from payments.models import HandOver, Payment, Voucher, VoucherBatch
from payments.secrets import seal_voucher
from payments.services.moving import posting_day
from payments.workflow import Method
from people.models import Organisation, Person
from people.permissions import require

MOST = 1_000  # vouchers bought at once
CODE_LENGTH = 60
TEXT_LENGTH = 100
REASON_LENGTH = 300


@step(returns=VoucherBatch)
def buy_vouchers(
    *,
    actor: Person,
    organisation: Organisation,
    supplier: str,
    face_value: int,
    count: int,
    charge: int,
    bought_on: date,
    expires_on: date | None = None,
    codes: Sequence[str] = (),
    key: str = "",
) -> VoucherBatch:
    """Take vouchers into stock: Dr vouchers (face value), Dr charges, Cr supplier. Minor units.

    `codes`: one for each voucher, or none for cards that are told apart by nothing but themselves. What the
    bank later shows for them is explained against the supplier.
    """
    require(permissions.may_keep_accounts(actor, organisation))
    control = _stock_account(organisation)
    texts = [code for code in map(tidy, codes) if code]
    _check_bought(face_value, count, charge, bought_on, expires_on, texts)
    locked(organisation, "voucher")
    entry = _post_bought(actor, organisation, control, face_value * count, charge, bought_on)
    batch = VoucherBatch.objects.create(
        organisation=organisation,
        supplier=_text(supplier, "who sold them", TEXT_LENGTH),
        face_value=face_value,
        count=count,
        charge=charge,
        bought_on=bought_on,
        expires_on=expires_on,
        entry=entry,
        bought_by=actor,
    )
    _fill(batch, texts)
    _record(actor, Action.VOUCHERS_BOUGHT, batch, count=count, amount=face_value * count)
    return batch


def _post_bought(
    actor: Person, organisation: Organisation, control: Account, worth: int, charge: int, day: date
) -> JournalEntry:
    supplied = account(organisation, AccountKind.SUPPLIER)
    legs = [Leg(debit=control, credit=supplied, amount=worth)]
    if charge:
        legs.append(Leg(debit=account(organisation, AccountKind.CHARGES), credit=supplied, amount=charge))
    number = organisation.voucher_batches.count() + 1
    return post_entry(
        organisation=organisation,
        source=f"vouchers:{number}:bought",
        narrative=f"Vouchers {number} bought",
        date=posting_day(organisation, day),
        legs=legs,
        actor=actor,
    )


def _fill(batch: VoucherBatch, codes: Sequence[str]) -> None:
    """The vouchers of a new batch, each with its code sealed for its place, where they have codes."""
    Voucher.objects.bulk_create(
        Voucher(
            batch=batch,
            position=position,
            code=seal_voucher(codes[position - 1], batch.pk, position) if codes else None,
        )
        for position in range(1, batch.count + 1)
    )


@step(returns=VoucherBatch)
def write_off_vouchers(
    *, actor: Person, batch_id: int, reason: str, count: int | None = None, key: str = ""
) -> VoucherBatch:
    """Vouchers of a batch that are in stock are worth nothing any more: Dr charges Cr vouchers.

    All of them, or `count`. Another person than who bought them says so.
    """
    batch = VoucherBatch.objects.select_related("organisation").get(pk=batch_id)
    organisation = batch.organisation
    require(permissions.may_keep_accounts(actor, organisation))
    if actor.pk == batch.bought_by_id:
        raise DomainError("You bought these vouchers, so somebody else has to write them off.")
    locked(organisation, "voucher")
    there = list(in_stock(organisation, usable=False).filter(batch=batch).order_by("position"))
    chosen = there if count is None else there[:count]
    if not chosen or (count is not None and len(chosen) < count):
        raise IllegalMove(f"There are {len(there)} vouchers of this batch in stock.")
    text, times = _text(reason, "why", REASON_LENGTH), batch.vouchers.filter(written_off_at__isnull=False)
    post_entry(
        organisation=organisation,
        source=f"vouchers:{batch.pk}:written_off:{times.count() + 1}",
        narrative="Vouchers written off",
        date=today(),
        legs=[
            Leg(
                debit=account(organisation, AccountKind.CHARGES),
                credit=_stock_account(organisation),
                amount=batch.face_value * len(chosen),
            )
        ],
        actor=actor,
    )
    _spoil(actor, [voucher.pk for voucher in chosen])
    _record(
        actor,
        Action.VOUCHERS_WRITTEN_OFF,
        batch,
        count=len(chosen),
        amount=batch.face_value * len(chosen),
        reason=text,
    )
    return batch


def in_stock(organisation: Organisation, *, usable: bool = True) -> QuerySet[Voucher]:
    """Vouchers that nobody has, soonest to expire first; `usable`: without those that expired."""
    rows = Voucher.objects.filter(
        batch__organisation=organisation, hand_over__isnull=True, written_off_at__isnull=True
    )
    if usable:
        rows = rows.filter(Q(batch__expires_on__isnull=True) | Q(batch__expires_on__gte=today()))
    return rows.order_by(F("batch__expires_on").asc(nulls_last=True), "batch_id", "position")


def take(payment: Payment) -> list[Voucher]:
    """Vouchers that come to exactly this payment, held for whoever hands it over. Raises DomainError."""
    locked(payment.organisation, "voucher")
    found = fitting(payment)
    if not found:
        currency = payment.organisation.currency
        raise DomainError(
            f"No vouchers in stock come to exactly {money_text(payment.amount, currency)}. Buy some first."
        )
    return found


def fitting(payment: Payment) -> list[Voucher]:
    """Vouchers in stock that come to exactly this payment, soonest to expire first; empty when none do."""
    there = list(in_stock(payment.organisation).select_related("batch"))
    places = exactly([voucher.batch.face_value for voucher in there], payment.amount)
    return [there[place] for place in places or []]


def exactly(values: Sequence[int], total: int) -> list[int] | None:
    """Places of values (minor units) that add up to exactly the total, as early as possible."""
    reached: dict[int, tuple[int, int]] = {}
    sums = [0]
    for place, value in enumerate(values):
        if value > total:
            continue
        for before in list(sums):
            after = before + value
            if after <= total and after and after not in reached:
                reached[after] = (before, place)
                sums.append(after)
        if total in reached:
            break
    if total not in reached:
        return None
    places = []
    while total:
        total, place = reached[total]
        places.append(place)
    return places[::-1]


def give(vouchers: Sequence[Voucher], made: HandOver) -> None:
    """These vouchers go with this hand-over."""
    Voucher.objects.filter(pk__in=[voucher.pk for voucher in vouchers]).update(hand_over=made)


def put_back(made: HandOver) -> None:
    """The vouchers of a hand-over are in the drawer again, unless the person has seen their codes."""
    locked(made.organisation, "voucher")
    if (made.seen_at or made.collected_on) and made.vouchers.filter(code__isnull=False).exists():
        raise DomainError("These codes were looked at, so they cannot go back into stock.")
    made.vouchers.update(hand_over=None)


def lose(actor: Person, made: HandOver) -> None:
    """The vouchers of a hand-over are gone; `take_back` posts what that costs."""
    _spoil(actor, made.vouchers.values_list("pk", flat=True))


def _spoil(actor: Person, keys: Sequence[int] | QuerySet[Voucher, int]) -> None:
    Voucher.objects.filter(pk__in=list(keys)).update(written_off_by=actor, written_off_at=now())


def _stock_account(organisation: Organisation) -> Account:
    way = organisation.ways.select_related("control").filter(way=Method.VOUCHER).first()
    if way is None:
        raise DomainError(f"{organisation} does not pay by voucher yet. Switch it on first.")
    return way.control


def _check_bought(
    face_value: int, count: int, charge: int, bought_on: date, expires_on: date | None, codes: Sequence[str]
) -> None:
    if face_value <= 0 or not 0 < count <= MOST or charge < 0:
        raise DomainError(f"Say what one is worth, and how many of them, at most {MOST:,}.")
    if bought_on > today():
        raise DomainError("The day must not be after today.")
    if expires_on is not None and expires_on < bought_on:
        raise DomainError("They must expire after the day they were bought.")
    if codes and (len(codes) != count or len(set(codes)) != count):
        raise DomainError(f"Enter {count} different codes, one on each line, or none at all.")
    if any(len(code) > CODE_LENGTH for code in codes):
        raise DomainError(f"A code has at most {CODE_LENGTH} characters.")


def _text(text: str, what: str, longest: int) -> str:
    found = tidy(text)
    if not found or len(found) > longest:
        raise DomainError(f"Say {what} in at most {longest} characters.")
    return found


def _record(
    actor: Person, action: Action, batch: VoucherBatch, count: int, amount: int, reason: str = ""
) -> None:
    record(
        actor=actor,
        action=action,
        subject=batch,
        organisation_id=batch.organisation_id,
        count=count,
        amount=amount,
        reason=reason,
    )
