"""The audit app takes the guards off before `migrate` and puts them back after it."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import Error, Tags, register
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


def take_off(using: str, **_: Any) -> None:
    from audit import guards

    guards.remove(connections[using])


def put_back(using: str, **_: Any) -> None:
    from audit import guards

    guards.install(connections[using])


def check_guards(
    *, app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **_: Any
) -> list[Error]:
    """Refuse to serve a database whose guards differ from the code's."""
    from audit import guards

    return [
        Error(wrong, hint="Run manage.py migrate, which puts the guards back.", id="audit.E001")
        for alias in databases or []
        for wrong in guards.disagreements(connections[alias])
    ]


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        pre_migrate.connect(take_off, sender=self)
        post_migrate.connect(put_back, sender=self)
        register(check_guards, Tags.database)
