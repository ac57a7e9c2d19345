"""What may be typed in a field, and what is said when it may not."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from people.form_fields import (
    DayField,
    MoneyField,
    NumberField,
    PickField,
    TextField,
    TickField,
    UploadField,
)

RTL = "\u202e"
ARABIC_TWELVE = "\u0661\u0662"
TODAY = date(2026, 11, 23)


def refusal(field: forms.Field, typed: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    return str(caught.value.messages[0])


def a_day() -> DayField:
    return DayField("the date", latest=lambda: TODAY)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  a  b ", "a b"), ("Zoë 🚌", "Zoë 🚌"), ("e\u0301", "é"), ("سلام", "سلام")],
)
def test_text_is_made_regular(typed: str, kept: str) -> None:
    assert TextField("your note").clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter your note"),
        ("   ", "Enter your note"),
        ("x" * 201, "200 characters or fewer"),
        ("x" * 10_000_000, "200 characters or fewer"),
        ("a\x00b", "hidden control character"),
        (f"a{RTL}b", "turns its direction"),
        ("a\ud800b", "broken character"),
    ],
)
def test_text_with_hidden_marks_is_refused(typed: str, said: str) -> None:
    assert said in refusal(TextField("your note"), typed)


def test_several_lines_keep_their_breaks() -> None:
    assert TextField("your note", line=False).clean(" a\r\nb ") == "a\nb"


@pytest.mark.parametrize(
    ("typed", "minor"), [("4.20", 420), ("£1,000", 100_000), (" 5 ", 500), ("0.01", 1), ("12.5", 1250)]
)
def test_an_amount_is_read_as_people_type_it(typed: str, minor: int) -> None:
    assert MoneyField("the fare").clean(typed) == minor


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the fare"),
        ("1e3", "like 12.50"),
        ("1_000", "like 12.50"),
        (ARABIC_TWELVE, "like 12.50"),
        ("-5", "zero or more"),
        ("0", "must be £0.01 or more"),
        ("1.234", "2 figures after the point"),
        ("99999999", "or less"),
        ("nan", "like 12.50"),
        ("🚌", "like 12.50"),
        ("9" * 1_000_000, "like 12.50"),
    ],
)
def test_what_is_not_an_amount_is_refused(typed: str, said: str) -> None:
    assert said in refusal(MoneyField("the fare"), typed)


@pytest.mark.parametrize(("typed", "number"), [("2.5", "2.5"), ("1,200", "1200"), ("0.5", "0.5")])
def test_a_number_is_read_as_people_type_it(typed: str, number: str) -> None:
    assert NumberField("the hours", places=2).clean(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the hours"),
        ("1e3", "must be a number"),
        ("1_000", "must be a number"),
        (ARABIC_TWELVE, "must be a number"),
        ("-1", "must be a number"),
        ("inf", "must be a number"),
        ("1.234", "no more than 2 figures"),
        ("25", "between 0.25 and 24"),
        ("0", "between 0.25 and 24"),
        ("9" * 1_000_000, "must be a number"),
    ],
)
def test_what_is_not_such_a_number_is_refused(typed: str, said: str) -> None:
    field = NumberField("the hours", places=2, least=Decimal("0.25"), most=Decimal(24))
    assert said in refusal(field, typed)


def test_a_whole_number_has_no_point() -> None:
    assert "whole number" in refusal(NumberField("the people"), "1.5")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (("27", "3", "2026"), date(2026, 3, 27)),
        (("1", "nov", "2026"), date(2026, 11, 1)),
        (("1", "November", "2026"), date(2026, 11, 1)),
        (("23", "11", "2026"), TODAY),
    ],
)
def test_a_day_is_read_as_people_type_it(typed: tuple[str, ...], day: date) -> None:
    assert a_day().clean(typed) == day


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("", "", ""), "Enter the date"),
        (("31", "2", "2026"), "must be a real date"),
        (("24", "11", "2026"), "today or in the past"),
        (("1", "1", "1"), "4 numbers"),
        (("1", "1", "0001"), "2015 or later"),
        (("1", "1", "26"), "4 numbers"),
        (("1", "", "2026"), "must include a month"),
        (("", "", "2026"), "must include a day and month"),
        (("1", "13", "2026"), "must be a real date"),
        (("0", "1", "2026"), "must be a real date"),
        (("-1", "1", "2026"), "must be a real date"),
        ((ARABIC_TWELVE, "1", "2026"), "must be a real date"),
        (("1", "nov\x00", "2026"), "must be a real date"),
        (("1", "1", "9" * 1000), "4 numbers"),
    ],
)
def test_what_is_not_such_a_day_is_refused(typed: tuple[str, ...], said: str) -> None:
    assert said in refusal(a_day(), typed)


def test_only_an_answer_that_is_offered_can_be_picked() -> None:
    field = PickField("how you travelled", choices=[("bus", "Bus")])
    assert field.clean("bus") == "bus"
    assert refusal(field, "horse") == refusal(field, "") == "Select how you travelled"


def test_only_answers_that_are_offered_can_be_ticked() -> None:
    field = TickField("what you need", choices=[("loop", "Hearing loop"), ("lift", "Lift")])
    assert field.clean(["loop", "lift"]) == ["loop", "lift"]
    assert refusal(field, ["loop", "horse"]) == refusal(field, []) == "Select what you need"


def test_a_file_comes_as_its_bytes() -> None:
    field = UploadField(accept="image/*", most_megabytes=1)
    assert field.clean(SimpleUploadedFile("a.png", b"bytes")) == b"bytes"
    assert refusal(field, None) == refusal(field, "a.png") == "Select a file"
    assert "empty" in refusal(field, SimpleUploadedFile("a.png", b""))
    assert "smaller than 1MB" in refusal(field, SimpleUploadedFile("a.png", b"x" * 1_000_001))


@pytest.mark.parametrize(
    ("field", "known", "shown"),
    [
        (MoneyField("the fare"), 420, "4.20"),
        (MoneyField("the fare"), "4.2x", "4.2x"),
        (NumberField("the hours"), Decimal("2.50"), "2.5"),
        (DayField("the date"), date(2026, 3, 27), ("27", "3", "2026")),
        (DayField("the date"), None, ("", "", "")),
    ],
)
def test_what_is_known_stands_in_the_field_as_people_type_it(
    field: forms.Field, known: object, shown: object
) -> None:
    assert field.prepare_value(known) == shown
