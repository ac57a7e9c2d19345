"""The screens of a month: two signatures with a fresh proof, each once; files; costs that do not grow."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from audit.models import Event
from common.dates import set_now
from payments.models import BankAccount, MatchKind, Payment, SignedReconciliation
from payments.services import reconciling
from tests.cast import Cast
from tests.payments.bank_desk.conftest import DECEMBER, END, NOVEMBER, check, prepare, sha_of
from tests.payments.bank_desk.test_line_screens import text
from tests.payments.office import MONDAY, fare, imported, sent
from tests.people.browsers import browser, errors_of, key_of, proven


@pytest.fixture
def month(cast: Cast, account: BankAccount, december: None) -> str:
    """November has one line, a charge: it can be signed."""
    line = imported(cast, account, [(END, "FEE", -150)]).lines.get()
    reconciling.explain(actor=cast.fern, line_id=line.pk, kind=MatchKind.CHARGE, note="Monthly.")
    return f"/bank/{account.pk}/{NOVEMBER}/"


def signature(client: Any, month: str, account: BankAccount, kind: str) -> dict[str, str]:
    where = f"{month}sign/"
    return {"key": key_of(client, where), "sha256": sha_of(account), "as": kind, "sure": "yes"}


def test_two_persons_sign_each_once_and_the_second_hears_who(
    cast: Cast, account: BankAccount, month: str
) -> None:
    fern, farah, where = proven(cast.fern), proven(cast.farah), f"{month}sign/"
    first, other = (signature(fern, month, account, "prepared") for _ in range(2))
    assert [fern.post(where, first).status_code for _ in range(2)] == [302, 302]
    again = fern.post(where, other)
    assert again.status_code == 409
    assert "Fern Finance signed these figures as prepared, at 9:00am on 2 December 2026" in text(again)

    assert "Sign as checked" in text(farah.get(month))
    first, other = (signature(farah, month, account, "checked") for _ in range(2))
    assert [farah.post(where, first).status_code for _ in range(2)] == [302, 302]
    again = farah.post(where, other)
    assert again.status_code == 409
    assert "prepared by Fern Finance, checked by Farah Finance at 9:00am" in text(again)
    assert Event.objects.filter(action__startswith="reconciliation:").count() == 2
    assert "Signed by two people" in text(browser(cast.ada).get(month))
    assert farah.get(where).status_code == 302


def test_a_signature_needs_a_fresh_proof_and_a_tick(cast: Cast, account: BankAccount, month: str) -> None:
    where = f"{month}sign/"
    stale = proven(cast.fern, seconds_ago=7 * 24 * 3600)
    assert stale.get(where).status_code in (302, 403)
    assert stale.post(where, {"as": "prepared", "sure": "yes"}).status_code in (302, 403)
    client = proven(cast.fern)
    typed = signature(client, month, account, "prepared")
    answer = client.post(where, typed | {"sure": ""})
    wanted = "Select that you compared these figures with the bank’s statement"
    assert (answer.status_code, errors_of(answer)) == (422, [wanted])
    for sha256 in ("", "x", "0" * 64):
        answer = client.post(where, typed | {"sha256": sha256})
        assert answer.status_code in (409, 422)
    assert not SignedReconciliation.objects.exists()


def test_nobody_signs_out_of_turn(cast: Cast, account: BankAccount, month: str) -> None:
    where, farah, fern = f"{month}sign/", proven(cast.farah), proven(cast.fern)
    typed = {"key": "a" * 32, "sha256": sha_of(account), "sure": "yes"}
    assert farah.post(where, typed | {"as": "prepared"}).status_code == 403
    assert farah.post(where, typed | {"as": "checked"}).status_code == 409
    prepare(cast, account)
    assert fern.post(where, typed | {"as": "checked"}).status_code == 403
    assert "Sign as" not in text(fern.get(month))


def test_the_files_hold_the_signed_figures_and_each_is_recorded(
    cast: Cast, account: BankAccount, month: str
) -> None:
    check(cast, prepare(cast, account))
    client = browser(cast.ada)
    pdf, book = (client.get(f"{month}reconciliation.{kind}") for kind in ("pdf", "xlsx"))
    assert pdf.content.startswith(b"%PDF")
    sheets = load_workbook(io.BytesIO(book.content)).sheetnames
    assert sheets[1:] == ["Bank and books", "Not in the books", "In transit", "Not known yet", "Signatures"]
    assert pdf.headers["Content-Disposition"].endswith(f'-{account.pk}-{NOVEMBER}.pdf"')
    assert client.head(f"{month}reconciliation.pdf").status_code == 200
    assert Event.objects.filter(action="reconciliation:exported", actor_id=cast.ada.pk).count() == 2


@pytest.mark.parametrize("key", ["202613", "000000", "209912", "202612"])
def test_only_a_month_that_has_begun_is_there(cast: Cast, account: BankAccount, month: str, key: str) -> None:
    answer = browser(cast.fern).get(f"/bank/{account.pk}/{key}/")
    assert answer.status_code == (200 if key == "202612" else 404)


def test_a_month_costs_the_same_however_much_is_in_it(due: Cast, account: BankAccount) -> None:
    client = browser(due.fern)
    urls = [f"/bank/{account.pk}/{NOVEMBER}/", f"/bank/{account.pk}/"]

    def cost() -> list[int]:
        found = []
        for url in urls:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(url).status_code == 200
            found.append(len(seen))
        return found

    imported(due, account, [(END, "FIRST", -100)])
    cost()  # opens the account in the books at first use
    with set_now(DECEMBER):
        few = cost()
    with set_now(MONDAY):
        for _ in range(3):
            sent(due, account)
            fare(due, due.cora, 100)
    more = [(END, f"LINE {number}", -1 - number) for number in range(20)]
    imported(due, account, [(END, "FIRST", -100), *more])
    assert Payment.objects.count() > 3
    with set_now(DECEMBER):
        assert cost() == few
