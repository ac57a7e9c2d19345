"""Which prepared files are there for whom, at this moment."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from people.models import FINANCE, KEPT_KINDS, FileKind, Organisation, PreparedFile, RoleKind
from people.permissions import FILE_READERS
from people.standing import Standing

READERS = FINANCE | {RoleKind.AUDITOR}
# What a file is called on somebody's disk: neutral, and the same for everybody.
_ENDINGS = {
    FileKind.WORKBOOK: "xlsx",
    FileKind.JOURNAL: "journal",
    FileKind.TRAIL: "zip",
    FileKind.CHECKS: "txt",
}
CONTENT_TYPES = {
    FileKind.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.JOURNAL: "text/plain; charset=utf-8",
    FileKind.TRAIL: "application/zip",
    FileKind.CHECKS: "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class Days:
    """The days a file covers, as its row keeps them."""

    since: date
    until: date

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d}/{self.until:%Y-%m-%d}"

    @classmethod
    def read(cls, text: str) -> "Days | None":
        """The days as written in a row; None for everything there is."""
        if not text:
            return None
        since, _, until = text.partition("/")
        return cls(date.fromisoformat(since), date.fromisoformat(until))


def files_read(standing: Standing) -> QuerySet[PreparedFile]:
    """Files this person may have now: their own, of organisations where they still have the part for it.

    The result of the checks is there for every auditor of the organisation, whoever asked for it.
    """
    readable = Q(pk__in=[])
    for kind, roles in FILE_READERS.items():
        there = Q(kind=kind, organisation_id__in=standing.organisations(roles))
        readable |= there if kind in KEPT_KINDS else there & Q(person=standing.person)
    return PreparedFile.objects.filter(readable).select_related("organisation", "person")


def organisations_for(standing: Standing, kind: FileKind) -> QuerySet[Organisation]:
    """The organisations this person may have such a file of."""
    keys = standing.organisations(FILE_READERS[kind])
    return Organisation.objects.filter(pk__in=keys).order_by("name", "pk")


def file_name(file: PreparedFile) -> str:
    """A name that tells a stranger nothing: what kind of file, which one."""
    return f"{file.kind}-{file.pk}.{_ENDINGS[FileKind(file.kind)]}"
