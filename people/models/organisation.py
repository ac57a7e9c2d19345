"""Organisations, the projects they run together, and who pays which share."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from audit.history import History, Recorded
from people.models.person import Person


class Organisation(Recorded):
    """A council, NHS body, university or charity that pays contributors."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3, default="GBP")
    statement_name = models.CharField(
        max_length=18,
        help_text="Who the payment is from, as a bank statement shows it (Bacs: 18 characters).",
    )
    days_to_pay = models.PositiveSmallIntegerField(
        default=14, help_text="Promised calendar days from sending a claim to money in the bank."
    )
    small_group = models.PositiveSmallIntegerField(
        default=5, help_text="Figures about fewer people than this are not shown outside finance."
    )
    help_contact = models.CharField(max_length=300, help_text="Whom to ask: name, telephone, e-mail.")
    appeal_contact = models.CharField(max_length=300, help_text="Who looks again at a decision.")
    support_contact = models.CharField(max_length=300, help_text="Where support is.")
    adviser_name = models.CharField(
        max_length=100, blank=True, help_text="Who talks to people in confidence."
    )
    adviser_email = models.EmailField(blank=True, help_text="Where a wish to talk is sent: to no one of us.")
    advice_contact = models.CharField(
        max_length=300,
        blank=True,
        help_text="Who talks about money in confidence, outside the ledger. Empty: where support is.",
    )

    history = History()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(adviser_name="", adviser_email="") | (~Q(adviser_name="") & ~Q(adviser_email="")),
                name="an_adviser_has_a_name_and_an_address",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def adviser(self) -> str:
        """Whom people can talk to in confidence about money."""
        return self.advice_contact or self.support_contact


class Project(Recorded):
    """A piece of co-production work with its own budget."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="projects")
    code = models.SlugField(max_length=20)
    name = models.CharField(max_length=200)
    purpose = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    lead = models.ForeignKey(Person, models.PROTECT, related_name="projects_led")
    administrator = models.ForeignKey(Person, models.PROTECT, related_name="projects_administered")

    history = History()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "code"], name="one_project_per_code"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_project_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Partner(Recorded):
    """An organisation that carries a share of a project's cost."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="partners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="partnerships")
    weight = models.PositiveIntegerField(default=1)

    history = History()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "organisation"], name="one_share_per_partner"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="a_partner_carries_something"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.project}"
