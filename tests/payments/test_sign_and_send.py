"""Sign a run, send it, take one payment out, or void it: by whom, in which state, and from which file."""

import hashlib
from collections.abc import Callable

import pytest
from django.db import connection

from audit import guards
from audit.models import Event
from claims.models import ClaimLine
from common.encryption import NONCE_BYTES
from common.errors import DomainError, IllegalMove, NotPermitted, Stale
from ledger.models import JournalEntry, Transfer
from payments.formats.bank_csv import BankFileError, read_run
from payments.models import BankAccount, PaymentItem, PaymentRun, Remittance, RunFile
from payments.queries import due as due_now
from payments.secrets import open_file, seal_file
from payments.services import runs
from payments.services.files import RunDoesNotAgree
from people.models import Person, RoleKind
from tests.cast import Cast, give_role
from tests.payments.office import (
    PAY_ON,
    account_of,
    colleague,
    fare,
    hash_of,
    prepared,
    sent,
    signed,
)


def sign(actor: Person, run: PaymentRun) -> PaymentRun:
    return runs.authorise(actor=actor, run_id=run.pk, sha256=hash_of(run))


def test_another_person_signs_and_then_it_is_sent(due: Cast, account: BankAccount) -> None:
    run = sent(due, account)

    assert (run.status, run.authorised_by, run.released_by) == ("sent", due.farah, due.fern)
    assert {payment.status for payment in run.payments.all()} == {"sent"}
    assert [row.status for row in PaymentRun.history.filter(id=run.pk).order_by("history_id")] == [
        "prepared",
        "authorised",
        "sent",
    ]


def test_sending_moves_what_was_owed_into_transit(due: Cast, account: BankAccount) -> None:
    run = sent(due, account)

    entry = JournalEntry.objects.get(source=f"run:{run.pk}:released")
    assert run.entry == entry
    moves = Transfer.objects.filter(entry=entry).order_by("position")
    assert [(move.debit.code, move.credit.code, move.party, move.amount) for move in moves] == [
        ("owed:PROJ-A:travel", "in_transit:PROJ-A:travel", due.cora.pk, 1250),
        ("owed:PROJ-A:fees", "in_transit:PROJ-A:fees", due.cora.pk, 4000),
        ("owed:PROJ-A:travel", "in_transit:PROJ-A:travel", due.dev.pk, 730),
    ]


def test_everybody_paid_gets_one_remittance_number(due: Cast, account: BankAccount) -> None:
    run = prepared(due, account)
    assert not Remittance.objects.exists()
    sign(due.farah, run)
    runs.release(actor=due.fern, run_id=run.pk)

    assert [row.person for row in Remittance.objects.order_by("pk")] == [due.cora, due.dev]


Move = Callable[[Cast, PaymentRun], object]
MOVES: dict[str, Move] = {
    "sign": lambda cast, run: sign(cast.farah, run),
    "send": lambda cast, run: runs.release(actor=cast.fern, run_id=run.pk),
    "void": lambda cast, run: runs.void(actor=cast.farah, run_id=run.pk, reason="Wrong day."),
    "take out": lambda cast, run: runs.take_out(
        actor=cast.fern, payment_id=run.payments.order_by("pk")[0].pk, reason="Moved away."
    ),
}


@pytest.mark.parametrize(
    ("state", "how"),
    [
        ("prepared", "send"),
        ("authorised", "sign"),
        *[("sent", how) for how in MOVES],
        *[("void", how) for how in MOVES],
    ],
)
def test_it_refuses_every_other_state(due: Cast, account: BankAccount, state: str, how: str) -> None:
    made: dict[str, Callable[[Cast, BankAccount], PaymentRun]] = {
        "prepared": prepared,
        "authorised": signed,
        "sent": sent,
        "void": lambda cast, acc: runs.void(actor=cast.farah, run_id=prepared(cast, acc).pk, reason="No."),
    }
    run = made[state](due, account)
    events = Event.objects.count()

    with pytest.raises((IllegalMove, NotPermitted)):
        MOVES[how](due, run)

    run.refresh_from_db()
    assert (run.status, Event.objects.count()) == (state, events)


def test_who_prepared_a_run_does_not_sign_it(due: Cast, account: BankAccount) -> None:
    both = colleague(due, "Petra Preparer", [RoleKind.PREPARER, RoleKind.APPROVER])
    run = runs.prepare(actor=both, organisation=due.riverside, bank_account=account, pay_on=PAY_ON)
    with pytest.raises(NotPermitted, match="you prepared"):
        sign(both, run)
    assert sign(due.farah, run).authorised_by == due.farah


