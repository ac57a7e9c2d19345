"""A payroll run goes through the pages that bank runs go through, and they say payroll."""

import io

from pypdf import PdfReader

from payments.formats.pay_list import read_pays
from payments.formats.signing_sheet import sheet_pdf
from payments.models import BankAccount, PayrollMark
from payments.queries.signing import sheet_of
from payments.services import payroll, runs
from payments.services.concerns import arriving
from tests.cast import Cast
from tests.payments.concerns.stories import FRIDAY, at, whole
from tests.payments.office import MONDAY, PAY_ON
from tests.payments.payroll.test_screens import sent_to_payroll
from tests.payments.run_desk.test_papers import page_of, shown
from tests.people.browsers import browser, errors_of, key_of, proven, send


def test_it_is_signed_sent_and_handed_to_payroll(due: Cast, account: BankAccount, mark: PayrollMark) -> None:
    run = runs.prepare_list(actor=due.fern, organisation=due.riverside, pay_on=PAY_ON)
    sheet = sheet_of(run)
    farah, fern = proven(due.farah), proven(due.fern)
    page = shown(farah.get(page_of(run, "sign/")))
    assert "26 November 2026, through payroll" in page
    assert send(farah, page_of(run, "sign/"), sha256=sheet.sha256).status_code == 302
    page = shown(fern.get(page_of(run, "")))
    assert "downloads the file and gives it to payroll" in page
    assert "Send this run to payroll" in page
    page = shown(fern.get(page_of(run, "send/")))
    assert f"Send payment run {run.number} to payroll?" in page
    assert "give it to payroll" in page
    answer = send(fern, page_of(run, "send/"), version="1")
    assert answer.status_code == 302
    page = shown(fern.get(page_of(run, "")))
    assert "Download the file for payroll" in page
    assert "When payroll has paid it" in page
    assert "Paid by payroll 1 payment is not paid yet" in page
    path = page_of(run, "file/")
    page = shown(fern.get(path))
    assert "Give it to payroll" in page
    assert "bank details" not in page
    assert read_pays(fern.post(path, {"key": key_of(fern, path)}).content).total == 4000
    payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=MONDAY.date())
    page = shown(browser(due.ada).get(page_of(run, "")))
    assert "Payroll has paid it" in page
    assert "Paid by payroll The payment is paid." in page


def test_no_page_of_it_speaks_of_a_bank_that_gets_it(
    due: Cast, account: BankAccount, mark: PayrollMark
) -> None:
    run = runs.prepare_list(actor=due.fern, organisation=due.riverside, pay_on=PAY_ON)
    clients = {"sign/": proven(due.farah), "void/": proven(due.farah), "sheet/": browser(due.ada)}
    for step, client in (clients | {"": proven(due.fern), "file/": proven(due.farah)}).items():
        page = shown(client.get(page_of(run, step)))
        for words in ("to the bank", "bank file", "Bank file"):
            assert words not in page, (step, words)
    pdf = PdfReader(io.BytesIO(sheet_pdf(sheet_of(run))))
    text = " ".join(" ".join(each.extract_text() for each in pdf.pages).split())
    assert "26 November 2026, through payroll" in text


def test_pay_that_did_not_arrive_is_asked_of_payroll(
    due: Cast, account: BankAccount, mark: PayrollMark
) -> None:
    payment = sent_to_payroll(due).payments.get()
    at(FRIDAY)
    concern = arriving.say_not_arrived(actor=due.cora, payment_id=payment.pk)
    answer = send(browser(due.fern), f"/concerns/{concern.pk}/never-taken/", words="They have no record.")
    assert answer.status_code == 422
    assert "Ask payroll if it was paid" in errors_of(answer)[0]
    assert not concern.proposals.exists()
    arriving.note(actor=due.fern, concern_id=concern.pk, words="Payroll pays it on Monday.")
    arriving.arrived(actor=due.cora, concern_id=concern.pk)
    whole(due)
