"""Accounts, months and the running totals that make every balance cheap to read."""

from typing import ClassVar

from django.db import models

from common.dates import month_name
from people.models import Organisation, Person, Project


class AccountKind(models.TextChoices):
    """What an account is for. Debits raise cost, bank, overpaid, suspense; credits owed and funding."""

    COST = "cost", "Cost"
    OWED = "owed", "Owed to people"
    IN_TRANSIT = "in_transit", "In transit"
    BANK = "bank", "Bank"
    ADVANCE = "advance", "Advances"
    VOUCHERS = "vouchers", "Voucher stock"
    CASH = "cash", "Cash float"
    CARD = "card", "Card"
    PARTNER = "partner", "Partners"
    FUNDING = "funding", "Funding received"
    OPENING = "opening", "Opening balance"
    SUSPENSE = "suspense", "Suspense"
    OVERPAID = "overpaid", "Overpaid, to come back"
    CHARGES = "charges", "Bank and handling charges"
    INTEREST = "interest", "Bank interest"
    PAYROLL = "payroll", "Payroll clearing"
    CHEQUES = "cheques", "Cheques that are not cashed yet"
    CODES = "codes", "Cash-out codes"
    DONATIONS = "donations", "Donations on their way"
    GROUPS = "groups", "Payments to groups on their way"
    LEARNING = "learning", "Learning funds"
    SUPPLIER = "supplier", "To pay for what was bought"
    GIVEN_TIME = "given_time", "Given time"


class Category(models.TextChoices):
    """The categories of the co-production budget."""

    FEES = "fees", "Money for time"
    TRAVEL = "travel", "Travel"
    CARE = "care", "Care and childcare"
    ACCESS = "access", "Access and support"
    SUBSISTENCE = "subsistence", "Food and overnight stays"
    OTHER = "other", "Other costs"


class Account(models.Model):
    """A place money can be, at the grain of the reports: project and category."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="accounts")
    code = models.CharField(max_length=80, help_text="As in cost:PROJ-A:travel.")
    kind = models.CharField(max_length=12, choices=AccountKind)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="accounts")
    category = models.CharField(max_length=12, choices=Category, blank=True)
    currency = models.CharField(max_length=3)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "code"], name="one_account_per_code")
        ]

    def __str__(self) -> str:
        return self.code


class Period(models.Model):
    """A month of an organisation's books: open, or closed to every posting."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="periods")
    month = models.PositiveIntegerField(help_text="As in 202611.")
    closed = models.BooleanField(default=False)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    times_closed = models.PositiveIntegerField(default=0, help_text="Which closing this is, from 1.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "month"], name="one_period_per_month"),
            models.CheckConstraint(
                condition=models.Q(month__gte=200001, month__lte=299912), name="a_period_is_a_month"
            ),
            models.CheckConstraint(
                condition=models.Q(closed=False, closed_by__isnull=True, closed_at__isnull=True)
                | models.Q(closed=True, closed_by__isnull=False, closed_at__isnull=False, times_closed__gt=0),
                name="a_closed_month_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} of {self.organisation}"

    @property
    def name(self) -> str:
        """As in November 2026."""
        return month_name(self.month)


class Counter(models.Model):
    """Gap-free numbers: the row is locked and raised in the transaction that uses the number."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="counters")
    name = models.CharField(max_length=20)
    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_counter_per_name")
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.organisation}: {self.value}"


class AccountMonth(models.Model):
    """Debits and credits of one account in one month, in minor units; kept with the transfers."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="months")
    month = models.PositiveIntegerField(help_text="As in 202611.")
    debits = models.BigIntegerField(default=0)
    credits = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "month"], name="one_total_per_account_and_month")
        ]

    def __str__(self) -> str:
        return f"{self.account} in {self.month}"