def test_who_took_a_payment_out_does_not_sign_what_is_left(due: Cast, account: BankAccount) -> None:
    both = colleague(due, "Petra Preparer", [RoleKind.PREPARER, RoleKind.APPROVER])
    run = prepared(due, account)
    first = run.payments.order_by("pk")[0]
    run = runs.take_out(actor=both, payment_id=first.pk, reason="Asked to wait.")

    with pytest.raises(NotPermitted, match="you prepared"):
        sign(both, run)
    assert sign(due.farah, run).status == "authorised"


def test_who_decided_a_line_in_it_does_not_sign(cast: Cast, account: BankAccount) -> None:
    account_of(cast, cast.cora)
    fare(cast, cast.cora, 500)
    give_role(actor=cast.abel, person=cast.anil, kind=RoleKind.APPROVER, organisation=cast.riverside)
    run = prepared(cast, account)
    with pytest.raises(NotPermitted, match="you decided a claim line"):
        sign(cast.anil, run)
    assert sign(cast.farah, run).status == "authorised"


def test_who_typed_a_claim_in_does_not_sign(cast: Cast, account: BankAccount) -> None:
    account_of(cast, cast.cora)
    fare(cast, cast.cora, 500, typed_by=cast.lena)
    give_role(actor=cast.abel, person=cast.lena, kind=RoleKind.APPROVER, organisation=cast.riverside)

    run = prepared(cast, account)
    with pytest.raises(NotPermitted, match="you typed in a claim"):
        sign(cast.lena, run)


def test_who_entered_details_that_it_pays_to_does_not_sign(cast: Cast, account: BankAccount) -> None:
    both = colleague(cast, "Petra Preparer", [RoleKind.PREPARER, RoleKind.APPROVER])
    account_of(cast, cast.cora, entered_by=both)
    fare(cast, cast.cora, 500)

    run = prepared(cast, account)
    with pytest.raises(NotPermitted, match="you entered bank details"):
        sign(both, run)


def test_nobody_signs_or_sends_a_run_that_pays_them(due: Cast, account: BankAccount) -> None:
    give_role(actor=due.abel, person=due.cora, kind=RoleKind.APPROVER, organisation=due.riverside)
    run = prepared(due, account)
    with pytest.raises(NotPermitted, match="pays you"):
        sign(due.cora, run)
    sign(due.farah, run)
    with pytest.raises(NotPermitted, match="pays you"):
        runs.release(actor=due.cora, run_id=run.pk)


@pytest.mark.parametrize("name", ["fern", "anil", "ada", "abel", "otto", "hana"])
def test_only_a_finance_approver_signs_or_voids(due: Cast, account: BankAccount, name: str) -> None:
    run = prepared(due, account)
    with pytest.raises(NotPermitted):
        sign(getattr(due, name), run)
    with pytest.raises(NotPermitted):
        runs.void(actor=getattr(due, name), run_id=run.pk, reason="No.")


@pytest.mark.parametrize("name", ["anil", "ada", "abel", "otto", "dev"])
def test_only_finance_sends_and_downloads(due: Cast, account: BankAccount, name: str) -> None:
    run = signed(due, account)
    with pytest.raises(NotPermitted):
        runs.release(actor=getattr(due, name), run_id=run.pk)
    with pytest.raises(NotPermitted):
        runs.download(actor=getattr(due, name), run_id=run.pk)


def test_a_preparer_downloads_only_what_is_signed_and_each_time_is_recorded(
    due: Cast, account: BankAccount
) -> None:
    run = prepared(due, account)
    with pytest.raises(NotPermitted, match="once another person has signed"):
        runs.download(actor=due.fern, run_id=run.pk)
    sign(due.farah, run)
    assert read_run(runs.download(actor=due.fern, run_id=run.pk)).total == run.total
    assert Event.objects.filter(action="run:file_downloaded", actor_id=due.fern.pk).count() == 1
    assert runs.file_name(run) == "run-1-file-1.csv"


def test_a_void_run_frees_its_lines_and_keeps_its_number(due: Cast, account: BankAccount) -> None:
    run = signed(due, account)
    runs.void(actor=due.farah, run_id=run.pk, reason="Wrong day.")

    assert not PaymentItem.objects.filter(live=True).exists()
    assert sum(row.amount for row in due_now(due.riverside)) == 5980
    assert prepared(due, account).number == 2
    with pytest.raises(IllegalMove, match="must not go to the bank"):
        runs.download(actor=due.farah, run_id=run.pk)


