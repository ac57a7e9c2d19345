"""Take in texts and figures from a TOML file, and have them checked when a second person is named."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import DomainError
from guidance.services.importing import import_register
from people.models import Organisation, Person


class Command(BaseCommand):
    help = "Propose the texts and figures of a file for an organisation. The same file again adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the register, TOML: fixtures/reference/guidance.toml")
        parser.add_argument("--organisation", required=True, help="code of the organisation")
        parser.add_argument("--as", dest="email", help="e-mail of the administrator who proposes it")
        parser.add_argument(
            "--checked-by", dest="second", help="e-mail of the administrator who has read the sources too"
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            organisation = Organisation.objects.filter(code=options["organisation"]).first()
            if organisation is None:
                raise DomainError(f"There is no organisation with the code “{options['organisation']}”.")
            taken = import_register(
                actor=_person(options["email"]),
                organisation=organisation,
                content=file.read_text(encoding="utf-8"),
                second=_person(options["second"]),
            )
        except DomainError as error:
            raise CommandError(f"{file}:\n{error}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file}: is not text in UTF-8.") from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from error
        self.stdout.write(
            f"{taken.texts} texts and {taken.figures} figures are new, {taken.checked} checked."
        )
        if waiting := taken.texts + taken.figures - taken.checked:
            self.stdout.write(f"{waiting} wait for a second person and are shown to nobody before.")


def _person(email: str | None) -> Person | None:
    if not email:
        return None
    found = Person.objects.filter(logins__email=email.strip().lower(), logins__is_active=True).first()
    if found is None:
        raise DomainError(f"There is no login with the e-mail “{email}”.")
    return found
