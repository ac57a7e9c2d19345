"""Background work of the trail."""

from django_tasks import task

from audit.services.sealing import seal


@task()
def seal_trail() -> None:
    """Link what was recorded since the last seal. Two at once: the second is refused, and loses nothing."""
    seal()
