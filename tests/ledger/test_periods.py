"""Closing a month; asking to reopen it, confirming that, thinking again: two persons, or it stays closed."""

from time import sleep
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from audit import guards
from audit.actions import Action
from audit.models import Event
from audit.queries import opened
from common.errors import DomainError, IllegalMove, KeyReused, NotPermitted
from ledger.models import Period, Reopening
from ledger.services import periods
from ledger.services.periods import ask_to_reopen, confirm_reopening, withdraw_reopening
from ledger.services.posting import PeriodClosed
from people.models import Person, RoleKind
from tests.cast import Cast, give_role
from tests.databases import in_threads
from tests.ledger.books import POSTGRESQL, owe
from tests.payments.office import colleague


def closed(cast: Cast, **options: Any) -> Period:
    return periods.close(actor=cast.farah, organisation=cast.riverside, month=202611, **options)


def asked(cast: Cast, actor: Person | None = None, **options: Any) -> Reopening:
    return ask_to_reopen(
        actor=actor or cast.fern,
        organisation=cast.riverside,
        month=202611,
        **{"reason": "A late invoice."} | options,
    )


def confirmed(cast: Cast) -> Reopening:
    return confirm_reopening(actor=cast.farah, reopening_id=asked(cast).pk)


def events(action: Action) -> int:
    return Event.objects.filter(action=action).count()


def test_a_closed_month_says_who_and_when_and_takes_nothing(cast: Cast) -> None:
    period = closed(cast)
    assert (period.closed_by, period.times_closed, period.name) == (cast.farah, 1, "November 2026")
    assert period.closed_at is not None
    with pytest.raises(PeriodClosed):
        owe(cast, "claim:1")
    assert events(Action.PERIOD_CLOSED) == 1


def test_a_month_is_closed_once_and_the_second_person_hears_who_and_when(cast: Cast) -> None:
    closed(cast)
    with pytest.raises(IllegalMove, match=r"closed already: Farah Finance, on \d+ \w+ 20\d\d\."):
        closed(cast)
    assert events(Action.PERIOD_CLOSED) == 1


@pytest.mark.parametrize("who", ["fern", "anil", "ada", "abel", "cora", "olga"])
def test_only_a_finance_approver_closes(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted, match="Only a finance approver"):
        periods.close(actor=getattr(cast, who), organisation=cast.riverside, month=202611)
    assert not Period.objects.filter(closed=True).exists()


def test_asking_opens_nothing(cast: Cast) -> None:
    closed(cast)
    request = asked(cast)
    assert (request.asked_by, request.closing, request.waits) == (cast.fern, 1, True)
    assert Period.objects.get(month=202611).closed
    with pytest.raises(PeriodClosed):
        owe(cast, "claim:1")
    [event] = Event.objects.filter(action=Action.REOPENING_ASKED)
    assert (event.actor_id, opened([event])[event.pk]["reason"]) == (cast.fern.pk, "A late invoice.")


def test_a_second_person_opens_the_month_again(cast: Cast) -> None:
    closed(cast)
    request = confirmed(cast)
    period = Period.objects.get(month=202611)
    assert (request.confirmed_by, request.waits) == (cast.farah, False)
    assert (period.closed, period.closed_by, period.closed_at, period.times_closed) == (False, None, None, 1)
    assert owe(cast, "claim:1").number == 1
    [event] = Event.objects.filter(action=Action.PERIOD_REOPENED)
    assert opened([event])[event.pk] == {
        "asked_by": cast.fern.pk,
        "month": 202611,
        "reason": "A late invoice.",
    }


def test_an_approver_may_ask_and_a_preparer_confirm(cast: Cast) -> None:
    closed(cast)
    request = asked(cast, cast.farah)
    assert confirm_reopening(actor=cast.fern, reopening_id=request.pk).confirmed_by == cast.fern


def test_every_closing_takes_two_persons_of_its_own(cast: Cast) -> None:
    closed(cast)
    confirmed(cast)
    assert closed(cast).times_closed == 2
    assert asked(cast).closing == 2
    assert Period.objects.get(month=202611).closed


def test_whoever_asked_cannot_confirm(cast: Cast) -> None:
    closed(cast)
    give_role(actor=cast.abel, person=cast.fern, kind=RoleKind.APPROVER, organisation=cast.riverside)
    request = asked(cast)
    with pytest.raises(NotPermitted, match="Somebody else has to confirm"):
        confirm_reopening(actor=cast.fern, reopening_id=request.pk)
    assert Period.objects.get(month=202611).closed


