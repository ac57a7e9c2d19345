"""A prepared file as its page and its row in a list show it."""

from dataclasses import dataclass
from typing import Any

from people.file_queries import Days, file_name
from people.models import FileKind, PreparedFile
from people.templatetags.ledger_text import day
from people.workflow import FileStatus

_UNITS = {
    FileKind.WORKBOOK: "rows",
    FileKind.JOURNAL: "entries",
    FileKind.TRAIL: "events",
    FileKind.CHECKS: "checks",
}
_TITLES = {FileKind.TRAIL: "Trail", FileKind.CHECKS: "Checks"}  # with a number after it
_COLOURS = {
    FileStatus.WAITING: "grey",
    FileStatus.WORKING: "blue",
    FileStatus.READY: "green",
    FileStatus.FAILED: "red",
    FileStatus.GONE: "grey",
}
_AGAIN = {
    FileKind.WORKBOOK: "exports:workbook",
    FileKind.JOURNAL: "exports:journal",
    FileKind.TRAIL: "exports:trail",
    FileKind.CHECKS: "exports:checks",
}
_KILO = 1000


@dataclass(frozen=True)
class ShownFile:
    """A file with the words and figures of its state."""

    file: PreparedFile
    title: str
    name: str
    status: str
    colour: str
    so_far: str
    days: str
    size: str
    again: str

    @property
    def found(self) -> Any:
        """What the checks found; None for other files."""
        return self.file.found


def shown(file: PreparedFile) -> ShownFile:
    """The file in words."""
    kind, status = FileKind(file.kind), FileStatus(file.status)
    days = Days.read(file.days)
    return ShownFile(
        file=file,
        title=_TITLES.get(kind, kind.label),
        name=file_name(file),
        status=_verdict(file) or status.label,
        colour="red" if file.found and not file.found["clean"] else _COLOURS[status],
        so_far=_so_far(file, kind),
        days="" if days is None else f"{day(days.since)} to {day(days.until)}",
        size=_size(file.size),
        again=_AGAIN[kind],
    )


def _verdict(file: PreparedFile) -> str:
    if not file.found:
        return ""
    return "Everything agrees" if file.found["clean"] else "Something does not agree"


def _so_far(file: PreparedFile, kind: FileKind) -> str:
    if not file.total:
        return "Nothing is counted yet."
    return f"{file.done:,} of {file.total:,} {_UNITS[kind]} done."


def _size(size: int) -> str:
    """Bytes as people read them, in thousands as on a label."""
    if size < _KILO:
        return f"{size} bytes"
    return f"{size / _KILO:,.0f} kB" if size < _KILO**2 else f"{size / _KILO**2:,.1f} MB"
