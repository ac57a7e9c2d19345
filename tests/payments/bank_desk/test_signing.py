"""Two persons sign a month; nothing is signed that may still grow, and nothing signed ever changes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event
from common.dates import set_now
from common.errors import DomainError, IllegalMove, NotPermitted, Stale
from ledger.models import AccountKind
from ledger.services.accounts import account as ledger_account
from ledger.services.opening import open_books
from payments import verify
from payments.formats.reconciliation_data import hash_of, read
from payments.models import BankAccount, MatchKind, Payment, SignedReconciliation
from payments.queries import reconciliation, signed_reconciliation, unsigned_accounts
from payments.services import reconciling
from payments.services.auto_matching import match_statement
from payments.services.reconciliations import prepare_reconciliation
from payments.services.statements import take_in
from people.models import RoleKind
from tests.cast import Cast, give_role
from tests.payments.bank_desk.conftest import DECEMBER, END, NOVEMBER, check, in_november, prepare, sha_of
from tests.payments.office import PAY_ON, imported, sent, statement_file
from tests.worlds import world

ROWS = [(PAY_ON, "FPO EXP 000001", -1250), (PAY_ON, "FPO TIME 000002", -4000), (END, "SOMEBODY", 500)]


@world
def matched(due: Cast, account: BankAccount) -> Cast:
    """November's statement: two of three payments confirmed, one credit that nobody knows."""
    sent(due, account)
    match_statement(actor=due.fern, statement=imported(due, account, ROWS))
    credit = account.lines.get(amount=500)
    reconciling.explain(actor=due.fern, line_id=credit.pk, kind=MatchKind.SUSPENSE, note="Asked the bank.")
    return due


def test_two_persons_sign_and_the_figures_are_frozen(
    matched: Cast, account: BankAccount, december: None
) -> None:
    assert list(unsigned_accounts(matched.riverside, NOVEMBER)) == [account]
    signed = prepare(matched, account)
    assert signed_reconciliation(account, NOVEMBER) is None
    signed = check(matched, signed)

    assert (signed.prepared_by, signed.checked_by, signed.difference) == (matched.fern, matched.farah, 0)
    assert signed_reconciliation(account, NOVEMBER) == signed
    assert list(unsigned_accounts(matched.riverside, NOVEMBER)) == []
    assert list(unsigned_accounts(matched.hillside, NOVEMBER)) == []
    found = read(signed.figures)
    assert found == reconciliation(account, END)
    assert (found.bank, found.books, found.difference) == (-4750, -4750, 0)
    assert [(each.reference, each.amount) for each in found.in_transit] == [("EXP 000003", 730)]
    assert [each.amount for each in found.not_known] == [500]
    assert hash_of(signed.figures) == signed.sha256
    assert list(verify.problems(matched.riverside)) == []
    told = Event.objects.filter(action__startswith="reconciliation:").order_by("pk")
    assert [(each.action, each.actor_id) for each in told] == [
        ("reconciliation:prepared", matched.fern.pk),
        ("reconciliation:checked", matched.farah.pk),
    ]


def test_an_account_that_was_never_used_asks_for_no_signature(cast: Cast, account: BankAccount) -> None:
    assert list(unsigned_accounts(cast.riverside, NOVEMBER)) == []
    imported(cast, account, [(date(2026, 11, 3), "FEE", -1)])
    assert list(unsigned_accounts(cast.riverside, 202610)) == []
    assert list(unsigned_accounts(cast.riverside, 202612)) == [account]


def test_a_month_that_is_not_over_is_not_signed(matched: Cast, account: BankAccount) -> None:
    with pytest.raises(IllegalMove, match="November 2026 is not over yet"):
        prepare(matched, account)
    assert not SignedReconciliation.objects.exists()


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "No statement of this account was imported"),
        ([(date(2026, 11, 27), "FEE", -1)], "go to 27 November 2026. Import one that reaches 30 November"),
        ([(date(2026, 12, 1), "LATER", -1), (END, "FEE", -1)][::-1], "1 line waits up to 30 November 2026"),
    ],
)
def test_what_may_still_grow_is_not_signed(
    cast: Cast, account: BankAccount, rows: list[tuple[date, str, int]], reason: str, december: None
) -> None:
    if rows:
        imported(cast, account, rows)
    with pytest.raises(IllegalMove, match=reason):
        prepare(cast, account)
    assert not SignedReconciliation.objects.exists()


def test_without_a_balance_nothing_is_signed(cast: Cast, account: BankAccount, december: None) -> None:
    account.columns |= {"balance": ""}
    account.save()
    statement = imported(cast, account, [(END, "FEE", -1)])
    line = statement.lines.get()
    reconciling.explain(actor=cast.fern, line_id=line.pk, kind=MatchKind.CHARGE, note="Monthly fee.")
    with pytest.raises(IllegalMove, match="No statement tells a balance"):
        prepare(cast, account)


def test_a_difference_is_signed_only_with_its_explanation(
    cast: Cast, account: BankAccount, december: None
) -> None:
    line = imported(cast, account, [(END, "FEE", -100)], opening=5000).lines.get()
    reconciling.explain(actor=cast.fern, line_id=line.pk, kind=MatchKind.CHARGE, note="Monthly fee.")
    with pytest.raises(DomainError, match="Say what explains the difference"):
        prepare(cast, account)
    signed = check(cast, prepare(cast, account, note="The opening balance is not posted yet."))
    assert (signed.difference, signed.note) == (5000, "The opening balance is not posted yet.")
    with pytest.raises(IntegrityError, match="a_difference_is_explained"), transaction.atomic():
        SignedReconciliation.objects.create(
            organisation=cast.riverside,
            account=account,
            month=202610,
            figures="{}",
            sha256="x",
            difference=1,
            prepared_by=cast.fern,
        )


