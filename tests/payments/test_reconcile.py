"""Say what statement lines were: by hand and all at once, undone, returned, explained."""

from datetime import UTC, date, datetime

import pytest

from audit.models import Event
from common.dates import set_now
from common.errors import DomainError, IllegalMove, NotPermitted
from ledger.models import AccountKind, JournalEntry
from ledger.queries import balance
from ledger.services.accounts import account as ledger_account
from ledger.services.opening import open_books
from payments import verify
from payments.models import BankAccount, Match, MatchKind, Payment, StatementLine
from payments.queries import due as due_now
from payments.queries import reconciliation
from payments.services import reconciling
from payments.services.auto_matching import match_statement
from tests.cast import Cast
from tests.payments.office import PAY_ON, imported, prepared, sent

LATER = date(2026, 11, 30)


def books(cast: Cast, kind: AccountKind, category: str = "") -> int:
    project = cast.project if category else None
    name = "Current account" if kind == AccountKind.BANK else ""
    return balance(ledger_account(cast.riverside, kind, project, category, name))


def in_transit(cast: Cast) -> int:
    return sum(abs(books(cast, AccountKind.IN_TRANSIT, category)) for category in ("travel", "fees"))


def line_of(statement_pence: int) -> StatementLine:
    return StatementLine.objects.get(amount=statement_pence)


def statuses() -> list[str]:
    return list(Payment.objects.order_by("pk").values_list("status", flat=True))


def all_well(cast: Cast) -> bool:
    return list(verify.problems(cast.riverside)) == []


def test_a_run_that_left_as_one_debit_is_found_by_its_total(due: Cast, account: BankAccount) -> None:
    run = sent(due, account)
    assert in_transit(due) == 5980
    statement = imported(due, account, [(PAY_ON, "BACS RUN", -5980)])

    match_statement(actor=due.fern, statement=statement)

    found = Match.objects.get()
    assert (found.kind, found.run, found.matched_by) == ("run", run, due.fern)
    assert statuses() == ["paid"] * 3
    assert set(run.payments.values_list("paid_on", flat=True)) == {PAY_ON}
    assert (in_transit(due), books(due, AccountKind.BANK)) == (0, -5980)
    assert all_well(due)


def test_payments_that_left_one_by_one_are_found_by_reference(due: Cast, account: BankAccount) -> None:
    sent(due, account)
    rows = [(PAY_ON, "FPO EXP 000001", -1250), (PAY_ON, "FPO TIME 000002", -4000)]
    match_statement(actor=due.fern, statement=imported(due, account, rows))

    assert statuses() == ["paid", "paid", "sent"]
    assert in_transit(due) == 730
    assert all_well(due)


@pytest.mark.parametrize(
    "rows",
    [
        [(PAY_ON, "FPO EXP 000001", -1251)],  # another amount
        [(PAY_ON, "FPO EXP 000001 EXP 000003", -1250)],  # two references
        [(PAY_ON, "BACS", -5980), (PAY_ON, "BACS AGAIN", -5980)],  # either could be the run
        [(date(2026, 12, 4), "BACS", -5980)],  # six banking days later
        [(PAY_ON, "REFUND EXP 000001", 1250)],  # nothing has left that could come back
    ],
)
def test_what_could_mean_two_things_is_left_for_a_person(
    due: Cast, account: BankAccount, rows: list[tuple[date, str, int]]
) -> None:
    sent(due, account)
    match_statement(actor=due.fern, statement=imported(due, account, rows))

    assert not Match.objects.exists()
    assert statuses() == ["sent"] * 3


def test_matching_again_changes_nothing(due: Cast, account: BankAccount) -> None:
    sent(due, account)
    statement = imported(due, account, [(PAY_ON, "BACS RUN", -5980)])
    for _ in range(2):
        match_statement(actor=due.fern, statement=statement)
    assert Match.objects.count() == 1


def test_money_that_came_back_under_its_reference_is_owed_again(due: Cast, account: BankAccount) -> None:
    sent(due, account)
    rows = [(PAY_ON, "BACS RUN", -5980), (LATER, "RETURNED EXP 000003", 730)]
    match_statement(actor=due.fern, statement=imported(due, account, rows))

    assert statuses() == ["paid", "paid", "returned"]
    assert [(row.person_id, row.amount) for row in due_now(due.riverside)] == [(due.dev.pk, 730)]
    assert (books(due, AccountKind.BANK), in_transit(due)) == (-5250, 0)
    assert Event.objects.filter(action="payment:returned", about_id=due.dev.pk).exists()
    assert all_well(due)
    assert prepared(due, account).total == 730


