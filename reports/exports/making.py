"""What goes into each kind of file: bytes into an open file, and a short result where there is one."""

import io
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from audit import standalone
from audit.checkpoint import checkpoint, trail_lines
from audit.services import seal
from common.dates import now
from common.errors import DomainError
from people.file_queries import Days
from people.models import FileKind, Organisation, PreparedFile
from people.templatetags.ledger_text import moment
from reports import verify
from reports.journal import journal_text
from reports.progress import Report
from reports.workbook import Span, save_finance_workbook

Found = dict[str, Any] | None
EVERY = 2_000  # events between two reports
README = """The trail of {name}, sealed and exported {when}.

trail.jsonl      every event, one a line, under its seal: keys of persons and records, no words. Events of
                 other organisations are there by their digest alone, so that the chain can be proved whole.
checkpoint.json  how far the trail was sealed, and what the books came to
standalone.py    a program that checks them with nothing but Python; read it, it is short

To check:        python standalone.py trail.jsonl checkpoint.json

The checkpoint in this file was made together with the trail. To see that nobody wrote the trail anew, name a
checkpoint that you kept from an earlier day instead.
"""


def make(file: PreparedFile, content: IO[bytes], report: Report) -> Found:
    """Write what was asked for. Raises DomainError with words for the person."""
    return _MAKERS[FileKind(file.kind)](file, content, report)


def _workbook(file: PreparedFile, content: IO[bytes], report: Report) -> Found:
    days = Days.read(file.days)
    if days is None:
        raise DomainError("A workbook needs a first and a last day.")
    save_finance_workbook(content, file.organisation, Span(days.since, days.until), report)
    return None


def _journal(file: PreparedFile, content: IO[bytes], report: Report) -> Found:
    for piece in journal_text(file.organisation, report):
        content.write(piece.encode())
    return None


def _trail(file: PreparedFile, content: IO[bytes], report: Report) -> Found:
    """Seal what is not sealed yet, then everything up to that seal, its checkpoint and the verifier."""
    organisation = file.organisation
    seal()
    sealed = checkpoint(verify.ledger_totals([organisation]))
    if sealed is None:
        raise DomainError("Nothing is recorded yet.")
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        with packed.open("trail.jsonl", "w", force_zip64=True) as lines:
            _write_trail(lines, organisation, sealed.seal, sealed.events, report)
        packed.writestr("checkpoint.json", sealed.to_json() + "\n")
        packed.writestr("standalone.py", Path(standalone.__file__).read_text(encoding="utf-8"))
        packed.writestr("README.txt", README.format(name=organisation.name, when=moment(now())))
    return None


def _write_trail(
    lines: IO[bytes], organisation: Organisation, last_seal: int, events: int, report: Report
) -> None:
    for count, line in enumerate(trail_lines(until=last_seal, only={organisation.pk})):
        lines.write(line.encode())
        if count % EVERY == 0:
            report(min(count, events), events)
    report(events, events)


def _checks(file: PreparedFile, content: IO[bytes], report: Report) -> Found:
    """Run every check, part by part; of each part the first disagreement is kept."""
    parts, rows = verify.parts([file.organisation]), list[dict[str, Any]]()
    begun = time.monotonic()
    for done, part in enumerate(parts):
        report(done, len(parts))
        rows.append(
            {
                "name": part.name,
                "unit": part.unit,
                "count": part.count(),
                "problem": next(part.problems(), ""),
            }
        )
    report(len(parts), len(parts))
    found = {
        "at": now().isoformat(),
        "seconds": round(time.monotonic() - begun, 1),
        "clean": not any(row["problem"] for row in rows),
        "parts": rows,
    }
    content.write(_as_text(file, found).encode())
    return found


def _as_text(file: PreparedFile, found: Mapping[str, Any]) -> str:
    text = io.StringIO()
    verdict = "Everything agrees." if found["clean"] else "Something does not agree."
    text.write(f"Checks of {file.organisation.name}\n\n{verdict}\n\n")
    text.write(f"Asked for by {file.person.number}, done {moment(now())}, in {found['seconds']} seconds.\n\n")
    for row in found["parts"]:
        text.write(f"{row['name']}: {row['count']:,} {row['unit']}: {row['problem'] or 'agree'}\n")
    text.write(
        "\nOf each part the first disagreement is named; manage.py verify stops at the first of all.\n"
    )
    return text.getvalue()


_MAKERS: dict[FileKind, Callable[[PreparedFile, IO[bytes], Report], Found]] = {
    FileKind.WORKBOOK: _workbook,
    FileKind.JOURNAL: _journal,
    FileKind.TRAIL: _trail,
    FileKind.CHECKS: _checks,
}
