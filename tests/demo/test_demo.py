"""After the demonstration everything ties out, in the books and in the eyes of other programs."""

import csv
import io
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import F, QuerySet, Sum

from claims.models import Answer, ClaimLine, Offer, Outcome
from common.money import decimal_text, money_text
from demo import by_hand
from demo.cast import HOME
from demo.outputs import SPAN
from ledger.models import Account, AccountKind, AccountMonth, Transfer
from payments.models import BankAccount, HandOver, Match, MatchKind, Payment, PaymentRun, Remittance
from payments.queries.reconciling import reconciliation
from payments.secrets import open_details
from payments.workflow import BY_HAND, Method, PaymentStatus, RunStatus
from people.models import Person, RoleKind
from reports.journal import account_name
from reports.verify import problems
from reports.workbook import finance_workbook
from tests.demo.conftest import Played, PlayedTwice

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.django_db]
FIXTURES = Path(settings.BASE_DIR) / "fixtures" / "demo"
DECIDED_OTHERWISE = {("C3", "3"), ("C5", "4"), ("C6", "3")}  # asked about, reduced, refused in the story


def run(*command: str | Path) -> str:
    """What a program outside says. A missing program fails the test, and says what to install."""
    if shutil.which(str(command[0])) is None:
        pytest.fail(f"{command[0]} is missing; script/test installs it, or apt-get install it.")
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True, timeout=180)
    return done.stdout


def test_it_says_what_it_did(played: Played) -> None:
    assert len(played.chapters) == 9
    assert played.chapters[0].startswith("25 people in 3 organisations, 2 projects")
    assert len({name for name in played.files if name.startswith("remittances/R")}) == 31


def test_the_story_holds_what_it_must(played: Played) -> None:
    assert Person.objects.filter(roles__kind=RoleKind.CONTRIBUTOR).distinct().count() == 12
    assert Person.objects.filter(roles__kind=RoleKind.CONTRIBUTOR, email="").exists()
    assert Person.objects.filter(roles__kind=RoleKind.CONTRIBUTOR, bank_details__isnull=True).exists()
    assert Offer.objects.filter(answer="declined").exists()
    assert ClaimLine.objects.values("claim").distinct().count() == 51
    assert list(PaymentRun.objects.order_by("number").values_list("status", flat=True)) == [
        *[RunStatus.SENT] * 12,
        RunStatus.PREPARED,
    ]
    assert [run.number for run in PaymentRun.objects.filter(method=Method.BANK).order_by("number")] == [
        8, 9, 13,
    ]  # fmt: skip
    assert Match.objects.filter(kind=MatchKind.RETURN).count() == 1
    taxi = ClaimLine.objects.filter(receipt="R-TAXI-1").order_by("pk")
    assert sorted(line.allowed or 0 for line in taxi) == [0, 2650]


def test_everything_agrees(played: Played) -> None:
    assert list(problems()) == []


def test_verify_names_the_first_disagreement(played: Played) -> None:
    row = AccountMonth.objects.exclude(debits=0).order_by("pk")[0]
    AccountMonth.objects.filter(pk=row.pk).update(debits=F("debits") + 1)
    try:
        with pytest.raises(CommandError) as caught:
            call_command("verify")
    finally:
        AccountMonth.objects.filter(pk=row.pk).update(debits=F("debits") - 1)
    assert caught.value.returncode == 1
    assert row.account.code in str(caught.value)


def test_the_worked_claims_are_allowed_to_the_penny(played: Played) -> None:
    expected = csv.DictReader(io.StringIO((FIXTURES / "expected.csv").read_text(encoding="utf-8")))
    rows = {(row["claim"], row["line"]): row for row in expected}
    lines = ClaimLine.objects.filter(claim__handle__startswith="C").select_related("claim")
    decided = {(line.claim.handle or "", line.handle): line for line in lines}
    assert decided.keys() == rows.keys()
    for key in rows.keys() - DECIDED_OTHERWISE:
        allowed, counts_as = rows[key]["allowed"], rows[key]["counts_as"]
        assert (decimal_text(decided[key].allowed or 0), decided[key].counts_as) == (allowed, counts_as), key


