"""A step of the work: one transaction, one acting person, one effect per request key."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import IntegrityError, models, transaction

from audit.history import acting_person
from audit.models import RequestKey
from common.encryption import KeyRing
from common.errors import KeyReused

M = TypeVar("M", bound=models.Model)
P = ParamSpec("P")


def step(returns: type[M]) -> Callable[[Callable[P, M]], Callable[P, M]]:
    """Make a service a step: atomic, with history under `actor`, and idempotent under `key`.

    The service takes keyword arguments only, among them `actor` (a person) and `key` (from the
    form; empty for commands). The same key again returns the first result. The same key with other
    arguments raises KeyReused.
    """

    def decorate(service: Callable[P, M]) -> Callable[P, M]:
        @functools.wraps(service)
        def run(*args: P.args, **kwargs: P.kwargs) -> M:
            token = acting_person.set(_pk(kwargs["actor"]))
            try:
                with transaction.atomic():
                    return _once(service, returns, args, kwargs)
            finally:
                acting_person.reset(token)

        return run

    return decorate


def _once(service: Callable[..., M], returns: type[M], args: Any, kwargs: dict[str, Any]) -> M:
    key = str(kwargs.get("key") or "")
    if not key:
        return service(*args, **kwargs)
    name, content = f"{service.__module__}.{service.__qualname__}", _content(kwargs)
    try:
        with transaction.atomic():
            asked = RequestKey.objects.create(
                actor_id=_pk(kwargs["actor"]), key=key, step=name, content=content
            )
    except IntegrityError:
        first = RequestKey.objects.get(actor_id=_pk(kwargs["actor"]), key=key)
        if (first.step, first.content) != (name, content):
            raise KeyReused("This form was already sent with different answers.") from None
        return returns._default_manager.get(pk=first.result_id)
    result = service(*args, **kwargs)
    asked.result_id = result.pk
    asked.save(update_fields=["result_id"])
    return result


def _content(kwargs: dict[str, Any]) -> str:
    """A digest of what was asked; records count by their key, so a reload does not matter.

    Keyed, because what was asked may be guessed: an account number has only eight figures.
    """
    ring: KeyRing = settings.ENCRYPTION_KEYS
    parts = [f"{name}={_plain(kwargs[name])}" for name in sorted(kwargs) if name != "key"]
    return ring.fingerprint("\n".join(parts), "request")


def _plain(value: Any) -> str:
    return f"{value._meta.label}:{value.pk}" if isinstance(value, models.Model) else repr(value)


def _pk(actor: Any) -> Any:
    return actor.pk if actor is not None else None
