"""What the signing sheet says is unusual, each reason by itself; and for whom a run waits."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from common.dates import set_now
from common.errors import IllegalMove
from payments.formats.signing_sheet import MOST_ON_PAPER, Noted, SigningSheet, Unusual, sheet_pdf
from payments.models import BankAccount, PaymentRun
from payments.permissions import may_release, may_sign
from payments.queries.signing import runs_waiting_for, sheet_of, signers_of
from payments.services import details, runs
from people.models import Person, RoleKind
from tests.cast import Cast, give_role
from tests.payments.office import (
    MONDAY,
    PAY_ON,
    account_of,
    colleague,
    fare,
    hash_of,
    hours,
    prepared,
    sent,
    signed,
)


def noted(run: PaymentRun, person: Person, kind: str = "Money back for costs") -> Noted | None:
    """What the sheet says of one person's payment; None when there is nothing unusual about it."""
    found = [each for each in sheet_of(run).noted if (each.payee, each.kind) == (person.name, kind)]
    return found[0] if found else None


def why(run: PaymentRun, person: Person, kind: str = "Money back for costs") -> set[Unusual]:
    """Why it is unusual, but for being among the largest."""
    found = noted(run, person, kind)
    return set(found.why) - {Unusual.LARGEST} if found else set()


@pytest.fixture
def again(due: Cast, account: BankAccount) -> Callable[..., PaymentRun]:
    """Both were paid last week. Now a second run, with these bus fares in pence."""
    sent(due, account)

    def make(*, cora: int = 1250, dev: int = 730) -> PaymentRun:
        fare(due, due.cora, cora)
        fare(due, due.dev, dev)
        return prepared(due, account)

    return make


def test_a_first_payment_is_unusual_and_a_second_is_not(
    due: Cast, account: BankAccount, again: Callable[..., PaymentRun]
) -> None:
    first = PaymentRun.objects.get()
    assert why(first, due.cora) == why(first, due.dev) == {Unusual.NEW}
    second = again()
    assert why(second, due.cora) == why(second, due.dev) == set()


def test_somebody_whose_first_run_was_stopped_is_still_new(due: Cast, account: BankAccount) -> None:
    runs.void(actor=due.farah, run_id=prepared(due, account).pk, reason="Wrong day.")
    assert why(prepared(due, account), due.cora) == {Unusual.NEW}


def test_changed_bank_details_are_unusual(due: Cast, account: BankAccount) -> None:
    sent(due, account)
    changed = details.enter(
        actor=due.cora,
        person=due.cora,
        account_name="C Contributor",
        sort_code="089999",
        account_number="66374958",
        roll_number="A/123",
    )
    details.verify(actor=due.farah, details_id=changed.pk, note="Rang her.")
    fare(due, due.cora, 1250)
    fare(due, due.dev, 730)
    with set_now(MONDAY + timedelta(days=3)):
        run = runs.prepare(
            actor=due.fern,
            organisation=due.riverside,
            bank_account=account,
            pay_on=PAY_ON + timedelta(days=1),
        )
        assert why(run, due.cora) == {Unusual.CHANGED}
        assert why(run, due.dev) == set()


@pytest.mark.parametrize(("pence", "is_more"), [(2500, False), (2501, True)])
def test_more_than_double_of_the_usual_is_unusual(
    due: Cast, again: Callable[..., PaymentRun], pence: int, is_more: bool
) -> None:
    run = again(cora=pence)
    assert (why(run, due.cora) == {Unusual.MORE}) is is_more
    if is_more:
        found = noted(run, due.cora)
        assert found is not None
        assert "More than double their usual £12.50" in found.reasons


def test_the_usual_amount_is_that_of_the_same_kind(due: Cast, account: BankAccount) -> None:
    sent(due, account)  # Cora had £12.50 for costs and £40 for time
    fare(due, due.cora, 4000)
    hours(due, due.cora, 2)
    run = prepared(due, account)
    assert why(run, due.cora) == {Unusual.MORE}
    assert why(run, due.cora, "Money for time") == set()


