"""The bank file and everybody's remittance advice: who gets them, how, and that it is written down."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from audit.actions import Action
from audit.models import Event
from audit.queries import opened
from audit.services import record
from claims.models import ClaimLine
from payments.formats.bank_csv import read_run
from payments.models import BankAccount, PaymentRun
from payments.services import runs
from people.models import Channel, PaperFormat, Person
from tests.cast import Cast
from tests.payments.office import fare, prepared, sent, signed
from tests.people.browsers import browser, key_of, proven

LARGE, STANDARD = 18, 12


def page_of(run: PaymentRun, step: str) -> str:
    return f"/payments/runs/{run.pk}/{step}"


def shown(answer: Any) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def pages_of(content: bytes) -> list[str]:
    """The words of each page of a PDF."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def test_a_copy_of_the_bank_file_is_sent_for_and_written_down(due: Cast, account: BankAccount) -> None:
    run, fern = sent(due, account), proven(due.fern)
    path = page_of(run, "file/")
    assert "Nobody yet." in shown(fern.get(path))
    assert not Event.objects.filter(action=Action.RUN_FILE_DOWNLOADED).exists()  # looking is no download
    answer = fern.post(path, {"key": key_of(fern, path)})
    assert read_run(answer.content).total == 5980
    assert answer.headers["Content-Disposition"] == 'attachment; filename="run-1-file-1.csv"'
    assert answer.headers["Cache-Control"] == "no-store, private"
    event = Event.objects.get(action=Action.RUN_FILE_DOWNLOADED)
    assert (event.actor_id, event.subject_id) == (due.fern.pk, run.pk)
    for reader in (due.fern, due.farah, due.ada):
        page = shown(browser(reader).get(page_of(run, "")))
        assert "Bank file downloaded Fern Finance, 9:00am on 23 November 2026" in page
    fern.post(path, {"key": key_of(fern, path)})
    assert Event.objects.filter(action=Action.RUN_FILE_DOWNLOADED).count() == 2


def test_a_preparer_gets_no_copy_before_the_signature_and_nobody_one_of_a_void_run(
    due: Cast, account: BankAccount
) -> None:
    run, fern, farah = prepared(due, account), proven(due.fern), proven(due.farah)
    path = page_of(run, "file/")
    assert "once another person has signed it" in shown(fern.get(path))
    assert fern.post(path, {"key": "0" * 32}).status_code == 403
    key = key_of(farah, path)
    runs.void(actor=due.farah, run_id=run.pk, reason="Wrong day.")
    answer = farah.post(path, {"key": key})
    assert answer.status_code == 409
    assert "Farah Finance stopped it at 9:00am on 23 November 2026: “Wrong day.”" in shown(answer)
    assert "Download the bank file</button>" not in farah.get(path).content.decode()


