"""A rate policy in plain words, as an activity sheet tells it."""

from datetime import date

import pytest

from claims.pricing.policy_file import read_policy
from claims.rate_words import costs_met
from tests.claims.paper import POLICY

HEAD = """
name = "Words"
currency = "{currency}"
late_cancellation_hours = 24
late_cancellation_share = "1.00"

[[rate]]
from = 2020-01-01
counts_as = "expense"
"""
DAY = date(2026, 11, 30)


def words(rate: str, currency: str = "GBP") -> list[tuple[str, str]]:
    return costs_met(read_policy(HEAD.format(currency=currency) + rate), DAY)


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        ('kind = "parking"\nmethod = "actual"', ("Parking", "What you paid.")),
        (
            'kind = "parking"\nmethod = "actual"\ncap = "8.00"\ncap_per = "day"\nreceipt = "required"',
            ("Parking", "What you paid, up to £8.00 a day. Keep the receipt."),
        ),
        (
            'kind = "parking"\nmethod = "actual"\nrequired_over = "5.00"',
            ("Parking", "What you paid. Keep the receipt if it is more than £5.00."),
        ),
        (
            'kind = "mileage"\nmode = "bicycle"\nmethod = "per_unit"\namount = "0.205"',
            ("Miles travelled by bicycle", "20.5p for each mile."),
        ),
        (
            'kind = "care"\nmode = "child"\nmethod = "block"\namount = "9.00"\nsize = "2"',
            ("Care for a child", "£9.00 for every 2 hours or part of them."),
        ),
        (
            'kind = "support"\nmethod = "band"\nboundary = "inclusive"\n'
            'bands = [{ up_to = 2, amount = "30.00" }, { amount = "50.00" }]',
            ("Support worker", "£30.00 for up to 2 hours, £50.00 for more."),
        ),
        (
            'kind = "online"\nmethod = "flat"\namount = "5.00"\nexcludes = ["printing"]',
            ("Taking part online", "£5.00 each time. This is for printing too."),
        ),
    ],
)
def test_each_method_reads_as_people_speak(rate: str, told: tuple[str, str]) -> None:
    assert words(rate) == [told]


def test_a_row_for_every_mode_names_them() -> None:
    assert words('kind = "fare"\nmethod = "actual"')[0][0] == "Fare (bus, train, tram, ferry or taxi)"


def test_other_currencies_keep_their_sign() -> None:
    assert words('kind = "passenger"\nmethod = "per_unit"\namount = "0.05"', "EUR") == [
        ("Passenger", "€0.05 for each mile.")
    ]


def test_money_for_time_is_not_among_the_costs_and_the_day_decides() -> None:
    policy = read_policy(POLICY)
    now, before = dict(costs_met(policy, DAY)), dict(costs_met(policy, date(2026, 4, 5)))
    assert not [title for title in now if title.startswith("Time")]
    assert now["Miles travelled by car"].startswith("55p")
    assert before["Miles travelled by car"].startswith("45p")
