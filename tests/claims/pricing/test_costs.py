"""Money back for costs: receipts, the same paper twice, what others pay, caps, and what covers what."""

from datetime import date

import pytest

from claims.pricing.lines import ClaimLine, PricingError
from claims.pricing.vocabulary import Unit
from tests.claims.pricing.builders import DAY, allowed, claim_line, policy_of, priced

FARE = policy_of('kind = "fare"\nmethod = "actual"\nreceipt = "required"')
ONLINE = 'kind = "online"\nmethod = "flat"\namount = "5.00"\nexcludes = ["printing"]'
PRINTING = 'kind = "printing"\nmethod = "actual"\nreceipt = "no"'
LUNCH = (
    'kind = "subsistence"\nmethod = "actual"\n'
    'caps = [{ over = 10, amount = "10.70" }, { over = 5, amount = "4.90" }]'
)


def fare(pence: int, receipt: str = "", **values: object) -> ClaimLine:
    return claim_line("fare", "bus", amount=pence, receipt=receipt, **values)


def test_actual_pays_what_was_spent() -> None:
    (result,) = priced(FARE, fare(500, "R1"))
    assert (result.allowed, result.reason, result.counts_as) == (500, "", "expense")


def test_a_missing_receipt_pays_nothing_and_says_why() -> None:
    (result,) = priced(FARE, fare(500))
    assert (result.allowed, result.reason) == (
        0,
        "We need the receipt, or a few words about why there is none, to pay this.",
    )


def test_a_lost_receipt_with_a_reason_counts_as_a_receipt() -> None:
    assert allowed(FARE, fare(500, receipt_lost=True)) == [500]


@pytest.mark.parametrize(("pence", "paid"), [(1000, 1000), (1001, 0)])
def test_only_amounts_above_the_limit_need_a_receipt(pence: int, paid: int) -> None:
    policy = policy_of('kind = "fare"\nmethod = "actual"\nrequired_over = "10.00"')
    (result,) = priced(policy, fare(pence))
    assert result.allowed == paid
    assert ("For more than £10.00 we need the receipt" in result.reason) == (paid == 0)


def test_required_over_looks_at_the_receipt_not_at_the_rest_of_it() -> None:
    policy = policy_of('kind = "fare"\nmethod = "actual"\nrequired_over = "10.00"\ncap = "5.00"')
    assert allowed(policy, fare(1001, funded_elsewhere=900)) == [0]
    assert allowed(policy, fare(1001, "R1", funded_elsewhere=900)) == [101]


def test_the_same_paper_is_paid_once_whoever_shows_it_and_the_first_is_named() -> None:
    later = fare(2650, "R9", claim="C1", on=date(2026, 11, 3))
    first = fare(2650, "R9", claim="C2", line="4", contributor="ben", on=date(2026, 11, 2))
    third = fare(2650, "R9", claim="C3", contributor="carys", on=date(2026, 11, 4))
    results = priced(FARE, later, first, third)
    assert [line.allowed for line in results] == [0, 2650, 0]
    assert results[0].reason == results[2].reason == "The same receipt is already on claim C2, line 4."


def test_the_same_paper_on_one_day_is_paid_in_file_order() -> None:
    assert allowed(FARE, fare(500, "R1", line="2"), fare(500, "R1", line="1")) == [500, 0]


def test_lost_is_no_handle_so_two_lost_receipts_are_two_papers() -> None:
    assert allowed(FARE, fare(500, receipt_lost=True), fare(700, line="2", receipt_lost=True)) == [500, 700]


def test_one_paper_may_show_costs_of_two_kinds() -> None:
    policy = policy_of('kind = "fare"\nmethod = "actual"', 'kind = "parking"\nmethod = "actual"')
    parking = claim_line("parking", line="2", amount=300, receipt="R1")
    assert allowed(policy, fare(500, "R1"), parking) == [500, 300]


def test_the_same_paper_counts_also_where_no_receipt_is_needed() -> None:
    policy = policy_of('kind = "fare"\nmethod = "actual"')
    assert allowed(policy, fare(500, "R1"), fare(500, "R1", line="2")) == [500, 0]


