"""The file of a backup is what was written, every byte of it, or it is refused in words that help."""

import io
import tarfile
from pathlib import Path

import pytest

from common.encryption import KeyRing
from config.backups.archive import LAST_LINE, BackupError, checked, keys_of, parts, writing

OLD, NEW = b"o" * 32, b"n" * 32
RING = KeyRing({1: OLD, 2: NEW})


def write(path: Path, ring: KeyRing = RING) -> Path:
    with writing(path, ring) as out:
        for name, content in {"database": b"rows" * 200, "files/receipts/a": b"a picture"}.items():
            out.add(name, io.BytesIO(content), len(content))
        out.finish({"format": 1, "keys": keys_of(ring)})
    return path


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return write(tmp_path / "x.backup")


def changed(backup: Path, at: int) -> Path:
    content = bytearray(backup.read_bytes())
    content[at] ^= 1
    backup.write_bytes(content)
    return backup


def test_what_was_written_is_read_back(backup: Path) -> None:
    manifest = checked(backup, RING)
    found = {name: file.read() for name, file, _ in parts(backup)}
    assert found["database"] == b"rows" * 200
    assert found["files/receipts/a"] == b"a picture"
    assert set(manifest["parts"]) == {"database", "files/receipts/a"}


def test_only_its_owner_may_read_it(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_name_that_is_taken_stays_what_it_is(backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(FileExistsError):
        write(backup)
    assert backup.read_bytes() == before


def test_a_backup_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="unexpected end of data"), writing(tmp_path / "x.backup", RING) as out:
        out.add("database", io.BytesIO(b"rows"), 5)
    assert list(tmp_path.iterdir()) == []


def test_a_flipped_byte_anywhere_is_refused_and_is_what_refuses(backup: Path) -> None:
    size = backup.stat().st_size
    for at in range(0, size, 37):
        with pytest.raises(BackupError):
            checked(changed(backup, at), RING)
        checked(changed(backup, at), RING)  # flipped back, it is good again


def test_it_says_which_part_is_damaged(backup: Path) -> None:
    at = backup.read_bytes().index(b"a picture")
    with pytest.raises(
        BackupError, match="the part “files/receipts/a” is not what was written.*copy it again"
    ):
        checked(changed(backup, at), RING)


@pytest.mark.parametrize("cut", [1, LAST_LINE, LAST_LINE + 1, 2_000])
def test_a_cut_file_is_refused(backup: Path, cut: int) -> None:
    backup.write_bytes(backup.read_bytes()[:-cut])
    with pytest.raises(BackupError, match="cut short"):
        checked(backup, RING)


def test_a_file_with_something_added_is_refused(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes() + b"\n")
    with pytest.raises(BackupError, match="added to"):
        checked(backup, RING)


@pytest.mark.parametrize("content", [b"", b"\0" * 2_000, b"SQLite format 3\0" + b"x" * 9_000])
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (foreign := tmp_path / "foreign").write_bytes(content)
    with pytest.raises(BackupError, match="is not a backup of this ledger"):
        checked(foreign, RING)


def test_a_foreign_tar_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "foreign.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("manifest.json"))
    with pytest.raises(BackupError, match="is not a backup of this ledger"):
        checked(tmp_path / "foreign.tar", RING)


def test_a_file_of_somebody_without_the_keys_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="not made with the keys in ENCRYPTION_KEYS: fetch the keys"):
        checked(write(tmp_path / "forged", KeyRing({1: b"x" * 32})), RING)


def test_a_missing_newer_key_is_named(backup: Path) -> None:
    with pytest.raises(BackupError, match="Key 2 of the backup is not in ENCRYPTION_KEYS"):
        checked(backup, KeyRing({1: OLD}))


def test_a_key_added_since_does_no_harm(backup: Path) -> None:
    assert checked(backup, KeyRing({1: OLD, 2: NEW, 3: b"3" * 32}))


def test_a_mark_of_a_key_does_not_hold_the_key(backup: Path) -> None:
    content = backup.read_bytes()
    assert OLD not in content
    assert OLD.hex().encode() not in content
