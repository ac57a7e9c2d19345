"""Let `manage.py` work on this machine as set up by `script/server`, without an environment to type."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

SECRETS = ("SECRET_KEY", "ENCRYPTION_KEYS")


def environment(root: Path, arguments: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """What to add to the environment `known` for a command. What somebody set is never changed.

    Secrets are those that the set-up made in var/secrets. Without DATABASE_URL a command works on the
    ledger of this folder; `demo`, and every command where the demonstration is all there is, works on the
    demonstration.
    """
    var = root / "var"
    added = {
        f"{name}_FILE": str(var / "secrets" / name)
        for name in SECRETS
        if name not in known and f"{name}_FILE" not in known and (var / "secrets" / name).exists()
    }
    demonstration, ours = var / "demo" / "demo.sqlite3", var / "db.sqlite3"
    is_demo = list(arguments[1:2]) == ["demo"] or (demonstration.exists() and not ours.exists())
    if "DATABASE_URL" not in known and "DEMO" not in known and is_demo:
        added |= {"DEMO": "1", "DATABASE_URL": f"sqlite:///{quote(str(demonstration))}"}
    return added
