"""Write the journal for another accounting program."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from people.models import Organisation
from reports.journal import journal_text


class Command(BaseCommand):
    help = "Write an organisation's journal as plain-text accounting (hledger), without names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["hledger"], default="hledger")
        parser.add_argument("--organisation", metavar="CODE", help="needed where there are several")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = one_organisation(options["organisation"])
        with options["out"].open("w", encoding="utf-8") as out:
            for piece in journal_text(organisation):
                out.write(piece)
        self.stdout.write(f"Wrote the journal of {organisation} to {options['out']}.")


def one_organisation(code: str | None) -> Organisation:
    """The organisation with this code, or the only one that has books. Raises CommandError."""
    if code:
        found = list(Organisation.objects.filter(code=code))
    else:
        found = list(Organisation.objects.filter(entries__isnull=False).distinct())
    if len(found) != 1:
        known = ", ".join(Organisation.objects.values_list("code", flat=True))
        raise CommandError(f"Name one organisation with --organisation. There are: {known or 'none'}.")
    return found[0]
