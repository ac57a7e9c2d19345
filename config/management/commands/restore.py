"""Restore a backup into an empty place, and prove it. `script/restore` calls it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.backups.archive import BackupError
from config.backups.restoring import doubts, restore


class Command(BaseCommand):
    help = "Restore a backup into the empty database of DATABASE_URL, and prove that it is whole."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(options["file"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error), returncode=1) from error
        seal = manifest["seal"]
        self.stdout.write(
            f"Restored what version {manifest['product']} backed up at {manifest['made_at']}: "
            f"{sum(manifest['rows'].values())} rows, last seal {seal[0] if seal else 'none'}."
        )
        if found := list(doubts(manifest)):
            for doubt in found:
                self.stderr.write(doubt)
            raise CommandError("Do not use it: what came back is not what was backed up.", returncode=1)
        for organisation, total in manifest["totals"].items():
            self.stdout.write(f"{organisation}: {total} minor units of debits, as in the backup.")
        self.stdout.write(
            "Guards, checks, figures, receipts and verify agree with the backup. Nobody is signed in, and "
            "messages that waited to be sent still wait: think before you start the task worker on a copy."
        )
