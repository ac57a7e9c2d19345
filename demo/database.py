"""Give the demonstration an empty database of its own, with the guards on."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection


def start_afresh() -> None:
    """Throw the demonstration's database away and make it again. Refused outside demonstration mode."""
    if not settings.DEMO:
        raise CommandError("Set DEMO=1 and give the demonstration a database of its own.")
    if connection.vendor == "sqlite":
        connection.close()
        file = Path(str(connection.settings_dict["NAME"]))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
