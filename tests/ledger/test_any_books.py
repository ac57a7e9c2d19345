"""Whatever is posted and reversed, in whatever order: the books balance and prove themselves."""

from datetime import date
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import verify
from ledger.models import AccountKind, JournalEntry, Transfer
from ledger.queries import trial_balance
from ledger.services.accounts import account
from ledger.services.posting import Draft, Leg, post_batch, post_entry, reverse_entry
from tests.cast import Cast

KINDS = (AccountKind.COST, AccountKind.OWED, AccountKind.IN_TRANSIT, AccountKind.SUSPENSE)
legs = st.lists(
    st.tuples(st.permutations(range(len(KINDS))).map(lambda order: order[:2]), st.integers(1, 10**12)),
    min_size=1,
    max_size=4,
)
entries = st.tuples(legs, st.integers(1, 12), st.integers(1, 28))
moves = st.lists(
    st.one_of(
        st.tuples(st.just("post"), entries),
        st.tuples(st.just("batch"), st.lists(entries, max_size=3)),
        st.tuples(st.just("reverse"), st.integers(0, 20)),
    ),
    max_size=8,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves)
def test_any_books_balance_and_verify(cast: Cast, story: list[tuple[str, Any]]) -> None:
    with transaction.atomic():
        for place, (move, what) in enumerate(story):
            play(cast, place, move, what)
        assert_whole(cast)
        transaction.set_rollback(True)


def draft(cast: Cast, source: str, what: Any) -> Draft:
    parts, month, day = what
    accounts = [account(cast.riverside, kind) for kind in KINDS]
    some = [Leg(accounts[debit], accounts[credit], amount, 7) for (debit, credit), amount in parts]
    return Draft(source, "Any entry", date(2026, month, day), some)


def play(cast: Cast, place: int, move: str, what: Any) -> None:
    """Make one move of the story; reversing what is not there, or twice, is no move."""
    if move == "post":
        one = draft(cast, f"story:{place}", what)
        post_entry(
            organisation=cast.riverside,
            source=one.source,
            narrative=one.narrative,
            date=one.date,
            legs=one.legs,
            actor=cast.fern,
        )
    elif move == "batch":
        drafts = [draft(cast, f"story:{place}:{n}", each) for n, each in enumerate(what)]
        post_batch(organisation=cast.riverside, entries=drafts, actor=cast.fern)
    else:
        entry = JournalEntry.objects.filter(number=what, reversed_by=None).first()
        if entry is not None:
            reverse_entry(entry=entry, reason="any", date=date(2026, 12, 31), actor=cast.fern)


def assert_whole(cast: Cast) -> None:
    trial = trial_balance(cast.riverside)
    assert trial.debits == trial.credits == sum(Transfer.objects.values_list("amount", flat=True))
    assert sum(row.balance for row in trial.rows) == 0
    assert list(verify.problems(cast.riverside)) == []
