"""The books prove themselves: whatever the guards were switched off for, verify finds."""

import pytest
from django.db import connection

from audit import guards
from ledger import verify
from ledger.models import Account, AccountMonth, Counter, JournalEntry, Transfer
from ledger.services.posting import reverse_entry
from tests.cast import Cast
from tests.ledger.books import NOVEMBER, owe
from tests.ledger.raw import entry, raw_ids, transfer


@pytest.fixture
def books(cast: Cast) -> Cast:
    """Three entries, one of them reversed, and the guards off: somebody owns the database."""
    owe(cast, "claim:1")
    reverse_entry(entry=owe(cast, "claim:2"), reason="typed twice", date=NOVEMBER, actor=cast.fern)
    connection.check_constraints()
    assert list(verify.problems()) == []
    guards.remove(connection)
    return cast


def found(cast: Cast) -> list[str]:
    """The problems of these books, without the missing guards."""
    return [each for each in verify.problems(cast.riverside) if "guard" not in each]


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_missing_guards_are_a_problem(books: Cast) -> None:
    assert any("is missing" in each for each in verify.problems())
    assert found(books) == []


@pytest.mark.parametrize("column", ["debits", "credits", "month"])
def test_a_total_that_is_not_the_sum_is_found(books: Cast, column: str) -> None:
    row = AccountMonth.objects.get(account__code="cost:PROJ-A:travel")
    AccountMonth.objects.filter(pk=row.pk).update(**{column: getattr(row, column) + 1})
    assert "The total of account cost:PROJ-A:travel in 202611 is not the sum of its transfers." in found(
        books
    )


def test_a_missing_total_is_found(books: Cast) -> None:
    AccountMonth.objects.filter(account__code="cost:PROJ-A:travel").delete()
    assert len(found(books)) == 1


@pytest.mark.parametrize("change", [{"amount": 1}, {"month": 202612}])
def test_an_altered_transfer_is_found(books: Cast, change: dict[str, int]) -> None:
    Transfer.objects.filter(entry__number=1).update(**change)
    assert "is not the sum of its transfers" in " ".join(found(books))


def test_a_removed_transfer_is_found(books: Cast) -> None:
    Transfer.objects.filter(entry__number=1)._raw_delete("default")
    org = books.riverside.pk
    assert (
        f"Organisation {org} does not have entries 1 to 3 without a gap, with 3 transfers in all."
        in found(books)
    )
    JournalEntry.objects.filter(number=1)._raw_delete("default")


def test_an_added_transfer_is_found(books: Cast) -> None:
    ids = raw_ids(books)
    execute(transfer(ids, 1, 2))
    assert "Entry 1, transfer 2 is beyond its entry" in " ".join(found(books))


def test_a_gap_in_the_numbers_is_found(books: Cast) -> None:
    ids = raw_ids(books)
    execute(entry(ids, 9))
    execute(transfer(ids, 9))
    org = books.riverside.pk
    said = f"Organisation {org} does not have entries 1 to 3 without a gap, with 4 transfers in all."
    assert said in found(books)
    Counter.objects.filter(name="entry").update(value=9)
    assert said.replace("to 3", "to 9") in found(books)


def test_an_account_of_others_is_found(books: Cast) -> None:
    Account.objects.filter(code="owed:PROJ-A:travel").update(organisation=books.hillside)
    assert "cost:PROJ-A:travel and owed:PROJ-A:travel do not belong together" in " ".join(found(books))


def test_another_currency_is_found(books: Cast) -> None:
    Account.objects.filter(code="owed:PROJ-A:travel").update(currency="EUR")
    assert "cost:PROJ-A:travel and owed:PROJ-A:travel do not belong together" in " ".join(found(books))


def test_a_debt_to_nobody_is_found(books: Cast) -> None:
    Transfer.objects.filter(entry__number=2).update(party=None)
    [said] = found(books)
    pair = "cost:PROJ-A:travel and owed:PROJ-A:travel"
    assert said == f"Between {pair} a transfer in 202611 does not say whom it concerns."


def test_a_reversal_that_is_no_mirror_is_found(books: Cast) -> None:
    mirror = Transfer.objects.get(entry__number=3)
    Transfer.objects.filter(entry__number=3).update(debit_id=mirror.credit_id, credit_id=mirror.debit_id)
    assert "Entry 3 is not the mirror of what it reverses." in found(books)


def test_problems_of_one_organisation_are_not_told_of_another(books: Cast) -> None:
    Transfer.objects.filter(entry__number=1).update(amount=1)
    assert [each for each in verify.problems(books.hillside) if "guard" not in each] == []


def test_a_thousand_problems_are_not_all_told(books: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    Transfer.objects.update(month=202612)
    beyond = [each for each in found(books) if "beyond its entry" in each]
    monkeypatch.setattr(verify, "SHOWN", 2)
    assert len(beyond) == 3
    assert len([each for each in found(books) if "beyond its entry" in each]) == 2
