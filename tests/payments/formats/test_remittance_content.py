"""A remittance advice says what was sent and why, and nothing that is not the reader's business."""

from dataclasses import fields, replace

import pytest

from payments.formats.remittance import CostLine, CostPart, Remittance, TimeLine, TimePart, remittance_pdf
from tests.payments.formats.remittance_examples import (
    BANK,
    CORA,
    DAY,
    LUNCH_REASON,
    cost_part,
    read,
    time_part,
)


def test_it_shows_every_amount_with_its_line() -> None:
    text = read(remittance_pdf(CORA))
    rows = [line.split() for line in text.splitlines()]
    assert any(row[-1:] == ["£75.00"] and "workshop" in row for row in rows)
    assert any(row[-1:] == ["£25.01"] and "workshop" in row for row in rows)
    assert any(row[-2:] == ["£4.81", "£4.81"] and "Bus" in row for row in rows)
    assert any(row[-2:] == ["£12.50", "£10.00"] and "Lunch" in row for row in rows)


def test_trap_16_time_and_costs_have_their_own_totals_and_the_total_of_both_comes_last() -> None:
    text = read(remittance_pdf(CORA))
    totals = [line.split() for line in text.splitlines() if line.startswith("Total")]
    assert totals == [
        ["Total", "for", "your", "time", "£100.01"],
        ["Total", "for", "your", "costs", "£14.81"],
        ["Total", "of", "both", "£114.82"],
    ]
    assert text.rindex("£") == text.rindex("£114.82")


def test_it_names_the_line_on_the_bank_statement_for_each_payment() -> None:
    rows = [" ".join(line.split()) for line in read(remittance_pdf(CORA)).splitlines()]
    assert "EXAMPLE COUNCIL FEE 000101 £100.01" in rows
    assert "EXAMPLE COUNCIL EXP 000101 £14.81" in rows


def test_a_payment_that_does_not_touch_a_bank_promises_no_bank_line() -> None:
    voucher = replace(time_part(2000), method="Voucher by post", bank_line="")
    text = read(remittance_pdf(replace(CORA, time=voucher, costs=None)))
    assert "bank statement" not in text
    assert "Voucher by post" in text


def _without(part: str) -> Remittance:
    return replace(CORA, time=None) if part == "time" else replace(CORA, costs=None)


@pytest.mark.parametrize(
    ("absent", "heading"), [("time", "Money for your time"), ("costs", "Money back for")]
)
def test_an_empty_part_does_not_appear_and_there_is_no_total_of_both(absent: str, heading: str) -> None:
    assert heading in read(remittance_pdf(CORA))
    text = read(remittance_pdf(_without(absent)))
    assert heading not in text
    assert "Both payments" not in text


def test_time_declined_looks_exactly_like_time_never_offered() -> None:
    declined = replace(CORA, time=time_part(0))
    never = replace(CORA, time=None)
    assert remittance_pdf(declined) == remittance_pdf(never)
    assert remittance_pdf(replace(CORA, time=time_part(1))) != remittance_pdf(never)


def test_a_line_of_nothing_has_no_row_beside_others() -> None:
    quiet = TimePart(
        (TimeLine(DAY, "Chairing", "Chair", 0), TimeLine(DAY, "Workshop", "Session", 500)), 500, BANK
    )
    text = read(remittance_pdf(replace(CORA, time=quiet)))
    assert "Workshop" in text
    assert "Chairing" not in text


def test_a_time_line_has_nowhere_to_keep_hours_or_a_claimed_value() -> None:
    assert [field.name for field in fields(TimeLine)] == ["day", "activity", "kind", "amount_minor"]


def test_a_reduced_cost_says_why() -> None:
    text = " ".join(read(remittance_pdf(CORA), "-raw").split())
    assert f"Why the amounts differ: {LUNCH_REASON}" in text
    same = replace(CORA, costs=cost_part(CostLine(DAY, "Bus", 480, 480, "C-000041")))
    assert "Why the amounts differ" not in read(remittance_pdf(same))


def test_it_refuses_a_changed_cost_without_a_reason() -> None:
    with pytest.raises(ValueError, match="C-000041 was changed without a reason"):
        CostLine(DAY, "Lunch", 1250, 1000, "C-000041", reason=" ")
    assert CostLine(DAY, "Lunch", 1000, 1000, "C-000041").reason == ""


def test_a_refused_cost_is_shown_and_no_money_is_said_to_be_sent() -> None:
    refused = CostPart((CostLine(DAY, "Taxi", 900, 0, "C-1", "The bus ran that day."),), 0, BANK)
    text = read(remittance_pdf(replace(CORA, time=None, costs=refused)))
    assert "No money is sent for these." in text
    assert "The bus ran that day." in text
    assert BANK not in text


def test_it_refuses_a_total_that_its_lines_do_not_add_up_to() -> None:
    time, cost = TimeLine(DAY, "Workshop", "Session", 700), CostLine(DAY, "Bus", 480, 480, "C-000041")
    assert TimePart((time,), 700, BANK).total_minor == 700
    assert CostPart((cost,), 480, BANK).total_minor == 480
    with pytest.raises(ValueError, match="Money for your time: the lines add up to 700, not 701"):
        TimePart((time,), 701, BANK)
    with pytest.raises(ValueError, match="Money back for your costs: the lines add up to 480, not 479"):
        CostPart((cost,), 479, BANK)


def test_it_says_whom_to_ask_who_looks_again_and_where_support_is() -> None:
    text = " ".join(read(remittance_pdf(CORA), "-raw").split())
    assert "About this payment Priya Shah 01926 000 111 or priya.shah@example.org" in text
    assert "Somebody else will decide. Dafydd Rees 01926 000 222" in text
    assert "If you want support Samira Okafor 0800 000 333 or support@example.org" in text


def test_news_of_what_changed_is_there_only_when_there_is_some() -> None:
    assert "The waiting room now has a quiet corner." in read(remittance_pdf(CORA))
    assert "What changed" not in read(remittance_pdf(replace(CORA, what_changed="")))


def test_amounts_are_in_the_currency_of_the_payment() -> None:
    text = read(remittance_pdf(replace(CORA, currency="EUR")))
    assert "€114.82" in text
    assert "£" not in text.replace(LUNCH_REASON, "").replace("£10.00 on a day", "")
