"""Back up the ledger. `script/backup` calls it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.backups.archive import BackupError
from config.backups.taking import take

KEYS = """\
The encryption keys (ENCRYPTION_KEYS) and SECRET_KEY are not in it. Keep the keys apart from it, and keep
them: without them nobody can restore it, and no bank details or receipts can be read from it.
Names, addresses and claims can be read from it without any key: keep it where only you get at it."""


class Command(BaseCommand):
    help = "Write one file with the database and the stored files, and without the encryption keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        place = Path(settings.VAR_DIR) / "backups"
        parser.add_argument("--to", type=Path, default=place, metavar="FOLDER", help="else var/backups/")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            taken = take(options["to"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error), returncode=1) from error
        rows = sum(taken.figures.rows.values())
        self.stdout.write(f"Wrote {taken.path}: {rows} rows and {taken.files} stored files.\n{KEYS}")
