"""Seal the trail, write down outside the system how far it goes, and clear away files. For every night."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from audit.checkpoint import checkpoint, export_trail
from audit.services import seal
from people.services.prepared_files import look_after
from reports.verify import ledger_totals


class Command(BaseCommand):
    help = "Seal what was recorded since the last seal; write a checkpoint, and the trail itself if asked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--checkpoint", type=Path, metavar="FILE.json", help="keep it where this server cannot"
        )
        parser.add_argument(
            "--export", type=Path, metavar="FILE.jsonl", help="what audit/standalone.py checks"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        link = seal()
        self.stdout.write(f"Seal {link.number} holds {link.size} events." if link else "Nothing new to seal.")
        if (found := checkpoint(ledger_totals())) and options["checkpoint"]:
            options["checkpoint"].write_text(found.to_json() + "\n", encoding="utf-8")
            self.stdout.write(f"Wrote the checkpoint of seal {found.seal} to {options['checkpoint']}.")
        if options["export"]:
            count = export_trail(options["export"])
            self.stdout.write(f"Wrote {count} events to {options['export']}.")
        if settled := look_after():
            self.stdout.write(f"Removed or gave up on {settled} prepared files.")
