"""The file of a backup: a tar of parts, a manifest, and one last line that vouches for every byte before it.

The last line holds a SHA-256, and the same thing keyed with the oldest encryption key. So a damaged file is
told from a cut one, from a stranger's, and from one that somebody made who does not hold the keys.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from common.encryption import KeyRing

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DATABASE: Final = "database"
FILES: Final = "files/"
CHUNK: Final = 1024 * 1024
LAST_LINE: Final = 64 + 1 + 64 + 1  # bytes: the hash, a blank, the keyed hash, a line end
_FIRST: Final = "lived-experience-ledger-backup"  # the name of the first member, by which the file is known


class BackupError(Exception):
    """A backup cannot be made, or must not be restored. The message says what to do."""


class _Hashed(io.RawIOBase):
    """A file that keeps the hash of what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.hash = file, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.hash.update(data)
        return self._file.write(data)


class _Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class Writer:
    """Puts parts into a backup, one after the other, and notes the SHA-256 of each."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.parts: dict[str, dict[str, str | int]] = {}

    def add(self, name: str, file: _Readable, size: int) -> None:
        """Add a part of `size` bytes."""
        hashed = _Reading(file)
        self._tar.addfile(_member(name, size), hashed)
        self.parts[name] = {"bytes": size, "sha256": hashed.hash.hexdigest()}

    def finish(self, manifest: dict[str, Any]) -> None:
        """Add the manifest: the last part, because it names all others."""
        text = json.dumps(manifest | {"parts": self.parts}, indent=1, sort_keys=True).encode()
        self._tar.addfile(_member(MANIFEST, len(text)), io.BytesIO(text))


class _Reading:
    """A file that keeps the hash of what is read from it."""

    def __init__(self, file: _Readable) -> None:
        self._file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.hash.update(data)
        return data


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


@contextmanager
def writing(path: Path, ring: KeyRing) -> Iterator[Writer]:
    """Write a backup under a temporary name; it gets its own when all of it is on the disk, or never.

    Only its owner may read it. Raises FileExistsError where the name is taken.
    """
    unfinished = path.with_name(path.name + ".unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            hashed = _Hashed(file)
            with tarfile.open(fileobj=hashed, mode="w|") as tar:
                tar.addfile(_member(_FIRST, 0))
                yield Writer(tar)
            found = hashed.hash.hexdigest()
            file.write(f"{found} {_vouched(found, ring)}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, path)  # unlike a rename it never replaces anything
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def checked(path: Path, ring: KeyRing) -> dict[str, Any]:
    """The manifest of a backup of which every byte is as it was written. Raises BackupError."""
    with path.open("rb") as file:
        found, line = _hash(file), file.read()
    if not _is_ours(path):
        raise BackupError(f"{path} is not a backup of this ledger: nothing was restored.")
    said, _, vouched = line.decode("ascii", "replace").strip().partition(" ")
    if len(said) != 64 or len(vouched) != 64:
        raise BackupError(f"{path} was cut short or added to: copy it again from where it is kept.")
    if found != said:
        raise BackupError(
            f"{path} is damaged ({_damaged(path)}): copy it again from where it is kept, or take an older "
            "one."
        )
    if _vouched(found, ring) != vouched:
        raise BackupError(
            f"{path} was not made with the keys in ENCRYPTION_KEYS: fetch the keys that were kept apart from "
            "it, every line of them, the oldest first."
        )
    manifest = _manifest(path)
    ours = keys_of(ring)
    if missing := [number for number, mark in manifest["keys"].items() if ours.get(number) != mark]:
        raise BackupError(
            f"Key {' and '.join(missing)} of the backup is not in ENCRYPTION_KEYS: fetch the keys that were "
            "kept apart from it, every line of them, the oldest first."
        )
    if manifest["format"] != FORMAT:
        raise BackupError(
            f"{path} has format {manifest['format']}: restore it with the version that made it."
        )
    return manifest


def _hash(file: BinaryIO) -> str:
    """The SHA-256 of all but the last line, which is left to be read."""
    left = os.fstat(file.fileno()).st_size - LAST_LINE
    digest = hashlib.sha256()
    while left > 0:
        data = file.read(min(CHUNK, left))
        digest.update(data)
        left -= len(data)
    return digest.hexdigest()


def _vouched(found: str, ring: KeyRing) -> str:
    return ring.fingerprint(found, "backup")


def keys_of(ring: KeyRing) -> dict[str, str]:
    """By its number, a mark of each key by which it is known again. It does not lead back to the key."""
    return {
        str(number): KeyRing({number: key}).fingerprint("key", "backup") for number, key in ring.keys.items()
    }


def _is_ours(path: Path) -> bool:
    try:
        with tarfile.open(path, "r:") as tar:
            first = tar.next()
    except (tarfile.TarError, OSError):
        return False
    return first is not None and first.name == _FIRST


def _damaged(path: Path) -> str:
    """Which part of a damaged file is not as the manifest says, as far as that can still be told."""
    try:
        manifest = _manifest(path)
        for name, file, _ in parts(path):
            if name != MANIFEST and _part_hash(file) != manifest["parts"][name]["sha256"]:
                return f"the part “{name}” is not what was written"
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError, EOFError):
        pass
    return "its frame or manifest is not what was written"


def _part_hash(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while data := file.read(CHUNK):
        digest.update(data)
    return digest.hexdigest()


def _manifest(path: Path) -> dict[str, Any]:
    for name, file, _ in parts(path):
        if name == MANIFEST:
            found = json.load(file)
            if isinstance(found, dict):
                return found
    raise ValueError("no manifest")


def parts(path: Path) -> Iterator[tuple[str, BinaryIO, int]]:
    """Each part: its name, a file to read it from before the next is asked for, and its size in bytes."""
    with tarfile.open(path, "r:") as tar:
        for member in tar:
            if member.isreg() and member.name != _FIRST and (file := tar.extractfile(member)):
                yield member.name, file, member.size  # type: ignore[misc]
