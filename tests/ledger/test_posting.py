"""Posting an entry, reversing it, and posting many at once."""

from contextlib import suppress
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from common.dates import now
from common.errors import IllegalMove
from ledger.models import AccountKind, AccountMonth, Counter, JournalEntry, Period, Transfer
from ledger.queries import balance
from ledger.services import periods
from ledger.services.accounts import account, bank_ledger_account
from ledger.services.posting import (
    AlreadyPosted,
    Draft,
    Leg,
    PeriodClosed,
    post_batch,
    post_entry,
    reverse_entry,
)
from tests.cast import Cast
from tests.ledger.books import NOVEMBER, POSTGRESQL, Crash, cost, owe, owe_and_crash, owed


def test_it_writes_the_entry_its_transfers_and_the_totals(cast: Cast) -> None:
    posted = owe(cast, "claim:1", 1200)

    entry = JournalEntry.objects.get(pk=posted.pk)
    for field in JournalEntry._meta.concrete_fields:
        assert getattr(entry, field.attname) == getattr(posted, field.attname), field.name
    assert (entry.number, entry.month, entry.size, entry.source) == (1, 202611, 1, "claim:1")
    transfer = Transfer.objects.get(entry=entry)
    assert (transfer.debit, transfer.credit, transfer.amount) == (cost(cast), owed(cast), 1200)
    assert (transfer.party, transfer.month) == (cast.cora.pk, 202611)
    assert (balance(cost(cast)), balance(owed(cast))) == (1200, -1200)


def test_it_numbers_entries_from_one_without_a_gap(cast: Cast) -> None:
    assert [owe(cast, f"claim:{n}").number for n in range(1, 4)] == [1, 2, 3]
    with pytest.raises(Crash):
        owe_and_crash(cast, "claim:4")
    assert owe(cast, "claim:5").number == 4


def test_organisations_number_their_own_entries(cast: Cast) -> None:
    owe(cast, "claim:1")
    debit = bank_ledger_account(cast.hillside, "Current account")
    credit = account(cast.hillside, AccountKind.OPENING)
    entry = post_entry(
        organisation=cast.hillside,
        source="claim:1",
        narrative="Theirs",
        date=NOVEMBER,
        legs=[Leg(debit, credit, 5)],
        actor=cast.otto,
    )
    assert entry.number == 1


