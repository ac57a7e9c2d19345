"""The remittance advice: what one person is told about one run."""

from datetime import date

import pytest

from claims.models import Outcome
from claims.services import claiming
from claims.services.deciding import decide
from common.errors import NotVisible
from common.money import from_minor
from payments.formats.remittance import Size
from payments.models import BankAccount
from payments.remittances import remittance, remittance_pdf, size_for
from payments.services import details, runs
from people.models import Channel, PaperFormat
from tests.cast import Cast
from tests.payments.office import PAY_ON, account_of, fare, hours, prepared, sent, signed


def test_it_tells_time_and_costs_apart_and_what_the_bank_line_will_say(
    due: Cast, account: BankAccount
) -> None:
    advice = remittance(sent(due, account), due.cora)

    assert advice.time is not None
    assert advice.costs is not None
    assert [(line.kind, line.amount_minor) for line in advice.time.lines] == [("Time, session", 4000)]
    assert [(line.description, line.claimed_minor, line.allowed_minor) for line in advice.costs.lines] == [
        ("Bus fare", 1250, 1250)
    ]
    assert advice.time.bank_line == "RIVERSIDE COUNCIL TIME 000002"
    assert advice.costs.bank_line == "RIVERSIDE COUNCIL EXP 000001"
    assert advice.costs.method == "Bank transfer to the account ending 58"
    assert (advice.payer, advice.payee, advice.payment_date) == (
        "Riverside Council",
        "Cora Contributor",
        PAY_ON,
    )
    assert advice.promise == "The money should be in your account by the end of Thursday 26 November 2026."
    assert advice.ask_again.name == "The review panel, review@example.org"
    assert advice.address == ()


def test_it_is_there_from_the_moment_the_run_is_sent(due: Cast, account: BankAccount) -> None:
    run = signed(due, account)
    with pytest.raises(NotVisible):
        remittance(run, due.cora)
    run = runs.release(actor=due.fern, run_id=run.pk)
    assert remittance(run, due.cora).reference == run.remittances.get(person=due.cora).number
    with pytest.raises(NotVisible):
        remittance(run, due.anil)


def test_a_payment_taken_out_is_not_on_it(due: Cast, account: BankAccount) -> None:
    run = prepared(due, account)
    run = runs.take_out(
        actor=due.fern, payment_id=run.payments.get(counts_as="fee").pk, reason="To another account."
    )
    runs.authorise(actor=due.farah, run_id=run.pk, sha256=run.files.get(version=2).sha256)
    assert remittance(runs.release(actor=due.fern, run_id=run.pk), due.cora).time is None


def test_reduced_and_refused_costs_come_with_the_reason(cast: Cast, account: BankAccount) -> None:
    account_of(cast, cast.cora)
    claim = claiming.start_claim(actor=cast.cora, project=cast.project, contributor=cast.cora)
    added = [
        claiming.add_line(
            actor=cast.cora,
            claim_id=claim.pk,
            on=date(2026, 11, 18 + number),
            kind="fare",
            mode="taxi",
            spent=from_minor(1000, "GBP"),
            receipt=f"taxi {number}",
        )
        for number in range(2)
    ]
    claiming.submit(actor=cast.cora, claim_id=claim.pk)
    decide(
        actor=cast.anil, line_id=added[0].pk, outcome=Outcome.REDUCE, allowed=600, reason="Shared with Dev."
    )
    decide(actor=cast.anil, line_id=added[1].pk, outcome=Outcome.REFUSE, reason="Not on a meeting day.")

    advice = remittance(sent(cast, account), cast.cora)

    assert advice.costs is not None
    assert [(line.claimed_minor, line.allowed_minor, line.reason) for line in advice.costs.lines] == [
        (1000, 600, "Shared with Dev."),
        (1000, 0, "Not on a meeting day."),
    ]
    assert advice.costs.total_minor == 600


def test_a_roll_number_takes_the_place_of_our_reference(cast: Cast, account: BankAccount) -> None:
    entered = details.enter(
        actor=cast.cora,
        person=cast.cora,
        account_name="C Contributor",
        sort_code="089999",
        account_number="66374958",
        roll_number="A/123",
    )
    details.verify(actor=cast.farah, details_id=entered.pk, note="Rang her.")
    fare(cast, cast.cora, 500)
    run = sent(cast, account)
    advice = remittance(run, cast.cora)
    assert advice.costs is not None
    assert advice.costs.bank_line == "RIVERSIDE COUNCIL"
    assert b",A/123," in runs.file_bytes(run)


def test_a_letter_has_the_address_and_the_size_of_print(due: Cast, account: BankAccount) -> None:
    due.cora.channel, due.cora.address = Channel.POST, "1 Mill Lane\n\nRiverside  "
    due.cora.paper_format = PaperFormat.LARGE
    assert remittance(sent(due, account), due.cora).address == ("1 Mill Lane", "Riverside")
    assert (size_for(due.cora), size_for(due.dev)) == (Size.LARGE, Size.STANDARD)


def test_the_page_is_the_same_each_time_and_holds_no_account_number(due: Cast, account: BankAccount) -> None:
    run = sent(due, account)
    first = remittance_pdf(run, due.cora)
    assert first.startswith(b"%PDF-")
    assert first == remittance_pdf(run, due.cora)
    assert "66374958" not in repr(remittance(run, due.cora))


def test_costs_alone_make_no_part_for_time(cast: Cast, account: BankAccount) -> None:
    account_of(cast, cast.cora)
    fare(cast, cast.cora, 500)
    assert remittance(sent(cast, account), cast.cora).time is None


def test_time_alone_makes_no_part_for_costs(cast: Cast, account: BankAccount) -> None:
    account_of(cast, cast.cora)
    hours(cast, cast.cora, 1)
    assert remittance(sent(cast, account), cast.cora).costs is None
