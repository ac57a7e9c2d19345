"""Bring a backup back into an empty place, and prove that what came back is what was backed up."""

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

import reports.verify
from claims.models import Receipt
from claims.receipt_files import open_file
from common.encryption import CannotOpen
from config.backups import engines
from config.backups.archive import DATABASE, FILES, BackupError, checked, parts
from config.backups.figures import differences, figures
from config.backups.taking import product_version, stored_files


def restore(path: Path) -> dict[str, Any]:
    """Put a backup into the database and the storage of this process; returns its manifest.

    Nothing is written before every byte of the file and the place it goes to have been looked at.
    Raises BackupError.
    """
    manifest = checked(path, settings.ENCRYPTION_KEYS)
    _refuse_other_version(manifest)
    engines.refuse_target(manifest["engine"], manifest["engine_major"])
    if (taken := next(stored_files(), None)) is not None:
        raise BackupError(
            f"The folder for files holds some already ({taken}), and nothing is overwritten: name another "
            "folder with --files."
        )
    with TemporaryDirectory(dir=engines.workplace(), prefix=".restore-") as work:
        dumped = Path(work) / DATABASE
        for name, file, _ in parts(path):
            if name == DATABASE:
                with dumped.open("wb") as out:
                    shutil.copyfileobj(file, out)
            elif name.startswith(FILES):
                wanted = name.removeprefix(FILES)
                if default_storage.save(wanted, File(file)) != wanted:
                    raise BackupError(f"{wanted} could not get its own name: start in an empty folder.")
        engines.load(dumped)
    os.sync()
    return manifest


def _refuse_other_version(manifest: dict[str, Any]) -> None:
    """A backup fits the version that made it: its tables and guards are that version's."""
    ours = sorted(f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations)
    if sorted(manifest["migrations"]) != ours:
        raise BackupError(
            f"The backup was made by version {manifest['product']} with other migrations than this version "
            f"({product_version()}) has: restore it with the version that made it, then migrate."
        )


def doubts(manifest: dict[str, Any]) -> Iterator[str]:
    """Every reason not to trust what came back, in words; nothing when it is what was backed up."""
    with connection.cursor() as cursor:
        yield from differences(manifest, figures(cursor))
    try:
        call_command("check", databases=["default"], stdout=io.StringIO())
    except SystemCheckError as error:
        yield str(error)
    yield from _receipts()
    yield from reports.verify.problems()


def _receipts() -> Iterator[str]:
    """Every receipt that a row names is there and opens under our keys."""
    for receipt in Receipt.objects.order_by("pk").iterator(chunk_size=500):
        try:
            open_file(receipt)
        except (CannotOpen, OSError) as error:
            yield f"Receipt {receipt.pk} does not open: {error}"