def test_hledger_computes_the_same_balance_for_every_account(played: Played) -> None:
    text = run("hledger", "-f", played.folder / "journal.hledger", "bal", "-N", "-E", "--flat", "-O", "csv")
    theirs = {row["account"]: Decimal(row["balance"].split()[0]) for row in csv.DictReader(io.StringIO(text))}
    moved = Account.objects.filter(months__isnull=False, organisation__code=HOME)
    ours = {
        account_name(account.kind, account.code): Decimal(account.total).scaleb(-2)
        for account in moved.annotate(total=Sum(F("months__debits") - F("months__credits")))
    }
    assert len(ours) > 25
    assert theirs == ours


def test_libreoffice_recalculates_the_workbook_to_the_same_totals(played: Played, tmp_path: Path) -> None:
    run(
        "soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "csv",
        "--outdir", tmp_path, played.folder / "finance-workbook.xlsx",
    )  # fmt: skip
    contents = (tmp_path / "finance-workbook.csv").read_text(encoding="utf-8")
    assert "Every figure agrees." in contents
    moved = Transfer.objects.filter(entry__organisation__code=HOME).aggregate(total=Sum("amount"))["total"]
    shown = decimal_text(moved).rstrip("0").rstrip(".")
    assert contents.count(shown) >= 3  # journal, debits and credits of the trial balance


def test_a_workbook_that_does_not_tie_out_says_so(played: Played, tmp_path: Path) -> None:
    """Negative control: one month row is wrong by a penny, so the bank is not where the books are."""
    run_one = PaymentRun.objects.get(number=1)
    row = AccountMonth.objects.filter(account__kind="bank").earliest("month")
    AccountMonth.objects.filter(pk=row.pk).update(debits=F("debits") + 1)
    try:
        (tmp_path / "wrong.xlsx").write_bytes(finance_workbook(run_one.organisation, SPAN))
    finally:
        AccountMonth.objects.filter(pk=row.pk).update(debits=F("debits") - 1)
    run(
        "soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "csv",
        "--outdir", tmp_path, tmp_path / "wrong.xlsx",
    )  # fmt: skip
    assert "Every figure agrees." not in (tmp_path / "wrong.csv").read_text(encoding="utf-8")


def test_every_remittance_shows_its_amounts(played: Played) -> None:
    for row in Remittance.objects.all():
        text = run("pdftotext", "-layout", played.folder / "remittances" / f"{row.number}.pdf", "-")
        payments = Payment.objects.filter(run=row.run, person=row.person)
        assert payments.exists()
        for payment in payments:
            assert money_text(payment.amount) in text
            if payment.details is not None:
                # a building society's statement shows its roll number instead, which paper must not repeat
                roll_number = open_details(payment.details).roll_number
                assert roll_number not in text if roll_number else payment.reference in text
            for item in payment.items.all():
                assert money_text(item.amount) in text


def test_the_file_of_a_run_is_what_the_books_released(played: Played) -> None:
    for sent in PaymentRun.objects.filter(status=RunStatus.SENT):
        folder = "bank" if sent.method == Method.BANK else "lists"
        text = played.files[f"{folder}/run-{sent.number}-file-1.csv"].decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        total = sum(Decimal(row["Amount"]) for row in rows)
        posted = Transfer.objects.filter(entry=sent.entry).aggregate(total=Sum("amount"))["total"]
        assert total == Decimal(posted).scaleb(-2) == Decimal(sent.total).scaleb(-2)
        assert len(rows) == sent.count


@pytest.mark.parametrize(("method", "number"), [(Method.BANK, 9), (Method.CHEQUE, 10)])
def test_a_returned_payment_is_owed_again_and_paid_by_the_next_run(
    played: Played, method: Method, number: int
) -> None:
    returned = Payment.objects.get(status=PaymentStatus.RETURNED, method=method)
    lines = returned.items.values_list("line", flat=True)
    again = Payment.objects.filter(items__line__in=lines, items__live=True)
    assert [payment.run.number for payment in again.distinct()] == [number]


