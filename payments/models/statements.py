"""Bank statements as imported, and what each line was matched to or explained as."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from common.dates import now
from ledger.models import JournalEntry
from payments.models.details import BankAccount
from payments.models.runs import Payment, PaymentRun
from people.models import Organisation, Person


class Statement(models.Model):
    """One statement file, imported once."""

    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="statements")
    sha256 = models.CharField(max_length=64)
    first_day = models.DateField()
    last_day = models.DateField()
    lines_in_file = models.PositiveIntegerField()
    opening_balance = models.BigIntegerField(null=True, help_text="Minor units, where the bank gives it.")
    closing_balance = models.BigIntegerField(null=True, help_text="Minor units, where the bank gives it.")
    imported_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "sha256"], name="a_statement_file_is_imported_once")
        ]

    def __str__(self) -> str:
        return f"Statement of {self.account} to {self.last_day}"


class StatementLine(models.Model):
    """One line of the bank's record. Append-only; two real identical lines differ in `occurrence`."""

    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="lines")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField(help_text="In the file.")
    date = models.DateField()
    description = models.CharField(max_length=300)
    reference = models.CharField(max_length=100, blank=True)
    amount = models.BigIntegerField(help_text="Minor units; money out is negative.")
    balance = models.BigIntegerField(null=True, help_text="Minor units after this line, where given.")
    content_hash = models.CharField(max_length=64)
    occurrence = models.PositiveIntegerField()
    raw = models.TextField(help_text="As it stands in the file.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "date"], name="statement_lines_by_day"),
            models.Index(fields=["reference"], name="statement_lines_by_reference"),
            models.Index(fields=["amount"], name="statement_lines_by_amount"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "content_hash", "occurrence"], name="a_statement_line_is_imported_once"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="a_statement_line_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.description}"


class MatchKind(models.TextChoices):
    RUN = "run", "A payment run"
    PAYMENT = "payment", "One payment"
    RETURN = "return", "A returned payment"
    CHARGE = "charge", "Bank charge"
    INTEREST = "interest", "Bank interest"
    FUNDING = "funding", "Funding received"
    PAYROLL = "payroll", "What payroll took for people it paid"
    CASH = "cash", "Cash for the cash box, or back from it"
    CHEQUE = "cheque", "A cheque that was cashed"
    CODE = "code", "Cash-out codes"
    DONATION = "donation", "Donations that people asked for"
    GROUP = "group", "Payments to groups that people named"
    SUPPLIER = "supplier", "Vouchers or learning that were bought"
    SUSPENSE = "suspense", "Not known yet"
    REPAYMENT = "repayment", "Money paid back to us"


class Match(models.Model):
    """What a statement line turned out to be, with its posting; undone by a reversal, never removed."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="matches")
    line = models.ForeignKey(StatementLine, models.PROTECT, related_name="matches")
    kind = models.CharField(max_length=10, choices=MatchKind)
    run = models.ForeignKey(PaymentRun, models.PROTECT, null=True, related_name="matches")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="matches")
    note = models.CharField(max_length=300, blank=True)
    entry = models.OneToOneField(JournalEntry, models.PROTECT, related_name="match")
    matched_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    matched_at = models.DateTimeField(default=now)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(undone_at__isnull=True), name="a_statement_line_is_matched_once"
            ),
            models.UniqueConstraint(
                fields=["run"],
                condition=Q(undone_at__isnull=True, kind="run"),
                name="a_run_is_matched_once",
            ),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(undone_at__isnull=True, kind="payment"),
                name="a_payment_is_matched_once",
            ),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(undone_at__isnull=True, kind="return"),
                name="a_payment_is_returned_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="run", run__isnull=False, payment__isnull=True)
                | Q(kind__in=["payment", "return"], payment__isnull=False, run__isnull=True)
                | (Q(run__isnull=True, payment__isnull=True) & ~Q(kind__in=["run", "payment", "return"])),
                name="a_match_names_what_it_matched",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.get_kind_display()}"
