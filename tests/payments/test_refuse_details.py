"""Refuse bank details: they are retired with who and why, the person is told, the account before stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from audit import guards
from audit.models import Event
from audit.queries import opened
from common.dates import set_now
from common.errors import IllegalMove, NotPermitted
from payments.models import BankAccount, BankDetails, Refusal
from payments.own_details import own_details
from payments.queries import preview
from payments.services import details, telling
from payments.services.details import BankDetailsError, CheckedBy, refuse, verify
from people.models import Message, MessageKind, Person, RoleKind
from tests.cast import Cast
from tests.databases import in_threads
from tests.payments.office import MONDAY, account_of, colleague, fare
from tests.payments.test_bank_details import entered
from tests.payments.test_races import a_moment_before, without_locks

GUARD = ["bank_details_only_verified"]


def test_it_retires_what_waits_and_tells_the_person_why(monday: None, cast: Cast) -> None:
    waiting = entered(cast.cora, cast.cora)
    found = refuse(actor=cast.farah, details_id=waiting.pk, reason=Refusal.WRONG, note="The name is another.")

    assert (found.refused_by, found.refusal, found.retired_at) == (cast.farah, "wrong", MONDAY)
    assert (found.verified_by, found.usable_from) == (None, None)
    told = Message.objects.get(person=cast.cora, kind=MessageKind.BANK_DETAILS_REFUSED)
    assert told.source == f"bank_details:{waiting.pk}:refused"
    event = Event.objects.get(action="bank_details:refused")
    assert (event.actor_id, event.about_id) == (cast.farah.pk, cast.cora.pk)
    assert opened([event])[event.pk]["note"] == "The name is another."
    assert own_details(cast.cora).refused == waiting


def test_the_account_used_before_is_still_paid_to(cast: Cast, account: BankAccount) -> None:
    used = account_of(cast, cast.cora)
    fare(cast, cast.cora, 1250)
    refuse(actor=cast.farah, details_id=entered(cast.cora, cast.cora).pk, reason=Refusal.UNCHECKED)

    [payee] = preview(cast.riverside, cast.fern).payees
    assert payee.details == used
    assert own_details(cast.cora).used == used


def test_newer_details_take_the_refusal_off_the_persons_page(monday: None, cast: Cast) -> None:
    refuse(actor=cast.farah, details_id=entered(cast.cora, cast.cora).pk, reason=Refusal.WRONG)
    with set_now(MONDAY + timedelta(hours=1)):
        again = entered(cast.cora, cast.cora, "66374959")
    found = own_details(cast.cora)
    assert (found.waiting, found.refused) == (again, None)


def _verified(cast: Cast) -> BankDetails:
    return account_of(cast, cast.cora)


def _refused(cast: Cast) -> BankDetails:
    return refuse(actor=cast.farah, details_id=entered(cast.cora, cast.cora).pk, reason=Refusal.WRONG)


def _replaced(cast: Cast) -> BankDetails:
    old = entered(cast.cora, cast.cora)
    entered(cast.cora, cast.cora, "66374959")
    return old


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (_verified, "Farah Finance verified these bank details at 9:00am on 23 November 2026"),
        (_refused, "Farah Finance refused these bank details at 9:00am on 23 November 2026"),
        (_replaced, "These bank details were replaced by newer ones at 9:00am on 23 November 2026"),
    ],
)
def test_it_refuses_details_that_do_not_wait_and_says_who_and_when(
    monday: None, cast: Cast, made: Callable[[Cast], BankDetails], words: str
) -> None:
    row = made(cast)
    petra = colleague(cast, "Petra Approver", [RoleKind.APPROVER])
    with pytest.raises(IllegalMove, match=words):
        refuse(actor=petra, details_id=row.pk, reason=Refusal.UNCHECKED)
    with pytest.raises(IllegalMove, match=words):
        verify(actor=petra, details_id=row.pk, note="Rang her.")


def test_it_is_all_or_nothing(monday: None, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = entered(cast.cora, cast.cora)
    events = Event.objects.count()
    monkeypatch.setattr(telling, "details_refused", _fails)
    with pytest.raises(RuntimeError):
        refuse(actor=cast.farah, details_id=waiting.pk, reason=Refusal.WRONG)
    waiting.refresh_from_db()
    assert (waiting.retired_at, waiting.refused_by, Event.objects.count()) == (None, None, events)


def _fails(_: BankDetails) -> None:
    raise RuntimeError


@pytest.mark.parametrize("name", ["anil", "ada", "abel", "otto", "olga", "lena", "cora", "fern"])
def test_who_may_not(monday: None, cast: Cast, name: str) -> None:
    """Fern entered them, Cora's they are; the others keep no money here."""
    waiting = entered(cast.fern, cast.cora)
    with pytest.raises(NotPermitted):
        refuse(actor=getattr(cast, name), details_id=waiting.pk, reason=Refusal.WRONG)
    waiting.refresh_from_db()
    assert waiting.retired_at is None


def test_the_same_form_twice_has_one_effect(monday: None, cast: Cast) -> None:
    waiting = entered(cast.cora, cast.cora)
    for _ in range(2):
        refuse(actor=cast.farah, details_id=waiting.pk, reason=Refusal.WRONG, key="form-1")
    assert Event.objects.filter(action="bank_details:refused").count() == 1
    with pytest.raises(IllegalMove):
        refuse(actor=cast.farah, details_id=waiting.pk, reason=Refusal.WRONG, key="form-2")


