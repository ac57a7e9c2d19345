"""Type in paper claims from a CSV file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.management.arguments import organisation_by_code, person_by_email, project_by_code
from claims.pricing.csv_rows import decoded
from claims.services.importing import Preview, import_claims, preview
from common.errors import DomainError
from common.money import money_text


class Command(BaseCommand):
    help = (
        "Type in paper claims: all rows or none. Rows that are here already add nothing. A contributor is "
        "named by number (P000012), e-mail address, or name: the whole of it or its first word."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the claim lines, CSV")
        parser.add_argument("--organisation", required=True, help="code of the organisation")
        parser.add_argument("--project", required=True, help="code of the project")
        parser.add_argument("--as", dest="email", required=True, help="e-mail of whoever types them in")
        parser.add_argument("--declarations", type=Path, help="car miles declared by contributors, CSV")
        parser.add_argument("--dry-run", action="store_true", help="show what would come of it and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        reading: Path = options["file"]
        try:
            organisation = organisation_by_code(options["organisation"])
            asked: dict[str, Any] = {
                "actor": person_by_email(options["email"]),
                "organisation": organisation,
                "project": project_by_code(organisation, options["project"]),
                "text": decoded(reading.read_bytes()),
            }
            if options["declarations"]:
                reading = options["declarations"]
                asked["declarations"] = decoded(reading.read_bytes())
            reading = options["file"]
            looked = preview(**asked)
            if not options["dry_run"]:
                import_claims(**asked)
        except DomainError as error:
            raise CommandError(f"{reading}:\n{error}") from error
        except OSError as error:
            raise CommandError(f"{reading}: {error.strerror}.") from error
        self._show(looked)
        done = "would be added" if options["dry_run"] else "added"
        self.stdout.write(
            f"{looked.new} of {len(looked.rows)} rows and {looked.declarations} declarations {done}."
        )

    def _show(self, looked: Preview) -> None:
        for row in looked.rows:
            amount = "" if row.allowed is None else f"{money_text(row.allowed, looked.currency)} estimated. "
            where = f"Row {row.number}, {row.claim} line {row.line}, {row.contributor}"
            self.stdout.write(f"{where}: {amount}{row.reason}".rstrip())
