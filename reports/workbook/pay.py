"""What was paid, and how bank and books were brought together."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from common.workbook import Check, Column, Kind, Sheet, Total
from common.workbook.model import Value
from payments.models import BankAccount, Payment
from payments.queries import reconciling
from payments.workflow import BY_HAND, PAYMENT_WORDS, RUN_WORDS, Method, PaymentStatus, RunStatus
from people.models import Organisation
from reports.workbook.pages import by_day, by_key
from reports.workbook.span import Span

PAYMENT_COLUMNS = (
    Column("Reference", width=14),
    Column("Run", Kind.NUMBER, width=8),
    Column("Person", width=12),
    Column("Name"),
    Column("For", width=26),
    Column("How", width=26),
    Column("Amount", Kind.MONEY, total=True),
    Column("Pay day", Kind.DATE),
    Column("Status", width=26),
    Column("Paid on", Kind.DATE),
)


def sent_payments(organisation: Organisation, span: Span) -> QuerySet[Payment]:
    """Payments of the runs sent in the span."""
    return Payment.objects.filter(
        organisation=organisation, run__entry__date__gte=span.since, run__entry__date__lte=span.until
    ).exclude(status=PaymentStatus.TAKEN_OUT)


def payments_sheet(organisation: Organisation, span: Span) -> Sheet:
    """Payments of the runs sent in the span. Accounts show their last two digits only."""
    return Sheet(
        "Payments",
        PAYMENT_COLUMNS,
        _payment_rows(sent_payments(organisation, span)),
        about=f"Every payment sent from {span}, by bank or another way.",
        notes=("Paid on: the day on the statement, that payroll names, or on which it was handed over.",),
    )


def _payment_rows(payments: QuerySet[Payment]) -> Iterator[tuple[Value, ...]]:
    parts = dict(Payment._meta.get_field("counts_as").flatchoices)
    for row in by_key(
        payments,
        "reference",
        "run__number",
        "person__number",
        "person__name",
        "counts_as",
        "method",
        "details__last_digits",
        "amount",
        "run__pay_on",
        "status",
        "paid_on",
    ):
        reference, run, number, name, counts_as, method, digits, amount, pay_on, status, paid_on = row
        yield (
            reference,
            run,
            number,
            name,
            str(parts[counts_as]),
            f"Account ending {digits}" if digits else str(Method(method).label),
            amount,
            pay_on,
            _stands(method, status),
            paid_on,
        )


def _stands(method: str, status: str) -> str:
    """How a payment stands, as finance says it of every way."""
    way, reached = Method(method), PaymentStatus(status)
    if way not in BY_HAND:
        return PAYMENT_WORDS.get((way, reached), str(reached.label))
    if reached == PaymentStatus.SENT:
        return RUN_WORDS[way, RunStatus.SENT]
    return "Came back, owed again" if reached == PaymentStatus.RETURNED else str(reached.label)


def accounts(organisation: Organisation) -> QuerySet[BankAccount]:
    """The organisation's bank accounts, in a stable order."""
    return BankAccount.objects.filter(organisation=organisation).order_by("name")


RECONCILIATION_COLUMNS = (
    Column("What", width=42),
    Column("Day", Kind.DATE),
    Column("Reference", width=34),
    Column("Amount", Kind.MONEY, total=True),
    Column("Still to leave", Kind.MONEY, total=True),
)


@dataclass(frozen=True)
class Reconciled:
    """One bank account at the end of the span. `bank` (minor units) is what the bank says, if it has told."""

    account: BankAccount
    until: date
    bank: int | None

    @classmethod
    def at(cls, account: BankAccount, until: date) -> "Reconciled":
        return cls(account, until, reconciling.bank_balance(account, until))

    @property
    def title(self) -> str:
        return f"Bank {self.account.name}"

    def sheet(self) -> Sheet:
        """Per books, plus every item that stands between, is per bank."""
        return Sheet(
            self.title,
            RECONCILIATION_COLUMNS,
            self._rows(),
            about=f"From the books to the bank at the end of {self.until.day} "
            f"{self.until:%B %Y}. The total of Amount is what the bank should show.",
            notes=self._notes(),
        )

    def _rows(self) -> Iterator[tuple[Value, ...]]:
        """The books are read when the lines beside them are, so that what is matched meanwhile is in one."""
        books = reconciling.books_balance(self.account, self.until)
        yield "Balance per books", self.until, "", books, None
        lines = reconciling.unmatched_lines(self.account, self.until)
        for day, description, amount in by_day(lines, "date", "description", "amount"):
            yield "On the statement, not in the books", day, description, amount, None
        sent = reconciling.in_transit(self.account, self.until)
        for reference, _, pay_on, amount in by_key(sent, *reconciling.IN_TRANSIT):
            yield "In transit: sent, not yet confirmed", pay_on, reference, None, amount

    def _notes(self) -> tuple[str, ...]:
        if self.bank is None:
            return ("No statement has been imported yet, so there is nothing to compare with.",)
        return ("Money in transit leaves the bank account in the books when the bank confirms it.",)

    def checks(self) -> list[Check]:
        """The bank's balance equals the books plus what stands between; nothing to check without one."""
        if self.bank is None:
            return []
        return [Check(f"{self.title}: per bank", Total(self.title, "Amount"), self.bank)]
