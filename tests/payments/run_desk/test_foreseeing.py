"""Pages count what a run would pay without holding it: the figures are those of the run itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from common.dates import now
from payments.models import BankAccount, BankDetails
from payments.queries import foreseeing, preview
from payments.queries.foreseeing import Foreseen, foresee
from payments.queries.payable import PAYS_YOU
from payments.queries.sorting import BY_PAYROLL
from payments.services import payroll
from people.models import Person
from tests.cast import Cast
from tests.payments.concerns.stories import dead, estate
from tests.payments.crowd import crowd


def told(cast: Cast, preparer: Person) -> Foreseen:
    """What `preview` says, in the words of `foresee`."""
    found = preview(cast.riverside, preparer)
    return Foreseen(found.count, found.total, found.left_out)


def of(person: Person) -> "BankDetails":
    return BankDetails.objects.get(person=person, retired_at__isnull=True)


def _without_details(cast: Cast, person: Person) -> str:
    BankDetails.objects.filter(pk=of(person).pk).update(retired_at=now())
    return "They have not given bank details yet."


def _unverified(cast: Cast, person: Person) -> str:
    known = of(person)
    _without_details(cast, person)
    known.pk, known.fingerprint = None, "x"
    known.verified_by = known.verified_at = known.usable_from = None
    known.save()
    return "Their bank details wait for somebody in finance to verify them."


def _cooling(cast: Cast, person: Person) -> str:
    known = of(person)
    _without_details(cast, person)
    known.pk, known.usable_from = None, now() + timedelta(days=2)
    known.save()
    return "Their bank details were changed and can be used from 25 November 2026."


def _entered_by_fern(cast: Cast, person: Person) -> str:
    known = of(person)
    _without_details(cast, person)
    known.pk, known.entered_by = None, cast.fern
    known.save()
    return "You entered their bank details, so somebody else has to prepare this."


def _on_the_payroll(cast: Cast, person: Person) -> str:
    payroll.mark(actor=cast.fern, organisation=cast.riverside, person=person)
    return BY_PAYROLL


REASONS: list[Callable[[Cast, Person], str]] = [
    _without_details,
    _unverified,
    _cooling,
    _entered_by_fern,
    _on_the_payroll,
]


@pytest.mark.parametrize("leave_out", REASONS)
def test_it_says_what_the_run_itself_would_say(
    due: Cast, account: BankAccount, leave_out: Callable[[Cast, Person], str]
) -> None:
    people = crowd(due, people=4, lines=12)
    reason = leave_out(due, people[0])
    found = foresee(due.riverside, due.fern)
    assert [each.reason for each in found.left_out] == [reason]
    assert found == told(due, due.fern)
    assert found.count > 8


def test_nobody_is_foreseen_to_be_paid_by_themselves(due: Cast, account: BankAccount) -> None:
    found = foresee(due.riverside, due.cora)
    assert found == told(due, due.cora) == Foreseen(1, 730, found.left_out)
    assert [each.reason for each in found.left_out] == [PAYS_YOU]


def test_what_is_owed_to_the_dead_waits_for_their_estate(due: Cast, account: BankAccount) -> None:
    concern = dead(due)
    found = foresee(due.riverside, due.farah)
    assert found == told(due, due.farah)
    assert "This goes to the estate" in found.left_out[0].reason
    estate(due, concern)
    assert foresee(due.riverside, due.farah) == told(due, due.farah)


@pytest.mark.parametrize("leave_out", REASONS)
def test_whoever_is_not_doubted_is_counted_as_paid(
    due: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch, leave_out: Callable[[Cast, Person], str]
) -> None:
    """The comparison notices a reason that `_in_doubt` forgets."""
    leave_out(due, crowd(due, people=2, lines=4)[0])
    monkeypatch.setattr(foreseeing, "_in_doubt", lambda _, preparer: [Q(claim__contributor=preparer)])
    assert foresee(due.riverside, due.fern) != told(due, due.fern)


def test_it_asks_no_more_for_more_lines_and_people(due: Cast, account: BankAccount) -> None:
    counts = []
    for lines in (4, 40):
        _without_details(due, crowd(due, people=lines // 2, lines=lines)[0])
        with CaptureQueriesContext(connection) as asked:
            foresee(due.riverside, due.fern)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10