def test_a_payment_matched_by_hand_and_returned_by_hand(due: Cast, account: BankAccount) -> None:
    sent(due, account)
    imported(due, account, [(PAY_ON, "SOMETHING", -730), (LATER, "BACK", 730)])
    dev = Payment.objects.get(person=due.dev)

    with pytest.raises(IllegalMove, match="left the account first"):
        reconciling.returned(actor=due.farah, line_id=line_of(730).pk, payment_id=dev.pk)
    reconciling.match(actor=due.fern, line_id=line_of(-730).pk, payment_id=dev.pk)
    reconciling.returned(actor=due.farah, line_id=line_of(730).pk, payment_id=dev.pk)

    dev.refresh_from_db()
    assert (dev.status, dev.paid_on) == ("returned", PAY_ON)
    assert all_well(due)


def test_undoing_a_match_reverses_its_posting(due: Cast, account: BankAccount) -> None:
    sent(due, account)
    match_statement(actor=due.fern, statement=imported(due, account, [(PAY_ON, "BACS", -5980)]))
    found = Match.objects.get()

    reconciling.undo(actor=due.farah, match_id=found.pk, reason="Another run's line.")

    found.refresh_from_db()
    assert found.undone_by == due.farah
    assert JournalEntry.objects.filter(reverses=found.entry).exists()
    assert statuses() == ["sent"] * 3
    assert (in_transit(due), books(due, AccountKind.BANK)) == (5980, 0)
    assert all_well(due)
    with pytest.raises(IllegalMove, match="already undone"):
        reconciling.undo(actor=due.farah, match_id=found.pk, reason="Again.")
    reconciling.match(actor=due.fern, line_id=found.line_id, run_id=found.run_id)
    assert statuses() == ["paid"] * 3


def test_undoing_a_run_spares_payments_with_a_line_of_their_own(due: Cast, account: BankAccount) -> None:
    run = sent(due, account)
    imported(due, account, [(PAY_ON, "ONE", -730), (PAY_ON, "THE REST", -5250)])
    reconciling.match(
        actor=due.fern, line_id=line_of(-730).pk, payment_id=Payment.objects.get(person=due.dev).pk
    )
    rest = reconciling.match(actor=due.fern, line_id=line_of(-5250).pk, run_id=run.pk)
    assert statuses() == ["paid"] * 3

    reconciling.undo(actor=due.fern, match_id=rest.pk, reason="Wrong line.")

    assert statuses() == ["sent", "sent", "paid"]
    assert all_well(due)


def test_undoing_a_return_pays_again_unless_a_newer_run_does(due: Cast, account: BankAccount) -> None:
    sent(due, account)
    rows = [(PAY_ON, "BACS RUN", -5980), (LATER, "RETURNED EXP 000003", 730)]
    match_statement(actor=due.fern, statement=imported(due, account, rows))
    back = Match.objects.get(kind=MatchKind.RETURN)
    whole = Match.objects.get(kind=MatchKind.RUN)
    with pytest.raises(IllegalMove):  # the return hangs on it
        reconciling.undo(actor=due.farah, match_id=whole.pk, reason="Wrong.")

    reconciling.undo(actor=due.farah, match_id=back.pk, reason="It was for somebody else.")
    assert statuses() == ["paid"] * 3
    assert due_now(due.riverside) == []
    assert all_well(due)

    again = reconciling.returned(
        actor=due.farah, line_id=back.line_id, payment_id=Payment.objects.get(person=due.dev).pk
    )
    prepared(due, account)
    with pytest.raises(IllegalMove, match="already in a newer payment, EXP 000004"):
        reconciling.undo(actor=due.farah, match_id=again.pk, reason="Wrong again.")


@pytest.mark.parametrize(
    ("kind", "pence", "against"),
    [
        (MatchKind.CHARGE, -150, AccountKind.CHARGES),
        (MatchKind.INTEREST, 42, AccountKind.INTEREST),
        (MatchKind.SUSPENSE, -999, AccountKind.SUSPENSE),
        (MatchKind.SUSPENSE, 999, AccountKind.SUSPENSE),
        (MatchKind.FUNDING, 100_000, AccountKind.FUNDING),
    ],
)
def test_a_line_that_is_no_payment_is_explained(
    cast: Cast, account: BankAccount, kind: MatchKind, pence: int, against: AccountKind
) -> None:
    imported(cast, account, [(PAY_ON, "SOMETHING", pence)])
    made = reconciling.explain(
        actor=cast.fern, line_id=line_of(pence).pk, kind=kind, note="As the bank says."
    )

    assert made.kind == kind
    assert books(cast, AccountKind.BANK) == pence
    assert abs(balance(ledger_account(cast.riverside, against))) == abs(pence)
    assert all_well(cast)
    with pytest.raises(IllegalMove, match="already matched"):
        reconciling.explain(actor=cast.fern, line_id=line_of(pence).pk, kind=kind, note="Twice.")
    reconciling.undo(actor=cast.fern, match_id=made.pk, reason="It was something else.")
    assert books(cast, AccountKind.BANK) == 0