def test_everybody_was_paid_as_they_said_before_the_meeting(played: Played) -> None:
    asked = Offer.objects.filter(activity__title="Letters that help")
    said = dict(asked.values_list("contributor__name", "answer"))
    assert sorted(said.values()) == sorted(
        [*[Answer.ACCEPTED] * 8, Answer.LESS, Answer.DECLINED, Answer.NOTHING]
    )
    paid = Payment.objects.filter(items__line__claim__activity__title="Letters that help")
    fees = paid.filter(counts_as="fee").exclude(status=PaymentStatus.RETURNED).distinct()
    assert {name: method for name, method, _ in _who(fees) if method != Method.BANK} == {
        "Hari Bose": Method.VOUCHER,
        "Amira Haddad": Method.CODE,
        "Carys Llwyd": Method.CASH,
        "Kim Łukasz": Method.CHEQUE,
        "Dev Mistry": Method.CHEQUE,
        "Jo Núñez": Method.DONATION,
        "Ben Whitlock": Method.LEARNING,
        "Farid Noor": Method.GROUP,
    }
    assert {amount for _, method, amount in _who(fees) if method in BY_HAND} == {5500}
    assert [name for name, method, _ in _who(fees) if method == Method.BANK] == ["Gwen Aldous"]  # less
    costs = paid.filter(counts_as="expense").distinct()
    assert [(name, method) for name, method, _ in _who(costs)] == [
        ("Hari Bose", Method.CODE),
        ("Carys Llwyd", Method.BANK),
        ("Erin Doyle", Method.BANK),  # costs alone
    ]
    assert not paid.filter(person__name__startswith="Idris").exists()  # nothing


def _who(payments: QuerySet[Payment]) -> list[tuple[str, str, int]]:
    return list(payments.order_by("pk").values_list("person__name", "method", "amount"))


def test_vouchers_pay_the_whole_fee_and_handling_is_ours(played: Played) -> None:
    """Case 7: £55.00 in vouchers chosen before, £14.20 by a code; £1.10 of handling is no part of either."""
    claim = ClaimLine.objects.filter(claim__handle="C7").values_list("payment_items__payment", flat=True)
    assert _who(Payment.objects.filter(pk__in=claim)) == [
        ("Hari Bose", Method.VOUCHER, 5500),
        ("Hari Bose", Method.CODE, 1420),
    ]
    given = HandOver.objects.filter(payment__method=Method.VOUCHER)
    assert [sum(each.batch.face_value for each in made.vouchers.all()) for made in given] == [5500, 5500]
    bought = Transfer.objects.filter(debit__kind=AccountKind.CHARGES, credit__kind=AccountKind.SUPPLIER)
    assert list(bought.values_list("amount", flat=True)) == [110, 110]


def test_control_accounts_hold_what_is_still_out(played: Played) -> None:
    kinds = [AccountKind.VOUCHERS, AccountKind.CASH, AccountKind.CHEQUES, AccountKind.CODES]
    kinds += [AccountKind.DONATIONS, AccountKind.GROUPS, AccountKind.LEARNING, AccountKind.SUPPLIER]
    moved = Account.objects.filter(kind__in=kinds, months__isnull=False)
    totals = moved.annotate(total=Sum(F("months__debits") - F("months__credits")))
    assert {AccountKind(account.kind): account.total for account in totals} == {
        AccountKind.VOUCHERS: 1000,  # two of £5.00 are in stock
        AccountKind.CASH: 4500,  # £100.00 fetched, £55.00 handed over
        AccountKind.CHEQUES: -5500,  # Dev's new cheque is not cashed yet
        AccountKind.CODES: -1420,  # the bank has not shown Hari's code of November yet
        AccountKind.DONATIONS: 0,
        AccountKind.GROUPS: 0,
        AccountKind.LEARNING: -5500,  # Ben's, who has not asked for anything yet
        AccountKind.SUPPLIER: 0,
    }


