"""The one family of errors whose message is meant for the person at the screen."""


class DomainError(Exception):
    """A business rule said no. The message is shown to the user as it stands."""


class NotPermitted(DomainError):
    """The person may not do this, whatever the state of the record. Shown as 403."""


class NotVisible(DomainError):
    """The record does not exist for this person. Shown as 404, like one that never existed."""


class IllegalMove(DomainError):
    """The record is not in a state that allows this step. Shown as 409."""


class Stale(DomainError):
    """The record changed after the person last saw it. Shown as 409 with what changed."""


class KeyReused(DomainError):
    """One idempotency key came twice with different content. Shown as 409."""