def test_what_somebody_else_pays_is_taken_off_first_and_caps_apply_to_the_rest() -> None:
    policy = policy_of('kind = "care"\nmethod = "actual"\ncap = "100.00"')
    care = claim_line("care", "adult", amount=13050, funded_elsewhere=4350)
    assert [(line.allowed, line.reason) for line in priced(policy, care)] == [(8700, "")]
    dearer = claim_line("care", "adult", amount=15000, funded_elsewhere=4350)
    assert allowed(policy, dearer) == [10000]


@pytest.mark.parametrize("funded", [500, 900])
def test_nothing_is_left_where_somebody_else_pays_all_of_it(funded: int) -> None:
    (result,) = priced(FARE, fare(500, "R1", funded_elsewhere=funded))
    assert result.allowed == 0
    assert (
        result.reason == f"Somebody else pays £{funded / 100:.2f} of this, so nothing is left for us to pay."
    )


def test_what_somebody_else_pays_is_taken_off_a_rate_too() -> None:
    policy = policy_of('kind = "mileage"\nmethod = "per_unit"\namount = "0.45"')
    assert allowed(policy, claim_line("mileage", "car", quantity="10.0", funded_elsewhere=100)) == [350]


@pytest.mark.parametrize(("pence", "paid"), [(2499, 2499), (2500, 2500), (2501, 2500)])
def test_a_cap_is_per_line_unless_it_says_otherwise(pence: int, paid: int) -> None:
    policy = policy_of('kind = "fare"\nmethod = "actual"\ncap = "25.00"')
    results = priced(policy, fare(pence, "R1"), fare(pence, "R2", line="2"))
    assert [line.allowed for line in results] == [paid, paid]
    assert results[0].reason == ("" if paid == pence else "The most we can pay for this is £25.00.")


def test_a_cap_per_hour_counts_the_hours_of_the_line() -> None:
    policy = policy_of('kind = "care"\nmethod = "actual"\ncap = "7.00"\ncap_per = "hour"')
    result = priced(
        policy,
        claim_line("care", "child", quantity="2.5", amount=1750),
        claim_line("care", "child", line="2", quantity="2.5", amount=1751),
    )
    assert [line.allowed for line in result] == [1750, 1750]
    assert result[1].reason == "The most we can pay for this for each hour is £7.00."


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (claim_line("parking", amount=100), "parking needs a quantity"),
        (claim_line("parking", amount=100, quantity="1", unit=Unit.MEETING), "its quantity must be in hours"),
    ],
)
def test_it_refuses_a_cap_per_hour_without_hours(line: ClaimLine, said: str) -> None:
    policy = policy_of('kind = "parking"\nmethod = "actual"\ncap = "2.00"\ncap_per = "hour"')
    with pytest.raises(PricingError, match=f"Claim C1, line 1, 2026-11-10: .*{said}"):
        allowed(policy, line)


def test_a_cap_per_day_is_used_up_over_the_claims_of_one_person() -> None:
    policy = policy_of('kind = "fare"\nmethod = "actual"\ncap = "10.00"\ncap_per = "day"')
    lines = [
        fare(600, claim="C1"),
        fare(600, claim="C2"),
        fare(100, claim="C3"),
        fare(600, claim="C4", contributor="ben"),
        fare(600, claim="C5", on=date(2026, 11, 11)),
    ]
    results = priced(policy, *lines)
    assert [line.allowed for line in results] == [600, 400, 0, 600, 600]
    assert results[1].reason == (
        "The most we can pay for this in one day is £10.00, and £6.00 of it is on another line."
    )


def test_a_cap_per_claim_is_used_up_over_the_days_of_one_claim() -> None:
    policy = policy_of('kind = "fare"\nmethod = "actual"\ncap = "25.00"\ncap_per = "claim"')
    lines = [fare(2000, on=date(2026, 11, 11)), fare(2000, line="2"), fare(2000, claim="C2")]
    assert allowed(policy, *lines) == [500, 2000, 2000]


def test_each_rate_row_has_its_own_cap() -> None:
    row = 'kind = "fare"\nmethod = "actual"\ncap = "10.00"\ncap_per = "claim"\n'
    policy = policy_of(row + 'mode = "taxi"', row, row + 'mode = "bus"')
    taxi = claim_line("fare", "taxi", amount=900)
    train, tram = (claim_line("fare", mode, line=mode, amount=900) for mode in ("train", "tram"))
    assert allowed(policy, taxi, train, tram, fare(900, line="4")) == [900, 900, 100, 900]


