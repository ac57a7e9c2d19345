"""From a mark to books that tie out: due, payroll run, signature, sent, confirmed, recharged."""

from datetime import timedelta

import pytest

from claims import verify as claims_verify
from common.dates import set_now
from ledger import verify as ledger_verify
from ledger.models import AccountKind, AccountMonth, Transfer
from payments import verify
from payments.models import BankAccount, MatchKind, PayrollMark
from payments.services import payroll, reconciling, runs
from tests.cast import Cast
from tests.payments.office import MONDAY, PAY_ON, hash_of, imported, prepared, sent

WAGES = (
    "\ufeffPerson number,Name,Payment reference,Amount,Pay day\r\n"
    "{number},Cora Contributor,TIME 000004,40.00,26/11/2026\r\n"
)


def balance(kind: AccountKind) -> int:
    """Debits less credits of all accounts of a kind. Minor units."""
    return sum(each.debits - each.credits for each in AccountMonth.objects.filter(account__kind=kind))


def problems(cast: Cast) -> list[str]:
    return [
        *verify.problems(cast.riverside),
        *claims_verify.problems(cast.riverside),
        *ledger_verify.problems(cast.riverside),
    ]


def test_from_a_mark_to_books_that_tie_out(due: Cast, account: BankAccount, mark: PayrollMark) -> None:
    by_bank = sent(due, account)
    assert [(pay.person, pay.counts_as, pay.amount) for pay in by_bank.payments.order_by("pk")] == [
        (due.cora, "expense", 1250),
        (due.dev, "expense", 730),
        (due.dev, "fee", 2000),
    ]

    run = runs.prepare_list(actor=due.fern, organisation=due.riverside, pay_on=PAY_ON)
    assert (run.number, run.method, run.total, run.count, run.bank_account) == (2, "payroll", 4000, 1, None)
    assert runs.file_bytes(run).decode() == WAGES.format(number=due.cora.number)
    runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    run = runs.release(actor=due.fern, run_id=run.pk)
    assert (balance(AccountKind.OWED), balance(AccountKind.IN_TRANSIT)) == (0, -7980)
    assert problems(due) == []

    with set_now(MONDAY + timedelta(days=4)):
        made = payroll.confirm_payroll(actor=due.farah, run_id=run.pk, day=PAY_ON)
        assert (balance(AccountKind.IN_TRANSIT), balance(AccountKind.PAYROLL)) == (-3980, -4000)
        assert [(pay.status, pay.paid_on) for pay in run.payments.all()] == [("paid", PAY_ON)]
        assert problems(due) == []

        imported(due, account, [(PAY_ON, "BACS", -3980), (PAY_ON, "PAYROLL RECHARGE", -4000)])
        bacs, recharge = account.lines.order_by("pk")
        reconciling.match(actor=due.fern, line_id=bacs.pk, run_id=by_bank.pk)
        reconciling.explain(
            actor=due.fern, line_id=recharge.pk, kind=MatchKind.PAYROLL, note="Pay of November."
        )
        assert (balance(AccountKind.IN_TRANSIT), balance(AccountKind.PAYROLL)) == (0, 0)
        assert balance(AccountKind.BANK) == -balance(AccountKind.COST) == -7980
        assert problems(due) == []
    assert Transfer.objects.get(entry=made.entry).party == due.cora.pk


def test_a_confirmation_is_undone_by_its_mirror(due: Cast, account: BankAccount, mark: PayrollMark) -> None:
    run = runs.prepare_list(actor=due.fern, organisation=due.riverside, pay_on=PAY_ON)
    runs.authorise(actor=due.farah, run_id=run.pk, sha256=hash_of(run))
    runs.release(actor=due.fern, run_id=run.pk)
    made = payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=MONDAY.date())
    payroll.undo_confirmation(actor=due.farah, confirmation_id=made.pk, reason="They meant another month.")

    assert (balance(AccountKind.IN_TRANSIT), balance(AccountKind.PAYROLL)) == (-4000, 0)
    assert [(pay.status, pay.paid_on) for pay in run.payments.all()] == [("sent", None)]
    assert problems(due) == []
    payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=MONDAY.date())
    assert problems(due) == []
    with pytest.raises(Exception, match="said already"):
        payroll.confirm_payroll(actor=due.farah, run_id=run.pk, day=MONDAY.date())
    prepared(due, account)
