"""Make a backup: database, stored files and a manifest in one file."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from common.dates import now
from common.encryption import KeyRing
from config.backups import engines
from config.backups.archive import DATABASE, FILES, FORMAT, Writer, keys_of, writing
from config.backups.figures import Figures


@dataclass(frozen=True)
class Taken:
    """A backup that lies on the disk."""

    path: Path
    files: int
    figures: Figures


def take(folder: Path) -> Taken:
    """Write a backup into a folder, under a name that holds the time in UTC. Raises BackupError.

    Files are read before the database and again after it: one that is stored meanwhile is in the second
    reading, one that is removed meanwhile was in the first. So no row names a file that is not there.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"ledger-{now():%Y%m%dT%H%M%S}Z.backup"
    ring: KeyRing = settings.ENCRYPTION_KEYS
    with TemporaryDirectory(dir=folder, prefix=".backup-") as work, writing(path, ring) as out:
        _add_files(out)
        dumped = Path(work) / DATABASE
        found = engines.dump(dumped)
        with dumped.open("rb") as file:
            out.add(DATABASE, file, dumped.stat().st_size)
        _add_files(out)
        files = len(out.parts) - 1
        out.finish(_about() | found.as_dict())
    return Taken(path, files, found)


def product_version() -> str:
    with (Path(settings.BASE_DIR) / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def _about() -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": now().isoformat(),
        "product": product_version(),
        "engine": connection.vendor,
        "engine_major": engines.server_major(),
        "note": "The encryption keys are not in this file. Without them it cannot be restored.",
        "keys": keys_of(settings.ENCRYPTION_KEYS),
    }


def _add_files(out: Writer) -> None:
    for name in stored_files():
        if FILES + name not in out.parts:
            try:
                stored = default_storage.open(name)
            except FileNotFoundError:  # removed since it was listed
                continue
            with stored as file:
                out.add(FILES + name, file, file.size)


def stored_files(folder: str = "") -> Iterator[str]:
    """The name of every file in the private storage, whatever kind of storage it is."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored
        return
    for name in sorted(files):
        yield f"{folder}{name}"
    for name in sorted(folders):
        yield from stored_files(f"{folder}{name}/")
