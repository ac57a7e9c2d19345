"""What each method makes of a quantity, at and around its boundaries."""

from datetime import date

import pytest

from claims.pricing.lines import ClaimLine, PricingError
from tests.claims.pricing.builders import allowed, claim_line, policy_of, priced

BANDS = (
    'kind = "time"\nmode = "session"\nmethod = "band"\ncounts_as = "fee"\n'
    'bands = [{ up_to = 4, amount = "82.50" }, { amount = "165.00" }]\n'
)
CAR = 'kind = "mileage"\nmode = "car"\nmethod = "tier"\namount = "0.55"\nfirst = 10000\nthen = "0.25"\n'


def session(hours: str) -> int:
    return allowed(
        policy_of(BANDS + 'boundary = "inclusive"'), claim_line("time", "session", quantity=hours)
    )[0]


@pytest.mark.parametrize(("hours", "pence"), [("0.01", 8250), ("3.99", 8250), ("4", 8250), ("4.01", 16500)])
def test_inclusive_exactly_four_hours_belongs_to_the_first_band(hours: str, pence: int) -> None:
    assert session(hours) == pence


@pytest.mark.parametrize(("hours", "pence"), [("3.99", 8250), ("4", 16500), ("4.01", 16500)])
def test_exclusive_exactly_four_hours_belongs_to_the_next_band(hours: str, pence: int) -> None:
    policy = policy_of(BANDS + 'boundary = "exclusive"')
    assert allowed(policy, claim_line("time", "session", quantity=hours)) == [pence]


CLOSED = BANDS.replace('{ amount = "165.00" }', '{ up_to = 8, amount = "165.00" }')


@pytest.mark.parametrize(
    ("boundary", "last_paid", "refused"), [("inclusive", "8", "8.01"), ("exclusive", "7.99", "8")]
)
def test_beyond_a_closed_last_band_is_an_error(boundary: str, last_paid: str, refused: str) -> None:
    policy = policy_of(CLOSED + f'boundary = "{boundary}"')
    assert allowed(policy, claim_line("time", "session", quantity=last_paid)) == [16500]
    with pytest.raises(
        PricingError, match=f"Claim C1, line 1, 2026-11-10: {refused} hours is beyond the last band"
    ):
        allowed(policy, claim_line("time", "session", quantity=refused))


@pytest.mark.parametrize(
    ("hours", "pence"), [("0.01", 2000), ("3", 2000), ("3.01", 4000), ("6", 4000), ("6.01", 6000)]
)
def test_a_part_of_a_block_counts_as_a_whole_one(hours: str, pence: int) -> None:
    policy = policy_of('kind = "time"\nmethod = "block"\namount = "20.00"\nsize = 3\ncounts_as = "fee"')
    assert allowed(policy, claim_line("time", "session", quantity=hours)) == [pence]


@pytest.mark.parametrize("quantity", [{}, {"quantity": "1"}, {"quantity": "7"}])
def test_flat_is_paid_once_per_line_whatever_the_quantity(quantity: dict[str, str]) -> None:
    policy = policy_of('kind = "online"\nmethod = "flat"\namount = "5.00"')
    assert allowed(policy, claim_line("online", **quantity)) == [500]


def test_two_online_meetings_are_two_flat_amounts() -> None:
    policy = policy_of('kind = "online"\nmethod = "flat"\namount = "5.00"')
    assert allowed(
        policy, claim_line("online", quantity="1"), claim_line("online", line="2", quantity="1")
    ) == [500, 500]


@pytest.mark.parametrize(("miles", "pence"), [("0.1", 5), ("12.5", 563), ("86.0", 3870), ("0.3", 14)])
def test_per_unit_is_rounded_once_half_up(miles: str, pence: int) -> None:
    policy = policy_of('kind = "mileage"\nmode = "bicycle"\nmethod = "per_unit"\namount = "0.45"')
    assert allowed(policy, claim_line("mileage", "bicycle", quantity=miles)) == [pence]


