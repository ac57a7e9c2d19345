"""Read the environment, and stop at once when something is missing or unsafe."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret(name: str) -> str:
    """A secret from the file named by NAME_FILE, or from NAME itself. There is no default."""
    if file_name := os.environ.get(f"{name}_FILE"):
        return Path(file_name).read_text(encoding="utf-8").strip()
    if not (value := os.environ.get(name)):
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE.")
    return value


def refuse_foreign_database(database: dict[str, object], own_folder: Path) -> None:
    """Demonstration mode rewrites its database, so it may only ever be given its own."""
    name = str(database["NAME"])
    ours = (
        own_folder in Path(name).resolve().parents
        if str(database["ENGINE"]).endswith("sqlite3")
        else name.endswith("_demo")
    )
    if not ours:
        raise ImproperlyConfigured(
            "DEMO=1 works only with a database under var/demo/ (or one whose name ends in _demo)."
        )
