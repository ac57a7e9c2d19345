"""What holds for every claim, whatever is in it."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from claims.pricing.lines import ClaimLine
from claims.pricing.pricing import price
from claims.pricing.vocabulary import Kind, Mode, Unit
from tests.claims.pricing.builders import policy_of

POLICY = policy_of(
    'kind = "fare"\nmethod = "actual"\nreceipt = "required"\ncap = "25.00"\ncap_per = "day"',
    'kind = "parking"\nmethod = "actual"\ncap = "12.34"\ncap_per = "claim"',
    'kind = "printing"\nmethod = "actual"',
    'kind = "online"\nmethod = "flat"\namount = "5.00"\nexcludes = ["printing"]',
    'kind = "mileage"\nmethod = "tier"\namount = "0.55"\nfirst = 100\nthen = "0.25"',
)
SPENT = (Kind.FARE, Kind.PARKING, Kind.PRINTING)
DAYS = st.integers(0, 3).map(lambda number: date(2026, 4, 4) + timedelta(days=number))
SHARES = st.lists(st.integers(1, 9), max_size=4).map(
    lambda weights: tuple((f"P{number}", weight) for number, weight in enumerate(weights))
)


@st.composite
def lines_of(draw: st.DrawFn, contributor: str) -> list[ClaimLine]:
    """Up to eight lines of one contributor, in up to two claims. Receipts are the contributor's own."""
    lines = []
    for number in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from([*SPENT, Kind.ONLINE, Kind.MILEAGE]))
        driven = kind == Kind.MILEAGE
        lines.append(
            ClaimLine(
                claim=f"{contributor}-{draw(st.integers(1, 2))}",
                line=str(number),
                contributor=contributor,
                on=draw(DAYS),
                kind=kind,
                mode={Kind.MILEAGE: Mode.CAR, Kind.FARE: Mode.BUS}.get(kind),
                quantity=Decimal(draw(st.integers(1, 1500))) / 10 if driven else None,
                unit=Unit.MILE if driven else None,
                amount=draw(st.integers(0, 5000)) if kind in SPENT else None,
                funded_elsewhere=draw(st.sampled_from([0, 0, 0, 300])),
                receipt=draw(st.sampled_from(["", f"{contributor}-R1", f"{contributor}-R2"])),
                shares=draw(SHARES),
            )
        )
    return lines


@given(lines_of("amira"))
def test_shares_sum_to_the_line_and_a_line_that_pays_nothing_has_none(lines: list[ClaimLine]) -> None:
    for line, result in zip(lines, price(POLICY, lines, {}), strict=True):
        shared = line.shares and result.allowed
        assert sum(part for _, part in result.shares) == (result.allowed if shared else 0)
        assert [project for project, _ in result.shares] == (
            [name for name, _ in line.shares] if shared else []
        )


@given(lines_of("amira"))
def test_nobody_is_paid_more_than_they_spent_and_less_always_has_a_reason(lines: list[ClaimLine]) -> None:
    for line, result in zip(lines, price(POLICY, lines, {}), strict=True):
        if line.amount is not None:
            asked = max(0, line.amount - line.funded_elsewhere)
            assert 0 <= result.allowed <= asked
            assert bool(result.reason) or result.allowed == asked


@given(lines_of("amira"))
def test_caps_are_never_exceeded(lines: list[ClaimLine]) -> None:
    results = price(POLICY, lines, {})
    for day in {line.on for line in lines}:
        fares = [
            r.allowed
            for line, r in zip(lines, results, strict=True)
            if (line.kind, line.on) == (Kind.FARE, day)
        ]
        assert sum(fares) <= 2500
    for claim in {line.claim for line in lines}:
        parking = [
            r.allowed
            for line, r in zip(lines, results, strict=True)
            if (line.kind, line.claim) == (Kind.PARKING, claim)
        ]
        assert sum(parking) <= 1234


@given(lines_of("amira"), lines_of("ben"), st.randoms())
def test_the_order_of_different_contributors_does_not_matter(
    amira: list[ClaimLine], ben: list[ClaimLine], random: Random
) -> None:
    alone = {(r.claim, r.line): r for r in chain(price(POLICY, amira, {}), price(POLICY, ben, {}))}
    mixed = []
    queues = [list(amira), list(ben)]
    while any(queues):
        queue = random.choice([queue for queue in queues if queue])
        mixed.append(queue.pop(0))
    assert [alone[line.claim, line.line] for line in mixed] == price(POLICY, mixed, {})


@given(st.lists(st.integers(1, 900), min_size=1, max_size=12), st.integers(0, 1500))
def test_a_tax_year_costs_high_times_first_plus_low_times_rest(tenths: list[int], before: int) -> None:
    """Lines are rounded one by one, so up to half a penny a line may come on top or go missing."""
    day = date(2026, 6, 1)
    lines = [
        ClaimLine("C", str(n), "amira", day, Kind.MILEAGE, Mode.CAR, Decimal(miles) / 10, Unit.MILE)
        for n, miles in enumerate(tenths)
    ]
    started = Decimal(before) / 10
    results = price(POLICY, lines, {("amira", "2026-27"): started})
    driven = Decimal(sum(tenths)) / 10
    high = min(driven, max(Decimal(0), 100 - started))
    exact = 55 * high + 25 * (driven - high)
    assert abs(sum(r.allowed for r in results) - exact) <= Decimal(len(lines)) / 2
    assert (sum(r.high_miles for r in results), sum(r.tier_miles for r in results)) == (high, driven)