@pytest.mark.parametrize(
    ("before", "miles", "pence", "high"),
    [
        ("9940.0", "60.0", 3300, "60.0"),
        ("9940.0", "60.1", 3303, "60"),
        ("9940.0", "86.0", 3950, "60"),
        ("10000.0", "86.0", 2150, "0"),
        ("12000.0", "86.0", 2150, "0"),
        ("0", "86.0", 4730, "86.0"),
    ],
)
def test_a_journey_may_cross_the_tier(before: str, miles: str, pence: int, high: str) -> None:
    line = claim_line("mileage", "car", quantity=miles)
    (result,) = priced(policy_of(CAR), line, miles={("amira", "2026-27"): before})
    assert (result.allowed, str(result.tier_miles)) == (pence, miles)
    assert result.high_miles == type(result.high_miles)(high)


def test_all_cars_of_a_tax_year_use_up_one_tier_in_order_of_date() -> None:
    november = claim_line("mileage", "car", quantity="10.0", on=date(2026, 11, 7))
    october = claim_line("mileage", "car", quantity="10.0", on=date(2026, 10, 24), claim="C2")
    assert allowed(policy_of(CAR), november, october, miles={("amira", "2026-27"): "9990"}) == [250, 550]


def test_the_tax_year_changes_between_5_and_6_april_by_date_of_the_line() -> None:
    last_day = claim_line("mileage", "car", quantity="10.0", on=date(2027, 4, 5))
    first_day = claim_line("mileage", "car", quantity="10.0", on=date(2027, 4, 6), line="2")
    assert allowed(policy_of(CAR), last_day, first_day, miles={("amira", "2026-27"): "10000"}) == [250, 550]
    assert allowed(policy_of(CAR), last_day, first_day, miles={("amira", "2027-28"): "10000"}) == [550, 250]


def test_nobody_uses_up_the_tier_of_somebody_else() -> None:
    ben = claim_line("mileage", "car", quantity="10.0", contributor="ben", claim="C2")
    assert allowed(policy_of(CAR), ben, miles={("amira", "2026-27"): "10000"}) == [550]


def test_only_car_miles_use_up_the_tier() -> None:
    policy = policy_of(
        CAR,
        'kind = "mileage"\nmethod = "per_unit"\namount = "0.20"',
        'kind = "passenger"\nmethod = "per_unit"\namount = "0.05"',
    )
    lines = [
        claim_line("mileage", "bicycle", quantity="50.0"),
        claim_line("mileage", "motorcycle", quantity="50.0", line="2"),
        claim_line("passenger", quantity="50.0", line="3"),
        claim_line("mileage", "car", quantity="10.0", line="4"),
    ]
    results = priced(policy, *lines, miles={("amira", "2026-27"): "9990"})
    assert [line.allowed for line in results] == [1000, 1000, 250, 550]
    assert [line.tier_miles for line in results] == [0, 0, 0, 10]


def test_car_miles_paid_at_a_plain_rate_use_up_a_later_tier_of_the_same_year() -> None:
    policy = policy_of(
        'kind = "mileage"\nmode = "car"\nmethod = "per_unit"\namount = "0.45"\nto = 2026-09-30',
        CAR + "from = 2026-10-01",
    )
    september = claim_line("mileage", "car", quantity="10.0", on=date(2026, 9, 30))
    october = claim_line("mileage", "car", quantity="10.0", on=date(2026, 10, 1), line="2")
    assert allowed(policy, september, october, miles={("amira", "2026-27"): "9990"}) == [450, 250]


def test_miles_that_are_not_paid_use_up_nothing() -> None:
    policy = policy_of(CAR + 'receipt = "required"')
    unpaid = claim_line("mileage", "car", quantity="10.0")
    paid = claim_line("mileage", "car", quantity="10.0", line="2", receipt="LOG")
    results = priced(policy, unpaid, paid, miles={("amira", "2026-27"): "9990"})
    assert [(line.allowed, int(line.tier_miles), int(line.high_miles)) for line in results] == [
        (0, 0, 0),
        (550, 10, 10),
    ]


@pytest.mark.parametrize(
    ("rate", "line", "missing"),
    [
        (CAR, claim_line("mileage", "car"), "mileage needs a quantity: how many miles"),
        ('kind = "fare"\nmethod = "actual"', claim_line("fare", "bus"), "fare needs an amount"),
        (
            BANDS + 'boundary = "inclusive"',
            claim_line("time", "session"),
            "time needs a quantity: how many hours",
        ),
    ],
)
def test_it_refuses_a_line_without_what_the_method_needs(rate: str, line: ClaimLine, missing: str) -> None:
    with pytest.raises(PricingError, match=missing):
        allowed(policy_of(rate), line)
