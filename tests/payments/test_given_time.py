"""Time given is counted when its month is closed: by project, without a name, where five people gave some."""

from datetime import UTC, datetime

import pytest

from claims.models import ClaimLine, CountsAs, Way
from claims.services.giving import post_given_time
from claims.services.instructing import choose_way
from claims.services.offering import offer_way
from claims.services.undoing import undo_decision
from claims.verify import problems
from common.dates import set_now
from ledger.models import AccountKind, JournalEntry, Transfer
from payments.models import BankAccount
from people.models import Person
from reports.position import for_finance, for_lead
from tests.cast import Cast
from tests.payments.month_office import DECEMBER, NOVEMBER, closed, opened, read_to_the_end
from tests.payments.office import sign_reconciliation
from tests.reports.test_position import people, session

GIVEN = 4_000  # minor units: two hours of a session under the policy of the office
JANUARY = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)


def gave(cast: Cast, number: int, answer: str = "declined") -> list[ClaimLine]:
    return [session(cast, person, answer) for person in people(cast, number)]


def close(cast: Cast, account: BankAccount) -> None:
    with set_now(DECEMBER):
        opened(cast)
        read_to_the_end(cast, account)
        sign_reconciliation(cast, account, NOVEMBER)
        closed(cast)


def count(cast: Cast, month: int = NOVEMBER) -> list[int]:
    """What is posted for a month that is about to be closed, in minor units."""
    entries = post_given_time(actor=cast.farah, organisation=cast.riverside, month=month)
    return [entry.transfers.get().amount for entry in entries]


def donating(cast: Cast, person: Person, on: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)) -> None:
    """From then on this person's money for time goes to a charity; the sessions are on 10 November."""
    with set_now(on):
        offer_way(
            actor=cast.fern,
            organisation=cast.riverside,
            way=Way.DONATION,
            for_time=True,
            for_costs=False,
            delivery="We pay it.",
        )
        choose_way(
            actor=person,
            person=person,
            organisation=cast.riverside,
            kind=CountsAs.FEE,
            way=Way.DONATION,
            named="Friends of the Library",
        )


def counted() -> list[tuple[str, int]]:
    """What stands in the books as given, by source."""
    rows = Transfer.objects.filter(debit__kind=AccountKind.GIVEN_TIME)
    return list(rows.order_by("pk").values_list("entry__source", "amount"))


def test_five_people_are_counted_together_and_without_a_name(cast: Cast, account: BankAccount) -> None:
    gave(cast, 5)
    before = for_finance(cast.project)
    close(cast, account)
    assert counted() == [(f"given:{cast.project.pk}:{NOVEMBER}", 5 * GIVEN)]
    entry = JournalEntry.objects.get(source__startswith="given:")
    assert (entry.narrative, str(entry.date)) == ("Given time, PROJ-A, November 2026", "2026-11-30")
    transfer = entry.transfers.get()
    assert (transfer.party, transfer.debit.code, transfer.credit.code) == (
        None,
        "given_time:PROJ-A",
        "given_time",
    )
    assert for_finance(cast.project) == before, "it is beside the budget"
    with set_now(DECEMBER):
        assert list(problems(cast.riverside)) == []


def test_four_people_wait_for_a_fifth_in_a_later_month(cast: Cast, account: BankAccount) -> None:
    *four, fifth = people(cast, 5)
    for person in four:
        session(cast, person, "declined")
    with set_now(DECEMBER):
        assert count(cast) == []
        session(cast, fifth, "less:10.00")
    with set_now(JANUARY):
        assert count(cast) == []
        assert count(cast, 202612) == [4 * GIVEN + GIVEN - 1_000]
        assert count(cast, 202612) == []  # once
        assert list(problems(cast.riverside)) == []


def test_many_who_took_it_all_do_not_hide_one_who_did_not(cast: Cast, account: BankAccount) -> None:
    """Those who gave are counted: among five people of whom one gave, the sum would be that person's."""
    one, *others = people(cast, 6)
    session(cast, one, "declined")
    for person in others:
        session(cast, person)
    with set_now(DECEMBER):
        assert count(cast) == []


def test_this_month_is_not_over_and_not_counted(cast: Cast, account: BankAccount) -> None:
    gave(cast, 5)
    assert count(cast) == []


def test_what_is_undone_is_taken_off(cast: Cast, account: BankAccount) -> None:
    first, *_ = gave(cast, 6)
    undo_decision(actor=cast.anil, decision_id=first.decisions.get().pk, reason="It was the wrong day.")
    with set_now(DECEMBER):
        assert count(cast) == [5 * GIVEN]


def test_a_lead_sees_nothing_of_it(cast: Cast, account: BankAccount) -> None:
    gave(cast, 5)
    with set_now(DECEMBER):
        before = for_lead(cast.project)
        count(cast)
        assert for_lead(cast.project) == before


def test_verify_finds_what_is_counted_wrongly(
    cast: Cast, account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    gave(cast, 5)
    close(cast, account)
    monkeypatch.setattr(
        "claims.verify.given_time", lambda project: {NOVEMBER: 1} if project == cast.project else {}
    )
    assert list(problems(cast.riverside)) == [
        f"given:{cast.project.pk}:{NOVEMBER}: 1 was given, and {5 * GIVEN} is counted."
    ]


def test_what_is_donated_is_given_time_and_costs_as_much(cast: Cast, account: BankAccount) -> None:
    """Three take nothing and two give all of it to a charity: five gave their time, two of them cost."""
    *three, fourth, fifth = people(cast, 5)
    for person in (fourth, fifth):
        donating(cast, person)
    for person in three:
        session(cast, person, "declined")
    for person in (fourth, fifth):
        session(cast, person)
    assert sum(row.owed for row in for_finance(cast.project)) == 2 * GIVEN
    with set_now(DECEMBER):
        before = for_finance(cast.project)
        assert count(cast) == [5 * GIVEN]
        assert for_finance(cast.project) == before
        assert list(problems(cast.riverside)) == []


def test_a_donation_that_is_said_too_late_or_taken_back_later_changes_no_month(
    cast: Cast, account: BankAccount
) -> None:
    *four, fifth = people(cast, 5)
    for person in four:
        session(cast, person, "declined")
    donating(cast, fifth, on=datetime(2026, 11, 12, 9, 0, tzinfo=UTC))  # after the day
    session(cast, fifth)
    sixth = cast.cora
    donating(cast, sixth)
    session(cast, sixth)
    with set_now(DECEMBER):
        before = count(cast)
        assert before == [5 * GIVEN], "the fifth person came by their money; the sixth gave"
        choose_way(actor=sixth, person=sixth, organisation=cast.riverside, kind=CountsAs.FEE, way=Way.BANK)
        assert list(problems(cast.riverside)) == []
