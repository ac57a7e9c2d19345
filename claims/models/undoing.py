"""A decision taken back before its money was on the way: who, when and why. The decision itself stays."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from claims.models.claims import Decision
from ledger.models import JournalEntry
from people.models import Person, Project


class Undoing(models.Model):
    """One decision undone, so that its line waits again. Append-only.

    `entry` reverses what the decision posted. A decision that posted nothing has none here either: as with
    the decision, only the books may tell which it was.
    """

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="undoing")
    reason = models.CharField(max_length=300)
    contributor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    undone_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField()
    entry = models.OneToOneField(JournalEntry, models.PROTECT, null=True, related_name="undoing")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(undone_by=F("contributor")) & ~Q(undone_by=F("entered_by")),
                name="nobody_undoes_what_is_theirs_or_what_they_typed",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_undoing_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"Decision {self.decision_id} undone"


class UndoneShare(models.Model):
    """What one project carried of the line until its decision was undone. Append-only, and behind the walls.

    A lead's figure for money for time counts it in the month of the decision and takes it off in the month
    of the undoing, as the books do: a month that was counted already must not change.
    """

    undoing = models.ForeignKey(Undoing, models.PROTECT, related_name="shares")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    amount = models.BigIntegerField(help_text="Minor units that were allowed.")
    policy_amount = models.BigIntegerField(help_text="Minor units the policy gave, whatever the answer.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["undoing", "project"], name="one_undone_share_per_project"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, policy_amount__gte=0), name="an_undone_share_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} carried part of {self.undoing}"
