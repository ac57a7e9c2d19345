"""Import bank statements: a whole file, each line once, no gap."""

from datetime import date

import pytest

from common.errors import IllegalMove, NotPermitted
from payments.formats.statement_csv import StatementError
from payments.models import BankAccount, Statement, StatementLine
from payments.services.statements import import_statement
from tests.cast import Cast
from tests.payments.office import imported, statement_file

MON, TUE, WED = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)


def test_every_line_is_kept_with_its_raw_row(cast: Cast, account: BankAccount) -> None:
    statement = imported(cast, account, [(MON, "CARD FEE", -150), (TUE, "COUNCIL", 10_000)], opening=500)

    assert (statement.first_day, statement.last_day, statement.lines_in_file) == (MON, TUE, 2)
    assert (statement.opening_balance, statement.closing_balance) == (500, 10_350)
    lines = StatementLine.objects.order_by("pk")
    assert [(line.date, line.description, line.amount, line.balance) for line in lines] == [
        (MON, "CARD FEE", -150, 350),
        (TUE, "COUNCIL", 10_000, 10_350),
    ]
    assert lines[0].raw == "23/11/2026,CARD FEE,-1.50,3.50"


def test_two_real_lines_that_look_alike_are_both_kept(cast: Cast, account: BankAccount) -> None:
    imported(cast, account, [(MON, "CARD FEE", -150), (MON, "CARD FEE", -150)])

    assert [line.occurrence for line in StatementLine.objects.order_by("pk")] == [1, 2]


def test_files_that_overlap_bring_each_line_once(cast: Cast, account: BankAccount) -> None:
    imported(cast, account, [(MON, "FEE", -150), (TUE, "A", 700), (TUE, "A", 700)])

    second = imported(
        cast, account, [(TUE, "A", 700), (TUE, "A", 700), (TUE, "A", 700), (WED, "B", -5)], opening=-150
    )

    assert StatementLine.objects.count() == 5
    assert [line.description for line in second.lines.order_by("pk")] == ["A", "B"]


def test_the_same_file_is_refused_the_second_time(cast: Cast, account: BankAccount) -> None:
    imported(cast, account, [(MON, "FEE", -150)])
    with pytest.raises(IllegalMove, match="already imported, on 23 November 2026"):
        imported(cast, account, [(MON, "FEE", -150)])
    assert Statement.objects.count() == 1


def test_the_same_form_twice_gives_the_first_statement(cast: Cast, account: BankAccount) -> None:
    content = statement_file([(MON, "FEE", -150)])
    first, again = (
        import_statement(actor=cast.fern, bank_account=account, content=content, key="f1") for _ in range(2)
    )
    assert first == again


def test_a_gap_between_statements_is_refused(cast: Cast, account: BankAccount) -> None:
    imported(cast, account, [(MON, "FEE", -150)], opening=1000)
    with pytest.raises(StatementError, match="begins with £8.00, but the ones before it lead to £8.50"):
        imported(cast, account, [(WED, "FEE", -150)], opening=800)
    assert StatementLine.objects.count() == 1
    imported(cast, account, [(WED, "FEE", -150)], opening=850)


def test_a_file_that_cannot_be_read_leaves_nothing(cast: Cast, account: BankAccount) -> None:
    content = statement_file([(MON, "FEE", -150), (TUE, "A", 700)]).replace(b"7.00", b"seven")
    with pytest.raises(StatementError, match="Row 3"):
        import_statement(actor=cast.fern, bank_account=account, content=content)
    assert not Statement.objects.exists()


@pytest.mark.parametrize("name", ["cora", "anil", "farah", "ada", "abel", "otto"])
def test_only_a_preparer_imports(cast: Cast, account: BankAccount, name: str) -> None:
    with pytest.raises(NotPermitted):
        import_statement(
            actor=getattr(cast, name), bank_account=account, content=statement_file([(MON, "FEE", -1)])
        )


def test_accounts_do_not_share_lines(cast: Cast, account: BankAccount) -> None:
    other = BankAccount.objects.create(
        organisation=cast.riverside, name="Second", sort_code="1", account_number="2", columns=account.columns
    )
    imported(cast, account, [(MON, "FEE", -150)])
    imported(cast, other, [(MON, "FEE", -150)])
    assert StatementLine.objects.count() == 2
