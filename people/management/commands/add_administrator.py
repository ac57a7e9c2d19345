"""Set up an organisation's first two administrators, so that somebody can sign in to an empty ledger.

Two, because a second person confirms every part with a hand on money.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from common.errors import DomainError
from people.models import Organisation, RoleKind
from people.services import add_login, add_organisation, add_person, grant_role


class Command(BaseCommand):
    help = (
        "Add an organisation, if it is new, and its first administrator, who signs in by e-mailed code. Run "
        "it again for the second one, who confirms what the first one sets up."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="CODE")
        parser.add_argument("--organisation-name", default="", help="needed for a new organisation")
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                self._add(options)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['name']} can now sign in as {options['email']}.")

    def _add(self, options: dict[str, Any]) -> None:
        code, contact = options["organisation"], f"{options['name']}, {options['email']}"
        organisation = Organisation.objects.filter(code=code).first() or add_organisation(
            actor=None,
            code=code,
            name=options["organisation_name"] or code,
            statement_name=options["organisation_name"] or code,
            help_contact=contact,
            appeal_contact=contact,
            support_contact=contact,
        )
        person = add_person(actor=None, name=options["name"], email=options["email"])
        add_login(actor=None, person=person, email=options["email"])
        grant_role(actor=None, person=person, kind=RoleKind.ADMINISTRATOR, organisation=organisation)