def test_a_damaged_file_is_not_handed_out(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, fern = signed(due, account), proven(due.fern)
    path = page_of(run, "file/")
    key = key_of(fern, path)
    monkeypatch.setattr("payments.formats.bank_csv.prepare_run", lambda *_: None)
    answer = fern.post(path, {"key": key})
    assert answer.status_code == 400
    assert "Void it" in shown(answer)


@pytest.fixture
def on_paper(due: Cast, account: BankAccount) -> PaymentRun:
    """A sent run: Cora wishes for post, Dev reads large print and wishes for e-mail."""
    Person.objects.filter(pk=due.cora.pk).update(channel=Channel.POST, address="7 Mill Lane\nRB1 2AB")
    Person.objects.filter(pk=due.dev.pk).update(paper_format=PaperFormat.LARGE, address="9 High Street")
    return sent(due, account)


def test_advices_on_paper_are_one_file_each_on_fresh_sheets(due: Cast, on_paper: PaymentRun) -> None:
    fern = browser(due.fern)
    assert (
        "1 of them is in large print for somebody who did not ask for post. It has no address on it"
        in shown(fern.get(page_of(on_paper, "letters/")))
    )
    answer = fern.get(page_of(on_paper, "letters/paper-1.pdf"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="run-1-paper-1.pdf"'
    pages = pages_of(answer.content)
    starts = [number for number, text in enumerate(pages) if "Remittance advice" in text and "For" in text]
    cora, dev = (next(n for n in starts if name in pages[n]) for name in ("Cora", "Dev"))
    assert cora % 2 == dev % 2 == 0  # odd sheets, counted from nought
    assert "7 Mill Lane" in pages[cora]
    assert "High Street" not in " ".join(pages)  # he did not ask for post
    assert not any("Cora" in text and "Dev" in text for text in pages)


def test_only_those_who_wish_for_paper_are_in_the_pack(due: Cast, on_paper: PaymentRun) -> None:
    Person.objects.filter(pk=due.dev.pk).update(paper_format=PaperFormat.STANDARD)
    farah = browser(due.farah)
    paper = " ".join(pages_of(farah.get(page_of(on_paper, "letters/paper-1.pdf")).content))
    everybody = " ".join(pages_of(farah.get(page_of(on_paper, "letters/all-1.pdf")).content))
    assert ("Dev" in paper, "Dev" in everybody, "Cora" in paper) == (False, True, True)


@pytest.mark.parametrize("wish", [PaperFormat.LARGE, PaperFormat.EASY_READ])
def test_large_print_is_large_in_the_pack(due: Cast, on_paper: PaymentRun, wish: PaperFormat) -> None:
    Person.objects.filter(pk=due.dev.pk).update(paper_format=wish)
    content = browser(due.fern).get(page_of(on_paper, "letters/paper-1.pdf")).content
    assert _body_size(content, "Cora Contributor") == STANDARD
    assert _body_size(content, "Dev Contributor") == LARGE


def _body_size(content: bytes, name: str) -> float:
    """The size of print most used on the first page that names somebody."""
    page = next(page for page in PdfReader(io.BytesIO(content)).pages if name in page.extract_text())
    sizes: list[float] = []

    def note(text: str, _: Any, __: Any, ___: Any, size: float) -> None:
        if text.strip():
            sizes.append(size)

    page.extract_text(visitor_text=note)
    return max(set(sizes), key=sizes.count)


def test_every_opening_is_written_down_for_each_person_and_for_the_run(
    due: Cast, on_paper: PaymentRun
) -> None:
    fern, path = browser(due.fern), page_of(on_paper, "letters/all-1.pdf")
    fern.head(path)
    assert not Event.objects.filter(action=Action.RUN_REMITTANCES_OPENED).exists()
    fern.get(path)
    seen = Event.objects.filter(action=Action.REMITTANCE_SEEN, actor_id=due.fern.pk)
    assert set(seen.values_list("about_id", flat=True)) == {due.cora.pk, due.dev.pk}
    event = Event.objects.get(action=Action.RUN_REMITTANCES_OPENED)
    assert opened([event])[event.pk] == {"run": 1, "count": 2, "which": "all"}
    assert "Fern Finance, 9:00am on 23 November 2026" in shown(fern.get(page_of(on_paper, "letters/")))
    history = shown(browser(due.cora).get(f"/history/payment/{due.cora.payments.earliest('pk').pk}/"))
    assert "opened a remittance advice" in history


def test_many_advices_come_in_parts(due: Cast, on_paper: PaymentRun, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("payments.services.run_remittances", "payments.run_desk.paper_views"):
        monkeypatch.setattr(f"{module}.PART", 1)
    fern = browser(due.fern)
    page = shown(fern.get(page_of(on_paper, "letters/")))
    assert "Advices 2 to 2 (PDF)" in page
    asked = ("1", "2", "3", "0", "01", "99999", "x")
    parts = [fern.get(page_of(on_paper, f"letters/all-{part}.pdf")) for part in asked]
    assert [part.status_code for part in parts] == [200, 200, 404, 404, 404, 404, 404]
    assert ["Cora" in " ".join(pages_of(part.content)) for part in parts[:2]] == [True, False]


def test_who_has_no_address_is_counted(due: Cast, on_paper: PaymentRun) -> None:
    Person.objects.filter(pk=due.cora.pk).update(address="")
    page = shown(browser(due.fern).get(page_of(on_paper, "letters/")))
    assert "1 person asked for post and gave us no address" in page


def test_there_are_none_before_a_run_is_sent(due: Cast, account: BankAccount) -> None:
    run, fern = signed(due, account), browser(due.fern)
    why_not = "There are no remittance advices before the run is sent."
    assert why_not in shown(fern.get(page_of(run, "letters/")))
    answer = fern.get(page_of(run, "letters/all-1.pdf"))
    assert answer.status_code == 403
    assert why_not in shown(answer)


def test_what_is_told_is_all_or_nothing(
    due: Cast, on_paper: PaymentRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = record

    def breaks(**options: Any) -> Any:
        if options["action"] == Action.RUN_REMITTANCES_OPENED:
            raise ZeroDivisionError
        return real(**options)

    monkeypatch.setattr("payments.services.run_remittances.record", breaks)
    client = browser(due.fern)
    client.raise_request_exception = False
    assert client.get(page_of(on_paper, "letters/all-1.pdf")).status_code == 500
    assert not Event.objects.filter(action=Action.REMITTANCE_SEEN).exists()


def test_the_sheet_is_a_file_for_finance_and_the_auditor(due: Cast, account: BankAccount) -> None:
    run = prepared(due, account)
    for reader in (due.fern, due.farah, due.ada):
        answer = browser(reader).get(page_of(run, "sheet.pdf"))
        assert answer.headers["Content-Disposition"] == 'attachment; filename="run-1-sheet-1.pdf"'
        assert "Signing sheet: payment run 1" in pages_of(answer.content)[0]


def test_papers_of_a_run_hold_no_hours_and_no_whole_account(due: Cast, on_paper: PaymentRun) -> None:
    assert ClaimLine.objects.filter(quantity__gt=0).exists()
    fern = browser(due.fern)
    for step in ("", "sheet/", "letters/"):
        page = shown(fern.get(page_of(on_paper, step)))
        for secret in ("66374958", "089999", "08-99-99", " hours", "Project A"):
            assert secret not in page


def test_a_second_run_has_its_own_advices(due: Cast, account: BankAccount, on_paper: PaymentRun) -> None:
    fare(due, due.dev, 999)
    second = sent(due, account)
    text = " ".join(pages_of(browser(due.fern).get(page_of(second, "letters/all-1.pdf")).content))
    assert "£9.99" in text
    assert "Cora" not in text
