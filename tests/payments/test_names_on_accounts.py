"""The name at somebody's bank may be one they left behind: it goes to the bank and stands nowhere else."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.apps import apps

from audit.models import Event
from audit.queries import opened
from common.dates import set_now
from payments.models import BankAccount, BankDetails
from payments.remittances import remittance_pdf
from payments.services import details
from payments.services.runs import file_bytes
from reports.journal import journal_text
from reports.workbook import Span, finance_workbook
from tests.cast import Cast
from tests.claims.test_answer_nowhere import walk
from tests.payments.office import ACCOUNTS, MONDAY, sent
from tests.payments.own_money.papers import pdf_text

pytestmark = pytest.mark.usefixtures("walking")
LEFT = "Leftbehind"


@pytest.fixture
def named(due: Cast) -> Cast:
    """Cora's account bears another name than the one she goes by."""
    sort_code, number = ACCOUNTS[due.cora.name]
    row = details.enter(
        actor=due.cora, person=due.cora, account_name=f"C {LEFT}", sort_code=sort_code, account_number=number
    )
    details.verify(actor=due.farah, details_id=row.pk, note="Rang her.")
    return due


def test_trap_51_the_name_at_the_bank_is_on_no_page_paper_record_or_export(
    named: Cast, account: BankAccount
) -> None:
    with set_now(MONDAY + timedelta(hours=48)):
        run = sent(named, account)
        assert LEFT.upper() in file_bytes(run).decode().upper()  # the bank checks it
        advice = pdf_text(remittance_pdf(run, named.cora))
        book = finance_workbook(named.riverside, Span(date(2026, 11, 1), date(2026, 11, 30)))
    for name in ("cora", "lena", "anil", "fern", "farah", "ada", "abel"):
        person = getattr(named, name)
        pages = walk(
            person, f"/payees/{named.cora.number}/", f"/payments/runs/{run.pk}/", "/your-bank-details/"
        )
        assert not [path for path, page in pages.items() if LEFT in page], name
    rows = [str(row) for model in apps.get_models() for row in model._default_manager.values()]
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheets = [parts.read(part).decode() for part in parts.namelist() if part.endswith(".xml")]
    said = [str(words) for words in opened(Event.objects.all()).values()]
    texts = (*rows, *sheets, *said, *journal_text(named.riverside), advice)
    assert not [text for text in texts if LEFT.lower() in text.lower()]
    assert LEFT not in repr(BankDetails.objects.filter(person=named.cora).latest("entered_at"))
