"""The picture of a budget tells the same as its table, to everybody, and runs nothing."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from reports.formats.budget_picture import (
    END_AT,
    PLAN_AT,
    BudgetPosition,
    CategoryPosition,
    budget_rows,
    budget_svg,
)

SVG = "{http://www.w3.org/2000/svg}"
TRAVEL = CategoryPosition("Travel", 200_000, 80_000, 20_000, 30_000, 10_000, 40_000)
BUDGET = BudgetPosition("Bright Futures, 22 November 2026", (TRAVEL, CategoryPosition("Care", 50_000, 1)))


def drawing(*categories: CategoryPosition) -> ElementTree.Element:
    return ElementTree.fromstring(budget_svg(replace(BUDGET, categories=categories)))  # noqa: S314  # our own bytes


def bars(svg: ElementTree.Element) -> list[tuple[str, int, int]]:
    """State, start and end of each part of the bars, in hundredths of a per cent."""
    found = []
    for rect in svg.findall(f"{SVG}g/{SVG}rect"):
        start, width = (round(float(rect.get(key, "").rstrip("%")) * 100) for key in ("x", "width"))
        found.append((rect.get("fill", "")[5:-1], start, start + width))
    return found


def words(svg: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in svg.iter(f"{SVG}text")]


def test_each_state_is_drawn_in_proportion_to_the_plan() -> None:
    assert bars(drawing(TRAVEL)) == [
        ("paid", 0, 3400),
        ("in_transit", 3400, 4250),
        ("owed", 4250, 5525),
        ("claimed", 5525, 5950),
        ("committed", 5950, 7650),
        ("left", 7650, PLAN_AT),
    ]


def test_the_words_say_what_is_left_of_the_plan() -> None:
    assert "£200.00 left of £2,000.00" in words(drawing(TRAVEL))


def test_a_plan_that_is_exceeded_is_said_and_underlined_from_the_plan_on() -> None:
    over = replace(TRAVEL, committed_minor=100_000)
    svg = drawing(over)
    assert "Over the plan of £2,000.00 by £400.00" in words(svg)
    strip = [bar for bar in bars(svg) if bar[0] == "over"]
    assert [(round(start, -2), end <= END_AT) for _, start, end in strip] == [(8200, True)]
    assert "left" not in [name for name, _, _ in bars(svg)]


def test_a_plan_used_to_the_penny_is_not_exceeded() -> None:
    exact = replace(TRAVEL, committed_minor=60_000)
    assert "over" not in [name for name, _, _ in bars(drawing(exact))]
    assert "£0.00 left of £2,000.00" in words(drawing(exact))
    assert "over" in [name for name, _, _ in bars(drawing(replace(exact, owed_minor=30_001 + 200)))]


@pytest.mark.parametrize(
    "category",
    [
        CategoryPosition("Nothing", 0),
        CategoryPosition("Unplanned", 0, claimed_minor=4500),
        CategoryPosition("Far over", 1, paid_minor=10**12),
        CategoryPosition("Given back", 1000, paid_minor=-500),
        CategoryPosition("Owed little", 10**12, owed_minor=1),
    ],
)
def test_no_bar_leaves_the_picture(category: CategoryPosition) -> None:
    assert all(0 <= start < end <= END_AT for _, start, end in bars(drawing(category)))


def test_money_used_without_a_plan_is_said() -> None:
    assert "£45.00 used, nothing planned" in words(
        drawing(CategoryPosition("Unplanned", 0, claimed_minor=4500))
    )


def test_every_state_has_its_own_pattern_and_stands_in_the_legend() -> None:
    svg = drawing(TRAVEL)
    patterns = [ElementTree.tostring(item) for item in svg.iter(f"{SVG}pattern")]
    drawn = {re.sub(rb' (id|fill|stroke)="[^"]*"', b"", pattern) for pattern in patterns}
    assert len(patterns) == 7
    assert len(drawn) == 6  # without colours: paid and left are plain, one dark and one white
    for meaning in ("Paid", "In transit", "Owed", "Claimed", "Committed", "Left", "Plan", "Over the plan"):
        assert meaning in words(svg)


def test_it_has_a_title_and_a_description_in_words() -> None:
    svg = drawing(TRAVEL)
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "title desc"
    assert svg.findtext(f"{SVG}title") == "Bright Futures, 22 November 2026"
    assert svg.findtext(f"{SVG}desc") == "Travel: £200.00 left of £2,000.00."


def test_nothing_in_it_is_run_or_blocked_by_a_strict_content_policy() -> None:
    text = budget_svg(BUDGET).decode()
    assert not re.search(r"<script|<style|\bstyle=|\bon\w+=|href|<image|<foreignObject|@import", text)


def test_text_keeps_its_size_on_a_narrow_screen() -> None:
    svg = drawing(TRAVEL)
    assert svg.get("viewBox") is None
    assert svg.get("width") == "100%"
    assert int(svg.get("font-size", "0")) >= 13
    long = drawing(replace(TRAVEL, name="Replacement care, childcare and support workers for everybody"))
    assert max(len(line) for line in words(long)) < 45
    assert int(long.get("height", "0")) > int(svg.get("height", "0"))


def test_a_name_is_text_and_never_markup() -> None:
    svg = drawing(replace(TRAVEL, name="<script>&\x00"))
    assert "<script>&" in words(svg)


def test_the_same_position_gives_the_same_bytes() -> None:
    assert budget_svg(BUDGET) == budget_svg(BUDGET)
    assert budget_svg(BUDGET) != budget_svg(replace(BUDGET, categories=(TRAVEL,)))


def test_the_table_has_the_same_numbers_and_their_total_last() -> None:
    travel, care, total = budget_rows(BUDGET)
    assert (travel.plan, travel.paid, travel.in_transit) == ("£2,000.00", "£800.00", "£200.00")
    assert (travel.owed, travel.claimed, travel.committed) == ("£300.00", "£100.00", "£400.00")
    assert (travel.left, travel.over) == ("£200.00", False)
    assert care.left == "£499.99"
    assert (total.name, total.plan, total.paid, total.left) == ("Total", "£2,500.00", "£800.01", "£699.99")


def test_the_table_marks_a_plan_that_is_exceeded() -> None:
    row, total = budget_rows(replace(BUDGET, categories=(CategoryPosition("Care", 100, 101),)))
    assert (row.left, row.over, total.over) == ("−£0.01", True, True)


def test_a_budget_without_categories_is_a_legend_and_a_total_of_nothing() -> None:
    empty = replace(BUDGET, categories=())
    assert [row.left for row in budget_rows(empty)] == ["£0.00"]
    assert not bars(ElementTree.fromstring(budget_svg(empty)))  # noqa: S314  # our own bytes


def test_a_lead_sees_agreed_and_never_paid() -> None:
    categories = (CategoryPosition("Money for time", 10_000, paid_minor=2_000),)
    shown = budget_svg(BudgetPosition("Budget", categories, agreed_as_one=True)).decode()
    assert ">Agreed<" in shown
    assert not any(f">{word}<" in shown for word in ("Paid", "Owed", "In transit"))
    assert ">Paid<" in budget_svg(BudgetPosition("Budget", categories)).decode()