def test_two_preparers_are_not_enough(cast: Cast) -> None:
    closed(cast)
    paul = colleague(cast, "Paul Preparer", [RoleKind.PREPARER])
    request = asked(cast)
    with pytest.raises(NotPermitted, match="approver has to ask"):
        confirm_reopening(actor=paul, reopening_id=request.pk)


def test_somebody_who_has_left_finance_does_not_count(cast: Cast) -> None:
    closed(cast)
    request = asked(cast)
    role = cast.fern.roles.get(kind=RoleKind.PREPARER)
    role.until = role.since
    role.save()
    with pytest.raises(NotPermitted, match="not in finance any more"):
        confirm_reopening(actor=cast.farah, reopening_id=request.pk)


@pytest.mark.parametrize("who", ["anil", "ada", "abel", "cora", "olga"])
def test_nobody_outside_finance_asks_confirms_or_withdraws(cast: Cast, who: str) -> None:
    closed(cast)
    actor, before = getattr(cast, who), asked(cast)
    for step in (confirm_reopening, withdraw_reopening):
        with pytest.raises(NotPermitted, match="Only finance"):
            step(actor=actor, reopening_id=before.pk)
    withdraw_reopening(actor=cast.fern, reopening_id=before.pk)
    with pytest.raises(NotPermitted, match="Only finance"):
        asked(cast, actor)
    assert Reopening.objects.count() == 1


@pytest.mark.parametrize("who", ["fern", "farah"])
def test_whoever_asked_or_somebody_else_keeps_it_closed(cast: Cast, who: str) -> None:
    closed(cast)
    actor = getattr(cast, who)
    request = withdraw_reopening(actor=actor, reopening_id=asked(cast).pk)
    assert (request.withdrawn_by, request.waits) == (actor, False)
    assert Period.objects.get(month=202611).closed
    assert events(Action.REOPENING_WITHDRAWN) == 1
    assert asked(cast).waits  # it may be asked again


def test_an_open_month_is_not_asked_for(cast: Cast) -> None:
    owe(cast, "claim:1")
    with pytest.raises(IllegalMove, match="open already"):
        asked(cast)
    assert not Reopening.objects.exists()


def test_it_is_asked_for_once_at_a_time(cast: Cast) -> None:
    closed(cast)
    asked(cast)
    with pytest.raises(IllegalMove, match="waits for a second person: Fern Finance, on"):
        asked(cast, cast.farah)
    assert Reopening.objects.count() == 1


@pytest.mark.parametrize("answer", [confirm_reopening, withdraw_reopening])
@pytest.mark.parametrize("second", [confirm_reopening, withdraw_reopening])
def test_what_was_answered_is_not_answered_again(cast: Cast, answer: Any, second: Any) -> None:
    closed(cast)
    request = asked(cast)
    answer(actor=cast.farah, reopening_id=request.pk)
    count = Event.objects.count()
    with pytest.raises(IllegalMove, match="already.*Farah Finance, on"):
        second(actor=cast.farah, reopening_id=request.pk)
    assert Event.objects.count() == count


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301, "\u202eon", "a\x00b"])
def test_a_reason_is_given_in_plain_words(cast: Cast, reason: str) -> None:
    closed(cast)
    with pytest.raises(DomainError):
        asked(cast, reason=reason)
    assert not Reopening.objects.exists()


def test_the_same_form_twice_is_one_step(cast: Cast) -> None:
    assert closed(cast, key="a") == closed(cast, key="a")
    first = asked(cast, key="b")
    assert asked(cast, key="b") == first
    for _ in range(2):
        assert confirm_reopening(actor=cast.farah, reopening_id=first.pk, key="c") == first
    with pytest.raises(KeyReused):
        asked(cast, key="b", reason="Another reason.")
    assert Event.objects.filter(subject_type__in=["ledger.period", "ledger.reopening"]).count() == 3


