"""Files prepared in the background: asked for, worked on, kept sealed, fetched, and removed after a day.

What goes into a file is the business of the apps above; here it is a run of bytes. A worker that dies leaves
no sign of life, and after a quarter of an hour its file counts as failed, so that it can be asked for again.
"""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import IO, Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet

from audit.actions import Action
from audit.services import record
from common.dates import now
from common.encryption import CannotOpen, KeyRing
from common.errors import DomainError, NotVisible
from common.workflow import next_status
from people.file_queries import files_read
from people.models import KEPT_KINDS, FileKind, Organisation, Person, PreparedFile, PreparedPart
from people.permissions import may_have_file, require
from people.standing import Standing
from people.workflow import FILE_MOVES, UNDER_WAY, FileStatus

KEPT_FOR = timedelta(hours=24)
SILENCE = timedelta(minutes=15)  # far longer than any worker takes between two signs of life
PATIENCE = timedelta(hours=12)  # after so long nobody will come to a file that still waits
PART = 1_048_576  # bytes in one part; so much is held in memory, whatever the size of the file
STOPPED = "The work stopped before it was done, and nothing was made."
NOBODY_CAME = "It waited for its turn for too long, and nothing was made."
A_MISTAKE = "Something went wrong on our side, and nothing was made."
_DOWNLOADED = {
    FileKind.WORKBOOK: Action.WORKBOOK_EXPORTED,
    FileKind.JOURNAL: Action.JOURNAL_EXPORTED,
    FileKind.TRAIL: Action.TRAIL_EXPORTED,
    FileKind.CHECKS: Action.CHECKS_EXPORTED,
}


class NoLongerWanted(DomainError):
    """The file was given up on while somebody still worked on it."""


