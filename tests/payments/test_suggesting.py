"""What a waiting line could be: only what could be matched, the surest first, each with its reasons."""

from dataclasses import replace
from datetime import date

import pytest

from payments.models import MatchKind
from payments.suggesting import Line, Run, Sent, Strength, choice, hint, suggestions

DAY = date(2026, 11, 26)
OUT = Line(1, DAY, -730, "FPO SOMEBODY")
BACK = Line(2, DAY, 730, "CREDIT")
SENT = Sent(3, "EXP 000003", "Dev Contributor", 4, DAY, 730, None)
PAID = replace(SENT, paid_on=date(2026, 11, 24))
RUN = Run(4, 7, DAY, 730, True)


def told(
    line: Line, *payments: Sent, runs: tuple[Run, ...] = ()
) -> list[tuple[str, Strength, tuple[str, ...]]]:
    return [(each.choice, each.strength, each.reasons) for each in suggestions(line, payments, runs)]


def test_a_run_of_the_same_amount() -> None:
    assert told(OUT, runs=(RUN,)) == [("run:4", Strength.NEAR, ("Same amount as run 7, due that day",))]
    late = replace(RUN, pay_on=date(2026, 11, 2), is_whole=False)
    reason = "Same amount as what is still on its way of run 7, due 24 days before"
    assert told(OUT, runs=(late,)) == [("run:4", Strength.AMOUNT, (reason,))]
    assert told(OUT, runs=(replace(RUN, amount=731),)) == []
    assert told(BACK, runs=(RUN,)) == []


def test_a_payment_by_reference_and_amount() -> None:
    named = replace(OUT, text="EXP-000003 AND EXP 000009")
    reasons = ("Reference EXP 000003 stands in the text", "Same amount, due that day")
    assert told(named, SENT) == [("payment:3", Strength.REFERENCE, reasons)]
    assert told(OUT, SENT) == [("payment:3", Strength.NEAR, ("Same amount, due that day",))]
    assert told(OUT, PAID) == []
    assert told(named, replace(SENT, amount=731)) == []


def test_the_surest_comes_first_and_then_the_nearest_day() -> None:
    far = replace(SENT, key=5, reference="EXP 000005", pay_on=date(2026, 11, 24))
    named = replace(SENT, key=6, reference="EXP 000006", pay_on=date(2026, 10, 1))
    line = replace(OUT, text="EXP 000006 FEE")
    assert [each[0] for each in told(line, far, SENT, named)] == [
        "payment:6",
        "payment:3",
        "payment:5",
        "charge",
    ]


def test_money_back_needs_more_than_its_amount() -> None:
    assert told(BACK, PAID) == []
    says = replace(BACK, text="RETURNED NO ACCOUNT")
    reasons = ("Same amount, paid 2 days before", "The text says “returned”")
    assert told(says, PAID) == [("return:3", Strength.NEAR, reasons)]
    assert told(replace(BACK, text="EXP 000003"), PAID)[0][1] is Strength.REFERENCE
    assert told(says, SENT) == []
    assert told(says, replace(PAID, paid_on=date(2026, 11, 27))) == []


@pytest.mark.parametrize(
    ("text", "amount", "kinds"),
    [
        ("ACCOUNT CHARGE NOV", -1, [MatchKind.CHARGE]),
        ("GROSS INTEREST", 1, [MatchKind.INTEREST]),
        ("CREDIT OF FEES", 1, []),
        ("DISCHARGED COFFEE", -1, []),
    ],
)
def test_words_say_what_a_line_is(text: str, amount: int, kinds: list[MatchKind]) -> None:
    assert [each.kind for each in suggestions(Line(1, DAY, amount, text), (), ())] == kinds


def test_a_person_may_choose_what_is_not_suggested() -> None:
    assert choice(BACK, SENT) is None
    assert choice(OUT, PAID) is None
    assert choice(replace(BACK, amount=1), PAID) is None
    found = choice(BACK, PAID)
    assert found is not None
    assert (found.choice, found.title) == ("return:3", "EXP 000003 to Dev Contributor came back")


def test_what_only_half_fits_is_told() -> None:
    named = replace(OUT, text="EXP 000003")
    assert hint(replace(named, amount=-731), [SENT], "GBP").endswith("but that payment is of £7.30.")
    assert "another line has already paid it" in hint(named, [PAID], "GBP")
    assert "Match the line with which it left first" in hint(replace(BACK, text="EXP 000003"), [SENT], "GBP")
    assert hint(OUT, [SENT], "GBP") == ""
    assert hint(named, [SENT], "GBP") == ""
