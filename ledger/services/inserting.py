"""Many rows in one go, past the ORM: PostgreSQL takes them by COPY, SQLite by executemany."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

Row = tuple[Any, ...]


def insert_many(table: str, columns: str, rows: Sequence[Row]) -> None:
    """Write any number of rows, as the database holds them. Every constraint and guard of the table holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"COPY {table} ({columns}) FROM STDIN"
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        elif rows:
            places = ", ".join(["%s"] * len(rows[0]))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - names of our own
            cursor.executemany(statement, rows)