@pytest.mark.parametrize(
    ("away", "paid", "reason"),
    [
        ("5", 0, "We can pay this when you are away over 5 hours, and you were away 5."),
        ("5.01", 490, "The most we can pay for this when you are away over 5 hours is £4.90."),
        ("10", 490, "The most we can pay for this when you are away over 5 hours is £4.90."),
        ("10.01", 1070, "The most we can pay for this when you are away over 10 hours is £10.70."),
    ],
)
def test_the_highest_cap_whose_hours_are_exceeded_applies(away: str, paid: int, reason: str) -> None:
    (result,) = priced(policy_of(LUNCH), claim_line("subsistence", amount=2000, hours_away=away))
    assert (result.allowed, result.reason) == (paid, reason)


def test_a_cap_by_hours_away_is_per_person_and_day() -> None:
    lines = [
        claim_line("subsistence", amount=400, hours_away="6"),
        claim_line("subsistence", amount=400, hours_away="6", claim="C2"),
        claim_line("subsistence", amount=2000, hours_away="11", claim="C3"),
        claim_line("subsistence", amount=400, hours_away="6", claim="C4", contributor="ben"),
        claim_line("subsistence", amount=400, hours_away="6", claim="C5", on=date(2026, 11, 11)),
    ]
    assert allowed(policy_of(LUNCH), *lines) == [400, 90, 580, 400, 400]


def test_it_refuses_a_line_without_hours_away_where_the_rate_has_caps() -> None:
    with pytest.raises(PricingError, match="Claim C1, line 1, 2026-11-10: subsistence needs hours_away"):
        allowed(policy_of(LUNCH), claim_line("subsistence", amount=400))


def test_an_online_meeting_covers_printing_of_that_day_whatever_their_order() -> None:
    policy = policy_of(PRINTING, ONLINE)
    online = claim_line("online", quantity="1")
    printing = claim_line("printing", line="2", amount=280)
    again = claim_line("printing", line="3", claim="C2", amount=100)
    for lines in ([online, printing, again], [printing, again, online], [again, online, printing]):
        results = {line.line: line for line in priced(policy, *lines)}
        assert [results[line].allowed for line in "123"] == [500, 0, 0]
        assert results["2"].reason == "The money for meeting online that day already covers this."


def test_it_covers_nothing_for_somebody_else_or_another_day() -> None:
    online = claim_line("online", quantity="1")
    ben = claim_line("printing", claim="C2", contributor="ben", amount=280)
    tomorrow = claim_line("printing", line="3", on=date(2026, 11, 11), amount=280)
    assert allowed(policy_of(PRINTING, ONLINE), online, ben, tomorrow) == [500, 280, 280]


def test_a_line_that_is_allowed_nothing_covers_nothing() -> None:
    policy = policy_of(PRINTING, ONLINE + '\nreceipt = "required"')
    printing = claim_line("printing", line="2", amount=280)
    assert allowed(policy, claim_line("online", quantity="1"), printing) == [0, 280]


def test_a_line_that_is_covered_itself_covers_nothing() -> None:
    policy = policy_of(
        'kind = "other"\nmethod = "flat"\namount = "9.00"\nexcludes = ["online"]', PRINTING, ONLINE
    )
    printing = claim_line("printing", line="2", amount=280)
    day_rate = claim_line("other", line="3")
    assert allowed(policy, printing, claim_line("online"), day_rate) == [280, 0, 900]


def test_a_cost_of_nothing_is_allowed_as_asked() -> None:
    (result,) = priced(FARE, fare(0, "R1"))
    assert (result.allowed, result.reason, result.shares) == (0, "", ())


@pytest.mark.parametrize("name", ["amount", "funded_elsewhere"])
def test_it_refuses_a_negative_amount_by_name(name: str) -> None:
    line = claim_line("fare", "bus", receipt="R1", **({"amount": 500} | {name: -1}))
    with pytest.raises(PricingError, match=f"Claim C1, line 1, {DAY}: {name} must be zero or more"):
        allowed(FARE, line)
