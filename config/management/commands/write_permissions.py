"""Write docs/permissions.md from the table of access, after a change of it."""

from typing import Any

from django.core.management.base import BaseCommand

from config.permissions_page import PAGE, text


class Command(BaseCommand):
    help = "Write docs/permissions.md from the table of access."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(text(), encoding="utf-8")
        self.stdout.write(f"{PAGE.name} says what the table of access says.")
