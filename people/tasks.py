"""Background work: each task calls one service. Its row in the queue holds keys, or what is sealed."""

from django_tasks import task

from people.services.delivering import send_waiting
from people.services.warnings import Warn, send_warning


@task()
def deliver(organisation_id: int) -> None:
    """Send the e-mails of an organisation that wait."""
    send_waiting(organisation_id)


@task()
def warn_old_address(person_id: int, sealed: str, warn: str = Warn.NEW_ADDRESS) -> None:
    """Tell the e-mail address that somebody had before that something was changed. The address is sealed."""
    send_warning(person_id, sealed, warn)


@task()
def forget_former() -> None:
    """Remove contacts from before that have been kept long enough."""
    from people.services.former import forget  # which itself puts tasks into the queue

    forget()
