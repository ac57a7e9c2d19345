"""Write the finance workbook of a span of days."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import DomainError
from reports.management.commands.export_journal import one_organisation
from reports.workbook import Span, save_finance_workbook


class Command(BaseCommand):
    help = "Write claims, payments, reconciliation, journal, trial balance and budget as one workbook."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="CODE")
        parser.add_argument("--from", dest="since", required=True, type=date.fromisoformat, metavar="DAY")
        parser.add_argument("--to", dest="until", required=True, type=date.fromisoformat, metavar="DAY")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.xlsx")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = one_organisation(options["organisation"])
        try:
            span = Span(options["since"], options["until"])
            save_finance_workbook(options["out"], organisation, span)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Wrote the workbook of {organisation} to {options['out']}.")
