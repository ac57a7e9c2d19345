"""How each engine gives a frozen moment of its database, and takes one back."""

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from config.backups.archive import BackupError, sync_folder
from config.backups.figures import LEFT_OUT, Figures, figures


def dump(into: Path) -> Figures:
    """Write the database of this process, as at one moment, to a new file; returns what it holds."""
    return _dump_sqlite(into) if connection.vendor == "sqlite" else _dump_postgresql(into)


def load(dumped: Path) -> None:
    """Fill the empty database of this process from a file that `dump` wrote, all or nothing."""
    connection.close()
    if connection.vendor == "sqlite":
        _load_sqlite(dumped)
    else:
        _postgresql("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", str(dumped))


def workplace() -> Path | None:
    """The folder in which a dump is laid down before `load`: a SQLite file is already in its file system."""
    if connection.vendor != "sqlite":
        return None
    folder = _sqlite_file().parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def refuse_target(vendor: str, major: int) -> None:
    """Refuse a database that holds anything, or that this backup does not fit. Raises BackupError."""
    if connection.vendor != vendor:
        raise BackupError(
            f"The backup is of {vendor} and goes back to {vendor}: give --into "
            + ("a path." if vendor == "sqlite" else "an address, postgres://…")
        )
    if connection.vendor == "sqlite":
        target = _sqlite_file()
        if target.exists():
            raise BackupError(
                f"{target} exists, and nothing is overwritten: name a new file, or move that away."
            )
        return
    if tables := connection.introspection.table_names():
        raise BackupError(
            f"The database {connection.settings_dict['NAME']} holds {len(tables)} tables, and nothing is "
            "overwritten: make an empty one with createdb."
        )
    if server_major() < major:
        raise BackupError(
            f"The backup is of PostgreSQL {major}, and this server is older ({server_major()})."
        )


def server_major() -> int:
    """The major version of the engine that answers: 15, or 3 for SQLite."""
    if connection.vendor == "sqlite":
        return sqlite3.sqlite_version_info[0]
    connection.ensure_connection()
    return int(connection.pg_version // 10_000)  # type: ignore[attr-defined]


# SQLite ------------------------------------------------------------------------------------------


def _sqlite_file() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _dump_sqlite(into: Path) -> Figures:
    """VACUUM INTO copies what is committed and nothing of what was removed; a plain copy could be torn."""
    source = _sqlite_file()
    if not source.exists():
        raise BackupError(f"There is no database {source} to back up.")
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=20)) as database:
        database.execute("VACUUM INTO ?", [str(into)])
    with closing(sqlite3.connect(into, isolation_level=None)) as copy:
        copy.execute("PRAGMA secure_delete=ON")
        for table in LEFT_OUT:
            if copy.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone():
                copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of our own
        if (answer := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise BackupError(f"The database {source} is damaged, and this is no backup of it: {answer}")
        return figures(copy.cursor())


def _load_sqlite(dumped: Path) -> None:
    target = _sqlite_file()
    dumped.chmod(0o600)
    with dumped.open("rb") as file:
        os.fsync(file.fileno())
    os.link(dumped, target)  # unlike a rename it never replaces anything
    sync_folder(target.parent)


# PostgreSQL --------------------------------------------------------------------------------------


def _dump_postgresql(into: Path) -> Figures:
    """pg_dump and our own questions see one snapshot; writers go on meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
        whole = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _postgresql("pg_dump", *whole, *left_out, f"--file={into}")
        return figures(cursor)


def _postgresql(name: str, *options: str) -> None:
    """Run a program of PostgreSQL on the database of this process; the password is on no command line."""
    program = _program(name, server_major())
    arguments, secret = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    command = [program, *arguments[1:-1], "--dbname", arguments[-1], *options]
    done = subprocess.run(  # noqa: S603 - no shell, and what we name ourselves
        command, env=os.environ | (secret or {}), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{name} failed: {done.stderr.strip()}")


def _program(name: str, major: int) -> str:
    """The path of pg_dump or pg_restore of the server's own major version. Raises BackupError."""
    for found in (f"/usr/lib/postgresql/{major}/bin/{name}", shutil.which(name)):
        if found and Path(found).exists() and _major_of(found) == major:
            return found
    raise BackupError(
        f"{name} of PostgreSQL {major} is missing, the version of the server. "
        f"On Debian or Ubuntu: apt-get install postgresql-client-{major}"
    )


def _major_of(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    return int(re.findall(r"\d+", said)[0])