def test_two_people_with_one_account_are_named_to_each_other(cast: Cast, account: BankAccount) -> None:
    account_of(cast, cast.cora)
    _shares(cast, cast.dev)
    for person in (cast.cora, cast.dev):
        fare(cast, person, 500)
    run = prepared(cast, account)
    assert Unusual.SHARED in why(run, cast.cora)
    assert Unusual.SHARED in why(run, cast.dev)
    found = noted(run, cast.cora)
    assert found is not None
    assert "Goes to the same account as Dev Contributor" in found.reasons


def test_an_account_shared_with_somebody_outside_the_run_is_told_without_a_name(
    cast: Cast, account: BankAccount
) -> None:
    account_of(cast, cast.cora)
    _shares(cast, cast.dev)
    fare(cast, cast.cora, 500)
    found = noted(prepared(cast, account), cast.cora)
    assert found is not None
    assert "Somebody who is not in this run has the same account" in found.reasons
    assert "Dev" not in str(found)


def _shares(cast: Cast, person: Person) -> None:
    """Give somebody the account that Cora has."""
    entered = details.enter(
        actor=person,
        person=person,
        account_name="C Contributor",
        sort_code="089999",
        account_number="66374958",
    )
    details.verify(actor=cast.farah, details_id=entered.pk, note="Rang.")


def test_both_payments_of_one_person_are_not_two_people(due: Cast, account: BankAccount) -> None:
    assert Unusual.SHARED not in why(prepared(due, account), due.cora)


def test_a_tenth_of_the_payments_are_the_largest(due: Cast, again: Callable[..., PaymentRun]) -> None:
    run = again()
    largest = [each for each in sheet_of(run).noted if Unusual.LARGEST in each.why]
    assert [(each.payee, each.amount) for each in largest] == [("Cora Contributor", 1250)]
    usual = sheet_of(run).usual
    assert (usual.count, usual.total) == (1, 730)


def test_what_has_most_reasons_comes_first(due: Cast, again: Callable[..., PaymentRun]) -> None:
    found = sheet_of(again(cora=3000, dev=5000)).noted
    assert [(each.payee, len(each.why)) for each in found] == [
        ("Dev Contributor", 2),
        ("Cora Contributor", 1),
    ]


def test_it_says_totals_by_kind_fingerprint_and_whose_hand_it_was(due: Cast, account: BankAccount) -> None:
    run = signed(due, account)
    sheet = sheet_of(run)
    assert [(each.kind, each.count, each.total) for each in sheet.kinds] == [
        ("Money for time", 1, 4000),
        ("Money back for costs", 2, 1980),
    ]
    assert (sheet.count, sheet.total, sheet.sha256) == (3, 5980, hash_of(run))
    assert sheet.fingerprint.replace(" ", "") == sheet.sha256[:16]
    assert sheet.prepared == "Fern Finance, 9:00am on 23 November 2026"
    assert sheet.signed == "Farah Finance, 9:00am on 23 November 2026"
    assert sheet.sent == ""


def test_a_payment_taken_out_is_not_on_it(due: Cast, account: BankAccount) -> None:
    run = prepared(due, account)
    dev = run.payments.get(person=due.dev)
    run = runs.take_out(actor=due.fern, payment_id=dev.pk, reason="He asked.")
    assert noted(run, due.dev) is None
    assert (sheet_of(run).count, sheet_of(run).version, sheet_of(run).sha256) == (2, 2, hash_of(run))


def test_what_happens_later_does_not_change_the_sheet_of_a_signed_run(
    due: Cast, account: BankAccount
) -> None:
    run = signed(due, account)
    before = sheet_of(run)
    with set_now(MONDAY + timedelta(minutes=5)):
        run = runs.release(actor=due.fern, run_id=run.pk)
        fare(due, due.cora, 100)
        second = signed(due, account)
        runs.release(actor=due.fern, run_id=second.pk)
        assert replace(sheet_of(run), sent="") == before
        assert why(second, due.cora) == set()


def test_a_void_run_has_none(due: Cast, account: BankAccount) -> None:
    run = runs.void(actor=due.farah, run_id=prepared(due, account).pk, reason="Wrong day.")
    with pytest.raises(IllegalMove, match="nothing to sign"):
        sheet_of(run)


def test_it_costs_the_same_for_more_payments(due: Cast, account: BankAccount) -> None:
    run = PaymentRun.objects.select_related("organisation", "bank_account", "prepared_by").get(
        pk=prepared(due, account).pk
    )
    with CaptureQueriesContext(connection) as asked:
        sheet_of(run)
    assert len(asked) == 5