def test_the_note_is_no_place_for_figures(monday: None, cast: Cast) -> None:
    waiting = entered(cast.cora, cast.cora)
    with pytest.raises(BankDetailsError, match="out of the note"):
        refuse(actor=cast.farah, details_id=waiting.pk, reason=Refusal.WRONG, note="It is 66 37 49 58.")


def test_a_check_is_made_after_the_details_came_and_not_in_time_to_come(monday: None, cast: Cast) -> None:
    waiting = entered(cast.cora, cast.cora)
    for days, words in ((-1, "on 23 November 2026 or later"), (1, "today or in the past")):
        with pytest.raises(BankDetailsError, match=words):
            verify(
                actor=cast.farah,
                details_id=waiting.pk,
                note="Rang her.",
                on=(MONDAY + timedelta(days=days)).date(),
            )
    verify(actor=cast.farah, details_id=waiting.pk, note="Saw her.", how=CheckedBy.MEETING, on=MONDAY.date())
    event = Event.objects.get(action="bank_details:verified")
    assert opened([event])[event.pk] == {
        "acting": "",
        "how": "meeting",
        "last_digits": "58",
        "note": "Saw her.",
        "on": "2026-11-23",
        "papers": "",
    }


@pytest.mark.parametrize(
    "change",
    [
        "refused_by_id = {farah}, refusal = 'wrong'",  # and not retired
        "refused_by_id = {farah}, retired_at = entered_at",  # and no reason
        "refusal = 'wrong', retired_at = entered_at",  # and nobody
        "refused_by_id = {farah}, refusal = 'because', retired_at = entered_at",
        "refused_by_id = {fern}, refusal = 'wrong', retired_at = entered_at",  # who entered them
        "refused_by_id = {cora}, refusal = 'wrong', retired_at = entered_at",  # whose they are
    ],
)
def test_the_database_keeps_refusals_whole(monday: None, cast: Cast, change: str) -> None:
    entered(cast.fern, cast.cora)
    keys = {name: getattr(cast, name).pk for name in ("farah", "fern", "cora")}
    sql = f"UPDATE payments_bankdetails SET {change.format(**keys)}"
    with guards.without(*GUARD), pytest.raises(IntegrityError), transaction.atomic():
        _run(sql)
    right = f"refused_by_id = {keys['farah']}, refusal = 'wrong', retired_at = entered_at"
    _run(f"UPDATE payments_bankdetails SET {right}")


def test_what_is_refused_or_verified_stays_so(monday: None, cast: Cast) -> None:
    _refused(cast)
    sql = "UPDATE payments_bankdetails SET refused_by_id = NULL, refusal = ''"
    with pytest.raises(IntegrityError), transaction.atomic():
        _run(sql)
    with guards.without(*GUARD), transaction.atomic():
        _run(sql)
        transaction.set_rollback(True)


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.usefixtures("committed_db")
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
class TestTwoAtOnce:
    def test_of_two_who_verify_one_does(
        self, monday: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done, refused = _two(cast, monkeypatch)
        assert (len(done), len(refused)) == (1, 1)
        assert isinstance(refused[0], IllegalMove)
        assert str(refused[0]).endswith(" verified these bank details at 9:00am on 23 November 2026.")
        assert Event.objects.filter(action__in=["bank_details:verified", "bank_details:refused"]).count() == 1

    def test_of_one_who_verifies_and_one_who_refuses_one_does(
        self, monday: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done, refused = _two(cast, monkeypatch, second=_refuse)
        assert (len(done), len(refused)) == (1, 1)
        assert isinstance(refused[0], IllegalMove)

    def test_without_the_lock_the_database_still_takes_one(
        self, monday: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with without_locks(monkeypatch):
            done, refused = _two(cast, monkeypatch)
        assert len(done) == 1
        assert isinstance(refused[0], IntegrityError)

    def test_without_lock_and_guard_both_would_verify(
        self, monday: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with without_locks(monkeypatch), guards.without(*GUARD):
            done, refused = _two(cast, monkeypatch)
        assert (len(done), refused) == (2, [])
        assert Event.objects.filter(action="bank_details:verified").count() == 2


def _verify(actor: Person, pk: int) -> BankDetails:
    return verify(actor=actor, details_id=pk, note="Rang her.")


def _refuse(actor: Person, pk: int) -> BankDetails:
    return refuse(actor=actor, details_id=pk, reason=Refusal.WRONG)


def _two(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, second: Callable[[Person, int], BankDetails] = _verify
) -> tuple[list[BankDetails], list[Exception]]:
    """Farah and Petra act on the same details at the same moment."""
    petra = colleague(cast, "Petra Approver", [RoleKind.APPROVER])
    pk = entered(cast.cora, cast.cora).pk
    with a_moment_before(monkeypatch, details, "record"):
        found = in_threads([lambda: _verify(cast.farah, pk), lambda: second(petra, pk)])
    errors = [each for each in found if isinstance(each, Exception)]
    return [each for each in found if not isinstance(each, Exception)], errors
