"""The list of a run: one spelling, read back by another reader; whom people named is in it, and compared."""

import hashlib
from datetime import date

import pytest

from payments.formats.pay_list import Pay, PayListError, check_pays, prepare_pays, read_pays, write_pays

DAY = date(2026, 11, 27)


def pay(to: str = "", number: int = 1, name: str = "Cora Contributor") -> Pay:
    return Pay(f"P00000{number}", name, f"TIME 00000{number}", 4000, to)


def test_a_list_without_anybody_named_has_no_column_for_it() -> None:
    content = write_pays(prepare_pays(DAY, [pay()]))
    assert content.decode() == (
        "\ufeffPerson number,Name,Payment reference,Amount,Pay day\r\n"
        "P000001,Cora Contributor,TIME 000001,40.00,27/11/2026\r\n"
    )


def test_whom_people_named_is_read_back() -> None:
    file = prepare_pays(DAY, [pay("Friends of the Library"), pay("River Trust", 2)])
    content = write_pays(file)
    assert content.decode().splitlines()[0].endswith(",Pay day,Pay to")
    assert read_pays(content) == file
    assert [each.to for each in read_pays(content).pays] == ["Friends of the Library", "River Trust"]


def test_a_list_that_pays_somebody_else_is_another_list() -> None:
    """The name of a person may change between two readings; whom they named may not."""
    file = prepare_pays(DAY, [pay("Friends of the Library")])
    assert read_pays(write_pays(file)) != prepare_pays(DAY, [pay("Friends of the Mayor")])
    assert file == prepare_pays(DAY, [pay("Friends of the Library", name="Cora Married")])


@pytest.mark.parametrize(
    ("named", "written"),
    [
        ("=HYPERLINK(1)", "HYPERLINK 1"),
        ("@Trust, with a comma", "Trust with a comma"),
        ('“Quoted” "Trust"', "Quoted Trust"),
        ("+44 Trust\nCardiff", "44 Trust Cardiff"),
        ("Ymddiriedolaeth Tŷ’r Âfon", "Ymddiriedolaeth Tŷ’r Âfon"),
        ("…", "No name"),
    ],
)
def test_no_name_can_be_a_formula_or_a_field_of_its_own(named: str, written: str) -> None:
    file = prepare_pays(DAY, [pay(named)])
    assert [each.to for each in read_pays(write_pays(file)).pays] == [written]


def test_bytes_that_were_changed_are_refused() -> None:
    file = prepare_pays(DAY, [pay("Friends of the Library")])
    content = write_pays(file)
    signed = hashlib.sha256(content).hexdigest()
    assert check_pays(content, count=1, total=4000, sha256=signed) == file
    with pytest.raises(PayListError, match="has been changed"):
        check_pays(content.replace(b"Friends", b"Enemies"), count=1, total=4000, sha256=signed)


@pytest.mark.parametrize(
    "row",
    [
        "P000001,Cora,TIME 000001,40.00,27/11/2026",
        "P000001,Cora,TIME 000001,40.00,27/11/2026,Trust,More",
        "P000001,Cora,TIME 000001,40.00,27/11/2026,=Trust",
        "P000001,Cora,TIME 000001,40.00,27/11/2026,",
    ],
)
def test_a_row_with_more_or_less_is_no_row(row: str) -> None:
    head = "\ufeffPerson number,Name,Payment reference,Amount,Pay day,Pay to\r\n"
    with pytest.raises(PayListError, match="Row 2 is not a payment as this file writes it"):
        read_pays(f"{head}{row}\r\n".encode())
