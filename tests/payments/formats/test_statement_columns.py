"""The saved description of a bank's file: kept as JSON, refused by the name of the setting."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from payments.formats.statement_columns import ColumnMap, ColumnMapError

COLUMNS = ColumnMap(
    date="Date",
    description="Détails",
    reference="Ref",
    paid_in="Paid in",
    paid_out="Paid out",
    balance="Balance",
    date_format="dd mmm yyyy",
    money_out="positive",
    lines_above=4,
    delimiter="\t",
    encoding="cp1252",
)


def test_it_is_saved_and_read_back_unchanged() -> None:
    assert ColumnMap.from_json(COLUMNS.to_json()) == COLUMNS


def test_settings_left_out_have_their_usual_values() -> None:
    saved = {
        "date": "D",
        "description": "T",
        "amount": "A",
        "date_format": "dd/mm/yyyy",
        "money_out": "negative",
    }
    read = ColumnMap.from_json(json.dumps(saved))
    assert (read.has_header, read.delimiter, read.encoding, read.currency) == (True, ",", "utf-8-sig", "GBP")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"date": ""}, "“date” needs the name of a column"),
        ({"description": "  "}, "“description” needs the name of a column"),
        ({"amount": "Amount"}, "not a mixture"),
        ({"paid_in": ""}, "not a mixture"),
        ({"paid_in": "", "paid_out": ""}, "not a mixture"),
        ({"reference": "Date"}, "“Date” is used for two things"),
        ({"date_format": "%d/%m/%Y"}, "“date_format” must be one of"),
        ({"money_out": "minus"}, "“money_out” must be one of"),
        ({"delimiter": ":"}, "“delimiter” must be one of"),
        ({"encoding": "utf-7"}, "“encoding” must be one of"),
        ({"currency": "£"}, "“currency”: “£” is not a currency code"),
        ({"lines_above": -1}, "“lines_above” must be from 0 to 50"),
        ({"lines_above": True}, "“lines_above” has a value of the wrong kind"),
        ({"has_header": 1}, "“has_header” has a value of the wrong kind"),
        ({"date": None}, "“date” has a value of the wrong kind"),
        ({"date": "Da\x00te"}, "“date” has a hidden character"),
        ({"has_header": False}, "columns are named by position"),
    ],
)
def test_it_refuses_a_setting_by_its_name(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ColumnMapError, match=said):
        replace(COLUMNS, **change)
    with pytest.raises(ColumnMapError, match=said):
        ColumnMap.from_json(json.dumps(asdict(COLUMNS) | change))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not a set of settings"),
        ('{"dat": "D"}', "There is no setting “dat”"),
        ('{"date": "D"}', "The setting “date_format” is missing"),
    ],
)
def test_it_refuses_what_is_not_a_saved_map(text: str, said: str) -> None:
    with pytest.raises(ColumnMapError, match=said):
        ColumnMap.from_json(text)
