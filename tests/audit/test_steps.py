"""A step happens once, whole, under the name of who did it; its event stands or falls with it."""

from datetime import date
from functools import partial

import pytest
from django.db import transaction

from audit.actions import Action
from audit.models import Event, Payload, RequestKey
from audit.services import record
from common.errors import KeyReused, NotPermitted
from ledger.models import Account, Budget, JournalEntry
from ledger.services import budgets, periods
from ledger.services.opening import fund
from tests.cast import Cast
from tests.databases import in_threads
from tests.ledger.books import POSTGRESQL


def give(cast: Cast, key: str, amount: int = 5_000) -> JournalEntry:
    bank = Account.objects.get(pk=cast.bank.pk)  # a fresh object each time, as from a second request
    return fund(
        actor=cast.fern,
        project=cast.project,
        account=bank,
        amount=amount,
        date=date(2026, 11, 2),
        narrative="Grant",
        key=key,
    )


def test_the_same_key_again_gives_the_first_result(cast: Cast) -> None:
    first = give(cast, "form-1")
    events = Event.objects.count()
    assert give(cast, "form-1") == first
    assert (JournalEntry.objects.count(), Event.objects.count()) == (1, events)
    assert give(cast, "form-2") != first


def test_without_a_key_each_call_has_its_effect(cast: Cast) -> None:
    assert give(cast, "") != give(cast, "")


def test_the_same_key_with_other_answers_is_refused(cast: Cast) -> None:
    give(cast, "form-1")
    with pytest.raises(KeyReused, match="different answers"):
        give(cast, "form-1", amount=6_000)
    assert JournalEntry.objects.count() == 1


def test_the_same_key_for_another_step_is_refused(cast: Cast) -> None:
    give(cast, "form-1")
    with pytest.raises(KeyReused):
        periods.close(actor=cast.fern, organisation=cast.riverside, month=202610, key="form-1")


def test_another_person_may_use_the_same_key(cast: Cast) -> None:
    give(cast, "form-1")
    other = fund(
        actor=cast.farah,
        project=cast.project,
        account=cast.bank,
        amount=5_000,
        date=date(2026, 11, 2),
        narrative="Grant",
        key="form-1",
    )
    assert other.number == 2


def test_a_step_that_is_refused_leaves_nothing_and_its_key_is_free(cast: Cast) -> None:
    before = Event.objects.count()
    lines = {"travel": 5}
    with pytest.raises(NotPermitted):
        budgets.propose(actor=cast.cora, project=cast.project, lines=lines, key="form-1")
    assert not RequestKey.objects.exists()
    assert (Event.objects.count(), Budget.objects.count()) == (before, 1)


def test_history_names_who_did_it(cast: Cast) -> None:
    proposal = budgets.propose(actor=cast.anil, project=cast.project, lines={"travel": 5})
    budgets.agree(actor=cast.farah, budget_id=proposal.pk)
    changes = proposal.history.order_by("history_id").values_list("history_type", "history_user_id")
    assert list(changes) == [("+", cast.anil.pk), ("~", cast.farah.pk)]


def test_one_key_sent_by_many_at_once_has_one_effect(committed_db: None, cast: Cast) -> None:
    senders = 4 if POSTGRESQL else 2
    results = in_threads([partial(give, cast, "form-1")] * senders)
    assert {entry.pk for entry in results if isinstance(entry, JournalEntry)} == {
        JournalEntry.objects.get().pk
    }
    assert [each for each in results if isinstance(each, Exception)] == []


def test_an_event_is_refused_outside_the_transaction_it_describes(committed_db: None, cast: Cast) -> None:
    before = Event.objects.count()
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record(actor=cast.fern, action=Action.PERIOD_CLOSED, subject=cast.riverside)
    assert Event.objects.count() == before


def test_an_event_falls_with_its_transaction(committed_db: None, cast: Cast) -> None:
    before = Event.objects.count()
    with transaction.atomic():
        record(actor=cast.fern, action=Action.PERIOD_CLOSED, subject=cast.riverside, month=202611)
        assert Event.objects.count() == before + 1
        transaction.set_rollback(True)
    assert Event.objects.count() == Payload.objects.count() == before


def test_what_an_event_says_is_not_readable_in_the_database(cast: Cast) -> None:
    event = record(actor=cast.fern, action=Action.PERIOD_CLOSED, subject=cast.riverside, note="canary-word")
    assert b"canary-word" not in bytes(Payload.objects.get(event=event).sealed)
