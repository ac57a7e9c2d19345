"""Send the e-mails that wait or that failed. For a timer, or for somebody who put the mail server right."""

from typing import Any

from django.core.management.base import BaseCommand

from people.services.delivering import send_waiting


class Command(BaseCommand):
    help = "Send the e-mails that wait, and once more those that could not be sent."

    def handle(self, *args: Any, **options: Any) -> None:
        done = send_waiting(failed_too=True)
        self.stdout.write(f"{done.sent} sent, {done.failed} could not be sent, {done.waiting} still wait.")
