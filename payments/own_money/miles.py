"""Miles that were paid to somebody, by vehicle, with the rates that were used."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet

from claims.price_words import rate_text
from claims.pricing.vocabulary import Kind, Method
from claims.words import line_title, quantity_text
from payments.formats.own_paper import Part
from payments.models import PaymentItem
from payments.own_money.paper_words import amounts

Miles = dict[str, dict[Decimal, Decimal]]


def miles_part(items: QuerySet[PaymentItem], currency: str) -> Part | None:
    """A row for each vehicle; None without any miles. Decimals are added here: SQLite would make floats."""
    rows = items.filter(line__kind=Kind.MILEAGE, line__quantity__isnull=False).values_list(
        "line__mode",
        "amount",
        "line__quantity",
        "line__high_rate_miles",
        "line__rate__method",
        "line__rate__amount",
        "line__rate__then",
    )
    miles: Miles = defaultdict(lambda: defaultdict(Decimal))
    paid: dict[str, int] = defaultdict(int)
    for mode, amount, quantity, high, method, first, then in rows:
        paid[mode] += amount
        for rate, part in _at_rates(quantity or Decimal(0), high, method, first, then):
            miles[mode][rate] += part
    if not paid:
        return None
    vehicles = sorted(paid)
    texts = [(line_title(Kind.MILEAGE, mode), _words(miles[mode].items(), currency)) for mode in vehicles]
    head = ("Vehicle", "Miles and rate", "Paid")
    return Part(
        "Your miles",
        ("This money is part of the costs above. It is not added to them.",),
        amounts(head, texts, [paid[mode] for mode in vehicles], currency),
    )


def _at_rates(
    quantity: Decimal, high: Decimal, method: str, amount: Decimal | None, then: Decimal | None
) -> list[tuple[Decimal, Decimal]]:
    """How many of the miles of a line were paid at which rate."""
    first = amount or Decimal(0)
    if method != Method.TIER:
        return [(first, quantity)]
    high = min(high, quantity)
    return [(first, high), (then or Decimal(0), quantity - high)]


def _words(rates: Iterable[tuple[Decimal, Decimal]], currency: str) -> str:
    """“120 miles at 55p, 20 miles at 25p”; nothing of a rate that no mile was paid at."""
    used = sorted(((rate, miles) for rate, miles in rates if miles), reverse=True)
    return ", ".join(f"{quantity_text(miles, 'mile')} at {rate_text(rate, currency)}" for rate, miles in used)
