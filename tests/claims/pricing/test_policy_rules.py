"""A policy is refused whole, with every problem named by row, key and date."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from claims.pricing.policy import Policy, PolicyError, Rate
from claims.pricing.policy_file import read_policy
from claims.pricing.policy_rules import check
from claims.pricing.vocabulary import CountsAs, Kind, Method, Mode
from tests.claims.pricing.builders import DEMO, policy_of, policy_text

FARE = 'kind = "fare"\nmethod = "actual"\n'
BUS = FARE + 'mode = "bus"\n'
BAND = 'kind = "time"\nmethod = "band"\nboundary = "inclusive"\n'
MILES = 'kind = "mileage"\nmethod = "per_unit"\namount = "0.45"\n'
TIER = 'kind = "mileage"\nmethod = "tier"\namount = "0.45"\nfirst = 10000\nthen = "0.25"\n'
BLOCK = 'kind = "time"\nmethod = "block"\namount = "20.00"\nsize = 3\n'
ONLINE = 'kind = "online"\nmethod = "flat"\namount = "5.00"\n'


def problems(*rows: str) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as refused:
        policy_of(*rows)
    return refused.value.problems


def test_it_reads_the_example_policy() -> None:
    policy = read_policy("\ufeff" + (DEMO / "policy.toml").read_text(encoding="utf-8"))
    assert (policy.name, policy.currency, len(policy.rates)) == (
        "Example involvement payments policy",
        "GBP",
        15,
    )
    assert policy.rates[1].amount == Decimal("0.55")
    assert policy.rates[9].caps[0].over == 5


def test_rows_that_follow_each_other_are_accepted_in_any_order() -> None:
    policy = policy_of(
        MILES + "from = 2026-04-06",
        MILES + "from = 2011-04-06\nto = 2020-12-31",
        MILES + "from = 2021-01-01\nto = 2026-04-05",
    )
    assert policy.position(Kind.MILEAGE, Mode.CAR, date(2026, 4, 6)) == 0
    assert policy.position(Kind.MILEAGE, Mode.CAR, date(2026, 4, 5)) == 2
    assert policy.position(Kind.MILEAGE, Mode.CAR, date(2011, 4, 5)) is None


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("to = 2026-04-06", "from = 2026-04-06", "overlap from 2026-04-06 to 2026-04-06."),
        ("", "from = 2026-04-06", "overlap from 2026-04-06."),
        ("", "from = 2026-04-06\nto = 2026-05-01", "overlap from 2026-04-06 to 2026-05-01."),
        ("to = 2026-04-04", "from = 2026-04-06", "leave a hole from 2026-04-05 to 2026-04-05."),
    ],
)
def test_overlap_and_hole_are_refused_with_both_rows_and_the_dates(
    first: str, second: str, said: str
) -> None:
    (problem,) = problems(FARE, MILES + second, MILES + "from = 2011-04-06\n" + first)
    assert problem.startswith("Rate rows 3 (mileage, from 2011-04-06")
    assert "and 2 (mileage, from 2026-04-06" in problem
    assert problem.endswith(said)


def test_rows_of_different_modes_do_not_overlap() -> None:
    assert len(policy_of(BUS, FARE + 'mode = "train"', FARE).rates) == 3


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (FARE.replace("fare", "fares"), "Rate row 1 (fares): kind: “fares” is not known: use mileage, "),
        (FARE + 'mode = "bike"', "Rate row 1 (fare, bike): mode: “bike” is not known: use car, "),
        (FARE + 'mode = "car"', "Rate row 1 (fare, car): mode: “car” is not a mode of fare: use bus, "),
        (ONLINE + 'mode = "car"', "mode: online has no modes, so “car” does not belong here."),
        (FARE.replace("actual", "actually"), "method: “actually” is not known: use per_unit, "),
        (FARE + 'colour = "red"', "Rate row 1 (fare): “colour” is not a key that is known here: use kind, "),
        (FARE + 'counts_as = "pay"', "counts_as: “pay” is not known: use fee or expense."),
        (FARE + 'receipt = "maybe"', "receipt: “maybe” is not known: use required or no."),
        (
            FARE + 'cap = "5.00"\ncap_per = "week"',
            "cap_per: “week” is not known: use line, hour, day or claim.",
        ),
        (BAND + 'bands = [{ amount = "5.00", upto = 4 }]', "bands: “upto” is not a key that is known here"),
        (BAND + "bands = [{ up_to = 4 }]", "bands: amount: is missing."),
        (FARE + 'caps = [{ amount = "5.00" }]', "caps: over: is missing."),
        (ONLINE + 'excludes = ["paper"]', "excludes: “paper” is not known: use mileage, "),
    ],
)
def test_unknown_words_are_refused_by_name(row: str, said: str) -> None:
    assert any(said in problem for problem in problems(row))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('kind = 5\nmethod = "actual"', "Rate row 1: kind: must be text in quotation marks."),
        (FARE + 'from = "2026-04-06"', "from: must be a date without quotation marks"),
        (FARE + "from = 2026-04-06T00:00:00", "from: must be a date without quotation marks"),
        (MILES.replace('"0.45"', "true"), "amount: must be a number of zero or more"),
        (MILES.replace('"0.45"', '"45p"'), "amount: must be a number of zero or more"),
        (MILES.replace('"0.45"', '"-0.45"'), "amount: must be a number of zero or more"),
        (MILES.replace('"0.45"', "-0.45"), "amount: -0.45 is not a number of zero or more."),
        (MILES.replace('"0.45"', "nan"), "amount: NaN is not a number of zero or more."),
        (MILES.replace('"0.45"', "inf"), "amount: Infinity is not a number of zero or more."),
        (BAND + 'bands = "82.50"', "bands: must be a list of tables."),
        (BAND + 'bands = ["82.50"]', "bands: must be a list of tables."),
        (ONLINE + 'excludes = "printing"', "excludes: must be a list of kinds."),
    ],
)
def test_wrong_types_are_refused_by_name(row: str, said: str) -> None:
    assert any(said in problem for problem in problems(row))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (MILES.replace('"0.45"', "0"), "amount: must be above zero"),
        (MILES.replace('"0.45"', '"0.12345"'), "amount: has at most 4 decimal places."),
        (MILES.replace('"0.45"', '"10000001"'), "amount: must be above zero and at most 10,000,000."),
        (TIER.replace("10000", "0"), "first: must be above zero"),
        (BLOCK.replace("size = 3", "size = 0"), "size: must be above zero"),
        (FARE + "cap = 0", "cap: must be above zero"),
        (FARE + 'cap = "5.005"', "cap: has at most 2 decimal places."),
        (FARE + 'required_over = "5.005"', "required_over: has at most 2 decimal places."),
        (FARE + "caps = [{ over = 5, amount = 0 }]", "caps: amount: must be above zero"),
        (
            FARE + 'caps = [{ over = 5, amount = "1" }, { over = 5.0, amount = "2" }]',
            "caps: two rows have the same",
        ),
        (BAND + 'bands = [{ up_to = 0, amount = "1" }]', "bands: up_to: must be above zero"),
        (BAND + 'bands = [{ up_to = 4, amount = "0" }]', "bands: amount: must be above zero"),
        (BAND + "bands = []", "bands: at least one is needed for method band."),
        (
            BAND + 'bands = [{ amount = "1" }, { amount = "2" }]',
            "bands: only the last band may have no up_to.",
        ),
        (
            BAND + 'bands = [{ up_to = 4, amount = "1" }, { up_to = 4, amount = "2" }]',
            "bands: up_to must rise from band to band, and 4 comes after 4.",
        ),
        (FARE + "to = 2019-12-31", "to: 2019-12-31 is before from, 2020-01-01."),
        (TIER.replace("mileage", "passenger"), "method: tier counts the miles of a tax year"),
        (ONLINE + 'excludes = ["printing", "printing"]', "excludes: a kind is named twice."),
        (ONLINE + 'excludes = ["online"]', "excludes: online may not cover each other or themselves."),
        (ONLINE + 'cap_per = "day"', "cap_per: there is no cap."),
        (MILES + 'cap = "5.00"', "cap: is used only by method actual"),
        (MILES + 'required_over = "5.00"', "required_over: is used only by method actual"),
        (MILES + 'boundary = "inclusive"', "boundary: is not used by method per_unit."),
        (MILES + 'bands = [{ amount = "1" }]', "bands: is not used by method per_unit."),
        (FARE + 'amount = "5.00"', "amount: is not used by method actual."),
        (MILES + "first = 5", "first: is not used by method per_unit."),
        (FARE + 'receipt = "no"\nrequired_over = "5.00"', "required_over: stands instead of receipt"),
        (
            'kind = "online"\nmethod = "actual"\ncap = "5.00"\ncap_per = "hour"',
            "cap_per: online is not counted in hours.",
        ),
    ],
)
def test_rows_that_make_no_sense_are_refused_by_key(row: str, said: str) -> None:
    assert any(problem.startswith("Rate row 1 (") or "excludes" in problem for problem in problems(row))
    assert any(said in problem for problem in problems(row))


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (MILES, "amount"),
        (TIER, "amount"),
        (TIER, "first"),
        (TIER, "then"),
        (BLOCK, "size"),
        (ONLINE, "amount"),
        (BAND + 'bands = [{ amount = "1" }]', "boundary"),
        (BAND + 'bands = [{ amount = "1" }]', "bands"),
        (FARE, "method"),
        (FARE, "kind"),
    ],
)
def test_a_missing_key_is_named(row: str, key: str) -> None:
    assert policy_of(row)
    without = "\n".join(line for line in row.splitlines() if not line.startswith(f"{key} ="))
    assert any(f"{key}: is missing" in problem for problem in problems(without))


@pytest.mark.parametrize("key", ["name", "currency", "late_cancellation_hours", "late_cancellation_share"])
def test_a_missing_key_at_the_top_is_named(key: str) -> None:
    text = "\n".join(line for line in policy_text(FARE).splitlines() if not line.startswith(key))
    with pytest.raises(PolicyError, match=f"^{key}: is missing.$"):
        read_policy(text)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"GBP"', '"GPB"', "currency: “GPB” is not a currency code."),
        ('"Test"', '" "', "name: say what the policy is called."),
        ("hours = 24", "hours = 10000", "late_cancellation_hours: must be above zero and at most 9,999."),
        ('"1.00"', '"1.01"', "late_cancellation_share: must be above zero and at most 1."),
        ('"1.00"', "-1", "late_cancellation_share: -1 is not a number"),
        ('name = "Test"', 'name = "Test"\nauthor = "A"', "“author” is not a key that is known here"),
        ('name = "Test"', "name = ", "The policy is not a TOML file that can be read: "),
        ("[[rate]]", "[rate]", "rate: must be a list of tables."),
    ],
)
def test_what_is_wrong_at_the_top_is_named(old: str, new: str, said: str) -> None:
    text = policy_text(FARE)
    assert old in text
    with pytest.raises(PolicyError) as refused:
        read_policy(text.replace(old, new))
    assert any(said in problem for problem in refused.value.problems)


def test_a_policy_without_rates_is_refused() -> None:
    assert problems() == ("rate: is missing.",)


def test_two_kinds_that_cover_each_other_are_refused() -> None:
    (problem,) = problems(
        ONLINE + 'excludes = ["printing"]', 'kind = "printing"\nmethod = "actual"\nexcludes = ["online"]'
    )
    assert problem == "excludes: online and printing may not cover each other or themselves."


def test_every_problem_is_told_at_once() -> None:
    assert len(problems(FARE + 'mode = "bike"', MILES + "size = -1", FARE + 'colour = "red"')) == 3


def test_nothing_more_after_the_first_miles_is_a_policy() -> None:
    assert policy_of(TIER.replace('"0.25"', "0")).rates[0].then == 0


def test_a_policy_built_in_code_meets_the_same_rules() -> None:
    row = Rate(Kind.FARE, Method.ACTUAL, CountsAs.EXPENSE, date(2020, 1, 1))
    policy = Policy("Built", "GBP", Decimal(24), Decimal(1), (row,))
    assert check(policy) is policy
    for wrong in (
        replace(row, method=Method.FLAT),
        replace(row, mode=Mode.CAR),
        replace(row, cap=Decimal("NaN")),
        replace(row, boundary=row.boundary, size=Decimal(3)),
    ):
        with pytest.raises(PolicyError, match=r"Rate row 1 \(fare"):
            check(replace(policy, rates=(wrong,)))
    with pytest.raises(PolicyError, match="the policy has no"):
        check(replace(policy, rates=()))
