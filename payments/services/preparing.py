"""The rows of a new run: its payments, the lines they pay, and the accounts these come from."""

from collections.abc import Mapping, Sequence

from audit.history import ADDED, write_history
from claims.models import CountsAs, LineShare
from ledger.models import Account, AccountKind
from ledger.services.accounts import account
from ledger.services.counters import locked
from ledger.services.inserting import Row, insert_many
from payments.models import Payment, PaymentRun
from payments.queries.due import DueLine, Payee
from payments.workflow import PaymentStatus
from people.models import Organisation, Project

PREFIX = {CountsAs.EXPENSE: "EXP", CountsAs.FEE: "TIME"}
PAYMENT = (
    "organisation_id, run_id, person_id, counts_as, method, "
    "details_id, instruction_id, reference, amount, status"
)
ITEM = "payment_id, line_id, amount, live"
SHARE = "item_id, owed_id, in_transit_id, amount"


def write_payments(run: PaymentRun, payees: Sequence[Payee]) -> None:
    """Freeze the payments of a run: who gets how much, for which lines, from which accounts.

    Set-based: the same few statements, however many payments and lines.
    """
    numbers = _references(run.organisation, len(payees))
    rows = [_row(run, payee, number) for payee, number in zip(payees, numbers, strict=True)]
    insert_many("payments_payment", PAYMENT, rows)
    payments = Payment.objects.filter(run=run)
    write_history(payments, ADDED)
    keys = {(person, kind): key for key, person, kind in payments.values_list("pk", "person_id", "counts_as")}
    lines = {line.line_id: line for payee in payees for line in payee.lines}
    insert_many(
        "payments_paymentitem",
        ITEM,
        [(keys[line.person_id, line.counts_as], line.line_id, line.amount, True) for line in lines.values()],
    )
    _write_shares(run, lines)


def _row(run: PaymentRun, payee: Payee, number: int) -> Row:
    return (
        run.organisation_id,
        run.pk,
        payee.person.pk,
        str(payee.counts_as),
        str(run.method),
        payee.details.pk if payee.details else None,
        payee.instruction.pk if payee.instruction else None,
        f"{PREFIX[payee.counts_as]} {number:06d}",
        payee.amount,
        str(PaymentStatus.PREPARED),
    )


def _references(organisation: Organisation, count: int) -> range:
    """The next numbers of the organisation's payments: one row for both kinds, without gaps."""
    counter = locked(organisation, "payment")
    first = counter.value + 1
    counter.value += count
    counter.save(update_fields=["value"])
    return range(first, first + count)


def _write_shares(run: PaymentRun, lines: Mapping[int, DueLine]) -> None:
    """What each item takes from which project, as its line was shared when it was decided."""
    accounts = _Accounts(run.organisation)
    parts = LineShare.objects.filter(line__payment_items__payment__run=run, amount__gt=0)
    rows: list[Row] = []
    found: dict[int, int] = dict.fromkeys(lines, 0)
    for item, line_id, project_id, amount in parts.order_by("line__payment_items", "position").values_list(
        "line__payment_items", "line_id", "project_id", "amount"
    ):
        owed, in_transit = accounts.of(project_id, lines[line_id].category)
        rows.append((item, owed.pk, in_transit.pk, amount))
        found[line_id] += amount
    for line_id, line in lines.items():
        if found[line_id] != line.amount:
            raise ValueError(f"the shares of claim line {line_id} do not add up to what is allowed")
    insert_many("payments_itemshare", SHARE, rows)


class _Accounts:
    """The owed and in-transit accounts of a project and category, each looked up once."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self._found: dict[tuple[int, str], tuple[Account, Account]] = {}

    def of(self, project_id: int, category: str) -> tuple[Account, Account]:
        key = (project_id, category)
        if key not in self._found:
            project = Project.objects.get(pk=project_id)
            self._found[key] = (
                account(self.organisation, AccountKind.OWED, project, category),
                account(self.organisation, AccountKind.IN_TRANSIT, project, category),
            )
        return self._found[key]