def text_of(sheet: SigningSheet) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(sheet_pdf(sheet))).pages)


def test_the_pdf_tells_what_is_unusual_before_the_totals(due: Cast, account: BankAccount) -> None:
    sheet = sheet_of(prepared(due, account))
    text = " ".join(text_of(sheet).split())
    assert text.index("What is unusual") < text.index("What is signed for") < text.index("SHA-256")
    for words in (
        "Cora Contributor",
        "First payment to them.",
        "account ending 58",
        "Money for time, 1 payment £40.00",
        "Total of 3 payments £59.80",
        sheet.fingerprint,
        "Prepared Fern Finance, 9:00am on 23 November 2026",
        "Signed Not yet",
    ):
        assert words in text
    assert sheet.sha256 in text.replace(" ", "")
    assert sheet_pdf(sheet) == sheet_pdf(sheet)
    for secret in ("66374958", "089999", "hour", "Project A", "C000001"):
        assert secret not in text


def test_the_pdf_of_a_run_without_anything_unusual_says_so(due: Cast, account: BankAccount) -> None:
    sheet = replace(sheet_of(prepared(due, account)), noted=())
    assert "Nothing: everybody was paid before" in text_of(sheet)


def test_the_pdf_of_a_large_run_lists_the_first_and_counts_the_rest(due: Cast, account: BankAccount) -> None:
    sheet = sheet_of(prepared(due, account))
    many = tuple(
        replace(sheet.noted[0], reference=f"EXP {number:06d}") for number in range(MOST_ON_PAPER + 12)
    )
    text = text_of(replace(sheet, noted=many, count=len(many)))
    assert "And 12 payments more" in " ".join(text.split())
    assert text.count("EXP 000") == MOST_ON_PAPER


def everybody(cast: Cast, account: BankAccount) -> list[Person]:
    """People with every reason to sign or not to sign; a run of £5 to Cora that Lena typed in."""
    account_of(cast, cast.cora, entered_by=colleague(cast, "Petra Preparer", [RoleKind.PREPARER]))
    fare(cast, cast.cora, 500, typed_by=cast.lena)
    petra = Person.objects.get(name="Petra Preparer")
    both = colleague(cast, "Bo Both", [RoleKind.PREPARER, RoleKind.APPROVER])
    for person in (cast.anil, cast.lena, cast.cora, petra):
        give_role(actor=cast.abel, person=person, kind=RoleKind.APPROVER, organisation=cast.riverside)
    plain = [cast.fern, cast.farah, cast.ada, cast.abel, cast.otto, cast.olga]
    return [cast.anil, cast.lena, cast.cora, petra, both, *plain]


def test_the_list_of_waiting_runs_agrees_with_the_rules_for_everybody(
    cast: Cast, account: BankAccount
) -> None:
    people = everybody(cast, account)
    run = prepared(cast, account)
    waiting = {person.name for person in people if runs_waiting_for(person).exists()}
    assert waiting == {person.name for person in people if may_sign(person, run) is None}
    assert waiting == {"Farah Finance", "Bo Both"}
    assert signers_of(run) == ["Bo Both", "Farah Finance"]

    run = runs.authorise(actor=cast.farah, run_id=run.pk, sha256=hash_of(run))
    waiting = {person.name for person in people if runs_waiting_for(person).exists()}
    assert waiting == {person.name for person in people if may_release(person, run) is None}
    assert {"Fern Finance", "Farah Finance"} < waiting
    assert "Cora Contributor" not in waiting

    runs.release(actor=cast.fern, run_id=run.pk)
    assert not any(runs_waiting_for(person).exists() for person in people)


def test_who_took_a_payment_out_or_prepared_it_does_not_wait_to_sign(due: Cast, account: BankAccount) -> None:
    both = colleague(due, "Bo Both", [RoleKind.PREPARER, RoleKind.APPROVER])
    run = prepared(due, account)
    assert runs_waiting_for(both).get() == run
    runs.take_out(actor=both, payment_id=run.payments.get(person=due.dev).pk, reason="He asked.")
    assert not runs_waiting_for(both).exists()
    assert runs_waiting_for(due.farah).get() == run
