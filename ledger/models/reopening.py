"""A closed month that somebody asks to have opened again: asked by one person, confirmed by another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from common.dates import now
from ledger.models.accounts import Period
from people.models import Person


class Reopening(models.Model):
    """Who wants a month reopened and why, and what became of it. Answered once, never removed.

    `closing` says which closing of the month it is about, so that one confirmation opens one closing.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="reopenings")
    closing = models.PositiveIntegerField(help_text="The month's times_closed when it was asked.")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_reopening_has_a_reason"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")),
                name="a_reopening_is_confirmed_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                    withdrawn_by__isnull=True,
                    withdrawn_at__isnull=True,
                ),
                name="a_confirmed_reopening_says_when",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="a_withdrawn_reopening_says_when",
            ),
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(confirmed_at__isnull=True, withdrawn_at__isnull=True),
                name="one_reopening_asked_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["period", "closing"],
                condition=Q(confirmed_at__isnull=False),
                name="a_closing_is_reopened_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Reopening of {self.period}"

    @property
    def waits(self) -> bool:
        """Whether a second person still has to answer."""
        return self.confirmed_at is None and self.withdrawn_at is None
