"""Propose a rate policy from a TOML file, and put it in force when a second person is named."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.management.arguments import organisation_by_code, person_by_email
from claims.models import RatePolicy
from claims.pricing.csv_rows import decoded
from claims.queries import NoPolicy, policy_in_force
from claims.services.policies import confirm_policy, import_policy
from common.errors import DomainError
from people.models import Organisation


class Command(BaseCommand):
    help = "Store a rate policy as the organisation's next version. The same file again adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the rate policy, TOML")
        parser.add_argument("--organisation", required=True, help="code of the organisation")
        parser.add_argument("--as", dest="email", help="e-mail of whoever proposes it")
        parser.add_argument("--confirmed-by", dest="second", help="e-mail of whoever puts it in force")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            organisation = organisation_by_code(options["organisation"])
            actor = person_by_email(options["email"]) if options["email"] else None
            text = decoded(file.read_bytes())
            before = organisation.policies.count()
            policy = import_policy(actor=actor, organisation=organisation, text=text)
            if options["second"] and policy.confirmed_at is None:
                policy = confirm_policy(actor=person_by_email(options["second"]), policy_id=policy.pk)
        except DomainError as error:
            raise CommandError(f"{file}:\n{error}") from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from error
        if organisation.policies.count() > before:
            self.stdout.write(f"{policy}, for {organisation}: {policy.rates.count()} rates.")
        else:
            self.stdout.write(f"This file is already here as version {policy.version}. Nothing was added.")
        self.stdout.write(_standing(organisation, policy))


def _standing(organisation: Organisation, policy: RatePolicy) -> str:
    try:
        in_force = policy_in_force(organisation)
    except NoPolicy:
        return "It is not in force: somebody in finance has to confirm it."
    if in_force == policy or policy.confirmed_at is not None:
        return f"Version {in_force.version} is in force."
    return f"Version {in_force.version} stays in force until somebody in finance confirms this one."