def test_what_changed_is_prepared_again_before_it_is_checked(
    matched: Cast, account: BankAccount, december: None
) -> None:
    first = prepare(matched, account)
    with pytest.raises(IllegalMove, match="Fern Finance signed these figures as prepared, at 9:00am"):
        prepare(matched, account)
    with in_november():
        bank = ledger_account(matched.riverside, AccountKind.BANK, name="Current account")
        open_books(
            actor=matched.farah,
            organisation=matched.riverside,
            account=bank,
            amount=100,
            date=date(2026, 11, 1),
            narrative="Opening",
        )
    with pytest.raises(Stale, match="have to be prepared again"):
        check(matched, first)
    again = prepare(matched, account, note="Posted by hand.")
    assert (again.pk, again.sha256 == first.sha256) == (first.pk, False)
    with pytest.raises(Stale):
        check(matched, first)  # what she saw is not what is there
    assert check(matched, again).checked_by == matched.farah


def test_a_stale_page_signs_nothing(matched: Cast, account: BankAccount, december: None) -> None:
    with pytest.raises(Stale, match="Look again before you sign"):
        prepare_reconciliation(actor=matched.fern, bank_account=account, month=NOVEMBER, sha256="0" * 64)


@pytest.mark.parametrize("month", [0, 202613, 202600, 999999])
def test_only_a_month_is_signed(matched: Cast, account: BankAccount, december: None, month: int) -> None:
    with pytest.raises(DomainError, match="Enter a month"):
        prepare_reconciliation(actor=matched.fern, bank_account=account, month=month, sha256="0" * 64)


def test_what_is_signed_is_not_signed_again(matched: Cast, account: BankAccount, december: None) -> None:
    signed = check(matched, prepare(matched, account))
    again: list[Callable[[], Any]] = [lambda: prepare(matched, account), lambda: check(matched, signed)]
    for step in again:
        with pytest.raises(
            IllegalMove, match=r"prepared by Fern .*, checked by Farah Finance at 9:00am on 2 D"
        ):
            step()


def test_the_same_form_twice_signs_once(matched: Cast, account: BankAccount, december: None) -> None:
    seen = sha_of(account)
    first, second = (
        prepare_reconciliation(
            actor=matched.fern, bank_account=account, month=NOVEMBER, sha256=seen, key="p1"
        )
        for _ in range(2)
    )
    assert first == second
    assert check(matched, first, key="c1") == check(matched, first, key="c1")
    assert Event.objects.filter(action="reconciliation:checked").count() == 1


@pytest.mark.parametrize("name", ["cora", "anil", "farah", "ada", "abel", "otto", "olga"])
def test_only_a_preparer_signs_first(matched: Cast, account: BankAccount, december: None, name: str) -> None:
    with pytest.raises(NotPermitted):
        prepare_reconciliation(
            actor=getattr(matched, name), bank_account=account, month=NOVEMBER, sha256=sha_of(account)
        )


def test_nobody_signs_twice(matched: Cast, account: BankAccount, december: None) -> None:
    signed = prepare(matched, account)
    give_role(actor=matched.abel, person=matched.fern, kind=RoleKind.APPROVER, organisation=matched.riverside)
    for somebody, why in ((matched.fern, "Somebody else has to check"), (matched.ada, "Only a finance")):
        with pytest.raises(NotPermitted, match=why):
            check(Cast(**{**matched.__dict__, "farah": somebody}), signed)


def test_late_news_of_a_signed_month_counts_in_the_open_one(
    matched: Cast, account: BankAccount, december: None
) -> None:
    """A match of November undone and made again in December leaves November as it was signed."""
    check(matched, prepare(matched, account))
    payment = Payment.objects.get(reference="EXP 000001")
    made = payment.matches.get()
    reconciling.undo(actor=matched.farah, match_id=made.pk, reason="Another line.")
    assert list(verify.problems(matched.riverside)) == []
    again = reconciling.match(actor=matched.fern, line_id=made.line_id, payment_id=payment.pk)

    assert again.entry.date == DECEMBER.date()
    assert list(verify.problems(matched.riverside)) == []


def test_verify_says_which_entry_and_which_line_came_after_the_signatures(
    matched: Cast, account: BankAccount, december: None
) -> None:
    check(matched, prepare(matched, account))
    bank = ledger_account(matched.riverside, AccountKind.BANK, name="Current account")
    with set_now(DECEMBER.replace(hour=10)):
        open_books(
            actor=matched.farah,
            organisation=matched.riverside,
            account=bank,
            amount=100,
            date=date(2026, 11, 1),
            narrative="Opening",
        )
        late = statement_file([(END, "SOMEBODY", 500), (END, "LATE", -5)], opening=-5250)
        take_in(actor=matched.fern, bank_account=account, content=late)

    [told] = [each for each in verify.problems(matched.riverside) if "signed" in each]
    line = account.lines.get(amount=-5)
    assert "November 2026 of Current account" in told
    assert "books" in told
    assert f"line {line.pk} of 30 November 2026 was imported" in told
    assert "dated 1 November 2026, was posted" in told
