"""What would this policy have paid? Prices claims from files, without saving anything."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.pricing.claims_file import read_claims, read_declarations
from claims.pricing.csv_rows import ClaimsFileError, decoded
from claims.pricing.lines import PricingError
from claims.pricing.policy import PolicyError
from claims.pricing.policy_file import read_policy
from claims.pricing.pricing import price
from claims.pricing.writers import priced_csv, priced_json, shares_csv


class Command(BaseCommand):
    help = "Price the lines of a claims file by a policy file, without saving anything."
    requires_system_checks = ()  # nothing here needs the database, so nothing may wait for it

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--policy", required=True, type=Path, help="the rate policy, TOML")
        parser.add_argument("--claims", required=True, type=Path, help="the claim lines, CSV")
        parser.add_argument("--declarations", type=Path, help="car miles driven elsewhere, CSV")
        parser.add_argument("--format", choices=("csv", "json"), default="csv")
        parser.add_argument("--shares", type=Path, help="write what each project pays to this CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        reading: Path = options["policy"]
        try:
            policy = read_policy(decoded(reading.read_bytes()))
            reading = options["claims"]
            lines = read_claims(decoded(reading.read_bytes()), policy.currency)
            declared = {}
            if options["declarations"]:
                reading = options["declarations"]
                declared = read_declarations(decoded(reading.read_bytes()))
            reading = options["claims"]
            priced = price(policy, lines, declared)
            if options["shares"]:
                reading = options["shares"]
                reading.write_text(shares_csv(policy, priced), encoding="utf-8", newline="")
        except (PolicyError, ClaimsFileError, PricingError) as error:
            raise CommandError(f"{reading}:\n{error}") from error
        except OSError as error:
            raise CommandError(f"{reading}: {error.strerror}.") from error
        text = priced_json(policy, priced) if options["format"] == "json" else priced_csv(policy, priced)
        self.stdout.write(text, ending="")
