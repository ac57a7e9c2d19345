"""Play the demonstration, or say who can sign in to it."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.cast import PASSWORD
from demo.database import start_afresh
from demo.outputs import send_messages, write
from demo.story import play
from people.models import Role, User


class Command(BaseCommand):
    help = "Rewrite the demonstration: two months of a made-up partnership through the real services."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--who", action="store_true", help="only say who can sign in")
        parser.add_argument("--out", type=Path, default=Path(settings.VAR_DIR) / "demo", metavar="FOLDER")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Set DEMO=1 and give the demonstration a database of its own.")
        if options["who"]:
            self._who()
            return
        began = time.monotonic()
        start_afresh()
        for chapter in play():
            self.stdout.write(chapter)
        files = write(options["out"])
        sent = send_messages(options["out"])
        self.stdout.write(f"Wrote {len(files)} files and {sent} e-mails to {options['out']}.")
        self.stdout.write(f"Done in {time.monotonic() - began:.0f} seconds.")

    def _who(self) -> None:
        self.stdout.write(f"Everybody signs in with the password {PASSWORD}")
        kinds: dict[int, set[str]] = {}
        for role in Role.objects.order_by("pk"):
            kinds.setdefault(role.person_id, set()).add(role.get_kind_display())
        for user in User.objects.select_related("person").order_by("pk"):
            roles = ", ".join(sorted(kinds.get(user.person_id, ())))
            self.stdout.write(f"  {user.email:32} {user.person.name}: {roles}")