@pytest.mark.parametrize("step", ["ask_to_reopen", "confirm_reopening", "withdraw_reopening", "close"])
def test_it_is_all_or_nothing(cast: Cast, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    request = 0
    if step != "close":
        closed(cast)
    if step in ("confirm_reopening", "withdraw_reopening"):
        request = asked(cast).pk

    def crash(**_: Any) -> None:
        raise RuntimeError("the trail cannot be written")

    before = [*Period.objects.values(), *Reopening.objects.values()]
    monkeypatch.setattr(periods, "record", crash)
    calls: dict[str, Any] = {
        "close": lambda: closed(cast),
        "ask_to_reopen": lambda: asked(cast),
        "confirm_reopening": lambda: confirm_reopening(actor=cast.farah, reopening_id=request),
        "withdraw_reopening": lambda: withdraw_reopening(actor=cast.fern, reopening_id=request),
    }
    with pytest.raises(RuntimeError):
        calls[step]()
    assert [*Period.objects.values(), *Reopening.objects.values()] == before


CONSTRAINTS = {
    "a_reopening_is_confirmed_by_another_person": "UPDATE ledger_reopening SET confirmed_by_id = asked_by_id,"
    " confirmed_at = asked_at",
    "a_confirmed_reopening_says_when": "UPDATE ledger_reopening SET confirmed_by_id = {farah}",
    "a_withdrawn_reopening_says_when": "UPDATE ledger_reopening SET withdrawn_by_id = {farah}",
    "a_closed_month_says_who_and_when": "UPDATE ledger_period SET closed = true, closed_by_id = {farah},"
    " times_closed = 1 WHERE NOT closed",
    "a_reopening_has_a_reason": "INSERT INTO ledger_reopening (period_id, closing, reason, asked_by_id,"
    " asked_at) SELECT id, 1, '', {farah}, '2026-12-01 10:00:00' FROM ledger_period WHERE month = 202610",
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_constraint_refuses_what_must_not_be(cast: Cast, name: str) -> None:
    """And is what refuses: with the constraint taken away the statement goes through."""
    owe(cast, "claim:1")
    periods.close(actor=cast.farah, organisation=cast.riverside, month=202610)
    periods.close(actor=cast.farah, organisation=cast.riverside, month=202612)
    ask_to_reopen(actor=cast.fern, organisation=cast.riverside, month=202612, reason="A late invoice.")
    sql = CONSTRAINTS[name].format(farah=cast.farah.pk)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        run(sql)
    if POSTGRESQL:
        table = "ledger_period" if "month" in name else "ledger_reopening"
        connection.check_constraints()
        run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        run(sql)


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


races = pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one writer at a time")


@races
@pytest.mark.usefixtures("committed_db")
def test_of_two_who_confirm_at_once_one_does(cast: Cast) -> None:
    done, refused = two_confirm(cast)
    assert len(done) == 1
    assert isinstance(refused[0], IllegalMove)
    assert Event.objects.filter(action=Action.PERIOD_REOPENED).count() == 1


@races
@pytest.mark.usefixtures("committed_db")
def test_without_the_lock_the_guard_still_takes_one_confirmation(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But whoever comes second is told nothing that a person would understand."""
    without_locks(monkeypatch)
    done, [refused] = two_confirm(cast)
    assert len(done) == 1
    assert isinstance(refused, IntegrityError)
    assert "a reopening is answered once, as it was asked" in str(refused)


@races
@pytest.mark.usefixtures("committed_db")
def test_without_lock_and_guard_both_confirm(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    without_locks(monkeypatch)
    with guards.without("reopening_answered_once"):
        done, refused = two_confirm(cast)
    assert (len(done), refused) == (2, [])
    assert Event.objects.filter(action=Action.PERIOD_REOPENED).count() == 2


@races
@pytest.mark.usefixtures("committed_db")
def test_of_two_who_ask_at_once_one_does(cast: Cast) -> None:
    closed(cast)
    found = in_threads([lambda: asked(cast), lambda: asked(cast, cast.farah)])
    assert sum(isinstance(each, IllegalMove) for each in found) == 1
    assert Reopening.objects.count() == 1


@races
@pytest.mark.usefixtures("committed_db")
def test_without_the_lock_the_constraint_still_takes_one_request(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed(cast)
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda rows, **_: rows.all())
    monkeypatch.setattr(periods, "_reason", slowly(periods._reason))
    found = in_threads([lambda: asked(cast), lambda: asked(cast, cast.farah)])
    assert sum(isinstance(each, IntegrityError) for each in found) == 1
    assert Reopening.objects.count() == 1


def two_confirm(cast: Cast) -> tuple[list[Any], list[Any]]:
    petra = colleague(cast, "Petra Approver", [RoleKind.APPROVER])
    closed(cast)
    request = asked(cast)
    found = in_threads(
        [
            lambda who=who: confirm_reopening(actor=who, reopening_id=request.pk)  # type: ignore[misc]
            for who in (cast.farah, petra)
        ]
    )
    refused = [each for each in found if isinstance(each, Exception)]
    return [each for each in found if not isinstance(each, Exception)], refused


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits; and everybody stops between looking and acting, so that it shows every time."""
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda rows, **_: rows.all())
    monkeypatch.setattr(periods, "_still_waits", slowly(periods._still_waits))


def slowly(real: Any) -> Any:
    def paused(*args: Any, **kwargs: Any) -> Any:
        found = real(*args, **kwargs)
        sleep(0.4)
        return found

    return paused
