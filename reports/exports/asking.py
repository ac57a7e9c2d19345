"""Ask for a file, and put its making into the queue in the same transaction."""

from audit.services import step
from common.errors import DomainError
from people.file_queries import Days
from people.models import FileKind, Organisation, Person, PreparedFile
from people.services.prepared_files import ask_for
from reports.tasks import prepare_file

LONGEST = 366 * 7  # days: what an auditor may still ask about


@step(returns=PreparedFile)
def ask_for_file(
    *, actor: Person, organisation: Organisation, kind: FileKind, days: Days | None = None, key: str = ""
) -> PreparedFile:
    """A file of an organisation, to be made in the background; the one that is under way, if there is one.

    `days` are needed for a workbook, and for nothing else. Raises NotPermitted, DomainError.
    """
    _check(days)
    if (days is None) is (kind == FileKind.WORKBOOK):
        raise DomainError("A workbook needs a first and a last day; nothing else has one.")
    file, is_new = ask_for(
        person=actor, organisation=organisation, kind=kind, days="" if days is None else str(days)
    )
    if is_new:
        prepare_file.enqueue(file.pk)
    return file


def _check(days: Days | None) -> None:
    if days is None:
        return
    if days.until < days.since:
        raise DomainError("The last day comes before the first.")
    if (days.until - days.since).days >= LONGEST:
        raise DomainError("A workbook covers seven years at most. Choose a shorter time.")
