"""From a line of the bank to what else it can be: overpaid money, payroll's recharge, money for a project."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.models import AccountKind, Transfer
from payments.models import BankAccount, Match, MatchKind, StatementLine
from payments.queries.bank_line import payroll_holds
from payments.queries.concerns import to_come_back
from payments.services import payroll
from people.models import RoleKind
from tests.cast import Cast, give_role
from tests.payments.bank_desk.test_line_screens import line, path, text
from tests.payments.concerns.stories import FRIDAY, at, left, overpaid, whole
from tests.payments.office import MONDAY, hours, imported
from tests.payments.payroll.test_screens import sent_to_payroll
from tests.people.browsers import browser, errors_of, key_of, send

BACK = "Overpaid money that comes back"
RECHARGE = "Payroll took what it paid to people"


def credits_of(cast: Cast, account: BankAccount, *amounts: int) -> list[StatementLine]:
    """Money that came in on the day after the run, which is today."""
    at(FRIDAY)
    latest = account.statements.order_by("pk").last()
    rows = [(date(2026, 11, 27), f"FP {pence}", pence) for pence in amounts]
    imported(cast, account, rows, opening=latest.closing_balance or 0 if latest else 0)
    return [line(pence) for pence in amounts]


def test_a_credit_leads_to_the_overpayments_it_could_bring_back(due: Cast, account: BankAccount) -> None:
    concern = overpaid(due, account, 250)
    part, more = credits_of(due, account, 100, 251)
    client = browser(due.fern)
    page = client.get(path(part))
    assert f"{BACK} It comes back from Cora Contributor , £2.50 still to come" in text(page)
    where = f"/concerns/{concern.pk}/repayment/?line={part.pk}"
    assert f'href="{where}"' in page.content.decode()
    assert BACK not in text(client.get(path(more)))
    assert BACK not in text(browser(due.farah).get(path(part)))  # a preparer says what a line was
    chosen = client.get(where).content.decode().partition(f'value="{part.pk}"')[2].partition(">")[0]
    assert "checked" in chosen
    answer = send(client, f"/concerns/{concern.pk}/repayment/", line_id=str(part.pk))
    assert answer.status_code == 302
    assert BACK not in text(client.get(path(part)))
    assert [each.left for each in to_come_back(due.riverside, due.fern, 1)] == [150] == [left(concern)]
    assert to_come_back(due.hillside, due.fern, 1) == []
    whole(due)


def test_nobody_is_led_to_their_own_overpayment(due: Cast, account: BankAccount) -> None:
    overpaid(due, account, 250)
    [part] = credits_of(due, account, 100)
    give_role(actor=due.abel, person=due.cora, kind=RoleKind.PREPARER, organisation=due.riverside)
    assert BACK not in text(browser(due.cora).get(path(part)))


def test_it_costs_four_queries(due: Cast, account: BankAccount) -> None:
    overpaid(due, account, 250)
    with CaptureQueriesContext(connection) as seen:
        to_come_back(due.riverside, due.fern, 1)
    assert len(seen) == 4


def test_payrolls_recharge_is_offered_once_payroll_has_paid(due: Cast, account: BankAccount) -> None:
    payroll.mark(actor=due.fern, organisation=due.riverside, person=due.cora)
    hours(due, due.cora, 2)
    run = sent_to_payroll(due)
    imported(due, account, [(date(2026, 11, 27), "PAYROLL RECHARGE", -run.total)])
    found, client = line(-run.total), browser(due.fern)
    assert RECHARGE not in text(client.get(path(found)))
    payroll.confirm_payroll(actor=due.fern, run_id=run.pk, day=MONDAY.date())
    assert RECHARGE in text(client.get(path(found)))
    missing = client.post(path(found), {"key": key_of(client, path(found)), "what": "payroll"})
    assert errors_of(missing) == ["Say in a few words what it was"]
    typed = {"key": key_of(client, path(found)), "what": "payroll", "note": "November recharge"}
    for _ in range(2):
        assert client.post(path(found), typed).status_code == 302
    assert Match.objects.get(line=found).kind == MatchKind.PAYROLL
    assert payroll_holds(due.riverside) == 0
    whole(due)


def test_money_for_a_project_goes_to_that_project(due: Cast, account: BankAccount) -> None:
    [found], client = credits_of(due, account, 960000), browser(due.fern)
    typed = {"what": "funding", "note": "From the trust", "project": "PROJ-X"}
    strange = client.post(path(found), typed | {"key": key_of(client, path(found))})
    assert strange.status_code == 422
    typed["project"] = due.project.code
    answer = client.post(path(found), typed | {"key": key_of(client, path(found))})
    assert answer.headers["Location"] == "/bank/lines/"
    [transfer] = Transfer.objects.filter(entry=Match.objects.get(line=found).entry)
    assert (transfer.credit.kind, transfer.credit.project) == (AccountKind.FUNDING, due.project)
    assert (transfer.debit.kind, transfer.amount) == (AccountKind.BANK, 960000)
