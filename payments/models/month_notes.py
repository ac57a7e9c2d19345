"""Why something that a month leaves open may stay as it is: words for whoever closes it, and the auditor."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from common.dates import now
from people.models import Organisation, Person


class Explainable(models.TextChoices):
    """What a month may leave open once somebody has said why. Everything else has to be done."""

    STATEMENTS = "statements", "Bank statements"
    RETURNED = "returned", "Returned payments"
    SUSPENSE = "suspense", "Money not known yet"


class MonthNote(models.Model):
    """One explanation. It holds for exactly the rows it was written about; when they change, it is void.

    Append-only: whoever sees it differently writes another one.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="month_notes")
    month = models.PositiveIntegerField(help_text="As in 202611.")
    item = models.CharField(max_length=10, choices=Explainable)
    about = models.CharField(max_length=64, help_text="SHA-256 of the keys of the rows it explains.")
    words = models.CharField(max_length=300)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "month"], name="month_notes_by_month")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=""), name="a_month_note_says_something")
        ]

    def __str__(self) -> str:
        return f"{self.get_item_display()} in {self.month}"