def test_it_refuses_what_does_not_fit(due: Cast, account: BankAccount) -> None:
    run = sent(due, account)
    imported(due, account, [(PAY_ON, "ODD", -100), (PAY_ON, "IN", 500)])
    odd = line_of(-100).pk
    with pytest.raises(DomainError, match="must be the same"):
        reconciling.match(actor=due.fern, line_id=odd, run_id=run.pk)
    with pytest.raises(DomainError, match="one run or one payment"):
        reconciling.match(actor=due.fern, line_id=odd)
    with pytest.raises(DomainError, match="a run or a payment instead"):
        reconciling.explain(actor=due.fern, line_id=odd, kind=MatchKind.RUN, note="No.")
    with pytest.raises(DomainError, match="went out of it"):
        reconciling.explain(actor=due.fern, line_id=odd, kind=MatchKind.FUNDING, note="No.")
    assert not Match.objects.exists()


def test_a_run_that_was_not_sent_is_not_matched(due: Cast, account: BankAccount) -> None:
    run = prepared(due, account)
    imported(due, account, [(PAY_ON, "BACS", -5980)])
    with pytest.raises(IllegalMove):
        reconciling.match(actor=due.fern, line_id=line_of(-5980).pk, run_id=run.pk)
    with pytest.raises(IllegalMove):
        reconciling.match(actor=due.fern, line_id=line_of(-5980).pk, payment_id=run.payments.all()[0].pk)


@pytest.mark.parametrize("name", ["cora", "anil", "farah", "ada", "abel", "otto"])
def test_only_a_preparer_matches_and_explains(due: Cast, account: BankAccount, name: str) -> None:
    run, somebody = sent(due, account), getattr(due, name)
    statement = imported(due, account, [(PAY_ON, "BACS", -5980)])
    line = line_of(-5980).pk
    with pytest.raises(NotPermitted):
        match_statement(actor=somebody, statement=statement)
    with pytest.raises(NotPermitted):
        reconciling.match(actor=somebody, line_id=line, run_id=run.pk)
    with pytest.raises(NotPermitted):
        reconciling.explain(actor=somebody, line_id=line, kind=MatchKind.SUSPENSE, note="?")
    made = reconciling.match(actor=due.fern, line_id=line, run_id=run.pk)
    if name != "farah":
        with pytest.raises(NotPermitted):
            reconciling.undo(actor=somebody, match_id=made.pk, reason="No.")


def test_a_reconciliation_names_every_item_between(due: Cast, account: BankAccount) -> None:
    bank = ledger_account(due.riverside, AccountKind.BANK, name="Current account")
    open_books(
        actor=due.farah,
        organisation=due.riverside,
        account=bank,
        amount=100_000,
        date=date(2026, 11, 1),
        narrative="Opening",
    )
    sent(due, account)
    rows = [(PAY_ON, "FPO EXP 000001", -1250), (PAY_ON, "FEE", -60), (LATER, "LATE", -1)]
    statement = imported(due, account, rows, opening=100_000)
    match_statement(actor=due.fern, statement=statement)

    found = reconciliation(account, PAY_ON)

    assert (found.books, found.bank, found.difference) == (98_750, 98_690, 0)
    assert [(line.description, line.amount) for line in found.unmatched] == [("FEE", -60)]
    assert [(payment.reference, payment.amount) for payment in found.in_transit] == [
        ("TIME 000002", 4000),
        ("EXP 000003", 730),
    ]
    assert found.after_transit == 94_020
    made = Match.objects.get()
    reconciling.undo(actor=due.fern, match_id=made.pk, reason="Try.")
    assert reconciliation(account, LATER).difference == 0
    reconciling.explain(actor=due.fern, line_id=made.line_id, kind=MatchKind.SUSPENSE, note="Again.")
    assert [reconciliation(account, day).difference for day in (PAY_ON, LATER)] == [0, 0]


def test_a_match_undone_in_the_next_month_leaves_no_trace_of_it(due: Cast, account: BankAccount) -> None:
    """November is open on 2 December: the wrong match, its reversal and the right one are all of November."""
    fee = imported(due, account, [(PAY_ON, "FEE", -60)]).lines.get()
    wrong = reconciling.explain(actor=due.fern, line_id=fee.pk, kind=MatchKind.INTEREST, note="Interest.")
    with set_now(datetime(2026, 12, 2, 9, 0, tzinfo=UTC)):
        reconciling.undo(actor=due.fern, match_id=wrong.pk, reason="It is a charge.")
        right = reconciling.explain(actor=due.fern, line_id=fee.pk, kind=MatchKind.CHARGE, note="Charge.")
        found = reconciliation(account, LATER)
    assert {wrong.entry.date, wrong.entry.reversed_by.date, right.entry.date} == {PAY_ON}
    assert (found.bank, found.books, found.difference, found.unmatched) == (-60, -60, 0, ())
