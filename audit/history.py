"""Field-level history of records that people edit (django-simple-history), on our clock."""

from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import Value
from simple_history.models import HistoricalRecords

from common.dates import now

ADDED, CHANGED = "+", "~"

acting_person: ContextVar[int | None] = ContextVar("acting_person", default=None)


def _read(historical: Any, **_: Any) -> int | None:
    return historical.history_user_id  # type: ignore[no-any-return]


def _write(historical: Any, person_id: int | None) -> None:
    historical.history_user_id = person_id


def _acting(**_: Any) -> int | None:
    return acting_person.get()


class History(HistoricalRecords):  # type: ignore[misc]
    """History rows that name the acting person (by key) and take the time from `common.dates`."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("history_user_id_field", models.BigIntegerField(null=True))
        options.setdefault("history_user_getter", _read)
        options.setdefault("history_user_setter", _write)
        options.setdefault("get_user", _acting)
        super().__init__(**options)


class Recorded(models.Model):
    """A record with `history = History()`. Use `save()`: `queryset.update()` leaves no history."""

    class Meta:
        abstract = True

    @property
    def _history_date(self) -> datetime:
        return now()


def write_history(rows: "models.QuerySet[Any]", kind: str) -> None:
    """Keep how these rows stand now, as ADDED or CHANGED by the acting person. One statement for all."""
    historical: Any = rows.model.history.model
    about = {
        "history_date": now(),
        "history_type": kind,
        "history_user_id": acting_person.get(),
        "history_change_reason": None,
    }
    fields = {name: historical._meta.get_field(name) for name in about}
    told = {name: Value(value, output_field=fields[name]) for name, value in about.items()}
    tracked = [field.attname for field in historical.tracked_fields]
    chosen = rows.order_by("pk").annotate(**told).values_list(*tracked, *told)
    select, values = chosen.query.get_compiler(connection=connection).as_sql()
    columns = ", ".join(historical._meta.get_field(name).column for name in (*tracked, *told))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {historical._meta.db_table} ({columns}) {select}", values)  # noqa: S608 - no value is in the text
