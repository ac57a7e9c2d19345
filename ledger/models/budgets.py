"""Budgets and commitments: what was planned, and what is promised but not yet in the books."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from audit.history import History, Recorded
from common.dates import now
from ledger.models.accounts import Category
from people.models import Organisation, Person, Project


class BudgetStatus(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    AGREED = "agreed", "Agreed"
    REPLACED = "replaced", "Replaced by a later version"


class Budget(Recorded):
    """A version of a project's co-production budget. Agreed, it is frozen."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="budgets")
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=BudgetStatus, default=BudgetStatus.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)

    history = History()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "version"], name="one_budget_per_version"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(status="agreed"), name="one_agreed_budget_per_project"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("proposed_by")),
                name="a_budget_is_agreed_by_another_person",
            ),
        ]

    def __str__(self) -> str:
        return f"Budget {self.version} of {self.project}"


class BudgetLine(Recorded):
    """What a project plans to spend on one category. Locked while spending is checked against it."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="lines")
    category = models.CharField(max_length=12, choices=Category)
    planned = models.BigIntegerField(help_text="Minor units.")

    history = History()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["budget", "category"], name="one_budget_line_per_category"),
            models.CheckConstraint(condition=Q(planned__gte=0), name="a_plan_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} in {self.budget}"


class Stage(models.TextChoices):
    COMMITTED = "committed", "Promised by an offer"
    CLAIMED = "claimed", "Claimed, waiting for a decision"


class Commitment(models.Model):
    """Money promised or asked for, until the books hold it. Only open rows are ever summed."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="commitments")
    project = models.ForeignKey(Project, models.PROTECT, related_name="commitments")
    category = models.CharField(max_length=12, choices=Category)
    stage = models.CharField(max_length=10, choices=Stage)
    amount = models.BigIntegerField(help_text="Minor units.")
    source = models.CharField(max_length=80, help_text="As in offer:12 or line:44.")
    opened_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["project", "category", "stage"],
                include=["amount"],
                condition=Q(closed_at__isnull=True),
                name="open_commitments",
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "project", "category"],
                condition=Q(closed_at__isnull=True),
                name="one_open_commitment_per_source",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_commitment_is_for_something"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.amount}"
