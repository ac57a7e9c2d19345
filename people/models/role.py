"""Who may act as what, where, and since when."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from audit.history import History, Recorded
from common.dates import today
from people.models.organisation import Organisation, Project
from people.models.person import Person


class RoleKind(models.TextChoices):
    CONTRIBUTOR = "contributor", "Contributor"
    LINK = "link", "Link person"
    LEAD = "lead", "Project lead"
    PREPARER = "preparer", "Finance preparer"
    APPROVER = "approver", "Finance approver"
    HOLDER = "holder", "Budget holder"
    REVIEWER = "reviewer", "Budget reviewer"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


FINANCE = frozenset({RoleKind.PREPARER, RoleKind.APPROVER})
# Parts with a hand on money, or on who has one: they count only when a second person confirmed them.
CONFIRMED_KINDS = FINANCE | {RoleKind.HOLDER, RoleKind.ADMINISTRATOR}
PROJECT_ROLES = frozenset(
    {RoleKind.CONTRIBUTOR, RoleKind.LINK, RoleKind.LEAD, RoleKind.HOLDER, RoleKind.REVIEWER}
)


class Role(Recorded):
    """A role a person holds for an organisation, or for one of its projects."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="roles")
    kind = models.CharField(max_length=15, choices=RoleKind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="roles")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="roles")
    since = models.DateField(default=today)
    until = models.DateField(null=True, help_text="Last day, included.")
    granted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="roles_granted")
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, help_text="Only for kinds that a second person confirms.")

    history = History()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "kind"], name="role_by_person")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(project__isnull=False, kind__in=sorted(PROJECT_ROLES))
                | (Q(project__isnull=True) & ~Q(kind__in=sorted(PROJECT_ROLES))),
                name="a_role_is_for_a_project_or_an_organisation",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("person")),
                name="nobody_gives_themselves_a_role",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=F("person")) & ~Q(confirmed_by=F("granted_by"))),
                name="a_second_person_confirms_a_role",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(
                    confirmed_at__isnull=False,
                    confirmed_by__isnull=False,
                    granted_by__isnull=False,
                    kind__in=sorted(CONFIRMED_KINDS),
                )
                | Q(
                    confirmed_at__isnull=False,
                    confirmed_by__isnull=True,
                    granted_by__isnull=True,
                    kind=RoleKind.ADMINISTRATOR,
                ),
                name="only_the_system_confirms_by_itself",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "organisation", "project"],
                condition=Q(until__isnull=True, project__isnull=False),
                name="one_open_project_role_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "organisation"],
                condition=Q(until__isnull=True, project__isnull=True),
                name="one_open_organisation_role_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_kind_display()} of {self.project or self.organisation}"

    @property
    def waits(self) -> bool:
        """Whether a second person still has to confirm it."""
        return self.kind in CONFIRMED_KINDS and self.confirmed_at is None and self.until is None


class Link(Recorded):
    """A link person who may enter claims for a contributor."""

    contributor = models.ForeignKey(Person, models.PROTECT, related_name="link_people")
    link_person = models.ForeignKey(Person, models.PROTECT, related_name="linked_contributors")
    since = models.DateField(default=today)
    until = models.DateField(null=True, help_text="Last day, included.")

    history = History()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(contributor=F("link_person")), name="nobody_is_their_own_link_person"
            ),
            models.UniqueConstraint(
                fields=["contributor", "link_person"],
                condition=Q(until__isnull=True),
                name="one_open_link_per_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.link_person} for {self.contributor}"
