"""A backup comes back as what it was, on both engines, or a doubt is named and nothing is overwritten."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from pytest_django import Settings

from audit import guards
from audit.services import seal
from claims.models import Receipt
from claims.services.receipts import add_receipt
from common.dates import now
from config.backups import engines
from config.backups.archive import BackupError, checked
from config.backups.restoring import doubts, restore
from config.backups.taking import take
from ledger.models import AccountMonth
from payments.models import BankDetails
from payments.secrets import open_details
from reports.verify import problems
from tests import databases
from tests.cast import Cast
from tests.claims.receipts.samples import jpeg
from tests.payments.conftest import monday
from tests.web.world import make_world

__all__ = ["monday"]
ROOT = Path(settings.BASE_DIR)


@dataclass(frozen=True)
class Place:
    """Somewhere empty to restore into: the name of a database, how to say it to a script, and a folder."""

    database: str
    into: str
    folder: Path


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    """The stored files of this test lie on the disk, where another process finds them."""
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {"default": on_disk}
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def backup(monday: None, committed_db: None, cast: Cast, media: Path, tmp_path: Path) -> Path:
    """A backup of a world with a sent run, a sealed trail, a receipt and somebody signed in."""
    make_world(cast)
    add_receipt(actor=cast.cora, contributor=cast.cora, organisation=cast.riverside, content=jpeg(quality=80))
    Session.objects.create(session_key="somebody", session_data="", expire_date=now())
    seal()
    return take(tmp_path / "backups").path


@pytest.fixture
def place(backup: Path, tmp_path: Path, settings: Settings) -> Iterator[Place]:
    """Where nothing is yet."""
    folder = tmp_path / "back" / "media"
    if connection.vendor == "sqlite":
        path = str(tmp_path / "back" / "ledger.sqlite3")
        yield Place(path, path, folder)
        return
    told, name = connection.settings_dict, f"{connection.settings_dict['NAME']}_back"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield Place(name, f"postgres://{told['USER']}@{told['HOST']}:{told['PORT']}/{name}", folder)
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


def script(backup: Path, place: Place) -> subprocess.CompletedProcess[str]:
    given = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    command: list[str | Path] = [
        ROOT / "script/restore",
        backup,
        "--into",
        place.into,
        "--files",
        place.folder,
    ]
    return subprocess.run(command, capture_output=True, text=True, env=given, timeout=120, check=False)


def test_it_comes_back_in_an_empty_place_as_what_it_was(
    backup: Path, place: Place, settings: Settings, cast: Cast
) -> None:
    months = list(AccountMonth.objects.order_by("pk").values_list())
    bank_details = open_details(BankDetails.objects.get(person=cast.cora))
    answer = script(backup, place)
    assert answer.returncode == 0, answer.stderr
    assert "Guards, checks, figures, receipts and verify agree with the backup." in answer.stdout
    settings.MEDIA_ROOT = str(place.folder)
    with databases.at(place.database):
        assert list(problems()) == []
        assert list(doubts(checked(backup, settings.ENCRYPTION_KEYS))) == []
        assert list(AccountMonth.objects.order_by("pk").values_list()) == months
        assert open_details(BankDetails.objects.get(person=cast.cora)) == bank_details
        assert Receipt.objects.count() == 1
        assert not Session.objects.exists()  # nobody is signed in by a backup that was found


def test_every_doubt_is_named(backup: Path, place: Place, settings: Settings) -> None:
    """With each doubt put right again there is none: it is what was named."""
    settings.MEDIA_ROOT = str(place.folder)
    with databases.at(place.database):
        manifest = restore(backup)
        file = place.folder / Receipt.objects.get().file
        content = file.read_bytes()
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        assert [doubt.split(":")[0] for doubt in doubts(manifest)] == [
            f"Receipt {Receipt.objects.get().pk} does not open"
        ]
        file.write_bytes(content)
        guard = next(each for each in guards.expected(connection.vendor) if each.table == "audit_event")
        with guards.without(guard.name):
            assert f"guard {guard.name} on audit_event is missing" in " ".join(doubts(manifest))
        Session.objects.create(session_key="new", session_data="", expire_date=now())
        assert list(doubts(manifest)) == []
        month = AccountMonth.objects.order_by("pk")[0]
        AccountMonth.objects.filter(pk=month.pk).update(debits=month.debits + 1)
        assert f"{month.account.organisation.code}: " in next(doubts(manifest))


def test_it_overwrites_no_database(backup: Path) -> None:
    with pytest.raises(BackupError, match="nothing is overwritten"):
        restore(backup)
    assert list(problems()) == []


def test_it_overwrites_no_file(backup: Path, place: Place, media: Path) -> None:
    with databases.at(place.database), pytest.raises(BackupError, match="name another folder with --files"):
        restore(backup)


def test_a_damaged_backup_is_refused_before_anything_is_written(backup: Path, place: Place) -> None:
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)
    answer = script(backup, place)
    assert answer.returncode == 1
    assert "is damaged (the part “database” is not what was written)" in answer.stderr
    assert not place.folder.exists()
    if connection.vendor == "sqlite":
        assert not Path(place.database).exists()
    else:
        with databases.at(place.database):
            assert connection.introspection.table_names() == []


def test_it_goes_back_to_its_own_engine_only(backup: Path) -> None:
    other = "sqlite" if connection.vendor == "postgresql" else "postgresql"
    with pytest.raises(BackupError, match=f"The backup is of {other}"):
        engines.refuse_target(other, 3)


def test_it_fits_only_the_version_that_made_it(
    backup: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = checked(backup, settings.ENCRYPTION_KEYS)
    newer["migrations"].append("ledger.9999_of_tomorrow")
    monkeypatch.setattr("config.backups.restoring.checked", lambda *_: newer)
    with databases.at(place.database), pytest.raises(BackupError, match="restore it with the version"):
        restore(backup)


def test_the_command_says_what_is_not_in_it(committed_db: None, tmp_path: Path) -> None:
    call_command("backup", to=tmp_path, stdout=(said := StringIO()))
    assert "The encryption keys (ENCRYPTION_KEYS) and SECRET_KEY are not in it." in said.getvalue()


def test_a_missing_program_of_postgresql_is_said_plainly(
    committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite needs no program beside it.")
    monkeypatch.setattr(engines, "server_major", lambda: 99)
    with pytest.raises(CommandError, match="apt-get install postgresql-client-99"):
        call_command("backup", to=tmp_path)
    assert list(tmp_path.iterdir()) == []
