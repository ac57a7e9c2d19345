"""Every guard of the books refuses what it is there for, also by raw SQL, and is what refuses it."""

from datetime import date

import pytest

from ledger.models import AccountKind, BudgetLine, Commitment, Counter, Stage
from ledger.services import accounts, budgets, commitments, periods, posting
from tests.attempts import Attempt, here, judge, untried
from tests.cast import Cast
from tests.ledger.raw import Ids, account, budget, commitment, entry, line, transfer
from tests.ledger.reopening_attempts import REOPENINGS
from tests.worlds import world


@world
def ids(cast: Cast) -> Ids:
    org, project = cast.riverside, cast.project
    cost = accounts.account(org, AccountKind.COST, project, "travel")
    owed = accounts.account(org, AccountKind.OWED, project, "travel")
    entry = posting.post_entry(
        organisation=org,
        source="claim:1",
        narrative="Travel",
        date=date(2026, 11, 3),
        legs=[posting.Leg(cost, owed, 1200, 7), posting.Leg(cost, owed, 350, 7)],
        actor=cast.fern,
    )
    october = periods.close(actor=cast.farah, organisation=org, month=202610)
    periods.ask_to_reopen(actor=cast.fern, organisation=org, month=202610, reason="A late invoice.")
    proposal = budgets.propose(actor=cast.anil, project=project, lines={"travel": 1})
    for source in ("offer:1", "offer:2"):
        commitments.open_commitment(
            project=project, category="travel", stage=Stage.COMMITTED, amount=5, source=source
        )
    commitments.close_commitments("offer:2")
    return Ids(
        org=org.pk,
        project=project.pk,
        fern=cast.fern.pk,
        cost=cost.pk,
        owed=owed.pk,
        unused=cast.bank.pk,
        theirs=accounts.bank_ledger_account(cast.hillside, "Current account").pk,
        entry=entry.pk,
        october=october.pk,
        counter=Counter.objects.get(name="entry", organisation=org).pk,
        agreed=cast.budget.pk,
        agreed_line=BudgetLine.objects.get(budget=cast.budget, category="travel").pk,
        proposed=proposal.pk,
        proposed_line=proposal.lines.get().pk,
        open=Commitment.objects.get(source="offer:1").pk,
        closed=Commitment.objects.get(source="offer:2").pk,
    )


