"""Nobody overwrites what somebody else changed meanwhile: a screen carries the version it was drawn from."""

from typing import Any

from audit.history import Recorded
from common.errors import Stale
from people.models import Person


def version_of(row: Recorded) -> int:
    """The version of a record with history: the key of its newest history row."""
    history: Any = row.history  # type: ignore[attr-defined]  # every Recorded has one
    newest = history.order_by("-history_id").values_list("history_id", flat=True).first()
    return int(newest or 0)


def refuse_stale(row: Recorded, expected_version: int | None) -> None:
    """Raise Stale, with who changed what, when the record is not at the version that was seen.

    None says that nobody looked at a screen: a command, or another service.
    """
    if expected_version is None:
        return
    history: Any = row.history  # type: ignore[attr-defined]  # every Recorded has one
    newer = list(history.filter(history_id__gt=expected_version).order_by("history_id"))
    if not newer:
        return
    seen = history.filter(history_id=expected_version).first()
    changed = newer[-1].diff_against(seen).changed_fields if seen else []
    names = [name.replace("_", " ") for name in changed]
    who = Person.objects.filter(pk=newer[-1].history_user_id).first()
    raise Stale(
        f"{who or 'Somebody'} changed this after you opened it"
        f"{': ' + ', '.join(names) if names else ''}. Look at it again before you change it."
    )