def test_it_takes_few_statements_however_many_transfers(
    cast: Cast, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    owe(cast, "claim:1")
    legs = [Leg(cost(cast), owed(cast), amount, 7) for amount in range(1, 300)]
    with django_assert_num_queries(3 if POSTGRESQL else 5):  # type: ignore[operator]
        post_entry(
            organisation=cast.riverside,
            source="claim:2",
            narrative="Many",
            date=NOVEMBER,
            legs=legs,
            actor=cast.fern,
        )


def test_it_posts_an_entry_of_thousands_of_transfers(cast: Cast) -> None:
    legs = [Leg(cost(cast), owed(cast), 2, 7) for _ in range(2_500)]
    post_entry(
        organisation=cast.riverside,
        source="claim:1",
        narrative="A large run",
        date=NOVEMBER,
        legs=legs,
        actor=cast.fern,
    )
    assert balance(cost(cast)) == 5_000
    connection.check_constraints()


def test_it_refuses_a_source_that_was_posted_before(cast: Cast) -> None:
    owe(cast, "claim:1")
    with pytest.raises(AlreadyPosted, match=r"This was already posted, as entry 1\."):
        owe(cast, "claim:1")
    assert JournalEntry.objects.count() == 1
    assert owe(cast, "claim:2").number == 2  # a refusal uses no number


def test_it_refuses_a_closed_month_in_words(cast: Cast) -> None:
    periods.close(actor=cast.farah, organisation=cast.riverside, month=202611)
    with pytest.raises(PeriodClosed, match="November 2026 is closed"):
        owe(cast, "claim:1")
    assert owe(cast, "claim:1", on=date(2026, 12, 1)).number == 1


@pytest.mark.parametrize("size", [0, 100_000])
def test_it_refuses_an_entry_without_transfers_or_with_too_many(cast: Cast, size: int) -> None:
    leg = Leg(cost(cast), owed(cast), 1)
    with pytest.raises(ValueError, match="at least one transfer"):
        post_entry(
            organisation=cast.riverside,
            source="claim:1",
            narrative="Nothing",
            date=NOVEMBER,
            legs=[leg] * size,
            actor=cast.fern,
        )


def test_it_refuses_an_account_of_another_organisation(cast: Cast) -> None:
    with pytest.raises(ValueError, match="one organisation"):
        post_entry(
            organisation=cast.hillside,
            source="claim:1",
            narrative="Wrong books",
            date=NOVEMBER,
            legs=[Leg(cost(cast), owed(cast), 1)],
            actor=cast.otto,
        )


@pytest.mark.parametrize("amount", [0, -5])
def test_the_database_refuses_an_amount_that_moves_nothing_and_all_is_undone(cast: Cast, amount: int) -> None:
    owe(cast, "claim:1")
    with pytest.raises(IntegrityError, match="a_transfer_moves_something"), transaction.atomic():
        owe(cast, "claim:2", amount)
    assert JournalEntry.objects.count() == Counter.objects.get(name="entry").value == 1
    assert balance(cost(cast)) == 1200


def test_a_swallowed_refusal_of_the_database_is_still_undone(cast: Cast) -> None:
    owe(cast, "claim:1")
    with transaction.atomic(), suppress(IntegrityError):  # a caller who should know better
        owe(cast, "claim:2", -5)
    assert JournalEntry.objects.count() == 1


def test_it_refuses_to_write_outside_a_transaction(committed_db: None, cast: Cast) -> None:
    with transaction.atomic():
        debit, credit = cost(cast), owed(cast)
    with pytest.raises(RuntimeError, match="inside the transaction"):
        post_entry(
            organisation=cast.riverside,
            source="claim:1",
            narrative="Loose",
            date=NOVEMBER,
            legs=[Leg(debit, credit, 1)],
            actor=cast.fern,
        )


def test_a_reversal_is_the_mirror_and_happens_once(cast: Cast) -> None:
    entry = owe(cast, "claim:1", 1200)
    mirror = reverse_entry(entry=entry, reason="typed twice", date=date(2026, 12, 1), actor=cast.fern)

    assert mirror.narrative == "Reversal of entry 1: typed twice"
    assert (mirror.source, mirror.reverses, mirror.month) == ("reversal:1", entry, 202612)
    assert (balance(cost(cast)), balance(owed(cast))) == (0, 0)
    assert Transfer.objects.get(entry=mirror).party == cast.cora.pk
    with pytest.raises(IllegalMove, match="Entry 1 was already reversed, by entry 2"):
        reverse_entry(entry=entry, reason="again", date=date(2026, 12, 1), actor=cast.fern)
    assert JournalEntry.objects.count() == 2


def drafts(cast: Cast, count: int, first: int = 1) -> list[Draft]:
    """Entries of two transfers each, in October and November by turns."""
    legs = [Leg(cost(cast), owed(cast), 100, 7), Leg(cost(cast, "care"), owed(cast, "care"), 30, 7)]
    return [
        Draft(f"claim:{n}", "Imported", date(2026, 10 + n % 2, 3), legs) for n in range(first, first + count)
    ]


def test_a_batch_posts_like_its_entries_would_one_by_one(cast: Cast) -> None:
    owe(cast, "before")
    numbers = post_batch(organisation=cast.riverside, entries=drafts(cast, 1_500), actor=cast.fern)
    connection.check_constraints()

    assert numbers == list(range(2, 1_502))
    assert owe(cast, "after").number == 1_502
    entry = JournalEntry.objects.get(number=3)
    assert (entry.source, entry.month, entry.size) == ("claim:2", 202610, 2)
    assert entry.posted_at <= now()
    assert balance(cost(cast, "care")) == 45_000
    assert AccountMonth.objects.get(account=owed(cast, "care"), month=202610).credits == 22_500


def test_a_batch_is_all_or_nothing(cast: Cast) -> None:
    owe(cast, "claim:700")
    with pytest.raises(AlreadyPosted), transaction.atomic():
        post_batch(organisation=cast.riverside, entries=drafts(cast, 1_000), actor=cast.fern)
    assert JournalEntry.objects.count() == 1
    assert balance(cost(cast)) == 1200


def test_a_batch_refuses_a_closed_month_among_its_months(cast: Cast) -> None:
    periods.close(actor=cast.farah, organisation=cast.riverside, month=202610)
    with pytest.raises(PeriodClosed, match="October 2026"):
        post_batch(organisation=cast.riverside, entries=drafts(cast, 2), actor=cast.fern)
    assert not JournalEntry.objects.exists()


def test_an_empty_batch_posts_nothing(cast: Cast) -> None:
    assert post_batch(organisation=cast.riverside, entries=[], actor=cast.fern) == []
    assert not Period.objects.exists()
