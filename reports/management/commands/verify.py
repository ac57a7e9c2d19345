"""Prove that everything agrees, or name the first thing that does not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.models import Event
from claims.models import ClaimLine
from ledger.models import Transfer
from payments.models import Payment
from reports.verify import problems


class Command(BaseCommand):
    help = "Prove that books, payments, files, commitments, budgets, guards and trail agree."

    def handle(self, *args: Any, **options: Any) -> None:
        if first := next(problems(), None):
            raise CommandError(first, returncode=1)
        self.stdout.write(
            f"Everything agrees: {Transfer.objects.count()} transfers, {ClaimLine.objects.count()} claim "
            f"lines, {Payment.objects.count()} payments, {Event.objects.count()} events."
        )
