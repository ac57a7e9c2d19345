"""The screens of bank accounts: add one, find its columns, upload statements; hostile files are refused."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Event
from payments.formats.statement_columns import ColumnMap
from payments.models import BankAccount, Statement
from payments.services.accounts import change_columns, column_map
from tests.cast import Cast
from tests.payments.bank_desk.test_line_screens import text
from tests.payments.office import PAY_ON, sent, statement_file
from tests.people.browsers import browser, errors_of, key_of, proven

GOOD = statement_file([(PAY_ON, "FEE", -150)])
HOSTILE = {
    "empty": (b" ", "The file is empty"),
    "a workbook": (b"PK\x03\x04abc", "This is an Excel workbook or a ZIP file, not a CSV file"),
    "a PDF": (b"%PDF-1.7 abc", "This is a PDF, not a CSV file"),
    "UTF-16": ("Date,Description".encode("utf-16"), "This is text in UTF-16, not a CSV file"),
    "NUL bytes": (GOOD + b"\n\x00", "This is not a text file"),
    "another encoding": (GOOD.replace(b"FEE", b"F\xc9E"), "has a character that is not in utf-8-sig"),
    "a quotation mark": (GOOD.replace(b"FEE", b'"FEE'), "cannot be read: a quotation mark is out of place"),
    "a bad amount": (GOOD.replace(b"-1.50,", b"1.5.0,"), "Row 2: “1.5.0” is not an amount"),
    "a bad day": (GOOD.replace(b"26/11", b"31/02"), "Row 2: “31/02/2026” is not a day in the calendar"),
    "no such column": (GOOD.replace(b"Amount", b"Value"), "The column “Amount” is not in the heading"),
    "a changed balance": (
        statement_file([(PAY_ON, "A", -1), (PAY_ON, "B", -2), (PAY_ON, "C", -3)]).replace(
            b"-0.03,-0.06", b"-0.03,-0.07"
        ),
        "the balance is not the balance before it",
    ),
    "too many columns": (GOOD + b"\n" + b"," * 100, "has more than 64 columns"),
}


def file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("../../evil'\"<b>.csv", content, content_type="text/csv")


def upload(client: Any, account: BankAccount, content: bytes, key: str = "") -> Any:
    where = f"/bank/{account.pk}/upload/"
    return client.post(where, {"key": key or key_of(client, where), "content": file(content)})


def test_a_file_that_cannot_be_read_names_its_row_and_what_to_do(cast: Cast, account: BankAccount) -> None:
    client = browser(cast.fern)
    for name, (content, told) in HOSTILE.items():
        answer = upload(client, account, content)
        assert answer.status_code == 422, name
        assert told in text(answer), name
    assert not Statement.objects.exists()


def test_a_statement_is_taken_in_once_and_says_what_it_brought(due: Cast, account: BankAccount) -> None:
    run = sent(due, account)
    client = browser(due.fern)
    content = statement_file([(PAY_ON, "BACS", -5980), (PAY_ON, "FEE", -150)])
    key = key_of(client, f"/bank/{account.pk}/upload/")
    answers = [upload(client, account, content, key) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    page = text(client.get(answers[0].headers["Location"]))
    for words in ("2 of 2 in the file", "In the books 1", "To match 1", f"Run {run.number}"):
        assert words in page
    again = upload(client, account, content)
    assert again.status_code == 409
    assert "already imported, on 23 November 2026 by Fern Finance" in text(again)
    overlap = upload(client, account, content + b"\n27/11/2026,LATER,-1.00,-62.30")
    page = text(client.get(overlap.headers["Location"]))
    assert "1 of 3 in the file" in page
    assert "Not imported 2: they came with an earlier file" in page


def typed_account(client: Any, sample: bytes, **changed: str) -> Any:
    typed = {"name": "Second", "sort_code": "20-29-59", "account_number": "63748472"} | changed
    return client.post("/bank/add/", {"key": key_of(client, "/bank/add/"), "sample": file(sample), **typed})


def hidden(answer: Any) -> dict[str, str]:
    """What the form of the columns would send as it stands."""
    form = answer.context["form"]
    return {field.html_name: str(field.value()) for field in form}


def test_an_account_is_added_once_with_the_columns_that_were_confirmed(
    cast: Cast, account: BankAccount
) -> None:
    client = proven(cast.fern)
    answer = typed_account(client, GOOD)
    assert answer.status_code == 200
    assert [(row.description, row.amount) for row in answer.context["rows"]] == [("FEE", -150)]
    sent_twice = [client.post("/bank/add/", hidden(answer) | {"stage": "save"}) for _ in range(2)]
    assert {each.status_code for each in sent_twice} == {302}
    added = BankAccount.objects.get(name="Second")
    assert column_map(added) == column_map(account)
    assert errors_of(typed_account(client, GOOD)) == ["There is already an account called Second"]
    other_key = hidden(typed_account(client, GOOD, name="Third")) | {"name": "Second", "stage": "save"}
    assert client.post("/bank/add/", other_key).status_code == 422


def test_an_account_that_cannot_be_is_said_at_its_field(cast: Cast, account: BankAccount) -> None:
    client = proven(cast.fern)
    for changed, error in (
        ({"name": ""}, "Enter a name for the account"),
        ({"name": "x" * 61}, "A name for the account must be 60 characters or fewer"),
        ({"sort_code": "20-29-5"}, "Enter a valid sort code like 309430"),
        ({"account_number": "1234567890"}, "Account number must be between 6 and 8 digits"),
    ):
        answer = typed_account(client, GOOD, **changed)
        assert (answer.status_code, errors_of(answer)) == (422, [error])


def test_a_sample_that_is_no_statement_is_said_at_once(cast: Cast, account: BankAccount) -> None:
    client = proven(cast.fern)
    for name in ("empty", "a workbook", "a PDF", "NUL bytes"):
        answer = typed_account(client, HOSTILE[name][0])
        assert answer.status_code == 422, name
        assert HOSTILE[name][1] in text(answer), name


WRONG_COLUMNS: tuple[dict[str, str], ...] = (
    {"date": "Nowhere"},
    {"date": ""},
    {"date": "Amount"},
    {"amount": "", "paid_in": "Amount"},
    {"money_out": "sideways"},
    {"date_format": "yyyy-mm-dd"},
    {"lines_above": "1"},
    {"lines_above": "-1"},
    {"encoding": "klingon", "description": "x"},
    {"balance": "Description"},
)


def test_columns_that_do_not_fit_are_not_saved(cast: Cast, account: BankAccount) -> None:
    client = proven(cast.fern)
    as_proposed = hidden(typed_account(client, GOOD)) | {"stage": "save"}
    for changed in WRONG_COLUMNS:
        assert client.post("/bank/add/", as_proposed | changed).status_code == 422, changed
    assert not BankAccount.objects.filter(name="Second").exists()


def test_a_column_chosen_wrongly_is_said_where_it_is_chosen(cast: Cast, account: BankAccount) -> None:
    client = proven(cast.fern)
    as_proposed = hidden(typed_account(client, GOOD)) | {"stage": "read"}
    money = "Choose one column for the amount, or one for money in and one for money out"
    twice = "“Description” is chosen for “What it was for” too. Choose another column for one of them"
    for changed, field, error in (
        ({"amount": ""}, "amount", money),
        ({"paid_out": "Description"}, "amount", money),
        ({"balance": "Description"}, "balance", twice),
    ):
        answer = client.post("/bank/add/", as_proposed | changed)
        assert answer.context["form"].errors[field] == [error]


def test_a_sample_that_was_tampered_with_starts_again(cast: Cast, account: BankAccount) -> None:
    client = proven(cast.fern)
    as_proposed = hidden(typed_account(client, GOOD)) | {"stage": "save"}
    for sample in ("", "!!!", "aGVsbG8=", "QQ==" * 9000):
        answer = client.post("/bank/add/", as_proposed | {"sample": sample})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/bank/add/")


def test_nobody_adds_an_account_to_a_strangers_organisation(cast: Cast, account: BankAccount) -> None:
    client = proven(cast.fern)
    typed = hidden(typed_account(client, GOOD)) | {"organisation": "hillside", "stage": "save"}
    assert client.post("/bank/add/", typed).status_code == 403


def test_columns_are_changed_for_the_next_file_and_it_is_recorded(cast: Cast, account: BankAccount) -> None:
    client = browser(cast.farah)
    where, new = f"/bank/{account.pk}/columns/", GOOD.replace(b"Amount", b"Value")
    answer = client.post(where, {"key": key_of(client, where), "sample": file(new)})
    assert answer.status_code == 200
    first = hidden(answer)
    assert client.post(where, first | {"stage": "save"}).status_code == 302
    account.refresh_from_db()
    assert column_map(account).amount == "Value"
    assert Event.objects.filter(action="bank_account:columns", actor_id=cast.farah.pk).count() == 1
    assert upload(browser(cast.fern), account, new).status_code == 302
    stale = client.post(where, first | {"stage": "save", "key": key_of(client, where)})
    assert stale.status_code == 409
    assert "Somebody changed how these statements are read" in text(stale)


def test_columns_in_another_currency_are_refused(cast: Cast, account: BankAccount) -> None:
    known = column_map(account)
    with pytest.raises(Exception, match="must be in GBP"):
        change_columns(
            actor=cast.fern,
            bank_account=account,
            seen=known,
            columns=ColumnMap.from_json(known.to_json().replace("GBP", "EUR")),
        )
