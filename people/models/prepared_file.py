"""Files that take long to make: prepared in the background for one person, sealed, and not kept for long."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from common.dates import now
from people.models.organisation import Organisation
from people.models.person import Person
from people.workflow import UNDER_WAY, FileStatus


class FileKind(models.TextChoices):
    """Everything that is prepared in the background."""

    WORKBOOK = "workbook", "Workbook"
    JOURNAL = "journal", "Journal"
    TRAIL = "trail", "Trail with its checkpoint"
    CHECKS = "checks", "Result of the checks"


KEPT_KINDS = frozenset({FileKind.CHECKS})  # an audit's evidence; it names records, never people
FINISHED = frozenset({FileStatus.READY, FileStatus.GONE})


class PreparedFile(models.Model):
    """A file somebody asked for. Its content lies in sealed parts, for a day; the row stays.

    `person` is whom it is for. `days` is what was asked, as in 2026-11-01/2026-11-30 (ISO 8601); empty for
    everything there is. `found` is a short result that stays with the row, without anything personal.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="prepared_files")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=FileKind)
    days = models.CharField(max_length=21, blank=True)
    status = models.CharField(max_length=7, choices=FileStatus, default=FileStatus.WAITING)
    done = models.PositiveIntegerField(default=0, help_text="How much of `total` is done: rows, checks.")
    total = models.PositiveIntegerField(default=0, help_text="0 while nobody has counted.")
    asked_at = models.DateTimeField(default=now)
    begun_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="The worker's last sign of life.")
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, help_text="Empty for what is kept.")
    failure = models.CharField(max_length=300, blank=True, help_text="Why not, in words for the person.")
    found = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "id"], name="files_of_a_person"),
            models.Index(
                fields=["status", "expires_at"],
                condition=~Q(status__in=[FileStatus.FAILED, FileStatus.GONE]),
                name="files_to_look_after",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "organisation", "kind", "days"],
                condition=Q(status__in=sorted(UNDER_WAY)),
                name="nobody_waits_for_the_same_file_twice",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(FINISHED), ready_at__isnull=False, size__gt=0) & ~Q(sha256="")
                | ~Q(status__in=sorted(FINISHED)) & Q(ready_at__isnull=True, size=0, sha256=""),
                name="a_finished_file_says_what_it_is",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(FINISHED))
                | Q(kind__in=sorted(KEPT_KINDS), expires_at__isnull=True)
                | ~Q(kind__in=sorted(KEPT_KINDS)) & Q(expires_at__isnull=False),
                name="a_finished_file_says_until_when",
            ),
            models.CheckConstraint(
                condition=(Q(status=FileStatus.FAILED) & ~Q(failure=""))
                | (~Q(status=FileStatus.FAILED) & Q(failure="")),
                name="a_file_that_failed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"File {self.pk}"

    @property
    def is_under_way(self) -> bool:
        return self.status in UNDER_WAY


class PreparedPart(models.Model):
    """A piece of a prepared file, sealed for its file, its person and its place."""

    file = models.ForeignKey(PreparedFile, models.PROTECT, related_name="parts")
    position = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "position"], name="one_part_per_place_in_a_file")
        ]

    def __str__(self) -> str:
        return f"Part {self.position} of file {self.file_id}"
