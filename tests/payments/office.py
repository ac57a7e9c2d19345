"""A finance office for the tests of payments: decided claims, verified accounts, runs and statements."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from claims.models import ClaimLine, Outcome
from claims.services import claiming
from claims.services.deciding import decide
from common.dates import last_day
from common.money import from_minor
from payments.formats.reconciliation_data import canonical
from payments.formats.reconciliation_data import hash_of as hash_of_figures
from payments.formats.statement_columns import ColumnMap
from payments.models import BankAccount, BankDetails, PaymentRun, SignedReconciliation, Statement
from payments.queries import reconciliation
from payments.services import details, reconciliations, runs
from payments.services.accounts import add_bank_account
from payments.services.statements import import_statement
from people.models import Person, Project, RoleKind
from people.services import add_person
from tests.cast import Cast, give_role, put_in_force

MONDAY: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PAY_ON: Final = date(2026, 11, 26)
COLUMNS: Final = ColumnMap(
    date="Date",
    description="Description",
    amount="Amount",
    balance="Balance",
    date_format="dd/mm/yyyy",
    money_out="negative",
)
POLICY: Final = """
name = "Short policy"
currency = "GBP"
late_cancellation_hours = 24
late_cancellation_share = "1.00"

[[rate]]
kind = "fare"
method = "actual"
from = 2020-01-01
counts_as = "expense"

[[rate]]
kind = "time"
method = "per_unit"
amount = "20.00"
from = 2020-01-01
counts_as = "fee"
"""
ACCOUNTS: Final = {  # name -> sort code and account number; test numbers of no real account
    "Cora Contributor": ("089999", "66374958"),
    "Dev Contributor": ("107999", "88837491"),
}


def open_office(cast: Cast) -> BankAccount:
    """A policy in force and an account to pay from."""
    put_in_force(cast, POLICY)
    return add_bank_account(
        actor=cast.fern,
        organisation=cast.riverside,
        name="Current account",
        sort_code="202959",
        account_number="63748472",
        columns=COLUMNS,
    )


def colleague(cast: Cast, name: str, kinds: Iterable[RoleKind]) -> Person:
    """Another person of Riverside's finance office, in these roles."""
    person = add_person(actor=cast.abel, name=name, email=f"{name.split()[0].lower()}@example.org")
    for kind in kinds:
        give_role(actor=cast.abel, person=person, kind=kind, organisation=cast.riverside)
    return person


def account_of(cast: Cast, person: Person, *, entered_by: Person | None = None) -> BankDetails:
    """The person's own account, verified by Farah."""
    sort_code, number = ACCOUNTS[person.name]
    entered = details.enter(
        actor=entered_by or person,
        person=person,
        account_name=person.name,
        sort_code=sort_code,
        account_number=number,
    )
    return details.verify(actor=cast.farah, details_id=entered.pk, note="Rang on the number we had before.")


def fare(
    cast: Cast,
    contributor: Person,
    pence: int,
    *,
    project: Project | None = None,
    typed_by: Person | None = None,
) -> ClaimLine:
    """A bus fare that was claimed and agreed: owed, and due."""
    new = {"kind": "fare", "mode": "bus", "spent": from_minor(pence, "GBP")}
    return _decided(cast, contributor, typed_by or contributor, project or cast.project, new)


def hours(cast: Cast, contributor: Person, number: int) -> ClaimLine:
    """Time that was claimed and confirmed, at £20 an hour."""
    new = {"kind": "time", "mode": "session", "quantity": Decimal(number), "unit": "hour"}
    return _decided(cast, contributor, contributor, cast.project, new)


def owe(cast: Cast) -> Cast:
    """Cora is owed £12.50 of fares and £40 for time, Dev £7.30; both have verified accounts."""
    account_of(cast, cast.cora)
    account_of(cast, cast.dev)
    fare(cast, cast.cora, 1250)
    hours(cast, cast.cora, 2)
    fare(cast, cast.dev, 730)
    return cast


def _decided(
    cast: Cast, contributor: Person, typed_by: Person, project: Project, new: dict[str, Any]
) -> ClaimLine:
    claim = claiming.start_claim(actor=typed_by, project=project, contributor=contributor)
    line = claiming.add_line(
        actor=typed_by, claim_id=claim.pk, on=date(2026, 11, 20), receipt=f"receipt {claim.pk}", **new
    )
    claiming.submit(actor=typed_by, claim_id=claim.pk)
    decide(actor=project.lead, line_id=line.pk, outcome=Outcome.APPROVE)
    line.refresh_from_db()
    return line


def prepared(cast: Cast, account: BankAccount, *, key: str = "") -> PaymentRun:
    """A run of everything that is due, prepared by Fern."""
    return runs.prepare(
        actor=cast.fern, organisation=cast.riverside, bank_account=account, pay_on=PAY_ON, key=key
    )


def signed(cast: Cast, account: BankAccount) -> PaymentRun:
    """A run signed by Farah."""
    run = prepared(cast, account)
    return runs.authorise(actor=cast.farah, run_id=run.pk, sha256=hash_of(run))


def sent(cast: Cast, account: BankAccount) -> PaymentRun:
    """A run on its way to the bank."""
    return runs.release(actor=cast.fern, run_id=signed(cast, account).pk)


def hash_of(run: PaymentRun) -> str:
    """The hash of the run's file as it stands now."""
    return run.files.get(version=run.version).sha256


Row = tuple[date, str, int]


def statement_file(rows: Iterable[Row], *, opening: int = 0) -> bytes:
    """A statement as Riverside's bank writes it, oldest first, with a running balance."""
    lines, balance = ["Date,Description,Amount,Balance"], opening
    for day, description, pence in rows:
        balance += pence
        lines.append(f"{day:%d/%m/%Y},{description},{_pounds(pence)},{_pounds(balance)}")
    return "\n".join(lines).encode()


def imported(cast: Cast, account: BankAccount, rows: Iterable[Row], *, opening: int = 0) -> Statement:
    """These rows as an imported statement."""
    content = statement_file(rows, opening=opening)
    return import_statement(actor=cast.fern, bank_account=account, content=content)


def _pounds(pence: int) -> str:
    return str(from_minor(pence, "GBP").amount)


def sign_reconciliation(cast: Cast, account: BankAccount, month: int) -> SignedReconciliation:
    """The reconciliation of a month whose lines are all in the books, signed by Fern and by Farah.

    Where no statement reaches the last day of the month, one is imported whose last line is of that day.
    """
    latest = account.statements.order_by("last_day").last()
    if latest is None or latest.last_day < last_day(month):
        opening = latest.closing_balance or 0 if latest else 0
        imported(cast, account, [(last_day(month), "CLOSING BALANCE", 0)], opening=opening)
    found = reconciliation(account, last_day(month))
    figures = canonical(found, organisation=account.organisation.code, account=account.name, currency="GBP")
    prepared = reconciliations.prepare_reconciliation(
        actor=cast.fern,
        bank_account=account,
        month=month,
        sha256=hash_of_figures(figures),
        note="An opening balance is not posted yet." if found.difference else "",
    )
    return reconciliations.check_reconciliation(
        actor=cast.farah, reconciliation_id=prepared.pk, sha256=prepared.sha256
    )
