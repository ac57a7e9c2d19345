"""A file that Fern asked for, on a Monday."""

import io
from collections.abc import Iterator

import pytest
from django.db import transaction

from common.dates import set_now
from people.models import FileKind, PreparedFile
from people.services import prepared_files
from tests.cast import Cast
from tests.payments.office import MONDAY

DAYS = "2026-11-01/2026-11-30"
CONTENT = b"made for Fern"


@pytest.fixture(autouse=True)
def monday(cast: Cast) -> Iterator[None]:
    with set_now(MONDAY):
        yield


def asked(cast: Cast, kind: FileKind = FileKind.WORKBOOK, *, days: str = DAYS) -> PreparedFile:
    """Fern's request, or Ada's for what only an auditor may have."""
    person = cast.fern if kind in (FileKind.WORKBOOK, FileKind.JOURNAL) else cast.ada
    with transaction.atomic():
        file, _ = prepared_files.ask_for(person=person, organisation=cast.riverside, kind=kind, days=days)
    return file


def made(cast: Cast, kind: FileKind = FileKind.WORKBOOK, content: bytes = CONTENT) -> PreparedFile:
    """A file that is ready."""
    file = prepared_files.begin(asked(cast, kind).pk)
    assert file is not None
    prepared_files.finish(file, io.BytesIO(content), {"clean": True} if kind == FileKind.CHECKS else None)
    file.refresh_from_db()
    return file
