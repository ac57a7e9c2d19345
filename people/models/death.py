"""That somebody has died, as far as we need to know it: since when, who told us, never of what."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from audit.history import History, Recorded
from common.dates import now
from people.models.person import Person


class Death(Recorded):
    """One record of it. Only ever taken back, once, when it was a mistake."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="deaths")
    died_on = models.DateField(null=True, help_text="If we know.")
    told_by = models.CharField(max_length=200, help_text="Who told us, in words. Never a cause.")
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=now)
    closed_logins = models.JSONField(default=list, help_text="Keys of the logins that were closed with it.")
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    history = History()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(undone_at__isnull=True), name="one_standing_death_per_person"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="a_death_undone_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(recorded_by=models.F("person")), name="nobody_records_their_own_death"
            ),
        ]

    def __str__(self) -> str:
        return f"Death {self.pk}"
