"""Money for time: the answer to the offer, a cancellation by the organisation, shares between projects."""

from datetime import date
from typing import Any

import pytest

from claims.pricing.lines import PricedLine, PricingError
from tests.claims.pricing.builders import claim_line, policy_of, priced

SESSION = 'kind = "time"\nmode = "session"\nmethod = "flat"\namount = "82.50"\ncounts_as = "fee"'
FARE = 'kind = "fare"\nmethod = "actual"'


def fee(*, hours: str = "24", share: str = '"1.00"', **values: Any) -> PricedLine:
    (result,) = priced(policy_of(SESSION, hours=hours, share=share), claim_line("time", "session", **values))
    return result


def test_an_accepted_fee_is_the_policys() -> None:
    assert (fee().allowed, fee().counts_as, fee().reason) == (8250, "fee", "")


def test_a_declined_fee_pays_nothing_and_says_so_neutrally() -> None:
    assert (fee(declined=True).allowed, fee(declined=True).counts_as) == (0, "fee")
    assert fee(declined=True).reason == "You chose not to take this money."


@pytest.mark.parametrize(("most", "paid"), [(8249, 8249), (8250, 8250), (8251, 8250), (1, 1)])
def test_an_answer_of_less_pays_at_most_that(most: int, paid: int) -> None:
    assert (fee(at_most=most).allowed, fee(at_most=most).reason) == (paid, "")


def test_an_answer_of_less_than_a_penny_is_declining() -> None:
    assert (fee(at_most=0).allowed, fee(at_most=0).reason) == (0, "You chose not to take this money.")


@pytest.mark.parametrize(("notice", "paid"), [((0, 0), 8250), ((23, 59), 8250), ((24, 0), 0), ((24, 1), 0)])
def test_exactly_24_hours_of_notice_is_not_late(notice: tuple[int, int], paid: int) -> None:
    assert fee(notice=notice).allowed == paid


def test_a_cancellation_in_good_time_says_why_no_fee_is_due() -> None:
    assert fee(notice=(24, 0)).reason == (
        "This was cancelled at least 24 hours before, so there is no money for the time."
    )


def test_the_notice_may_be_set_in_parts_of_an_hour() -> None:
    assert fee(hours="1.5", notice=(1, 29)).allowed == 8250
    assert fee(hours="1.5", notice=(1, 30)).allowed == 0


def test_a_late_cancellation_leaves_the_share_of_the_policy_rounded_once() -> None:
    late = fee(share='"0.3333"', notice=(1, 0))
    assert late.allowed == 2750  # 8250 x 0.3333 = 2749.725
    assert late.reason == "This was cancelled less than 24 hours before, so 33.33% of the money is due."


def test_the_answer_and_the_late_share_both_limit_the_fee() -> None:
    assert fee(share='"0.5"', notice=(1, 0), at_most=5000).allowed == 4125
    limited = fee(share='"0.5"', notice=(1, 0), at_most=4000)
    assert (limited.allowed, limited.reason) == (4000, "")
    as_asked = fee(share='"0.5"', notice=(1, 0), at_most=4125)
    assert (as_asked.allowed, as_asked.reason) == (4125, "")


def test_a_share_of_nothing_pays_nothing() -> None:
    late = fee(share="0", notice=(1, 0))
    assert (late.allowed, late.reason) == (
        0,
        "This was cancelled less than 24 hours before, so none of the money is due.",
    )


def test_the_share_does_not_touch_a_fee_that_was_not_cancelled() -> None:
    assert fee(share='"0.5"').allowed == 8250


@pytest.mark.parametrize(
    "values", [{"notice": (24, 0)}, {"notice": (1, 0)}, {"declined": True}, {"at_most": 1}]
)
def test_costs_are_paid_whatever_became_of_the_fee(values: dict[str, Any]) -> None:
    (result,) = priced(policy_of(FARE, share='"0.5"'), claim_line("fare", "train", amount=2380, **values))
    assert (result.allowed, result.reason) == (2380, "")


def test_a_declined_fee_covers_no_cost() -> None:
    policy = policy_of(SESSION + '\nexcludes = ["fare"]', FARE)
    train = claim_line("fare", "train", line="2", amount=2380)
    taken = priced(policy, train, claim_line("time", "session"))
    declined = priced(policy, train, claim_line("time", "session", declined=True))
    assert [line.allowed for line in taken] == [0, 8250]
    assert [line.allowed for line in declined] == [2380, 0]


def test_shares_sum_to_the_line_with_ties_to_the_earlier_project() -> None:
    (result,) = priced(
        policy_of(FARE), claim_line("fare", "taxi", amount=2650, shares=(("B", 1), ("A", 1), ("C", 1)))
    )
    assert result.shares == (("B", 884), ("A", 883), ("C", 883))


def test_the_largest_remainder_has_the_odd_penny() -> None:
    (result,) = priced(policy_of(FARE), claim_line("fare", "taxi", amount=100, shares=(("A", 1), ("B", 2))))
    assert result.shares == (("A", 33), ("B", 67))


def test_a_line_that_pays_nothing_has_no_shares() -> None:
    assert fee(declined=True, shares=(("A", 1),)).shares == ()
    assert fee(shares=(("A", 1),)).shares == (("A", 8250),)


def test_it_refuses_a_share_without_weight() -> None:
    with pytest.raises(PricingError, match="shares need weights above zero"):
        fee(shares=(("A", 0), ("B", 1)))


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2027, 1, 1)])
def test_a_day_without_a_rate_in_force_is_an_error_with_claim_line_and_date(day: date) -> None:
    policy = policy_of(SESSION + "\nto = 2026-12-31")
    for first_and_last in (date(2020, 1, 1), date(2026, 12, 31)):
        assert priced(policy, claim_line("time", "session", on=first_and_last))
    with pytest.raises(
        PricingError,
        match=f"Claim C1, line 1, {day}: the policy has no rate for time, session in force on that day",
    ):
        priced(policy, claim_line("time", "session", on=day))


def test_every_line_that_cannot_be_priced_is_named() -> None:
    lines = [claim_line("fare", "bus", line=str(number)) for number in range(1, 4)]
    with pytest.raises(PricingError) as refused:
        priced(policy_of(FARE), *lines, claim_line("fare", "bus", line="4", amount=1))
    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        f"Claim C1, line {number}, 2026-11-10" for number in range(1, 4)
    ]


def test_a_row_without_mode_prices_the_modes_that_have_no_row_at_any_date() -> None:
    policy = policy_of(
        SESSION + "\nfrom = 2026-11-01", 'kind = "time"\nmethod = "flat"\namount = "10.00"\ncounts_as = "fee"'
    )
    assert priced(policy, claim_line("time", "debrief"))[0].allowed == 1000
    assert priced(policy, claim_line("time", "session"))[0].allowed == 8250
    with pytest.raises(PricingError, match="no rate for time, session"):
        priced(policy, claim_line("time", "session", on=date(2026, 10, 31)))
