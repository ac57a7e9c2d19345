"""Two people press a button of the same run at the same moment: one effect, and the other reads who and when.

`tests/payments/test_races.py` shows what the locks of signing and sending are worth. Here the whole page is
asked, and the version that a page carries is raced against the step that raises it.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from audit.actions import Action
from audit.models import Event
from common.errors import IllegalMove, Stale
from ledger.models import JournalEntry
from payments.models import BankAccount, PaymentRun
from payments.services import runs, seen_runs
from people.models import RoleKind
from tests.cast import Cast, give_role
from tests.databases import in_threads
from tests.payments.office import colleague, hash_of, prepared, signed
from tests.payments.test_races import a_moment_before, outcomes, without_locks
from tests.people.browsers import proven

pytestmark = [
    pytest.mark.usefixtures("committed_db"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
_HIDDEN = re.compile(r'<input type="hidden" name="(key|version|sha256)" value="([^"]*)">')


def press(client: Client, path: str, **typed: str) -> Callable[[], Any]:
    """Open a form now; what is returned sends it."""
    carried = dict(_HIDDEN.findall(client.get(path).content.decode()))
    return partial(client.post, path, carried | typed)


def at_once(*presses: Callable[[], Any]) -> list[tuple[int, str]]:
    """The answers, as statuses and pages, those that worked first."""
    answers, broken = outcomes(*presses)
    assert not broken
    return sorted((answer.status_code, answer.content.decode()) for answer in answers)


def one_wins(answers: list[tuple[int, str]], *told: str) -> None:
    assert [status for status, _ in answers] == [302, 409]
    assert any(words in answers[1][1] for words in told), answers[1][1]


@pytest.fixture
def petra(due: Cast) -> Any:
    """A second approver, who prepares as well."""
    return colleague(due, "Petra Both", [RoleKind.PREPARER, RoleKind.APPROVER])


def test_of_two_who_sign_one_signs_and_the_other_reads_who(
    due: Cast, account: BankAccount, petra: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/payments/runs/{prepared(due, account).pk}/sign/"
    presses = [press(proven(who), path) for who in (due.farah, petra)]
    with a_moment_before(monkeypatch, runs, "checked_bytes"):
        one_wins(at_once(*presses), "Farah Finance signed it at", "Petra Both signed it at")
    assert PaymentRun.history.filter(status="authorised").count() == 1


def test_of_two_who_send_one_sends_and_the_other_reads_who(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/payments/runs/{signed(due, account).pk}/send/"
    presses = [press(proven(who), path) for who in (due.farah, due.fern)]
    with a_moment_before(monkeypatch, runs, "checked_bytes"):
        one_wins(at_once(*presses), "Farah Finance sent it at", "Fern Finance sent it at")
    assert JournalEntry.objects.filter(source__endswith=":released").count() == 1


def test_of_two_who_stop_one_stops_and_the_other_reads_who(
    due: Cast, account: BankAccount, petra: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/payments/runs/{prepared(due, account).pk}/void/"
    presses = [press(proven(who), path, reason="Wrong day.") for who in (due.farah, petra)]
    with a_moment_before(monkeypatch, runs, "move"):
        one_wins(at_once(*presses), "Farah Finance stopped it at", "Petra Both stopped it at")
    assert Event.objects.filter(action=Action.RUN_VOIDED).count() == 1


def two_who_take_out(due: Cast, petra: Any, run: PaymentRun) -> list[Callable[[], Any]]:
    path = f"/payments/{run.payments.get(person=due.dev).pk}/take-out/"
    return [press(proven(who), path, reason="He asked.") for who in (due.fern, petra)]


def test_of_two_who_take_a_payment_out_one_does_and_the_other_reads_who(
    due: Cast, account: BankAccount, petra: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = prepared(due, account)
    presses = two_who_take_out(due, petra, run)
    with a_moment_before(monkeypatch, runs, "make_file"):
        told = ("Fern Finance took a payment out", "Petra Both took a payment out")
        one_wins(at_once(*presses), *told)
    run.refresh_from_db()
    assert (run.version, run.count, run.total) == (2, 2, 5250)


def test_a_double_click_stops_and_takes_out_once(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = prepared(due, account)
    fern, farah = proven(due.fern), proven(due.farah)
    out = press(fern, f"/payments/{run.payments.get(person=due.dev).pk}/take-out/", reason="He asked.")
    with a_moment_before(monkeypatch, runs, "make_file"):
        assert [status for status, _ in at_once(out, out, out)] == [302, 302, 302]
    stop = press(farah, f"/payments/runs/{run.pk}/void/", reason="Wrong day.")
    with a_moment_before(monkeypatch, runs, "move"):
        assert [status for status, _ in at_once(stop, stop, stop)] == [302, 302, 302]
    for action in (Action.PAYMENT_TAKEN_OUT, Action.RUN_VOIDED):
        assert Event.objects.filter(action=action).count() == 1


def take_out_and_stop(due: Cast, run: PaymentRun) -> tuple[list[Any], list[Exception]]:
    """Fern takes a payment out while Farah stops the run as she saw it before."""
    dev = run.payments.get(person=due.dev)
    return outcomes(
        lambda: seen_runs.take_out(actor=due.fern, payment_id=dev.pk, reason="He asked.", expected_version=1),
        lambda: seen_runs.void(actor=due.farah, run_id=run.pk, reason="Wrong day.", expected_version=1),
    )


def test_a_run_is_not_stopped_as_it_was_while_a_payment_is_taken_out(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = prepared(due, account)
    with a_moment_before(monkeypatch, runs, "next_status"):
        done, refused = take_out_and_stop(due, run)
    assert len(done) == 1
    assert isinstance(refused[0], Stale | IllegalMove)


def two_stops(due: Cast, petra: Any, run: PaymentRun) -> tuple[list[Any], list[Exception]]:
    return outcomes(
        *[
            lambda who=who: seen_runs.void(actor=who, run_id=run.pk, reason="Wrong day.", expected_version=1)
            for who in (due.farah, petra)
        ]
    )


def test_without_the_lock_both_would_stop_or_the_table_would_refuse(
    due: Cast, account: BankAccount, petra: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the lock nobody reads that the other was faster."""
    run = prepared(due, account)
    with without_locks(monkeypatch), a_moment_before(monkeypatch, runs, "move"):
        _, refused = two_stops(due, petra, run)
    assert not any(isinstance(each, Stale) for each in refused)
    stopped = PaymentRun.history.filter(status="void").count()
    assert stopped == 2 or "changed while you worked on it" in str(refused[0])


def test_without_the_lock_a_run_that_changed_would_be_sent(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the version: looked at without the lock, the run may change before it is sent."""
    run = signed(due, account)
    give_role(actor=due.abel, person=due.hana, kind=RoleKind.PREPARER, organisation=due.riverside)
    dev, released = run.payments.get(person=due.dev), runs.release

    def change_first(**asked: Any) -> PaymentRun:
        [result] = in_threads([partial(_changed_by_others, due, run, dev.pk)])
        assert not isinstance(result, Exception), result
        return released(**asked)

    with without_locks(monkeypatch), monkeypatch.context() as patch:
        patch.setattr(runs, "release", change_first)
        seen_runs.release(actor=due.fern, run_id=run.pk, expected_version=1)
    run.refresh_from_db()
    assert (run.status, run.version, run.count) == ("sent", 2, 2)  # another file than was looked at


def _changed_by_others(due: Cast, run: PaymentRun, payment_id: int) -> PaymentRun:
    changed = runs.take_out(actor=due.hana, payment_id=payment_id, reason="He asked.")
    return runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(changed))
