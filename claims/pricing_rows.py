"""Between the database and pricing: policy rows, claim lines and answers, in both directions.

Pricing knows neither Django nor rows; this is the only place that knows both.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from claims.models import REFUSING, ClaimLine, FeeAnswer, Rate, RatePolicy
from claims.pricing import lines as priced
from claims.pricing import policy as pricing
from claims.pricing.policy_rules import USES
from claims.pricing.vocabulary import Boundary, CapPer, CountsAs, Kind, Method, Mode, Receipt, Unit
from common.money import digits, rounded
from ledger.models import Category

LOST = "lost"
CATEGORY_OF: Mapping[Kind, Category] = {
    Kind.TIME: Category.FEES,
    Kind.MILEAGE: Category.TRAVEL,
    Kind.PASSENGER: Category.TRAVEL,
    Kind.FARE: Category.TRAVEL,
    Kind.PARKING: Category.TRAVEL,
    Kind.CARE: Category.CARE,
    Kind.SUPPORT: Category.ACCESS,
    Kind.ONLINE: Category.ACCESS,
    Kind.PRINTING: Category.ACCESS,
    Kind.SUBSISTENCE: Category.SUBSISTENCE,
    Kind.ACCOMMODATION: Category.SUBSISTENCE,
    Kind.OTHER: Category.OTHER,
}


def as_policy(row: RatePolicy) -> pricing.Policy:
    """A stored policy as pricing reads it; its rates stand in the order of the file."""
    return pricing.Policy(
        name=row.name,
        currency=row.currency,
        late_cancellation_hours=row.late_cancellation_hours,
        late_cancellation_share=row.late_cancellation_share,
        rates=tuple(_as_rate(rate) for rate in row.rates.order_by("position")),
    )


def rate_rows(policy: RatePolicy, rates: Iterable[pricing.Rate]) -> list[Rate]:
    """Unsaved rows for the rates of a checked policy; positions count from 1."""
    return [_rate_row(policy, position, rate) for position, rate in enumerate(rates, start=1)]


def _rate_row(policy: RatePolicy, position: int, rate: pricing.Rate) -> Rate:
    used: dict[str, Any] = {
        key: getattr(rate, key) if key in USES[rate.method] else None
        for key in ("amount", "first", "then", "size")
    }
    return Rate(
        policy=policy,
        position=position,
        kind=rate.kind,
        mode=rate.mode or "",
        method=rate.method,
        starts_on=rate.starts,
        ends_on=rate.ends,
        counts_as=rate.counts_as,
        bands=[{"up_to": _text(band.up_to), "amount": _text(band.amount)} for band in rate.bands],
        boundary=rate.boundary if rate.bands else "",
        cap=rate.cap,
        cap_per=rate.cap_per if rate.cap is not None else "",
        caps=[{"over": _text(cap.over), "amount": _text(cap.amount)} for cap in rate.caps],
        receipt=rate.receipt,
        required_over=rate.required_over,
        excludes=[str(kind) for kind in rate.excludes],
        **used,
    )


def _as_rate(row: Rate) -> pricing.Rate:
    bands = tuple(
        pricing.Band(amount=Decimal(band["amount"]), up_to=Decimal(band["up_to"]) if band["up_to"] else None)
        for band in row.bands
    )
    caps = tuple(
        pricing.AwayCap(over=Decimal(cap["over"]), amount=Decimal(cap["amount"])) for cap in row.caps
    )
    return pricing.Rate(
        kind=Kind(row.kind),
        method=Method(row.method),
        counts_as=CountsAs(row.counts_as),
        starts=row.starts_on,
        ends=row.ends_on,
        mode=Mode(row.mode) if row.mode else None,
        amount=_or_unused(row.amount),
        first=_or_unused(row.first),
        then=_or_unused(row.then),
        bands=bands,
        boundary=Boundary(row.boundary or Boundary.INCLUSIVE),
        size=_or_unused(row.size),
        cap=row.cap,
        cap_per=CapPer(row.cap_per or CapPer.LINE),
        caps=caps,
        receipt=Receipt(row.receipt or Receipt.NO),
        required_over=row.required_over,
        excludes=tuple(Kind(kind) for kind in row.excludes),
    )


def as_line(line: ClaimLine, *, currency: str, answer: FeeAnswer | None = None) -> priced.ClaimLine:
    """A stored line as pricing reads it, in minor units of the policy's `currency`.

    Without `answer` a fee is priced as if all of it was taken: what approvers and budgets may know.
    """
    return priced.ClaimLine(
        claim=line.claim.reference,
        line=str(line.position),
        contributor=str(line.claim.contributor_id),
        on=line.date,
        kind=Kind(line.kind),
        mode=Mode(line.mode) if line.mode else None,
        quantity=line.quantity,
        unit=Unit(line.unit) if line.unit else None,
        amount=_minor(line.spent, line.exchange_rate, currency),
        funded_elsewhere=_minor(line.funded_elsewhere, line.exchange_rate, currency) or 0,
        hours_away=line.hours_away,
        receipt="" if line.receipt == LOST else line.receipt,
        receipt_lost=line.receipt == LOST,
        declined=answer is not None and answer.answer in REFUSING,
        at_most=answer.less_amount if answer is not None else None,
        notice=_notice(line.cancelled_notice_minutes),
    )


def _minor(money: Any, exchange_rate: Decimal, currency: str) -> int | None:
    """An amount of a receipt in minor units of another currency, converted and rounded once."""
    if money is None:
        return None
    return rounded(money.amount * exchange_rate * 10 ** digits(currency))


def _notice(minutes: int | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _or_unused(number: Decimal | None) -> Decimal:
    return pricing.NOT_USED if number is None else number
