"""Payment runs: who is paid what, frozen when prepared, signed by another person."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from audit.history import History, Recorded
from claims.models import NAMED, ClaimLine, CountsAs, Instruction
from common.dates import now
from ledger.models import Account, JournalEntry
from payments.models.details import BankAccount, BankDetails
from payments.workflow import (
    BY_HAND,
    CARRIERS,
    FILES,
    PAID_HOW,
    PAYMENT_WORDS,
    RUN_WORDS,
    Method,
    PaymentStatus,
    RunStatus,
)
from people.models import Organisation, Person


class PaymentRun(Recorded):
    """One file, for whoever carries it out. Its bytes and hash are kept from the moment it is prepared."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField(help_text="Gap-free; a void run keeps its number.")
    method = models.CharField(max_length=8, choices=Method, default=Method.BANK)
    bank_account = models.ForeignKey(
        BankAccount, models.PROTECT, null=True, related_name="runs", help_text="None unless the bank pays."
    )
    pay_on = models.DateField(help_text="A banking day, when the bank or payroll pays.")
    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.PREPARED)
    version = models.PositiveIntegerField(default=1, help_text="Raised when a payee is taken out.")
    currency = models.CharField(max_length=3)
    total = models.BigIntegerField(help_text="Minor units.")
    count = models.PositiveIntegerField(help_text="Payments in the file.")
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=now)
    authorised_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    authorised_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(JournalEntry, models.PROTECT, null=True, related_name="run")

    history = History()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="one_run_per_number"),
            models.CheckConstraint(
                condition=Q(authorised_by__isnull=True) | ~Q(authorised_by=F("prepared_by")),
                name="a_run_is_signed_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["prepared", "void"]) | Q(authorised_by__isnull=False),
                name="a_run_is_signed_before_it_is_sent",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(released_by__isnull=False, entry__isnull=False),
                name="a_sent_run_is_in_the_books",
            ),
            models.CheckConstraint(
                condition=Q(method=Method.BANK, bank_account__isnull=False)
                | (~Q(method=Method.BANK) & Q(bank_account__isnull=True)),
                name="only_a_bank_run_is_paid_from_a_bank_account",
            ),
        ]

    def __str__(self) -> str:
        return f"Run {self.number}"

    @property
    def goes_to(self) -> str:
        """Who gets the file of this run, in words that fit into a sentence."""
        return CARRIERS[Method(self.method)]

    @property
    def paid_how(self) -> str:
        """From which account, or how else, in words that fit into a sentence."""
        return f"from {self.bank_account}" if self.bank_account else PAID_HOW[Method(self.method)]

    @property
    def file_words(self) -> str:
        """What its file is called."""
        return FILES[Method(self.method)]

    @property
    def is_by_hand(self) -> bool:
        """Is it neither the bank nor payroll that pays it?"""
        return self.method in BY_HAND

    def get_status_display(self) -> str:  # type: ignore[no-redef]  # instead of Django's own
        """How the run stands, as finance says it."""
        status = RunStatus(self.status)
        return RUN_WORDS.get((Method(self.method), status), str(status.label))


class RunFile(models.Model):
    """The bytes for the bank or payroll. A new version when a payee is taken out; older ones stay."""

    run = models.ForeignKey(PaymentRun, models.PROTECT, related_name="files")
    version = models.PositiveIntegerField()
    content = models.BinaryField(help_text="Sealed: it holds full bank details.")
    sha256 = models.CharField(max_length=64, help_text="Of the bytes that leave us.")
    total = models.BigIntegerField(help_text="Minor units.")
    count = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "version"], name="one_file_per_run_version")
        ]

    def __str__(self) -> str:
        return f"File {self.version} of run {self.run_id}"


class Payment(Recorded):
    """Money to one person in one run: for their time, or back for their costs, never both."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="payments")
    run = models.ForeignKey(PaymentRun, models.PROTECT, related_name="payments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="payments")
    counts_as = models.CharField(max_length=7, choices=CountsAs)
    method = models.CharField(max_length=8, choices=Method, help_text="Of its run.")
    details = models.ForeignKey(
        BankDetails,
        models.PROTECT,
        null=True,
        related_name="payments",
        help_text="None unless the bank pays.",
    )
    instruction = models.ForeignKey(
        Instruction, models.PROTECT, null=True, related_name="+", help_text="Which named who is paid instead."
    )
    reference = models.CharField(max_length=18, help_text="Neutral, as in EXP 000101.")
    amount = models.BigIntegerField(help_text="Minor units.")
    status = models.CharField(max_length=10, choices=PaymentStatus, default=PaymentStatus.PREPARED)
    paid_on = models.DateField(null=True, help_text="Day on the bank statement, or that payroll names.")

    history = History()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="payments_by_person"),
            models.Index(fields=["organisation", "status", "-id"], name="payments_by_status"),
            models.Index(fields=["amount"], name="payments_by_amount"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "person", "counts_as"], name="one_payment_per_person_run_and_kind"
            ),
            models.UniqueConstraint(fields=["organisation", "reference"], name="one_payment_per_reference"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_pays_something"),
            models.CheckConstraint(
                condition=Q(method__in=NAMED, instruction__isnull=False)
                | (~Q(method__in=NAMED) & Q(instruction__isnull=True)),
                name="a_payment_to_somebody_named_says_to_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def goes_to(self) -> str:
        """Who carries it out, in words that fit into a sentence."""
        return CARRIERS[Method(self.method)]

    def get_status_display(self) -> str:  # type: ignore[no-redef]  # instead of Django's own
        """How the payment stands, as the person paid is told."""
        status = PaymentStatus(self.status)
        return PAYMENT_WORDS.get((Method(self.method), status), str(status.label))


class PaymentItem(models.Model):
    """A claim line that a payment pays. `live` until the payment is taken out, void or returned."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="items")
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="payment_items")
    amount = models.BigIntegerField(help_text="Minor units.")
    live = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line"], condition=Q(live=True), name="no_line_is_paid_twice"),
            models.UniqueConstraint(fields=["payment", "line"], name="one_item_per_line_of_a_payment"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_item_pays_something"),
        ]

    def __str__(self) -> str:
        return f"Line {self.line_id} in payment {self.payment_id}"


class ItemShare(models.Model):
    """What an item takes from each owed account, so that release and return post exactly it."""

    item = models.ForeignKey(PaymentItem, models.PROTECT, related_name="shares")
    owed = models.ForeignKey(Account, models.PROTECT, related_name="+")
    in_transit = models.ForeignKey(Account, models.PROTECT, related_name="+")
    amount = models.BigIntegerField(help_text="Minor units.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "owed"], name="one_item_share_per_account"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_item_share_pays_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of item {self.item_id}"


class Remittance(models.Model):
    """The remittance advice one person gets for one run; it covers both payments."""

    run = models.ForeignKey(PaymentRun, models.PROTECT, related_name="remittances")
    person = models.ForeignKey(Person, models.PROTECT, related_name="remittances")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "person"], name="one_remittance_per_person_and_run")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Neutral handle, as in R000123."""
        return f"R{self.pk:06d}"
