"""What an account looked like at the end of a month, signed by two persons and frozen."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from common.dates import now
from payments.models.details import BankAccount
from people.models import Organisation, Person


class SignedReconciliation(models.Model):
    """One account at the end of one month: signed as prepared by one person, as checked by another.

    Until it is checked, the figures may be prepared again; from then on nothing here ever changes.
    `figures` is canonical JSON (payments.formats.reconciliation_data) and `sha256` is of its UTF-8 bytes.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="reconciliations")
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="reconciliations")
    month = models.PositiveIntegerField(help_text="As in 202611.")
    figures = models.TextField(help_text="Canonical JSON.")
    sha256 = models.CharField(max_length=64)
    difference = models.BigIntegerField(help_text="Minor units that nothing explains.")
    note = models.CharField(max_length=300, blank=True, help_text="What explains a difference.")
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=now)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "month"], name="one_reconciliation_per_month"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("prepared_by")),
                name="a_reconciliation_is_checked_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="a_checked_reconciliation_says_who_and_when",
            ),
            models.CheckConstraint(condition=Q(difference=0) | ~Q(note=""), name="a_difference_is_explained"),
        ]

    def __str__(self) -> str:
        return f"Reconciliation of {self.account} for {self.month}"