def test_taking_one_out_makes_a_new_file_and_drops_the_signature(due: Cast, account: BankAccount) -> None:
    run = signed(due, account)
    dev = run.payments.get(person=due.dev)

    run = runs.take_out(actor=due.fern, payment_id=dev.pk, reason="He asked to wait.")

    assert (run.status, run.authorised_by, run.version, run.total, run.count) == (
        "prepared",
        None,
        2,
        5250,
        2,
    )
    assert read_run(runs.file_bytes(run)).total == 5250
    assert [(row.person_id, row.amount) for row in due_now(due.riverside)] == [(due.dev.pk, 730)]
    assert [file.version for file in run.files.order_by("version")] == [1, 2]
    sign(due.farah, run)
    sent_run = runs.release(actor=due.fern, run_id=run.pk)
    assert [row.person for row in sent_run.remittances.all()] == [due.cora]


def test_the_last_payment_is_not_taken_out(cast: Cast, account: BankAccount) -> None:
    account_of(cast, cast.cora)
    fare(cast, cast.cora, 500)
    run = prepared(cast, account)
    with pytest.raises(DomainError, match="Void the run instead"):
        runs.take_out(actor=cast.fern, payment_id=run.payments.get().pk, reason="Wait.")
    assert run.payments.get().status == "prepared"


def test_the_signer_must_have_seen_the_file_as_it_is_now(due: Cast, account: BankAccount) -> None:
    run = prepared(due, account)
    seen = hash_of(run)
    runs.take_out(actor=due.fern, payment_id=run.payments.get(person=due.dev).pk, reason="Wait.")

    with pytest.raises(Stale, match="made again after you looked"):
        runs.authorise(actor=due.farah, run_id=run.pk, sha256=seen)


def stored(run: PaymentRun, content: bytes) -> None:
    """Put other bytes in the place of the run's file, as somebody with the database could."""
    with guards.without(*stays()):
        RunFile.objects.filter(run=run).update(content=content)


def stays() -> list[str]:
    return ["run_file_stays"] if connection.vendor == "postgresql" else ["run_file_unchanged"]


@pytest.mark.parametrize("place", [0, 1, NONCE_BYTES + 1, 60, -1])
def test_a_flipped_byte_of_the_stored_file_stops_signing_and_sending(
    due: Cast, account: BankAccount, place: int
) -> None:
    run = signed(due, account)
    whole = bytes(run.files.get().content)
    broken = bytearray(whole)
    broken[place] ^= 1
    stored(run, bytes(broken))

    with pytest.raises(RunDoesNotAgree, match="altered or is damaged"):
        runs.release(actor=due.fern, run_id=run.pk)

    stored(run, whole)  # the control: as it was, it goes
    assert runs.release(actor=due.fern, run_id=run.pk).status == "sent"


def test_a_file_sealed_anew_with_other_payees_is_refused(due: Cast, account: BankAccount) -> None:
    """Not even somebody who holds the key can pay another account than the one that was signed."""
    run = signed(due, account)
    other = open_file(run.files.get()).replace(b"88837491", b"88837492")
    stored(run, seal_file(other, run=run, version=1))

    with pytest.raises(BankFileError, match="has been changed"):
        runs.release(actor=due.fern, run_id=run.pk)

    with guards.without(*stays()):
        RunFile.objects.filter(run=run).update(sha256=hashlib.sha256(other).hexdigest())
    with pytest.raises(RunDoesNotAgree, match="does not pay what the payments"):
        runs.release(actor=due.fern, run_id=run.pk)


def test_the_same_form_twice_sends_once(due: Cast, account: BankAccount) -> None:
    run = signed(due, account)
    first = runs.release(actor=due.fern, run_id=run.pk, key="form-9")
    again = runs.release(actor=due.fern, run_id=run.pk, key="form-9")

    assert first == again
    assert JournalEntry.objects.filter(source__startswith="run:").count() == 1


def test_sending_is_all_or_nothing(due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    run = signed(due, account)
    monkeypatch.setattr(runs, "move", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        runs.release(actor=due.fern, run_id=run.pk)

    run.refresh_from_db()
    assert (run.status, run.entry) == ("authorised", None)
    assert not JournalEntry.objects.filter(source__startswith="run:").exists()


def test_a_line_is_paid_once_for_ever(due: Cast, account: BankAccount) -> None:
    sent(due, account)
    assert due_now(due.riverside) == []
    assert PaymentItem.objects.filter(live=True).count() == ClaimLine.objects.count()
