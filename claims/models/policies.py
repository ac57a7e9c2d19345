"""A rate policy as rows: what is paid for what, between which dates."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from people.models import Organisation, Person


class RatePolicy(models.Model):
    """One version of an organisation's policy, in force when a second person confirmed it.

    It is never edited: a new version is added.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="policies")
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    late_cancellation_hours = models.DecimalField(max_digits=6, decimal_places=2)
    late_cancellation_share = models.DecimalField(max_digits=5, decimal_places=4)
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the file it came from.")
    imported_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", help_text="Empty when the system was set up."
    )
    imported_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, help_text="Since when it is in force.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "version"], name="one_policy_per_version"),
            models.UniqueConstraint(
                fields=["organisation", "content_hash"], name="a_policy_is_imported_once"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="who_confirms_a_policy_says_when",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | Q(imported_by__isnull=True)
                | ~Q(confirmed_by=F("imported_by")),
                name="a_second_person_confirms_a_policy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


class Rate(models.Model):
    """One `[[rate]]` row of a policy; the words are those of the policy file."""

    policy = models.ForeignKey(RatePolicy, models.PROTECT, related_name="rates")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    mode = models.CharField(max_length=20, blank=True)
    method = models.CharField(max_length=10)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="Last day in force, included.")
    counts_as = models.CharField(max_length=7)
    amount = models.DecimalField(max_digits=12, decimal_places=4, null=True, help_text="Major units.")
    first = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    then = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    bands = models.JSONField(default=list, help_text="[{up_to, amount}], numbers as text.")
    boundary = models.CharField(max_length=10, blank=True)
    size = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    cap = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    cap_per = models.CharField(max_length=10, blank=True)
    caps = models.JSONField(default=list, help_text="[{over, amount}], numbers as text.")
    receipt = models.CharField(max_length=10, blank=True)
    required_over = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    excludes = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "position"], name="one_rate_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mode} from {self.starts_on}"