def ask_for(
    *, person: Person, organisation: Organisation, kind: FileKind, days: str
) -> tuple[PreparedFile, bool]:
    """The person's file of this request that is under way, or a new one that waits; and whether it is new.

    For steps of the apps above, which put the work into the queue. Raises NotPermitted, and RuntimeError
    outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A file is asked for inside the transaction that puts its work into the queue")
    require(may_have_file(person, kind, organisation))
    asked = {"person": person, "organisation": organisation, "kind": kind, "days": days}
    look_after(PreparedFile.objects.filter(**asked))
    under_way = PreparedFile.objects.filter(**asked, status__in=UNDER_WAY)
    if (found := under_way.first()) is not None:
        return found, False
    try:
        with transaction.atomic():
            file = PreparedFile.objects.create(**asked)
    except IntegrityError:  # somebody sent the same request at the same moment, and was quicker
        return under_way.get(), False
    record(
        actor=person,
        action=Action.FILE_ASKED,
        subject=file,
        organisation_id=organisation.pk,
        kind=kind,
        days=days,
    )
    return file, True


@transaction.atomic
def begin(file_id: int) -> PreparedFile | None:
    """Take a file that waits, to work on it; None when somebody did, or when it may not be had any more."""
    file = _locked(file_id)
    if file.status != FileStatus.WAITING:
        return None
    if reason := may_have_file(file.person, FileKind(file.kind), file.organisation):
        _give_up(file, reason)
        return None
    file.status = next_status(FILE_MOVES, "begin", file.status, what="a file")
    file.begun_at = file.seen_at = now()
    file.save(update_fields=["status", "begun_at", "seen_at"])
    return file


def report(file: PreparedFile, done: int, total: int) -> None:
    """Say how far the work is; a sign of life. Raises NoLongerWanted when the file was given up on."""
    working = PreparedFile.objects.filter(pk=file.pk, status=FileStatus.WORKING)
    if not working.update(done=done, total=total, seen_at=now()):
        raise NoLongerWanted("This file was given up on.")


def finish(file: PreparedFile, content: IO[bytes], found: dict[str, Any] | None = None) -> None:
    """Seal the content part by part, and say that the file is ready. Raises NoLongerWanted."""
    digest, size, ring = hashlib.sha256(), 0, _ring()
    for position, plain in enumerate(iter(lambda: content.read(PART), b"")):
        digest.update(plain)
        size += len(plain)
        sealed = ring.seal(plain, _context(file, position))
        with transaction.atomic():
            if _locked(file.pk).status != FileStatus.WORKING:
                raise NoLongerWanted("This file was given up on.")
            PreparedPart.objects.create(file=file, position=position, sealed=sealed)
            PreparedFile.objects.filter(pk=file.pk).update(seen_at=now())
    with transaction.atomic():
        ready = _locked(file.pk)
        ready.status = next_status(FILE_MOVES, "finish", ready.status, what="a file")
        ready.ready_at, ready.done, ready.found = now(), ready.total, found
        ready.sha256, ready.size = digest.hexdigest(), size
        ready.expires_at = None if ready.kind in KEPT_KINDS else ready.ready_at + KEPT_FOR
        ready.save()


@transaction.atomic
def give_up(file_id: int, why: str) -> None:
    """Say that a file cannot be prepared, and why; what was made of it goes. Too late for a finished one."""
    file = _locked(file_id)
    if file.status in UNDER_WAY:
        _give_up(file, why)


@transaction.atomic
def fetch(*, standing: Standing, file_id: int) -> PreparedFile:
    """A ready file for whoever may have it at this moment; each download is one event of the trail.

    `content_of` gives the bytes; they are checked here first. Not a step: nothing but the trail changes.
    Raises NotVisible when it is not there for this person, DomainError when it is not ready, gone or damaged.
    """
    file = files_read(standing).filter(pk=file_id).first()
    if file is None:
        raise NotVisible("There is no such file.")
    if file.status != FileStatus.READY or _is_over(file):
        raise DomainError("This file is not there to download. Ask for it again.")
    _check(file)
    record(
        actor=standing.person,
        action=_DOWNLOADED[FileKind(file.kind)],
        subject=file,
        organisation_id=file.organisation_id,
        days=file.days,
    )
    return file


def content_of(file: PreparedFile) -> Iterator[bytes]:
    """The bytes of a file, one part after the other; one part is in memory at a time. Raises CannotOpen."""
    ring, position = _ring(), 0
    while (part := file.parts.filter(position=position).first()) is not None:
        yield ring.open(bytes(part.sealed), _context(file, position))
        position += 1


def look_after(files: QuerySet[PreparedFile] | None = None) -> int:
    """Remove what has had its day, and give up on what nobody works on; how many files that were.

    Called every night for all, and for somebody's own whenever they look: one query when all is well.
    """
    moment = now()
    silent = Q(status=FileStatus.WORKING, seen_at__lt=moment - SILENCE)
    forgotten = Q(status=FileStatus.WAITING, asked_at__lt=moment - PATIENCE)
    over = Q(status=FileStatus.READY, expires_at__lte=moment)
    rows = PreparedFile.objects.all() if files is None else files
    keys = list(rows.filter(silent | forgotten | over).order_by("pk").values_list("pk", flat=True))
    for key in keys:
        _look_after(key)
    return len(keys)


@transaction.atomic
def _look_after(key: int) -> None:
    file = _locked(key)
    if file.status == FileStatus.READY and _is_over(file):
        file.status = next_status(FILE_MOVES, "remove", file.status, what="a file")
        file.save(update_fields=["status"])
        file.parts.all().delete()
    elif file.status == FileStatus.WORKING and (file.seen_at or file.asked_at) < now() - SILENCE:
        _give_up(file, STOPPED)
    elif file.status == FileStatus.WAITING and file.asked_at < now() - PATIENCE:
        _give_up(file, NOBODY_CAME)


def _give_up(file: PreparedFile, why: str) -> None:
    file.status = next_status(FILE_MOVES, "give up", file.status, what="a file")
    file.failure = why
    file.save(update_fields=["status", "failure"])
    file.parts.all().delete()


def _is_over(file: PreparedFile) -> bool:
    return file.expires_at is not None and file.expires_at <= now()


def _check(file: PreparedFile) -> None:
    """Raise DomainError unless what is kept is what was made, to the last byte."""
    digest, size = hashlib.sha256(), 0
    try:
        for plain in content_of(file):
            digest.update(plain)
            size += len(plain)
    except CannotOpen as error:
        raise DomainError("This file was damaged. Ask for it again.") from error
    if (digest.hexdigest(), size) != (file.sha256, file.size):
        raise DomainError("This file was damaged. Ask for it again.")


def _locked(file_id: int) -> PreparedFile:
    rows = PreparedFile.objects.select_related("person", "organisation")
    return rows.select_for_update(of=("self",)).get(pk=file_id)


def _ring() -> KeyRing:
    ring: KeyRing = settings.ENCRYPTION_KEYS
    return ring


def _context(file: PreparedFile, position: int) -> str:
    return f"file:{file.pk}:person:{file.person_id}:part:{position}"