REPLACE = "INSERT OR REPLACE"
UPSERT = "ON CONFLICT (id) DO UPDATE SET amount = 999"
STAYS, TIMELY, WHOLE = ("entry_stays",), ("entry_is_timely",), ("transfer_is_whole",)
NEW_ENTRY, NEW_TRANSFER = ("entry_is_new_and_timely",), ("transfer_is_new_and_whole",)
KEPT, CLOSES = ("transfer_stays",), ("commitment_closes",)
MOVES, FROZEN, OPENS = ("budget_moves_on",), ("budget_line_frozen",), ("period_only_opens",)
RISES, ONE_CURRENCY, CURRENCY = (
    ("counter_rises",),
    ("account_in_one_currency",),
    ("organisation_keeps_currency",),
)
ENTRIES = [
    Attempt(
        "change an entry",
        STAYS,
        ("entry_unchanged",),
        lambda i: ["UPDATE ledger_journalentry SET narrative = 'x'"],
    ),
    Attempt("remove an entry", STAYS, ("entry_kept",), lambda i: ["DELETE FROM ledger_journalentry"]),
    Attempt("replace an entry", (), NEW_ENTRY, lambda i: [entry(i, 1, verb=REPLACE)]),
    Attempt(
        "replace by source",
        (),
        NEW_ENTRY,
        lambda i: [entry(i, source="claim:1", verb=REPLACE)],
    ),
    Attempt(
        "post in a closed month", TIMELY, NEW_ENTRY, lambda i: [entry(i, day="2026-10-04", month=202610)]
    ),
    Attempt(
        "post in a month nobody opened",
        TIMELY,
        NEW_ENTRY,
        lambda i: [entry(i, day="2031-01-04", month=203101)],
    ),
    Attempt(
        "post in a month that is not the date's",
        TIMELY,
        NEW_ENTRY,
        lambda i: [entry(i, day="2026-12-04")],
    ),
]
TRANSFERS = [
    Attempt(
        "change a transfer",
        KEPT,
        ("transfer_unchanged",),
        lambda i: ["UPDATE ledger_transfer SET amount = 1"],
    ),
    Attempt("remove a transfer", KEPT, ("transfer_kept",), lambda i: ["DELETE FROM ledger_transfer"]),
    Attempt("replace a transfer", (), NEW_TRANSFER, lambda i: [transfer(i, 1, verb=REPLACE)]),
    Attempt(
        "upsert a transfer",
        KEPT,
        (*NEW_TRANSFER, "transfer_unchanged"),
        lambda i: [transfer(i, 1, then=UPSERT)],
    ),
    Attempt("add a transfer later", WHOLE, NEW_TRANSFER, lambda i: [transfer(i, 1, 3)]),
    Attempt(
        "add a transfer beyond the size",
        WHOLE,
        NEW_TRANSFER,
        lambda i: [entry(i), transfer(i, 2, 1), transfer(i, 2, 2)],
    ),
    Attempt("leave a gap", WHOLE, NEW_TRANSFER, lambda i: [entry(i, size=2), transfer(i, 2, 2)]),
    Attempt("move in another month", WHOLE, NEW_TRANSFER, lambda i: [entry(i), transfer(i, month=202612)]),
    Attempt(
        "use an account of others",
        WHOLE,
        NEW_TRANSFER,
        lambda i: [entry(i), transfer(i, credit=i.theirs)],
    ),
    Attempt("move half a penny", (), NEW_TRANSFER, lambda i: [entry(i), transfer(i, amount=1.5)]),
]
ACCOUNTS = [
    Attempt(
        "open an account in another currency", ONE_CURRENCY, ONE_CURRENCY, lambda i: [account(i, "x", "EUR")]
    ),
    Attempt(
        "change an account",
        ("account_stays",),
        ("account_unchanged",),
        lambda i: ["UPDATE ledger_account SET kind = 'cash'"],
    ),
    Attempt(
        "remove an account",
        ("account_stays",),
        ("account_kept",),
        lambda i: [f"DELETE FROM ledger_account WHERE id = {i.unused}"],
    ),
    Attempt(
        "replace an account",
        (),
        ("account_not_replaced",),
        lambda i: [account(i, "bank:Current account", "GBP", REPLACE)],
    ),
    Attempt(
        "change the currency of books in use",
        CURRENCY,
        CURRENCY,
        lambda i: [f"UPDATE people_organisation SET currency = 'EUR' WHERE id = {i.org}"],
    ),
]
PERIODS = [
    Attempt(
        "begin with a closed month",
        (*OPENS, "period_opens_by_two"),
        ("period_starts_open", "period_starts_uncounted"),
        lambda i: [
            "INSERT INTO ledger_period (organisation_id, month, closed, closed_by_id, closed_at,"
            f" times_closed) VALUES ({i.org}, 202609, true, {i.fern}, '2026-10-01 10:00:00', 1)"
        ],
    ),
    Attempt(
        "replace a month",
        (),
        ("period_starts_open",),
        lambda i: [
            f"{REPLACE} INTO ledger_period (organisation_id, month, closed, times_closed)"
            f" VALUES ({i.org}, 202610, false, 0)"
        ],
    ),
    Attempt(
        "rename a month",
        OPENS,
        OPENS,
        lambda i: [f"UPDATE ledger_period SET month = 202609 WHERE id = {i.october}"],
    ),
    Attempt("remove a month", ("period_stays",), ("period_kept",), lambda i: ["DELETE FROM ledger_period"]),
]
COUNTERS = [
    Attempt(
        "turn a counter back",
        RISES,
        RISES,
        lambda i: [f"UPDATE ledger_counter SET value = 0 WHERE id = {i.counter}"],
    ),
    Attempt(
        "rename a counter",
        RISES,
        RISES,
        lambda i: [f"UPDATE ledger_counter SET name = 'x' WHERE id = {i.counter}"],
    ),
    Attempt(
        "start a counter high",
        RISES,
        ("counter_starts_at_nothing",),
        lambda i: [f"INSERT INTO ledger_counter (organisation_id, name, value) VALUES ({i.org}, 'x', 5)"],
    ),
    Attempt(
        "replace a counter",
        (),
        ("counter_starts_at_nothing",),
        lambda i: [
            f"{REPLACE} INTO ledger_counter (organisation_id, name, value) VALUES ({i.org}, 'entry', 0)"
        ],
    ),
    Attempt(
        "remove a counter", ("counter_stays",), ("counter_kept",), lambda i: ["DELETE FROM ledger_counter"]
    ),
]
COMMITMENTS = [
    Attempt(
        "change a commitment",
        CLOSES,
        CLOSES,
        lambda i: [f"UPDATE ledger_commitment SET amount = 6 WHERE id = {i.open}"],
    ),
    Attempt(
        "change it while closing",
        CLOSES,
        CLOSES,
        lambda i: [f"UPDATE ledger_commitment SET amount = 6, closed_at = opened_at WHERE id = {i.open}"],
    ),
    Attempt(
        "close a commitment again",
        CLOSES,
        CLOSES,
        lambda i: [f"UPDATE ledger_commitment SET closed_at = opened_at WHERE id = {i.closed}"],
    ),
    Attempt(
        "reopen a commitment",
        CLOSES,
        CLOSES,
        lambda i: [f"UPDATE ledger_commitment SET closed_at = NULL WHERE id = {i.closed}"],
    ),
    Attempt(
        "remove a commitment",
        ("commitment_stays",),
        ("commitment_kept",),
        lambda i: ["DELETE FROM ledger_commitment"],
    ),
    Attempt(
        "replace a commitment",
        (),
        ("commitment_not_replaced",),
        lambda i: [commitment(i, "7", "offer:1", REPLACE)],
    ),
    Attempt("promise half a penny", (), ("commitment_whole",), lambda i: [commitment(i, "1.5", "offer:3")]),
]
BUDGETS = [
    Attempt(
        "begin with an agreed budget",
        MOVES,
        ("budget_starts_proposed",),
        lambda i: [budget(i, 3, "replaced")],
    ),
    Attempt(
        "replace a budget", (), ("budget_starts_proposed",), lambda i: [budget(i, 1, "proposed", REPLACE)]
    ),
    Attempt(
        "take an agreement back",
        MOVES,
        MOVES,
        lambda i: [f"UPDATE ledger_budget SET status = 'proposed' WHERE id = {i.agreed}"],
    ),
    Attempt(
        "replace without agreeing",
        MOVES,
        MOVES,
        lambda i: [f"UPDATE ledger_budget SET status = 'replaced' WHERE id = {i.proposed}"],
    ),
    Attempt(
        "say somebody else agreed",
        MOVES,
        MOVES,
        lambda i: [
            f"UPDATE ledger_budget SET status = 'replaced', agreed_by_id = {i.fern} WHERE id = {i.agreed}"
        ],
    ),
    Attempt(
        "move a budget",
        MOVES,
        MOVES,
        lambda i: [f"UPDATE ledger_budget SET version = 9 WHERE id = {i.proposed}"],
    ),
    Attempt(
        "remove a budget",
        ("budget_stays",),
        ("budget_kept",),
        lambda i: [f"DELETE FROM ledger_budget WHERE id = {i.proposed}"],
    ),
    Attempt(
        "plan more than was agreed",
        FROZEN,
        ("budget_line_frozen",),
        lambda i: [f"UPDATE ledger_budgetline SET planned = 9 WHERE id = {i.agreed_line}"],
    ),
    Attempt(
        "move a line into an agreed budget",
        FROZEN,
        ("budget_line_frozen",),
        lambda i: [
            f"UPDATE ledger_budgetline SET budget_id = {i.agreed}, category = 'x'"
            f" WHERE id = {i.proposed_line}"
        ],
    ),
    Attempt(
        "add a line to an agreed budget",
        FROZEN,
        ("budget_line_added",),
        lambda i: [line(i.agreed).replace("'other'", "'x'")],
    ),
    Attempt(
        "replace an agreed line",
        (),
        ("budget_line_added",),
        lambda i: [line(i.proposed, key=i.agreed_line, verb=REPLACE)],
    ),
    Attempt("plan half a penny", (), ("budget_line_added",), lambda i: [line(i.proposed, "1.5")]),
    Attempt(
        "remove an agreed line",
        FROZEN,
        ("budget_line_kept",),
        lambda i: [f"DELETE FROM ledger_budgetline WHERE id = {i.agreed_line}"],
    ),
    Attempt("empty the budgets", ("budget_line_stays",), (), lambda i: ["TRUNCATE ledger_budgetline"]),
]
ATTEMPTS = [*ENTRIES, *TRANSFERS, *ACCOUNTS, *PERIODS, *REOPENINGS, *COUNTERS, *COMMITMENTS, *BUDGETS]


@pytest.mark.parametrize("attempt", here(ATTEMPTS))
def test_the_database_refuses_to(attempt: Attempt, ids: Ids) -> None:
    judge(attempt, ids)


def test_every_guard_of_the_books_is_tried() -> None:
    assert untried(ATTEMPTS, ("ledger_", "people_organisation")) == set()
