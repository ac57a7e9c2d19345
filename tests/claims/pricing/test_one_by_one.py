"""Lines that are decided one by one come to the same as lines priced together."""

from datetime import date
from decimal import Decimal

from claims.pricing.claims_file import read_claims, read_declarations
from claims.pricing.lines import ClaimLine, Decided
from claims.pricing.policy import Policy
from claims.pricing.policy_file import read_policy
from claims.pricing.pricing import price
from common.dates import tax_year
from tests.claims.pricing.builders import DEMO, allowed, claim_line, policy_of, priced

CAPPED = policy_of(
    'kind = "fare"\nmethod = "actual"\ncap = "10.00"\ncap_per = "day"',
    'kind = "parking"\nmethod = "actual"\ncap = "10.00"\ncap_per = "claim"',
    'kind = "online"\nmethod = "flat"\namount = "5.00"\nexcludes = ["printing"]',
    'kind = "printing"\nmethod = "actual"',
)


def one_by_one(policy: Policy, lines: list[ClaimLine], miles: dict[tuple[str, str], Decimal]) -> list[int]:
    """Price each line with what was decided before it as the only context."""
    decided: list[Decided] = []
    miles = dict(miles)
    for line in lines:
        (result,) = price(policy, [line], miles, decided)
        decided.append(Decided(line, result.allowed))
        key = (line.contributor, tax_year(line.on))
        miles[key] = miles.get(key, Decimal(0)) + result.tier_miles
    return [decision.allowed for decision in decided]


def test_the_worked_claims_come_to_the_same_one_by_one() -> None:
    policy = read_policy((DEMO / "policy.toml").read_text(encoding="utf-8"))
    lines = read_claims((DEMO / "claims.csv").read_text(encoding="utf-8"))
    miles = read_declarations((DEMO / "declarations.csv").read_text(encoding="utf-8"))
    assert one_by_one(policy, lines, miles) == [line.allowed for line in price(policy, lines, miles)]


def test_caps_receipts_and_covered_days_are_used_up_by_what_was_decided_before() -> None:
    lines = [
        claim_line("fare", "bus", amount=700),
        claim_line("fare", "bus", claim="C2", amount=700),
        claim_line("parking", line="2", amount=700, receipt="R1"),
        claim_line("parking", line="3", on=date(2026, 11, 11), amount=700),
        claim_line("parking", claim="C9", contributor="ben", on=date(2026, 11, 12), amount=700, receipt="R1"),
        claim_line("online", line="4"),
        claim_line("printing", line="5", amount=280),
    ]
    assert one_by_one(CAPPED, lines, {}) == allowed(CAPPED, *lines) == [700, 300, 700, 300, 0, 500, 0]


def test_a_cost_that_was_paid_before_the_line_that_covers_it_is_taken_off_once() -> None:
    printing = claim_line("printing", amount=280)
    online = claim_line("online", line="2")
    first = priced(CAPPED, online, already=(Decided(printing, 280),))[0]
    assert first.allowed == 220
    assert first.reason == "£2.80 of this was already paid on another line for that day."
    second = claim_line("online", line="3")
    assert allowed(CAPPED, second, already=(Decided(printing, 280), Decided(online, 220))) == [500]
    together = allowed(CAPPED, printing, online, second)
    assert sum(together) == 280 + 220 + 500


def test_a_line_decided_under_rates_that_are_gone_still_holds_its_receipt() -> None:
    before_the_policy = claim_line("fare", "bus", on=date(2019, 1, 1), amount=500, receipt="R1")
    again = claim_line("fare", "bus", claim="C2", amount=500, receipt="R1")
    assert allowed(CAPPED, again, already=(Decided(before_the_policy, 500),)) == [0]