def test_a_cheque_is_cashed_by_the_line_of_the_bank_and_another_goes_stale(played: Played) -> None:
    cashed, stale, anew = HandOver.objects.filter(payment__method=Method.CHEQUE).order_by("serial")
    assert cashed.cashed_by is not None
    assert (cashed.cashed_by.description, cashed.cashed_by.reference) == ("CHEQUE", cashed.serial)
    assert (stale.ended, stale.is_lost, stale.payment.status) == ("expired", False, PaymentStatus.RETURNED)
    assert (anew.payment.person, anew.ended, anew.cashed_by) == (stale.payment.person, "", None)


def test_bank_and_books_agree_at_the_end_of_the_month_that_was_closed(played: Played) -> None:
    account = BankAccount.objects.get(organisation__code=HOME)
    found = reconciliation(account, date(2026, 10, 31))
    assert (found.books, found.difference, found.unmatched) == (found.bank, 0, ())
    assert found.books == 1_660_000 - 10_000 - 6_110 - 2 * 5_500 - (5_500 + 1_420) - 5_500


def test_whom_a_donation_names_and_codes_stand_in_no_journal_workbook_or_picture(played: Played) -> None:
    """Advices are packed and are for one person each; the list of the run is where the name belongs."""
    texts = {name: content for name, content in played.files.items() if not name.startswith("remittances/")}
    with zipfile.ZipFile(io.BytesIO(texts.pop("finance-workbook.xlsx"))) as parts:
        texts |= {name: parts.read(name) for name in parts.namelist()}
    assert {name for name, text in texts.items() if by_hand.CHARITY.encode() in text} == {
        "lists/run-5-file-1.csv"
    }
    assert not [name for name, text in texts.items() if b"RB-4471" in text]


def test_no_declined_fee_reaches_finance(played: Played) -> None:
    declined = ClaimLine.objects.filter(answer__answer="declined", status="approved")
    assert declined.count() >= 4
    assert {line.allowed for line in declined} == {0}
    assert not declined.filter(payment_items__isnull=False).exists()
    assert not declined.filter(decisions__entry__isnull=False).exists()
    assert not declined.exclude(decisions__outcome=Outcome.APPROVE).exists()


def test_the_people_who_sign_in_are_named(
    played: Played, settings: object, capsys: pytest.CaptureFixture[str]
) -> None:
    setattr(settings, "DEMO", True)  # noqa: B010 - the settings fixture is untyped
    call_command("demo", "--who")
    said = capsys.readouterr().out
    assert "fern@riverbend.example" in said
    assert "Finance preparer" in said


def test_it_is_refused_outside_demonstration_mode(played: Played) -> None:
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")
    assert PaymentRun.objects.count() == 13


def test_it_plays_the_same_again(played: PlayedTwice) -> None:
    first = played.before
    assert played.chapters == first.chapters
    stable = [name for name in first.files if not name.endswith(".xlsx")]  # a zip with times in it
    assert [name for name in stable if played.files[name] != first.files[name]] == []


def test_the_trail_is_checked_without_this_program(played: Played, tmp_path: Path) -> None:
    trail, kept = tmp_path / "trail.jsonl", tmp_path / "checkpoint.json"
    call_command("seal_trail", checkpoint=kept, export=trail)
    checker = Path(settings.BASE_DIR) / "audit" / "standalone.py"
    whole = subprocess.run([sys.executable, "-I", checker, trail, kept], capture_output=True, text=True)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    lines = trail.read_text(encoding="utf-8").splitlines(keepends=True)
    trail.write_text("".join(lines[:-1]), encoding="utf-8")
    cut = subprocess.run([sys.executable, "-I", checker, trail, kept], capture_output=True, text=True)
    assert cut.returncode == 1
